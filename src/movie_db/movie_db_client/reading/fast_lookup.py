"""Looks up one movie by id without a thread and without SQLAlchemy, because this is the most frequent request.

Anything it can't answer, errors included, takes the ordinary path. Both use the statement of `documents.py`. Without
this shortcut, a response takes four times the processor time (`benchmarks/api.py`).
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
"""Time limit of one lookup in seconds."""


_Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class FastLookup(Protocol):
    """`one` returns the JSON of the movie that a statement finds; None if there is none or the lookup failed."""

    async def one(self, statement: str, *values: Any) -> str | None: ...

    async def close(self) -> None: ...


class SqliteLookup:
    """A connection in the event loop's own thread. A lookup takes less time than handing it to another thread."""

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
    """A few asynchronous psycopg connections with prepared statements."""

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
            if reusable is None and connection is not None:  # it may be in the middle of a result
                connection.pgconn.finish()
            self._free.put_nowait(reusable)
        return None if row is None else str(row[1])

    async def close(self) -> None:
        while not self._free.empty():
            if (connection := self._free.get_nowait()) is not None:
                await connection.close()


async def open_lookup(engine: Engine) -> FastLookup | None:
    """Returns the lookup for this database; None if there is none, as for a database in memory."""
    if engine.dialect.name == "postgresql":
        return PostgresqlLookup(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    path = engine.url.database
    return SqliteLookup(path, same_file(engine)) if path and path != ":memory:" else None
