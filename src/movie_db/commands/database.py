"""What looks after the database itself, and serves it: db upgrade, db info, serve."""

import click

from movie_db.commands.options import DB, clearly, settings_of


@click.group()
def db() -> None:
    """Looks after the database."""


@db.command()
@DB
@clearly
def upgrade(db: str | None) -> None:
    """Brings the database to the newest schema."""
    from movie_db.movie_db_client.data_model import schema_version

    schema_version.upgrade(settings_of(db).database_url)
    click.echo("The database has the newest schema.")


@db.command()
@click.argument("table", required=False)
@DB
@clearly
def info(table: str | None, db: str | None) -> None:
    """Shows the tables of the live database, or one TABLE."""
    from movie_db.movie_db_client.data_model.reflection import Reflection
    from movie_db.movie_db_client.data_model.schema_version import open_built

    reflection = Reflection(open_built(settings_of(db).database_url))
    for name in [table] if table else sorted(reflection.tables):
        reflection.get_table_info(name)


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def serve(options: tuple[str, ...]) -> None:
    """Serves the database by its API, until Ctrl-C."""
    from movie_db.movie_db_client.__main__ import main

    main(list(options), prog_name="movie-db serve")


COMMANDS = (db, serve)
