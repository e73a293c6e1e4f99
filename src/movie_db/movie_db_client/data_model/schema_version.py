"""Which schema the database has, and bringing it to the newest one: Alembic, used as a library."""

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
    """The schema version that this program knows."""
    return _scripts().get_current_head() or ""


def current(engine: Engine) -> str | None:
    """The database's schema version; None if it was never migrated."""
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
    """An engine for a database that was built already, with the newest schema; makes and changes nothing.

    Raises:
        UsageError: there is none, or its schema is older or newer: says what to do.
        Unavailable: it does not answer.
    """
    engine = make_engine(url)
    where = place(engine.url)
    if engine.dialect.name == "sqlite" and not Path(where).exists():
        raise UsageError(f"There is no database {where}: movie-db build makes one, --db names another.")
    try:
        if current(engine) is None:
            raise UsageError(f"{where} is no database of movie_db: movie-db build makes one, --db names another.")
        if needs_upgrade(engine):
            raise UsageError(f"The database {where} has an older schema: movie-db db upgrade brings it up to date.")
    except BaseException:
        engine.dispose()
        raise
    return engine


def upgrade(url: str, to: str = "head") -> str:
    """Brings the database to the newest schema (or to `to`) and tells its version; safe if several do so at once.

    Raises:
        UsageError: the database has a newer schema than this program, or tables of somebody else.
        Unavailable: it does not answer.
    """
    with migrating(url) as connection:
        version = MigrationContext.configure(connection).get_current_revision()
        _refuse_newer(version)
        taken = set(inspect(connection).get_table_names()) - {"alembic_version"}
        if connection.dialect.name == "postgresql":  # where programs share a database
            taken &= set(Base.metadata.tables)
        if version is None and taken:
            raise UsageError(
                f"The database has tables of another program ({', '.join(sorted(taken))}): use an empty one."
            )
        command.upgrade(_config(connection), to)
        return MigrationContext.configure(connection).get_current_revision() or ""


def downgrade(url: str, to: str = "base") -> None:
    """Takes the schema back to version `to`, by default to nothing: the data of what is dropped is lost.

    Raises:
        UsageError: the database has a newer schema than this program.
        Unavailable: it does not answer.
    """
    with migrating(url) as connection:
        _refuse_newer(MigrationContext.configure(connection).get_current_revision())
        command.downgrade(_config(connection), to)


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """A connection in one transaction, held under a lock that only one migrating process can have.

    Foreign keys are off on SQLite meanwhile: it alters a table by making it anew and dropping the old one.
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
            f"The database has the schema {version}, this program knows none newer than {newest()}: update movie_db."
        )
