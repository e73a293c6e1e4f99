"""Notices that the file of an SQLite database was removed or replaced while it is open.

SQLite goes on with the file that it has opened, even if that has no name any more: what is written there is lost when
the process ends. So the file at the path is compared with the open one (device and inode) when a transaction begins
and when it ends. The write-ahead log beside it belongs to the database, and is compared as well.
"""

import os
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

from movie_db.contract.errors import UnavailableError

OPTION: Final = "movie_db_same_file"
_LOG: Final = "movie_db_log_file"


class _File(NamedTuple):
    """What tells one file from another, whatever its name is."""

    device: int
    inode: int


def _at(path: str) -> _File | None:
    """The file at a path; None if there is none.

    Raises:
        OSError: it can't be reached, so nobody knows.
    """
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _File(found.st_dev, found.st_ino)


class SameFile:
    """The file that an engine opened first. `where` is what the database is called before people."""

    def __init__(self, path: str, where: str) -> None:
        self._path = os.path.abspath(path)
        self._where = where
        self._opened: _File | None = None

    def before_connecting(self, *_args: Any) -> None:
        """Keeps a pool from opening, or making, another file than the one it opened first."""
        if self._opened is not None:
            self.check()

    def opened(self, _connection: Any, record: ConnectionPoolEntry) -> None:
        """Notes the files of a new connection.

        Raises:
            UnavailableError: they are others than those of the connections before.
        """
        record.info[_LOG] = _at(os.path.realpath(self._path) + "-wal")
        self.check(record.info)

    def check(self, info: dict[Any, Any] | None = None) -> None:
        """Compares the file at the path with the one that is open.

        Raises:
            UnavailableError: it was removed or replaced, or can't be reached.
        """
        try:
            now = _at(self._path)
            log = _at(os.path.realpath(self._path) + "-wal") if info is not None else None
        except OSError as error:
            raise UnavailableError(f"The database {self._where} can't be reached: {error.strerror}.") from None
        if self._opened is None:
            self._opened = now
        if now != self._opened:
            self._refuse(self._where, "removed" if now is None else "replaced")
        if info is not None:
            if info.get(_LOG) is None:  # SQLite makes it when it first reads
                info[_LOG] = log
            if log != info[_LOG]:
                self._refuse(f"{self._where}-wal", "removed" if log is None else "replaced")

    def _refuse(self, file: str, what: str) -> None:
        raise UnavailableError(
            f"The database file {file} was {what} while it was open, so nothing is written: "
            "put it back, or restart what uses it to go on with the file that is there then."
        )


def same_file(engine: Engine) -> SameFile | None:
    """What watches the file of this engine; None if it has none."""
    found: SameFile | None = engine.get_execution_options().get(OPTION)
    return found


def check(connection: Connection) -> None:
    """Checks that a connection's database file is still the one at its path.

    Raises:
        UnavailableError: it is not; what this connection wrote is lost.
    """
    watched: SameFile | None = connection.get_execution_options().get(OPTION)
    if watched is not None:
        watched.check(connection.info)
