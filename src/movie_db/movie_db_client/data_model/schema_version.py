"""Reads and upgrades the schema version of a database, with Alembic as a library."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine, place, writing

_LOCK = 0x6D6F766965  # "movie": the advisory lock of migrations


def newest() -> str:
    """Returns the newest schema version of this program."""
    return _scripts().get_current_head() or ""


def current(engine: Engine) -> str | None:
    """Returns the database's schema version; None if it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def needs_upgrade(engine: Engine) -> bool:
    """Whether the database is older than this program.

    Raises:
        UsageError: it is newer.
    """
    version = current(engine)
    _refuse_newer(version)
    return version != newest()


def open_built(url: str) -> Engine:
    """Returns an engine for an existing database with the newest schema. It creates and changes nothing.

    Raises:
        UsageError: there is no such database, or its schema is older or newer; the message says what to do.
        UnavailableError: it does not respond.
    """
    engine = make_engine(url)
    where = place(engine.url)
    if engine.dialect.name == "sqlite" and not Path(where).exists():
        raise UsageError(f"There is no database {where}: create it with movie-db build, or name another with --db.")
    try:
        if current(engine) is None:
            raise UsageError(
                f"{where} is not a database of movie_db: create one with movie-db build, or name another with --db."
            )
        if needs_upgrade(engine):
            raise UsageError(f"The database {where} has an older schema: update it with movie-db db upgrade.")
    except BaseException:
        engine.dispose()
        raise
    return engine


def upgrade(url: str, to: str = "head") -> str:
    """Upgrades the database to the newest schema, or to `to`, and returns its version. Safe to run concurrently.

    Raises:
        UsageError: the schema is newer than this program, or the tables are another program's.
        UnavailableError: the database does not respond.
    """
    with migrating(url) as connection:
        version = MigrationContext.configure(connection).get_current_revision()
        _refuse_newer(version)
        taken = set(inspect(connection).get_table_names()) - {"alembic_version"}
        if connection.dialect.name == "postgresql":  # PostgreSQL databases may be shared with other programs
            taken &= set(Base.metadata.tables)
        if version is None and taken:
            raise UsageError(
                f"The database has tables of another program ({', '.join(sorted(taken))}): use an empty one."
            )
        command.upgrade(_config(connection), to)
        return MigrationContext.configure(connection).get_current_revision() or ""


def downgrade(url: str, to: str = "base") -> None:
    """Downgrades the schema to version `to`, by default to nothing. Data in dropped tables is lost.

    Raises:
        UsageError: the schema is newer than this program.
        UnavailableError: the database does not respond.
    """
    with migrating(url) as connection:
        _refuse_newer(MigrationContext.configure(connection).get_current_revision())
        command.downgrade(_config(connection), to)


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """Yields a connection in one transaction, under a lock that allows one migration at a time.

    Foreign keys are off on SQLite, which alters a table by creating a new one and dropping the old one.
    """
    engine = make_engine(url, foreign_keys=False)
    try:
        with writing(engine).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(Path(__file__).with_name("alembic.ini"), ini_section="movie_db")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _refuse_newer(version: str | None) -> None:
    if version is not None and version not in {script.revision for script in _scripts().walk_revisions()}:
        raise UsageError(
            f"The database has schema {version}, and this program supports up to {newest()}: update movie_db."
        )
