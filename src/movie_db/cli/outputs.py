"""Which file a command may write: never one that it reads, nor a database, a log, an archive or a recording."""

import csv
import json
import os
import re
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

import click

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.files import check_place, is_stdout, is_stream

Form = Literal["jsonl", "csv", "parquet", "sqlite", "warc"]
FORCE = click.option("--force", is_flag=True, help="Replace an existing file that holds something else.")

_WRITTEN: Final = ("jsonl", "csv", "parquet", "sqlite")
_OTHERS: Final = ("json", "tsv", "xlsx", "xls", "ods", "xml", "html", "zip", "zst", "xz", "bz2")
_SUFFIXES: Final = {
    **{f".{name}": name for name in (*_WRITTEN, "warc", *_OTHERS)},
    ".ndjson": "jsonl",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}
"""The format that the end of a file's name promises: those that commands write, and others."""
_LOGS: Final = ("movie_list", "item_list")
_SIDE_FILES: Final = ("", "-wal", "-shm", "-journal")
_SQLITE: Final = b"SQLite format 3\0"
_MESSAGE: Final = re.compile(rb'\s*\{\s*"v":\s*\d+,\s*"run":\s*"[^"]*",\s*"type":')
_LINE: Final = 2**24
"""Characters of a line that are looked at, at most."""
_SIGNATURE: Final = 3
"""So many first columns tell a file of ours: later versions may add more behind them."""


@dataclass(frozen=True)
class Output:
    """A file that a command is about to write, in one format, with these columns (or none)."""

    path: Path
    form: Form
    columns: Sequence[str] = ()

    def check(self, reads: Iterable[str | Path | None], *, force: bool) -> None:
        """Checks that the file may be written, before the work begins.

        A file that this command wrote earlier may be replaced, and any other file with `force`. What the command reads
        (paths or database URLs) may not be replaced, nor databases, logs, archives and recordings of ours.

        Raises:
            UsageError: it may not: says why, and what would be right.
        """
        if is_stream(self.path):
            return
        if re.match(r"(sqlite|postgres)[a-z+]*:/", str(self.path)):
            raise UsageError(f"{self.path} is the URL of a database: name a file.")
        check_place(self.path)
        promised = _promised(self.path)
        if promised not in (None, self.form):
            raise UsageError(
                f"{self.path} is named like {promised}, but {self.form} is written: choose another name"
                f"{' or another --format' if promised in _WRITTEN else ''}."
            )
        for read in reads:
            if read is not None and _is_of(self.path, read):
                raise UsageError(f"{self.path} is read by this command: write to another file.")
        if kind := _kept(self.path):
            raise UsageError(f"{self.path} is {kind}: write to another file.")
        if self.path.exists() and not force and not self._may_be_replaced():
            raise UsageError(f"{self.path} exists and holds something else: --force replaces it.")

    def _may_be_replaced(self) -> bool:
        """Whether an existing file holds what this command writes, or nothing.

        A text file without rows, under a name of this format, counts as holding nothing.
        """
        if not self.path.stat().st_size:
            return True
        try:
            match self.form:
                case "csv" | "jsonl":
                    return self._is_ours_as_text()
                case "parquet":
                    # Only a file that is there pays for the library.
                    import pyarrow.parquet as pq

                    return self._begins(pq.read_schema(self.path).names)
                case "sqlite":
                    return bool(self.columns) and self._begins(_sqlite_columns(self.path, "movies"))
                case "warc":
                    return False
        except (ValueError, sqlite3.Error, OSError):
            return False

    def _is_ours_as_text(self) -> bool:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            lines = [line for line in (file.readline(_LINE), file.readline(_LINE)) if line.strip()]
        if self.form == "csv":
            if self._begins(next(csv.reader(lines), [])):
                return True
        else:
            told = _json_object(lines[0]) if lines else None
            if told is not None:
                return self._begins(list(told))
        return len(lines) <= 1 and _promised(self.path) == self.form

    def _begins(self, names: Sequence[str]) -> bool:
        return list(names[:_SIGNATURE]) == list(self.columns[:_SIGNATURE])


def format_by_name(path: Path, written: Sequence[str] = _WRITTEN) -> str | None:
    """The format, of those that a command writes, that a file's name ends like; None if the name promises none.

    Raises:
        UsageError: the name promises another format.
    """
    promised = None if is_stream(path) else _promised(path)
    if promised not in (None, *written):
        raise UsageError(
            f"{path} is named like {promised}, but {' or '.join(written)} is written: choose another name."
        )
    return promised


def say(path: Path, text: str) -> None:
    """Prints a sentence on a file that was written: on standard error if the file is standard output."""
    click.echo(text, err=is_stdout(path))


def _promised(path: Path) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        return "warc" if suffixes[:-1][-1:] in ([], [".warc"]) else "gzip"
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def _is_of(path: Path, read: str | Path) -> bool:
    """Whether a path is the file that is read, or belongs to the SQLite database that is."""
    if isinstance(read, str):
        from movie_db.movie_db_client.data_model.engine import file_of

        if "://" in read:
            file = file_of(read)
            return file is not None and any(
                _same(path, file.with_name(file.name + side)) for side in _SIDE_FILES if file.name
            )
        read = Path(read)
    if read.is_dir():
        return read.resolve() in path.resolve().parents
    return any(_same(path, read.with_name(read.name + side)) for side in _SIDE_FILES if read.name)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there yet; file systems may not tell cases apart
        return os.path.realpath(one).casefold() == os.path.realpath(other).casefold()


def _kept(path: Path) -> str | None:
    """What a file is, if it is a kind that no command replaces."""
    target = path.resolve()
    if target.suffix == ".jsonl" and target.parent.name in _LOGS:
        return "in a folder of logs"
    try:
        with target.open("rb") as file:
            start = file.read(4096)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnavailableError(f"{path} can't be read: {error.strerror}. Write to another file.") from None
    if any(target.with_name(target.name + side).exists() for side in _SIDE_FILES[1:]):
        return "a database in use"
    if start.startswith(_SQLITE):
        return _kept_sqlite(target)
    if _is_warc(start):
        return "a recording (WARC)"
    return "a log of movie_db" if _MESSAGE.match(start) else None


def _kept_sqlite(path: Path) -> str | None:
    from movie_db.web_gateway.archive import APPLICATION_ID

    try:
        with closing(_opened(path)) as database:
            if database.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
                return "an archive of movie_db"
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error:
        return "a database that can't be read"
    return "a database of movie_db" if {"alembic_version", "movies"} <= names else None


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that reads a database and leaves nothing beside it."""
    return sqlite3.connect(f"file:{quote(os.fspath(path.absolute()))}?mode=ro&immutable=1", uri=True)


def _sqlite_columns(path: Path, table: str) -> list[str]:
    with closing(_opened(path)) as database:
        return [name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def _is_warc(start: bytes) -> bool:
    if start.startswith(b"\x1f\x8b"):
        try:
            start = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, 16)
        except zlib.error:
            return False
    return start.startswith(b"WARC/")


def _json_object(line: str | bytes) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
