"""What looks after the database itself, and serves it: db upgrade, info, copy, backup, restore; serve."""

from pathlib import Path

import click

from movie_db.cli.options import DATA, DB, clearly, settings_of
from movie_db.cli.outputs import FORCE, Output, say


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


@db.command()
@click.argument("source")
@click.argument("target")
@clearly
def copy(source: str, target: str) -> None:
    """Copies the database SOURCE into the empty one TARGET, both URLs, from SQLite to PostgreSQL or back."""
    from movie_db.movie_db_client.repository.copying import copy as run_copy

    click.echo(f"{run_copy(source, target):,} rows copied.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@FORCE
@DB
@clearly
def backup(file: Path, force: bool, db: str | None) -> None:
    """Keeps the whole database in the new SQLite file FILE, whatever writes to it meanwhile."""
    from movie_db.movie_db_client.repository.backups import back_up

    url = settings_of(db).database_url
    Output(file, "sqlite").check([url], force=force)
    say(file, f"{back_up(url, file):,} rows in {file}.")


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@DB
@clearly
def restore(file: Path, db: str | None) -> None:
    """Brings the database kept in FILE into the database, which is empty."""
    from movie_db.movie_db_client.repository.backups import restore as run_restore

    click.echo(f"{run_restore(file, settings_of(db).database_url):,} rows restored.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8200, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@DB
@DATA
@clearly
def serve(host: str, port: int, db: str | None, data: Path | None) -> None:
    """Serves the database by its API, and does the builds that it is asked for, until Ctrl-C."""
    from movie_db.movie_db_client.__main__ import serve as run_serve
    from movie_db.movie_db_client.data_model.lease import building
    from movie_db.movie_db_client.ingest.follower import Follower
    from movie_db.pipeline.build_worker import Builder, logger

    settings = settings_of(db, data)

    def beside(address: str) -> Follower:
        told = settings.model_copy(update={"client_api": address})
        return Follower(Builder(told, logger.info, lambda: building(settings.database_url, settings.data)).work)

    run_serve(host, port, settings, ingest=True, beside=beside)


COMMANDS = (db, serve)
