"""Commands that maintain the database and serve it: db upgrade, info, copy, backup, restore; serve."""

from pathlib import Path

import click

from movie_db.cli.options import DATA, DB, read_settings, report_errors
from movie_db.cli.outputs import FORCE, Output, print_about


@click.group()
def db() -> None:
    """Upgrade, inspect, copy, back up and restore the database."""


@db.command()
@DB
@report_errors
def upgrade(db: str | None) -> None:
    """Upgrade the database to the newest schema."""
    from movie_db.movie_db_client.data_model import schema_version

    schema_version.upgrade(read_settings(db).database_url)
    click.echo("The database has the newest schema.")


@db.command()
@click.argument("table", required=False)
@DB
@report_errors
def info(table: str | None, db: str | None) -> None:
    """Show the tables of the live database, or one TABLE."""
    from movie_db.movie_db_client.data_model.reflection import Reflection
    from movie_db.movie_db_client.data_model.schema_version import open_built

    reflection = Reflection(open_built(read_settings(db).database_url))
    for name in [table] if table else sorted(reflection.tables):
        reflection.get_table_info(name)


@db.command()
@click.argument("source")
@click.argument("target")
@report_errors
def copy(source: str, target: str) -> None:
    """Copy a database to another one, which must be empty.

    SOURCE and TARGET are URLs. Both SQLite and PostgreSQL are possible on either side.
    """
    from movie_db.movie_db_client.repository.copying import copy as run_copy

    click.echo(f"{run_copy(source, target):,} rows copied.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@FORCE
@DB
@report_errors
def backup(file: Path, force: bool, db: str | None) -> None:
    """Back up the complete database to an SQLite file.

    FILE is created. The backup is consistent, even if the database is written to meanwhile.
    """
    from movie_db.movie_db_client.repository.backups import back_up

    url = read_settings(db).database_url
    Output(file, "sqlite").check([url], force=force)
    print_about(file, f"{back_up(url, file):,} rows in {file}.")


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@DB
@report_errors
def restore(file: Path, db: str | None) -> None:
    """Restore a backup from FILE into an empty database."""
    from movie_db.movie_db_client.repository.backups import restore as run_restore

    click.echo(f"{run_restore(file, read_settings(db).database_url):,} rows restored.")


@click.command()
@click.option("--host", metavar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8200,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@DB
@DATA
@report_errors
def serve(host: str, port: int, db: str | None, data: Path | None) -> None:
    """Serve the API, and run the builds requested through it.

    Ctrl-C stops the service. A build that it interrupts continues at the next start.
    """
    from movie_db.movie_db_client.__main__ import serve as run_serve
    from movie_db.movie_db_client.data_model.lease import building
    from movie_db.movie_db_client.ingest.follower import Follower
    from movie_db.pipeline.build_worker import BuildWorker, logger

    settings = read_settings(db, data)

    def build_worker(address: str) -> Follower:
        served = settings.model_copy(update={"client_api": address})
        worker = BuildWorker(served, logger.info, lambda: building(settings.database_url, settings.data))
        return Follower(worker.work)

    run_serve(host, port, settings, ingest=True, beside=build_worker)
