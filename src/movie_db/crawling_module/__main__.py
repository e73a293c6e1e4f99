"""`python -m movie_db.crawling_module URL`: crawls one gallery."""

import logging
import os
import re
import sys
from typing import get_args

import click

from movie_db.contract import service_log
from movie_db.contract.errors import MovieDbError
from movie_db.contract.messages import Refresh
from movie_db.contract.service import EXIT_WITH_PARENT, exit_with_parent, wait_for_start
from movie_db.contract.settings import Settings

logger = logging.getLogger("movie_db.crawling_module")


def _name(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9A-Za-z-]{1,64}", value):
        raise click.BadParameter("a run's name has up to 64 letters, digits and hyphens.")
    return value


@click.command()
@click.argument("address", required=False)
@click.option("--limit", type=click.IntRange(min=1), help="List only the first N movies.")
@click.option("--only", type=click.Choice(["movie_list", "movie"]), help="Run one spider only.")
@click.option(
    "--refresh", type=click.Choice(get_args(Refresh)), help="Request movies of the database again: what is due, or all."
)
@click.option(
    "--run", "name", callback=_name, help="The run's name: a new one, or that of an interrupted run to continue."
)
def main(address: str | None, limit: int | None, only: str | None, refresh: Refresh | None, name: str | None) -> None:
    """Crawls the gallery at ADDRESS (else at MOVIE_DB_GALLERY) into the logs of the data folder."""
    from movie_db.crawling_module.run_spiders import crawl

    try:
        wait_for_start()
        settings = Settings.read()
        service_log.set_up("crawling_module", settings.log_level, settings.logs)
        for chatty in ("scrapy", "httpx2"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        exit_with_parent()
        crawl(address or settings.gallery, settings, limit, only, _say, refresh, name)
    except KeyboardInterrupt:
        sys.exit(130)
    except MovieDbError as error:
        service_log.exit_with_error("crawling_module", error)


def _say(sentence: str) -> None:
    """Log a progress message; a build shows it, too."""
    logger.info("%s", sentence)
    if os.environ.get(EXIT_WITH_PARENT):
        print(sentence, flush=True)


if __name__ == "__main__":
    main()
