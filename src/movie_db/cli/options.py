"""Options that several commands share, and how commands report errors."""

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

DB = click.option(
    "--db", metavar="URL", help="The database: sqlite:///FILE or postgresql://…  [env: MOVIE_DB_DATABASE_URL]"
)
DATA = click.option(
    "--data", type=click.Path(path_type=Path), metavar="DIR", help="The data folder.  [env: MOVIE_DB_DATA]"
)
LIMIT = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N movies.")
LANGUAGE = click.option(
    "--language",
    metavar="CODES",
    help="Languages of titles, plots and names, in order of preference, such as it,de.  [env: MOVIE_DB_LANGUAGE]",
)
BY = click.option("--by", default=getpass.getuser, metavar="NAME", help="Who decides.  [default: your user name]")
WHY = click.option("--why", metavar="TEXT", help="The reason, which is stored with the decision.")
TEXT_OR_JSONL = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="The format of the output.",
)


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def read_settings(db: str | None = None, data: Path | None = None, language: str | None = None) -> Settings:
    """The settings, with the options of the command line in the place of environment variables.

    Raises:
        UsageError: a setting or the languages can't be read.
    """
    try:
        chain = None if language is None else ",".join(languages_of(language))
    except ValueError as error:
        raise UsageError(f"--language can't be read: {error}.") from None
    given = {"database_url": db, "data": data, "language": chain}
    return Settings.read().model_copy(update={k: v for k, v in given.items() if v is not None})


def report_errors(command: F) -> F:
    """Turns the program's own errors into one sentence and an exit code.

    The code is 2 for usage errors, 1 for other errors, and 130 for Ctrl-C.
    """

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        signal.signal(signal.SIGTERM, _stop)
        try:
            return command(*args, **kwargs)
        except MovieDbError as error:
            click.echo(f"movie-db: {error}", err=True)
            sys.exit(2 if isinstance(error, UsageError) else 1)
        except KeyboardInterrupt:
            click.echo("movie-db: Stopped. Run the same command again to continue.", err=True)
            sys.exit(130)

    return run  # type: ignore[return-value]


@contextmanager
def open_units(db: str | None) -> Iterator[Any]:
    """Yields a function that makes units of work on an existing database."""
    from movie_db.movie_db_client.bootstrap import open_existing

    with open_existing(read_settings(db)) as database:
        yield database.units
