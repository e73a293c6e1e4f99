"""The command `movie-db`: every way in, for people."""

import sys
from itertools import chain
from typing import Any

import click

from movie_db import __version__
from movie_db.cli import database, deciding, doctor, gathering, keys, reading, values

ROOMS = (gathering, reading, deciding, values, keys, database, doctor)


class _Commands(click.Group):
    """Has wrong usage told as our other errors are."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            more = f" {error.ctx.command_path} --help tells more." if error.ctx else ""
            click.echo(f"movie-db: {error.format_message()}{more}", err=True)
            sys.exit(error.exit_code)


@click.group(
    cls=_Commands,
    commands=list(chain.from_iterable(room.COMMANDS for room in ROOMS)),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="movie-db")
def main() -> None:
    """Builds a movie database from the address of a page full of movies, or from a list of your own."""


if __name__ == "__main__":
    main()
