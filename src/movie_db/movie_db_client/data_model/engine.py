"""Creates engines from URLs, with the same behaviour on SQLite and PostgreSQL and errors in plain sentences."""

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
"""Connections that are kept open. Ten more may be opened temporarily."""
_TURN = 30
"""Seconds that a connection to SQLite waits for a lock."""
_STEPS = 200_000
"""Instructions of SQLite's virtual machine, some milliseconds, between checks of the time limit."""
_FORMS = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"
_SQLITE_URL = re.compile(r"(sqlite(?:\+pysqlite)?):///(.*)", re.DOTALL)
_SQLITE_FULL = ("SQLITE_FULL", "SQLITE_IOERR")
_SQLITE_TROUBLE = ("SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_PERM")
_SQLITE_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_POSTGRES_TROUBLE = ("08", "28", "3D", "53", "57P", "58")
"""Classes of SQLSTATE: connection, authorization, unknown database, resources, shutdown, system."""


def make_engine(url: str, *, foreign_keys: bool = True, patience: float | None = None) -> Engine:
    """Returns an engine for `sqlite:///FILE` or `postgresql://…`. It does not connect yet.

    A database that does not respond raises `UnavailableError` whenever the engine is used; the message shows no
    password. On SQLite, foreign keys are enforced, readers don't wait for the writer (WAL), transactions include DDL,
    and a commit returns once it is on disk, so nobody reads what a power cut could undo. If the file is removed or
    replaced, the engine refuses to use it. On PostgreSQL the time zone is UTC.

    Args:
        foreign_keys: whether SQLite enforces foreign keys; migrations need them off.
        patience: time limit of a statement in seconds. After that it raises `UnavailableError`.

    Raises:
        UsageError: the URL can't be parsed, or names another kind of database.
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
    """Parses stored JSON. SQLite returns a JSON column that holds a lone number as a number."""
    return text if isinstance(text, int | float) else orjson.loads(text)


def writing(engine: Engine) -> Engine:
    """Returns the engine for transactions that write. On SQLite they take the lock at the start."""
    return engine.execution_options(sqlite_begin="IMMEDIATE")


def place(url: URL) -> str:
    """Returns where a database is, without user and password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}:{url.port or 5432}/{url.database or ''}"


def url_of(path: Path) -> str:
    """Returns the URL of an SQLite file, whatever characters its name has."""
    return f"sqlite:///{path}"


def file_of(url: str) -> Path | None:
    """Returns the file of an SQLite database; None for other databases, in-memory databases and anything else."""
    match = _SQLITE_URL.fullmatch(url)
    return Path(match[2]) if match and match[2] not in ("", ":memory:") else None


def shown(url: str) -> str:
    """Returns a database's URL as given, without the password."""
    if _SQLITE_URL.fullmatch(url):
        return url
    return make_url(url).difference_update_query(["password"]).render_as_string(hide_password=True)


def _read_url(url: str) -> URL:
    if match := _SQLITE_URL.fullmatch(url):  # SQLAlchemy's own parser treats `%41` and `?` specially
        return URL.create(_DRIVERS[match[1]], database=match[2] or None)
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):  # a port that is not a number raises ValueError
        raise UsageError(f"The database's URL can't be read: it is {_FORMS}.") from None
    if target.drivername not in _DRIVERS:
        raise UsageError(f"A database of {target.drivername!r} can't be used: it is {_FORMS}.")
    return target.set(drivername=_DRIVERS[target.drivername])


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any, *, foreign_keys: bool) -> None:
    connection.isolation_level = None  # the driver must not begin transactions: _begin_sqlite does
    connection.execute(f"PRAGMA busy_timeout = {_TURN * 1000}")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.execute("PRAGMA synchronous = EXTRA")  # for a rollback journal, the equivalent of FULL with WAL
    if (
        not tables or "alembic_version" in tables
    ):  # the mode persists in the file, so another program's database is left alone
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "PRAGMA wal_autocheckpoint = 8000"
    )  # pages (32 MB): frequently changed pages are copied less often
    connection.execute(
        "PRAGMA cache_size = -32000"
    )  # KB: saves a fifth of the time of SQLite's default (2 MB) on large imports
    connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turns on WAL. SQLite does not wait for a lock here, so this retries while others use the file."""
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
    """Sets the time limit of the statement that is about to run."""
    until = time.monotonic() + patience
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)


def _watch_file(engine: Engine, watched: same_file.SameFile) -> None:
    """Makes an engine refuse to work once its database file is removed or replaced."""
    engine.update_execution_options(**{same_file.OPTION: watched})
    event.listen(engine, "do_connect", watched.before_connecting)
    event.listen(engine, "connect", watched.opened)
    event.listen(engine, "begin", same_file.check)
    event.listen(engine, "commit", same_file.check)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")


def _explain(where: str, context: ExceptionContext) -> None:
    """Replaces the driver's error by `UnavailableError` if the database itself is the problem."""
    error = context.original_exception
    reason = str(error).strip().split("\n")[0].rstrip(".")
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_INTERRUPT":
            raise UnavailableError(f"The database {where} took too long: request less at once.") from None
        if name.startswith(_SQLITE_DAMAGED):
            raise UnavailableError(f"{where} is not an SQLite database, or is damaged: {reason}.") from None
        if name.startswith("SQLITE_CANTOPEN"):
            raise UnavailableError(
                f"{where} can't be opened: a database needs a file in an existing, writable folder."
            ) from None
        if name.startswith(_SQLITE_FULL):
            raise UnavailableError(
                f"The database {where} can't be written ({reason}): it needs free space on a working disk."
            ) from None
        if name.startswith(_SQLITE_TROUBLE):
            raise UnavailableError(f"The database {where} can't be used: {reason}.") from None
    elif isinstance(error, psycopg.errors.QueryCanceled):
        raise UnavailableError(f"The database {where} took too long: request less at once.") from None
    elif isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(_POSTGRES_TROUBLE):
        raise UnavailableError(f"The database {where} does not answer: {reason}.") from None
