"""A whole database copied to another, of the same kind or the other: all rows, and the numbers that are given next."""

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
    """Copies everything in one transaction, or nothing; returns how many rows.

    An SQLite file that is not there yet appears only when it is whole; so does one that replaces another (`replace`).

    Raises:
        UsageError: there is no such database, or the target holds rows already.
        UnavailableError: one of them does not answer, or can't be written.
    """
    file = file_of(target)
    if file is None or not (replace or not file.exists() or _is_empty(file)):
        return _fill(source, target)
    open_built(source).dispose()  # before anything is written
    with atomic_file(file) as part:
        count = _fill(source, url_of(part))
        _settle(part)
    return count


def _is_empty(file: Path) -> bool:
    return not file.stat().st_size and not file.with_name(f"{file.name}-wal").exists()


def _settle(file: Path) -> None:
    """Leaves a database as one file: what is still in its log comes into it, and the log goes."""
    try:
        with closing(sqlite3.connect(file)) as database:
            (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        raise UnavailableError(f"{file} can't be written: {error}.") from None
    if mode != "delete":
        raise UnavailableError(f"{file} can't be written: another program uses it.")


def _fill(source: str, target: str) -> int:
    """Copies everything into a database, which it brings to the newest schema first."""
    read = open_built(source)
    try:
        upgrade(target)
        write = make_engine(target)
        try:
            with _still(read).connect() as come, writing(write).begin() as go:
                tables = Base.metadata.sorted_tables
                if any(go.execute(select(table).limit(1)).first() for table in tables):
                    raise UsageError(f"{place(write.url)} holds rows already: a copy goes into an empty database.")
                return sum(_copy(table, come, go) for table in tables)
        finally:
            write.dispose()
    finally:
        read.dispose()


def _still(engine: Engine) -> Engine:
    """The engine for a transaction that sees one state of the database, whatever others write; SQLite's all do."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _copy(table: Table, come: Connection, go: Connection) -> int:
    count = changed = 0
    for rows in come.execute(select(table).execution_options(yield_per=_PAGE)).mappings().partitions():
        held = [dict(row) for row in rows]
        kept = [{name: clean(value) for name, value in row.items()} for row in held]
        changed += sum(row[name] != value for row, old in zip(kept, held, strict=True) for name, value in old.items())
        bulk.insert(go, table, kept)
        count += len(rows)
    if changed:  # SQLite takes U+0000, and keeps it; PostgreSQL can't
        logger.warning("%s: U+0000 was left out of %d values.", table.name, changed)
    if table.autoincrement_column is not None and (last := _last(table, come)):
        _go_on(table, go, last)
    return count


def _last(table: Table, connection: Connection) -> int | None:
    """The last number that was given in a table, even if its row is gone; None if none was."""
    if connection.dialect.name == "sqlite":
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return connection.execute(asked, {"table": table.name}).scalar()
    name = connection.execute(_sequence(table)).scalar_one()
    asked = text(f"SELECT CASE WHEN is_called THEN last_value END FROM {name}")  # noqa: S608  # the database's own name
    return connection.execute(asked).scalar()


def _go_on(table: Table, connection: Connection, last: int) -> None:
    """Has a table give the numbers behind this one."""
    if connection.dialect.name == "sqlite":
        told = {"table": table.name, "last": last}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), told)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), told)
    else:
        name = connection.execute(_sequence(table)).scalar_one()
        connection.execute(select(func.setval(name, last)))


def _sequence(table: Table) -> Any:
    column = table.autoincrement_column
    assert column is not None
    return select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
