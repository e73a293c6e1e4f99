"""What commands share: their options, and how errors are told."""

import getpass
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.settings import Settings, languages_of

F = TypeVar("F", bound=Callable[..., Any])

DB = click.option("--db", metavar="URL", help="The database: sqlite:///FILE or postgresql://… [MOVIE_DB_DATABASE_URL]")
DATA = click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="The data folder. [MOVIE_DB_DATA]")
LIMIT = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take the first N films only.")
LANGUAGE = click.option(
    "--language",
    metavar="CODES",
    help="Of titles, plots and names, best first: it,de. [MOVIE_DB_LANGUAGE]",
)
BY = click.option("--by", default=getpass.getuser, metavar="NAME", help="Who decides. [the user of this computer]")
WHY = click.option("--why", metavar="TEXT", help="The reason, kept with the decision.")


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def settings_of(db: str | None = None, data: Path | None = None, language: str | None = None) -> Settings:
    try:
        chain = None if language is None else ",".join(languages_of(language))
    except ValueError as error:
        raise UsageError(f"--language can't be read: {error}.") from None
    given = {"database_url": db, "data": data, "language": chain}
    return Settings.read().model_copy(update={k: v for k, v in given.items() if v is not None})


def clearly(command: F) -> F:
    """Our own errors become one sentence and an exit code: 2 for usage, 1 for the rest, 130 for Ctrl-C."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        signal.signal(signal.SIGTERM, _stop)
        try:
            return command(*args, **kwargs)
        except MovieDbError as error:
            click.echo(f"movie-db: {error}", err=True)
            sys.exit(2 if isinstance(error, UsageError) else 1)
        except KeyboardInterrupt:
            click.echo("movie-db: stopped; the same command goes on from here.", err=True)
            sys.exit(130)

    return run  # type: ignore[return-value]


@contextmanager
def units_of(db: str | None) -> Iterator[Any]:
    """What makes units of work on a database that was built already."""
    from movie_db.movie_db_client.bootstrap import open_existing

    with open_existing(settings_of(db)) as database:
        yield database.units
