"""The one place that connects settings, engine and units of work. The server, the command and services start here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine

from movie_db.contract.settings import Settings
from movie_db.movie_db_client.data_model import schema_version
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.ingest.preferences import preferences
from movie_db.movie_db_client.repository import UnitOfWork
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.stitching.policy import DEFAULTS, Preferences

Units = Callable[[], UnitOfWork]
"""A factory of units of work: each call returns a new transaction."""


@dataclass(frozen=True)
class Database:
    """An open database: an engine for reads, and a factory of units of work for writes."""

    engine: Engine
    units: Units
    preferences: Preferences


def unit_factory(engine: Engine, how: Preferences = DEFAULTS) -> Units:
    """Returns what makes units of work on an engine; `how` is how golden records are computed in them."""
    store = cache(lambda: SqlStore(engine))  # reads the live tables, so only once the database is needed
    return lambda: SqlUnitOfWork(store(), how)


@contextmanager
def open_database(settings: Settings, *, patience: float | None = None) -> Iterator[Database]:
    """Opens the database that the settings name, and closes its connections at the end. Migrates nothing.

    Args:
        patience: seconds that one statement may take; None for no limit.

    Raises:
        UsageError: the URL or the policy cannot be used.
        UnavailableError: the database does not answer.
    """
    how = preferences(settings)
    with _disposing(make_engine(settings.database_url, patience=patience)) as engine:
        yield Database(engine, unit_factory(engine, how), how)


@contextmanager
def open_existing(settings: Settings) -> Iterator[Database]:
    """Opens a database that was built before, as `open_database` does.

    Raises:
        UsageError: there is no database yet, it has another schema, or the policy cannot be used.
        UnavailableError: the database does not answer.
    """
    how = preferences(settings)
    with _disposing(schema_version.open_built(settings.database_url)) as engine:
        yield Database(engine, unit_factory(engine, how), how)


@contextmanager
def _disposing(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()
