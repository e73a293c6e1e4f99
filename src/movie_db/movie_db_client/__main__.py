"""`python -m movie_db.movie_db_client`: upgrades the database's schema, then serves until SIGTERM or SIGINT."""

import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from types import FrameType

import click
import uvicorn

from movie_db.contract import service_log
from movie_db.contract.errors import MovieDbError
from movie_db.contract.service import (
    address_of,
    exit_with_parent,
    listen,
    ready,
    relax_garbage_collection,
    wait_for_start,
)
from movie_db.contract.settings import Settings
from movie_db.movie_db_client.bootstrap import Database, open_database
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.ingest.follower import Follower
from movie_db.movie_db_client.ingest.ingest import follow
from movie_db.movie_db_client.server import make_app, make_service

logger = logging.getLogger("movie_db.movie_db_client")
_PATIENCE = 30.0
"""Seconds that one statement of the API may take."""


@click.command(help="Serve the movie database by its API.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8200, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--db", "url", help="The database's URL [default: MOVIE_DB_DATABASE_URL].")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the logs [default: MOVIE_DB_DATA].")
@click.option("--ingest", is_flag=True, help="Ingest what is written to the logs while serving.")
@click.option("--migrate", is_flag=True, help="Upgrade the database's schema and exit.")
def main(host: str, port: int, url: str | None, data: Path | None, ingest: bool, migrate: bool) -> None:
    """Exit codes: 0 after SIGTERM or SIGINT, 2 for wrong usage, 1 for other errors."""
    try:
        wait_for_start()
        settings = Settings.read()
        given = {"database_url": url or settings.database_url, "data": data or settings.data}
        settings = settings.model_copy(update=given)
        if migrate:
            _start(settings)
        else:
            serve(host, port, settings, ingest=ingest)
    except MovieDbError as error:
        service_log.exit_with_error("movie_db_client", error)


Beside = Callable[[str], AbstractContextManager[object]]
"""Starts what runs beside the service, given the service's address."""


def serve(host: str, port: int, settings: Settings, *, ingest: bool, beside: Beside = nullcontext) -> None:
    """Serves the settings' database until SIGTERM or SIGINT, then exits with code 0.

    Raises:
        MovieDbError: the service cannot start.
    """
    _start(settings)
    relax_garbage_collection()
    with (
        open_database(settings) as database,
        open_database(settings, patience=_PATIENCE) as limited,
        closing(listen(host, port, "client")) as listening,
        Follower(_follow(database, settings.data) if ingest else None) as follower,
        beside(address_of(listening)),
    ):
        data = settings.data if ingest else None
        service = make_service(
            limited.engine, follower.running, settings.rate_limit, preferences=limited.preferences, data=data
        )
        config = uvicorn.Config(make_app(service), log_config=None, access_log=False, timeout_graceful_shutdown=3)
        _Server(config, service.closing).run([listening])


def _start(settings: Settings) -> None:
    """Sets up logging and signals, and upgrades the schema."""
    service_log.set_up("movie_db_client", settings.log_level, settings.logs)
    exit_with_parent()
    # uvicorn stops gracefully on these signals, then raises them again.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    logger.info("The database has the schema %s.", upgrade(settings.database_url))


def _follow(database: Database, data: Path) -> Callable[[threading.Event], object]:
    """Returns what ingests the log in `data` until an event is set."""
    return lambda stop: follow(database.units, data, stop)


class _Server(uvicorn.Server):
    """Reports when it is ready, and signals streams when it is about to end."""

    def __init__(self, config: uvicorn.Config, closing: threading.Event) -> None:
        super().__init__(config)
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._closing.set()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            ready(address_of(listening))


if __name__ == "__main__":
    main()
