"""`python -m movie_db.web_gateway`: starts the service."""

import asyncio
import logging
import os
from importlib.metadata import version
from pathlib import Path

import click

from movie_db import __version__
from movie_db.contract import service_log
from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.service import exit_with_parent, wait_for_start
from movie_db.contract.settings import Settings
from movie_db.web_gateway.archive import Archive
from movie_db.web_gateway.host_policy import TABLE, user_agent
from movie_db.web_gateway.proxies import Proxies
from movie_db.web_gateway.replay import Replay
from movie_db.web_gateway.server import serve
from movie_db.web_gateway.upstream import Upstream
from movie_db.web_gateway.web import Web

log = logging.getLogger(__name__)


@click.command(help="The only way to the web: a forward proxy with host policies and an archive.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the archive [default: MOVIE_DB_DATA].")
@click.option("--replay", type=click.Path(path_type=Path), help="Answer from this WARC file and send no requests.")
@click.option(
    "--log-level", type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]), help="[default: MOVIE_DB_LOG_LEVEL]"
)
def main(host: str, port: int, data: Path | None, replay: Path | None, log_level: str | None) -> None:
    """Exit codes: 0 after SIGTERM or SIGINT, 2 for wrong usage, 1 for a failure."""
    try:
        wait_for_start()
        settings = Settings.read()
        service_log.set_up("web_gateway", log_level or settings.log_level, settings.logs)
        exit_with_parent()
        asyncio.run(_run(settings, host, port, data or settings.data, replay))
    except MovieDbError as error:
        service_log.exit_with_error("web_gateway", error)


async def _run(settings: Settings, host: str, port: int, data: Path, replay: Path | None) -> None:
    if settings.pace == "unlimited" and not (settings.upstream or replay):
        raise UsageError("MOVIE_DB_PACE=unlimited needs MOVIE_DB_UPSTREAM: real hosts always get polite rates.")
    if settings.upstream and settings.proxy:
        raise UsageError("MOVIE_DB_UPSTREAM replaces the internet, so MOVIE_DB_PROXY has no effect: unset one of them.")
    if replay:
        recording = Replay(replay)
        try:
            await serve(recording, "replay", host, port)
        finally:
            await recording.close()
        return
    if not (settings.contact or settings.upstream):
        log.warning("MOVIE_DB_CONTACT is not set: Wikimedia allows far fewer requests without a contact.")
    agent = user_agent(__version__, f"aiohttp/{version('aiohttp')}", settings.contact)
    with Archive(data / "archive.sqlite") as archive:
        proxy = settings.proxy.get_secret_value() if settings.proxy else None
        proxies = None if settings.upstream else Proxies(proxy, os.environ)
        async with Upstream(agent, settings.upstream, proxies) as upstream:
            web = Web(
                archive, upstream, paced=settings.pace == "polite", keys=_keys(settings), quotas=_quotas(settings)
            )
            try:
                await serve(web, "upstream" if settings.upstream else "web", host, port)
            finally:
                await web.close()


def _keys(settings: Settings) -> dict[str, str]:
    """The user's API keys by host."""
    given = {row.host: getattr(settings, row.setting) for row in TABLE if row.setting}
    return {host: key.get_secret_value() for host, key in given.items() if key}


def _quotas(settings: Settings) -> dict[str, int]:
    """Requests per day, for hosts that have such a limit (a paid key has a higher one)."""
    limited = ((row, row.daily) for row in TABLE if row.daily)
    return {row.host: getattr(settings, row.daily_setting) if row.daily_setting else daily for row, daily in limited}


if __name__ == "__main__":
    main()
