"""Backs up a whole database to one SQLite file, and restores it; each time everything or nothing."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import select

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine, url_of
from movie_db.movie_db_client.data_model.schema_version import needs_upgrade, upgrade
from movie_db.movie_db_client.repository.copying import copy


def back_up(url: str, file: Path) -> int:
    """Copies the database to a new file while others may write to it; returns the number of rows.

    Raises:
        UsageError: there is no such database, or the file can't be created there.
        UnavailableError: the database does not respond, or the file can't be written.
    """
    return copy(url, url_of(file), replace=True)


def restore(file: Path, url: str) -> int:
    """Copies a backup into an empty database; returns the number of rows.

    The backup is checked before anything is written, and is not changed. A backup of an older version is upgraded in a
    temporary copy.

    Raises:
        UsageError: the file is not a backup, is damaged, empty or newer, or the database already has rows.
        UnavailableError: the database does not respond, or there is no space for the temporary copy.
    """
    with tempfile.TemporaryDirectory(prefix="movie_db_restore_") as folder:
        taken = Path(folder, "backup.sqlite")
        _take(file, taken)
        engine = make_engine(url_of(taken))
        try:
            if needs_upgrade(engine):
                engine.dispose()
                upgrade(url_of(taken))
            with engine.connect() as connection:
                if not any(connection.execute(select(table).limit(1)).first() for table in Base.metadata.sorted_tables):
                    raise UsageError(f"{file} has no rows, like a backup that was interrupted: nothing was restored.")
        finally:
            engine.dispose()
        return copy(url_of(taken), url)


def _take(file: Path, to: Path) -> None:
    """Copies the backup and checks the copy.

    Raises:
        UsageError: it is not a database of movie_db, or is damaged.
        UnavailableError: it can't be read, or there is no space for the copy.
    """
    try:
        with file.open("rb") as stream:
            if stream.read(16) != b"SQLite format 3\0":
                raise UsageError(f"{file} is not a backup: db restore takes a file written by db backup.")
    except OSError as error:
        raise UnavailableError(f"{file} can't be read: {error.strerror}.") from None
    # A file that nobody has open can be read without its side files, even from a read-only folder.
    alone = not any(file.with_name(file.name + side).exists() for side in ("-wal", "-journal"))
    source = f"file:{quote(os.fspath(file.absolute()))}?mode=ro{'&immutable=1' if alone else ''}"
    try:
        with closing(sqlite3.connect(source, uri=True)) as read, closing(sqlite3.connect(to)) as copied:
            read.backup(copied)
            wrong = [line for (line,) in copied.execute("PRAGMA integrity_check(1)") if line != "ok"]
            names = {name for (name,) in copied.execute("SELECT name FROM sqlite_master")}
            if not wrong and copied.execute("PRAGMA foreign_key_check").fetchone():
                wrong = ["rows refer to missing rows"]
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")):
            raise UnavailableError(f"{file} can't be copied to {to.parent} to check it: {error}.") from None
        wrong, names = [str(error)], set()
    if wrong:
        raise UsageError(f"{file} is damaged ({wrong[0].splitlines()[-1]}): nothing was restored.")
    if not {"alembic_version", "movies"} <= names:
        raise UsageError(f"{file} is not a database of movie_db: db restore takes a file written by db backup.")
