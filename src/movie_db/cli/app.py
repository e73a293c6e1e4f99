"""The command `movie-db`: all subcommands, grouped as its help shows them."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from movie_db import __version__
from movie_db.cli import database, deciding, doctor, gathering, keys, reading, values

SECTIONS: Final[Mapping[str, Sequence[click.Command]]] = {
    "Build and keep up to date": (gathering.build, gathering.refresh, doctor.doctor),
    "Read": (reading.show, reading.export, reading.changes, reading.conflicts, reading.explain),
    "Correct": (
        deciding.review,
        deciding.merge,
        deciding.split,
        values.pin,
        values.unpin,
        values.pins,
        values.restitch,
    ),
    "Match lists": (deciding.match,),
    "Serve and administer": (database.serve, keys.key, database.db),
    "Single steps of a build": (gathering.list_, gathering.crawl, gathering.ingest, gathering.parse),
}
"""All commands, by the headings under which the help lists them."""


class _Commands(click.Group):
    """Lists its commands in sections, and reports wrong usage in the same form as other errors."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        longest = max(len(command.name or "") for command in self.commands.values())
        limit = formatter.width - 6 - longest
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                rows = [(f"{c.name or '':<{longest}}", c.get_short_help_str(limit)) for c in commands]
                formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            more = f" See {error.ctx.command_path} --help." if error.ctx else ""
            click.echo(f"movie-db: {error.format_message()}{more}", err=True)
            sys.exit(error.exit_code)


@click.group(
    cls=_Commands,
    commands=[command for commands in SECTIONS.values() for command in commands],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="movie-db")
def main() -> None:
    """Build a movie database from the address of a page full of movies, or from a list of your own.

    Each option that shows an environment variable can also be set by it. To list the options of a command, run
    movie-db COMMAND --help.
    """


if __name__ == "__main__":
    main()
