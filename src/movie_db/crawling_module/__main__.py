"""`python -m movie_db.crawling_module URL`: crawls one gallery."""

import logging
import sys

import click

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.service import die_with_parent
from movie_db.contract.settings import Settings


@click.command()
@click.argument("address")
@click.option("--limit", type=click.IntRange(min=1), help="Take the first N films only.")
@click.option("--only", type=click.Choice(["movie_list", "movie"]), help="Run one spider only.")
def main(address: str, limit: int | None, only: str | None) -> None:
    """Crawls the gallery at ADDRESS into the logs of the data folder."""
    from movie_db.crawling_module.run_spiders import crawl

    try:
        settings = Settings.read()
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        for chatty in ("scrapy", "httpx2"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        die_with_parent()
        crawl(address, settings, limit, only, lambda sentence: print(sentence, flush=True))
    except KeyboardInterrupt:
        sys.exit(130)
    except UsageError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except MovieDbError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
