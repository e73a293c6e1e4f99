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
from sqlalchemy import Engine

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
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.ingest.follower import Follower
from movie_db.movie_db_client.ingest.ingest import follow
from movie_db.movie_db_client.ingest.preferences import preferences
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app
from movie_db.stitching.policy import Preferences

logger = logging.getLogger("movie_db.movie_db_client")
_PATIENCE = 30.0
"""Seconds that one statement of the API may take."""


@click.command(help="The one entry to the movie database.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8200, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--db", "url", help="The database's URL [default: MOVIE_DB_DATABASE_URL].")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the logs [default: MOVIE_DB_DATA].")
@click.option("--ingest", is_flag=True, help="Bring what is written to the logs into the database, while serving.")
@click.option("--migrate", is_flag=True, help="Upgrade the database's schema, and serve nothing.")
def main(host: str, port: int, url: str | None, data: Path | None, ingest: bool, migrate: bool) -> None:
    """Exit codes: 0 after SIGTERM or SIGINT, 2 if it was asked for what can't be, 1 if something does not work."""
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
"""What goes on beside the service while it answers at this address."""


def serve(host: str, port: int, settings: Settings, *, ingest: bool, beside: Beside = nullcontext) -> None:
    """Serves the settings' database until SIGTERM or SIGINT, and leaves with exit code 0 then.

    Raises:
        MovieDbError: what keeps it from that, in one sentence.
    """
    _start(settings)
    engine, how = make_engine(settings.database_url), preferences(settings)
    asked = make_engine(settings.database_url, patience=_PATIENCE)
    relax_garbage_collection()
    try:
        with (
            closing(listen(host, port, "client")) as listening,
            Follower(_follow(engine, settings.data, how) if ingest else None) as follower,
            beside(address_of(listening)),
        ):
            data = settings.data if ingest else None
            service = Service(asked, follower.running, settings.rate_limit, preferences=how, data=data)
            config = uvicorn.Config(make_app(service), log_config=None, access_log=False, timeout_graceful_shutdown=3)
            _Server(config, service.closing).run([listening])
    finally:
        engine.dispose()
        asked.dispose()


def _start(settings: Settings) -> None:
    """What comes before anything is served: logs, an end in peace, and the newest schema."""
    service_log.set_up("movie_db_client", settings.log_level, settings.logs)
    exit_with_parent()
    # The server stops gracefully on these signals and then raises them anew, for us.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    logger.info("The database has the schema %s.", upgrade(settings.database_url))


def _follow(engine: Engine, data: Path, how: Preferences) -> Callable[[threading.Event], object]:
    """What follows the log in `data`, until an event is set."""
    store = SqlStore(engine)
    return lambda stop: follow(lambda: SqlUnitOfWork(store, how), data, stop)


class _Server(uvicorn.Server):
    """Tells when it answers, and, to who waits for it, when it is to end."""

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
