"""One film by its number or an id, without a thread and without SQLAlchemy: what is asked most is answered soonest.

It is a shortcut and nothing else: whatever it can't answer, the long way answers, errors included.
"""

import sqlite3
from typing import Any, Final, Protocol

import asyncpg
from sqlalchemy import Engine

from movie_db.contract.errors import Unavailable
from movie_db.movie_db_client.data_model.same_file import SameFile, same_file

_CONNECTIONS: Final = 8
_PATIENCE: Final = 5.0
"""Seconds that one answer may take."""


class Swift(Protocol):
    """`one` gives the JSON of the film that a statement finds; None if it finds none, or nothing could be asked."""

    async def one(self, statement: str, *values: Any) -> str | None: ...

    async def close(self) -> None: ...


class SwiftSqlite:
    """A connection that lives in the loop's own thread: a lookup takes less time than handing it to another thread."""

    def __init__(self, path: str, file: SameFile | None) -> None:
        self._file = file
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=200)
        self._connection.execute("PRAGMA busy_timeout = 0")
        self._connection.execute("PRAGMA query_only = ON")

    async def one(self, statement: str, *values: Any) -> str | None:
        try:
            if self._file is not None:
                self._file.check()
            row = self._connection.execute(statement, values).fetchone()
        except (sqlite3.Error, Unavailable):
            return None
        return None if row is None else str(row[1])

    async def close(self) -> None:
        self._connection.close()


class SwiftPostgresql:
    """asyncpg, whose prepared statements take a third of the time of any other driver's."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: Any = None

    async def open(self) -> None:
        """Connects; where that fails, all is answered the long way."""
        try:
            self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=_CONNECTIONS, timeout=_PATIENCE)
        except (OSError, ValueError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._pool = None

    async def one(self, statement: str, *values: Any) -> str | None:
        if self._pool is None:
            return None
        try:
            row = await self._pool.fetchrow(statement, *values, timeout=_PATIENCE)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return None
        return None if row is None else str(row[1])

    async def close(self) -> None:
        if self._pool is not None:
            self._pool.terminate()


async def swift(engine: Engine) -> Swift | None:
    """The shortcut to this database; None where there is none, as to one in memory."""
    if engine.dialect.name == "postgresql":
        found = SwiftPostgresql(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
        await found.open()
        return found
    path = engine.url.database
    return SwiftSqlite(path, same_file(engine)) if path and path != ":memory:" else None
