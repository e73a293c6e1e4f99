"""`python -m movie_db.wiki_api`: runs the service until SIGTERM or SIGINT."""

import logging
import os
import signal
import socket
import sys

import click
import uvicorn

from movie_db.contract import service_log
from movie_db.contract.errors import MovieDbError
from movie_db.contract.service import address_of, exit_with_parent, listen, ready, wait_for_start
from movie_db.contract.settings import Settings
from movie_db.wiki_api.clients import MovieWikiClient
from movie_db.wiki_api.server import make_app
from movie_db.wiki_api.upstream import WikimediaHttp

logger = logging.getLogger("movie_db.wiki_api")


class _Server(uvicorn.Server):
    """Prints READY once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            ready(address_of(listening))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--gateway", help="The web gateway's address; without it, MOVIE_DB_GATEWAY.")
def main(host: str, port: int, gateway: str | None) -> None:
    """Serve the search of Wikipedia's pages and films."""
    try:
        wait_for_start()
        settings = Settings.read()
        service_log.set_up("wiki_api", settings.log_level, settings.logs)
        _run(settings, host, port, gateway or settings.gateway)
    except MovieDbError as error:
        service_log.exit_with_error("wiki_api", error)


def _run(settings: Settings, host: str, port: int, gateway: str | None) -> None:
    for chatty in ("httpx2", "httpcore2", "connexion"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
    exit_with_parent()
    if not gateway and not settings.contact:
        logger.warning("Wikimedia asks for a contact: set MOVIE_DB_CONTACT to your mail address or web page.")
    listening = listen(host, port, "wiki API")
    with WikimediaHttp(gateway, settings.contact) as upstream:
        app = make_app(MovieWikiClient(upstream, settings.wikipedia_host))
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3)
        # The server stops gracefully on these signals, then raises them again.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        _Server(config).run(sockets=[listening])


def _leave(_number: int, _frame: object) -> None:
    """Exits at once: a thread waiting for Wikimedia would delay the exit by up to a minute."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
