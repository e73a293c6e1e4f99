"""Detects that the file of an open SQLite database was removed or replaced.

SQLite continues with the file it has opened, even if it was deleted, and everything written is lost when the process
ends. So the start and end of each transaction compare the file at the path with the open one, by device and inode. The
write-ahead log is part of the database and is compared too.
"""

import os
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

from movie_db.contract.errors import UnavailableError

OPTION: Final = "movie_db_same_file"
_LOG: Final = "movie_db_log_file"


class _File(NamedTuple):
    """Identifies a file regardless of its name."""

    device: int
    inode: int


def _at(path: str) -> _File | None:
    """Returns the file at a path; None if there is none.

    Raises:
        OSError: the path can't be accessed.
    """
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _File(found.st_dev, found.st_ino)


class SameFile:
    """The file that an engine opened first. `where` is the database's name in messages."""

    def __init__(self, path: str, where: str) -> None:
        self._path = os.path.abspath(path)
        self._where = where
        self._opened: _File | None = None

    def before_connecting(self, *_args: Any) -> None:
        """Prevents a pool from opening or creating another file than the first one."""
        if self._opened is not None:
            self.check()

    def opened(self, _connection: Any, record: ConnectionPoolEntry) -> None:
        """Records the files of a new connection.

        Raises:
            UnavailableError: they differ from those of earlier connections.
        """
        record.info[_LOG] = _at(os.path.realpath(self._path) + "-wal")
        self.check(record.info)

    def check(self, info: dict[Any, Any] | None = None) -> None:
        """Compares the file at the path with the open one.

        Raises:
            UnavailableError: the file was removed or replaced, or can't be accessed.
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
            if info.get(_LOG) is None:  # SQLite creates it on the first read
                info[_LOG] = log
            if log != info[_LOG]:
                self._refuse(f"{self._where}-wal", "removed" if log is None else "replaced")

    def _refuse(self, file: str, what: str) -> None:
        raise UnavailableError(
            f"The database file {file} was {what} while it was open, so nothing is written: "
            "put it back, or restart the programs that use it to continue with the new file."
        )


def same_file(engine: Engine) -> SameFile | None:
    """Returns the watcher of this engine's file; None if it has no file."""
    found: SameFile | None = engine.get_execution_options().get(OPTION)
    return found


def check(connection: Connection) -> None:
    """Checks that a connection's database file is still the one at its path.

    Raises:
        UnavailableError: it is not, and what this connection wrote is lost.
    """
    watched: SameFile | None = connection.get_execution_options().get(OPTION)
    if watched is not None:
        watched.check(connection.info)
