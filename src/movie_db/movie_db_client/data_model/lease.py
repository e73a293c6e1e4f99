"""Allows one builder at a time per database, from any machine and data folder.

SQLite: a locked file beside the database. PostgreSQL: an advisory lock of a session whose name identifies the holder.
Both are released when the holder ends, even by `kill -9`.
"""

import fcntl
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from movie_db.contract.errors import BuilderBusyError, UnavailableError
from movie_db.movie_db_client.data_model.engine import make_engine, place

_LOCK: Final = 0x6D6F76696562
"""The advisory lock of builders: "movieb"."""
_LOOK: Final = 5.0
"""Seconds between checks that the session holding the lock is alive."""
_POLL: Final = 0.2
_NAMED: Final = re.compile(r"movie_db (\d+)@(\S+) (\S+) (.*)", re.DOTALL)
_LONGEST: Final = 63
"""Bytes of a session's name that PostgreSQL keeps."""
_HOLDER: Final = """
SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND (classid::bigint << 32) + objid::bigint = :lock
"""

Check = Callable[[], None]
"""Raises `BuilderBusyError` if another builder has taken the database."""


@contextmanager
def building(url: str, data: Path, wait: float = 0.0) -> Iterator[Check]:
    """Reserves the database for one builder that uses the data folder `data`.

    Yields a function that the builder calls now and then, because a PostgreSQL session may end early.

    Args:
        wait: seconds to wait for another builder to finish.

    Raises:
        BuilderBusyError: another builder is running; the message says who, and since when.
        UnavailableError: the database can't be reached.
    """
    engine = make_engine(url)
    who = _Who(os.getpid(), socket.gethostname(), f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}", str(data.absolute()))
    try:
        if engine.dialect.name == "postgresql":
            session = _Session(engine, who)
            session.take(wait)
            try:
                yield session.check
            finally:
                session.close()
        elif engine.url.database in (None, "", ":memory:"):
            yield lambda: None
        else:
            with _lock_file(str(engine.url.database), who, wait):
                yield lambda: None
    finally:
        engine.dispose()


class _Who:
    """A builder. `name` is the name of its PostgreSQL session."""

    def __init__(self, process: int, host: str, since: str, data: str) -> None:
        self._told = (process, host, since, data)
        self.name = f"movie_db {process}@{host[:20]} {since} {data}"

    @classmethod
    def of(cls, name: str) -> str:
        """Describes the builder with this session name, as part of a sentence."""
        match = _NAMED.fullmatch(name)
        if match is None:
            return "somebody"
        process, host, since, data = match.groups()
        cut = "…" if len(name.encode()) >= _LONGEST and not data.endswith("\n") else ""
        return f"process {process} on {host}, with the data folder {data.strip()}{cut}, since {since}"


def _busy(where: str, name: str) -> BuilderBusyError:
    return BuilderBusyError(
        f"Another build is using the database {where}: {_Who.of(name)}. Wait until it ends, or stop it."
    )


@contextmanager
def _lock_file(database: str, who: _Who, wait: float) -> Iterator[None]:
    path = f"{os.path.realpath(database)}-builder"
    until = time.monotonic() + wait
    while True:
        try:
            file = open(path, "a+", encoding="utf-8", errors="replace")  # noqa: SIM115
        except OSError:
            raise UnavailableError(
                f"{database} can't be opened: a database needs a file in an existing, writable folder."
            ) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(file.fileno(), path):
                break
            file.close()  # the holder has just removed it
        except BlockingIOError:
            file.seek(0)
            name = file.read()
            file.close()
            if time.monotonic() >= until:
                raise _busy(database, name) from None
            time.sleep(_POLL)
        except OSError as error:
            file.close()
            raise UnavailableError(f"{path} can't be locked: {error.strerror}.") from None
    with file:
        try:
            file.truncate(0)
            file.write(f"{who.name}\n")
            file.flush()
            yield
        finally:
            if _is_at(file.fileno(), path):
                os.unlink(path)


def _is_at(number: int, path: str) -> bool:
    """Whether an open file is the one at this path."""
    try:
        return os.path.samestat(os.fstat(number), os.stat(path))
    except OSError:
        return False


class _Session:
    """A session that holds the advisory lock, and takes it again if the database ends the session."""

    def __init__(self, engine: Engine, who: _Who) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._who = who
        self._connection: Connection | None = None
        self._looked = 0.0

    def take(self, wait: float) -> None:
        """Takes the lock.

        Raises:
            BuilderBusyError: another builder holds it for longer than `wait` seconds.
            UnavailableError: the database does not respond.
        """
        self._connection = connection = self._engine.connect()
        named = text("SELECT set_config('application_name', :name, false)")
        connection.execute(named, {"name": self._who.name.encode("ascii", "replace").decode()[:_LONGEST]})
        for option, seconds in (
            ("idle", 30),
            ("interval", 10),
            ("count", 3),
        ):  # so that a machine that is gone is noticed
            connection.execute(text(f"SET tcp_keepalives_{option} = {seconds}"))
        until = time.monotonic() + wait
        while not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar():
            if time.monotonic() >= until:
                name = connection.execute(text(_HOLDER), {"lock": _LOCK}).scalar()
                self.close()
                raise _busy(place(self._engine.url), name or "")
            time.sleep(_POLL)
        self._looked = time.monotonic()

    def check(self) -> None:
        """Checks now and then that the session is alive, and replaces it if it ended.

        Raises:
            BuilderBusyError: another builder has taken the lock.
        """
        if time.monotonic() - self._looked < _LOOK:
            return
        self._looked = time.monotonic()
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return
        except (UnavailableError, DBAPIError):
            self.close()
        try:
            self.take(0.0)
        except BuilderBusyError:
            raise
        except (UnavailableError, DBAPIError):
            self.close()  # an unresponsive database serves no other builder either

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()  # ends the session and releases the lock
                connection.close()
            except (UnavailableError, DBAPIError):
                pass
