"""The way to the database: an engine by its URL, the same manners on SQLite and PostgreSQL, errors for people."""

import re
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.movie_db_client.data_model import same_file

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_POOL = 10
"""Connections that are kept open; ten more may be opened for a while."""
_TURN = 30
"""Seconds for which a connection to SQLite waits until another has done."""
_STEPS = 200_000
"""Steps of SQLite's machine, some milliseconds, after which it is asked whether it took too long."""
_FORMS = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"
_SQLITE_URL = re.compile(r"(sqlite(?:\+pysqlite)?):///(.*)", re.DOTALL)
_SQLITE_FULL = ("SQLITE_FULL", "SQLITE_IOERR")
_SQLITE_TROUBLE = ("SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_PERM")
_SQLITE_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_POSTGRES_TROUBLE = ("08", "28", "3D", "53", "57P", "58")
"""Classes of SQLSTATE: connection, authorization, no such database, resources, shutdown, system."""


def make_engine(url: str, *, foreign_keys: bool = True, patience: float | None = None) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`; connects to nothing yet.

    Whatever it is used for later, a database that does not answer raises `UnavailableError` in one sentence that shows
    no password. On SQLite, foreign keys hold (unless `foreign_keys` is False, which migrations need), readers
    don't wait for the writer (WAL), transactions are real ones, DDL included, and a commit returns when it is on the
    disk: nobody reads or is told what a power cut could take back. Once its file is removed or replaced, the engine
    refuses to use it. On PostgreSQL the clock is UTC.
    `patience` is in seconds: a statement that takes longer is given up, as `UnavailableError`.

    Raises:
        UsageError: the URL can't be read, or is of another database.
    """
    target = _read_url(url)
    make = partial(create_engine, target, json_serializer=_dumps, json_deserializer=_loads)
    if target.get_backend_name() == "sqlite":
        engine = make(pool_size=_POOL)
        event.listen(engine, "connect", partial(_set_up_sqlite, foreign_keys=foreign_keys))
        if target.database not in (None, "", ":memory:"):
            _watch_file(engine, same_file.SameFile(str(target.database), place(target)))
        event.listen(engine, "begin", _begin_sqlite)
        if patience is not None:
            event.listen(engine, "before_cursor_execute", partial(_limit_sqlite, patience))
    else:
        options = "-c timezone=utc" + (f" -c statement_timeout={int(patience * 1000)}" if patience else "")
        arguments = {"connect_timeout": 10, "options": options} | dict(target.query)
        engine = make(pool_size=_POOL, pool_pre_ping=True, connect_args=arguments)
    event.listen(engine, "handle_error", partial(_explain, place(target)))
    return engine


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def _loads(text: Any) -> Any:
    """JSON that was written. SQLite makes a number of one that stands alone in a column of JSON."""
    return text if isinstance(text, int | float) else orjson.loads(text)


def writing(engine: Engine) -> Engine:
    """The same engine, for transactions that will write: on SQLite they take their turn at the start, not midway."""
    return engine.execution_options(sqlite_begin="IMMEDIATE")


def place(url: URL) -> str:
    """Where a database is, without user and password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}:{url.port or 5432}/{url.database or ''}"


def url_of(path: Path) -> str:
    """The URL of the SQLite database in a file, whatever characters its name has."""
    return f"sqlite:///{path}"


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for other databases, those in memory and what is no URL."""
    match = _SQLITE_URL.fullmatch(url)
    return Path(match[2]) if match and match[2] not in ("", ":memory:") else None


def shown(url: str) -> str:
    """A database's URL as it was given, without the password."""
    if _SQLITE_URL.fullmatch(url):
        return url
    return make_url(url).difference_update_query(["password"]).render_as_string(hide_password=True)


def _read_url(url: str) -> URL:
    if match := _SQLITE_URL.fullmatch(url):  # in SQLAlchemy's own reading, `%41` and `?` are no part of a name
        return URL.create(_DRIVERS[match[1]], database=match[2] or None)
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is the latter
        raise UsageError(f"The database's URL can't be read: it is {_FORMS}.") from None
    if target.drivername not in _DRIVERS:
        raise UsageError(f"A database of {target.drivername!r} can't be used: it is {_FORMS}.")
    return target.set(drivername=_DRIVERS[target.drivername])


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any, *, foreign_keys: bool) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: _begin_sqlite does
    connection.execute(f"PRAGMA busy_timeout = {_TURN * 1000}")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.execute("PRAGMA synchronous = EXTRA")  # what FULL is to a WAL, for a journal that is deleted
    if not tables or "alembic_version" in tables:  # it stays so in the file, and another program's is left alone
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 8000")  # pages (32 MB): what changes often is copied seldom
    connection.execute("PRAGMA cache_size = -32000")  # KB: a fifth less time than with its 2 MB when many rows come in
    connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Sets the journal of SQLite. For this alone it does not wait its turn by itself while another uses the file."""
    until = time.monotonic() + _TURN
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _limit_sqlite(patience: float, connection: Connection, *_args: Any) -> None:
    """Gives the statement that is about to begin so many seconds."""
    until = time.monotonic() + patience
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)


def _watch_file(engine: Engine, watched: same_file.SameFile) -> None:
    """Has an engine refuse to work once its database's file is another one, or gone."""
    engine.update_execution_options(**{same_file.OPTION: watched})
    event.listen(engine, "do_connect", watched.before_connecting)
    event.listen(engine, "connect", watched.opened)
    event.listen(engine, "begin", same_file.check)
    event.listen(engine, "commit", same_file.check)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")


def _explain(where: str, context: ExceptionContext) -> None:
    """Puts `UnavailableError` in the place of the driver's error, if it is the database that is in trouble."""
    error = context.original_exception
    reason = str(error).strip().split("\n")[0].rstrip(".")
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_INTERRUPT":
            raise UnavailableError(f"The database {where} took too long: ask for less at once.") from None
        if name.startswith(_SQLITE_DAMAGED):
            raise UnavailableError(f"{where} is no SQLite database, or a damaged one: {reason}.") from None
        if name.startswith("SQLITE_CANTOPEN"):
            raise UnavailableError(
                f"{where} can't be opened: a database takes a file in a folder that exists and can be written."
            ) from None
        if name.startswith(_SQLITE_FULL):
            raise UnavailableError(
                f"The database {where} can't be written ({reason}): it needs room on a sound disk."
            ) from None
        if name.startswith(_SQLITE_TROUBLE):
            raise UnavailableError(f"The database {where} can't be used: {reason}.") from None
    elif isinstance(error, psycopg.errors.QueryCanceled):
        raise UnavailableError(f"The database {where} took too long: ask for less at once.") from None
    elif isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(_POSTGRES_TROUBLE):
        raise UnavailableError(f"The database {where} does not answer: {reason}.") from None
