"""Copies a whole database to another one, of the same kind or not: all rows and the next ids."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, func, select, text

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.files import atomic_file
from movie_db.contract.text import clean
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import file_of, make_engine, place, url_of, writing
from movie_db.movie_db_client.data_model.schema_version import open_built, upgrade
from movie_db.movie_db_client.repository import bulk

logger = logging.getLogger(__name__)
_PAGE: Final = 2000


def copy(source: str, target: str, *, replace: bool = False) -> int:
    """Copies everything in one transaction, or nothing; returns the number of rows.

    A new SQLite file appears only when it is complete; so does one that replaces another (`replace`).

    Raises:
        UsageError: there is no such database, or the target already has rows.
        UnavailableError: one of them does not respond, or can't be written.
    """
    file = file_of(target)
    if file is None or not (replace or not file.exists() or _is_empty(file)):
        return _fill(source, target)
    open_built(source).dispose()  # before anything is written
    with atomic_file(file) as part:
        count = _fill(source, url_of(part))
        _close_journal(part)
    return count


def _is_empty(file: Path) -> bool:
    return not file.stat().st_size and not file.with_name(f"{file.name}-wal").exists()


def _close_journal(file: Path) -> None:
    """Merges the write-ahead log into the database, so that it is a single file."""
    try:
        with closing(sqlite3.connect(file)) as database:
            (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        raise UnavailableError(f"{file} can't be written: {error}.") from None
    if mode != "delete":
        raise UnavailableError(f"{file} can't be written: another program uses it.")


def _fill(source: str, target: str) -> int:
    """Upgrades the target to the newest schema, and copies everything into it."""
    read = open_built(source)
    try:
        upgrade(target)
        write = make_engine(target)
        try:
            with _snapshot(read).connect() as origin, writing(write).begin() as destination:
                tables = Base.metadata.sorted_tables
                if any(destination.execute(select(table).limit(1)).first() for table in tables):
                    raise UsageError(f"{place(write.url)} already has rows: copy into an empty database.")
                return sum(_copy(table, origin, destination) for table in tables)
        finally:
            write.dispose()
    finally:
        read.dispose()


def _snapshot(engine: Engine) -> Engine:
    """Returns the engine for transactions that see one snapshot of the database. On SQLite all do."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _copy(table: Table, origin: Connection, destination: Connection) -> int:
    count = changed = 0
    for rows in origin.execute(select(table).execution_options(yield_per=_PAGE)).mappings().partitions():
        originals = [dict(row) for row in rows]
        cleaned = [{name: clean(value) for name, value in row.items()} for row in originals]
        changed += sum(
            row[name] != value for row, old in zip(cleaned, originals, strict=True) for name, value in old.items()
        )
        bulk.insert(destination, table, cleaned)
        count += len(rows)
    if changed:  # SQLite stores U+0000, PostgreSQL can't
        logger.warning("%s: removed U+0000 from %d values.", table.name, changed)
    if table.autoincrement_column is not None and (last := _last(table, origin)):
        _continue_numbers(table, destination, last)
    return count


def _last(table: Table, connection: Connection) -> int | None:
    """Returns the last number assigned in a table, even if its row is gone; None if there was none."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return connection.execute(query, {"table": table.name}).scalar()
    name = connection.execute(_sequence(table)).scalar_one()
    query = text(f"SELECT CASE WHEN is_called THEN last_value END FROM {name}")  # noqa: S608  # the database's own name
    return connection.execute(query).scalar()


def _continue_numbers(table: Table, connection: Connection, last: int) -> None:
    """Makes a table assign numbers after this one."""
    if connection.dialect.name == "sqlite":
        parameters = {"table": table.name, "last": last}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), parameters)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), parameters)
    else:
        name = connection.execute(_sequence(table)).scalar_one()
        connection.execute(select(func.setval(name, last)))


def _sequence(table: Table) -> Any:
    column = table.autoincrement_column
    assert column is not None
    return select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
