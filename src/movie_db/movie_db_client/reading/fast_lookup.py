"""One film by its number or an id, without a thread and without SQLAlchemy: what is asked most is answered soonest.

It is a shortcut and nothing else: whatever it can't answer, the long way answers, errors included. Both use the
statement of `documents.py`. Without it, an answer takes four times the processor time (`benchmarks/api.py`).
"""

import asyncio
import sqlite3
from typing import Any, Final, Protocol

import psycopg
from sqlalchemy import Engine

from movie_db.contract.errors import UnavailableError
from movie_db.movie_db_client.data_model.same_file import SameFile, same_file

_CONNECTIONS: Final = 8
_PATIENCE: Final = 5.0
"""Seconds that one answer may take."""


_Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class FastLookup(Protocol):
    """`one` gives the JSON of the film that a statement finds; None if it finds none, or nothing could be asked."""

    async def one(self, statement: str, *values: Any) -> str | None: ...

    async def close(self) -> None: ...


class SqliteLookup:
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
        except (sqlite3.Error, UnavailableError):
            return None
        return None if row is None else str(row[1])

    async def close(self) -> None:
        self._connection.close()


class PostgresqlLookup:
    """A few of psycopg's connections that the loop itself waits for, with prepared statements."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: asyncio.LifoQueue[_Connection | None] = asyncio.LifoQueue()
        for _ in range(_CONNECTIONS):
            self._free.put_nowait(None)

    async def one(self, statement: str, *values: Any) -> str | None:
        connection, row = await self._free.get(), None
        reusable: _Connection | None = None
        try:
            async with asyncio.timeout(_PATIENCE):
                if connection is None or connection.closed:
                    connection = await _Connection.connect(
                        self._url, autocommit=True, prepare_threshold=1, cursor_factory=psycopg.AsyncRawCursor
                    )
                cursor = await connection.execute(statement.encode(), values)
                row = await cursor.fetchone()
            reusable = connection
        except (OSError, TimeoutError, psycopg.Error):
            return None
        finally:
            if reusable is None and connection is not None:  # it may be midway in an answer
                connection.pgconn.finish()
            self._free.put_nowait(reusable)
        return None if row is None else str(row[1])

    async def close(self) -> None:
        while not self._free.empty():
            if (connection := self._free.get_nowait()) is not None:
                await connection.close()


async def open_lookup(engine: Engine) -> FastLookup | None:
    """The shortcut to this database; None where there is none, as to one in memory."""
    if engine.dialect.name == "postgresql":
        return PostgresqlLookup(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    path = engine.url.database
    return SqliteLookup(path, same_file(engine)) if path and path != ":memory:" else None
