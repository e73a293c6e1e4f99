"""Which files a command may write: never one that it reads, nor a database, log, archive or recording."""

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
FORCE = click.option("--force", is_flag=True, help="Replace an existing file that has other content.")

_WRITTEN: Final = ("jsonl", "csv", "parquet", "sqlite")
_OTHERS: Final = ("json", "tsv", "xlsx", "xls", "ods", "xml", "html", "zip", "zst", "xz", "bz2")
_SUFFIXES: Final = {
    **{f".{name}": name for name in (*_WRITTEN, "warc", *_OTHERS)},
    ".ndjson": "jsonl",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}
"""The format that a file's suffix suggests: the formats that commands write, and others."""
_LOGS: Final = ("movie_list", "item_list")
_SIDE_FILES: Final = ("", "-wal", "-shm", "-journal")
_SQLITE: Final = b"SQLite format 3\0"
_MESSAGE: Final = re.compile(rb'\s*\{\s*"v":\s*\d+,\s*"run":\s*"[^"]*",\s*"type":')
_LINE: Final = 2**24
"""Characters of a line that are read, at most."""
_SIGNATURE: Final = 3
"""This many first columns identify a file of movie_db; later versions may append columns."""


@dataclass(frozen=True)
class Output:
    """A file that a command is about to write, with its format and columns (if it has any)."""

    path: Path
    form: Form
    columns: Sequence[str] = ()

    def check(self, reads: Iterable[str | Path | None], *, force: bool) -> None:
        """Checks that the file may be written, before the work begins.

        Older output of the same command may be replaced, and any other file with `force`. What the command reads
        (`reads`: paths or database URLs) is never replaced, nor are databases, logs, archives and recordings.

        Raises:
            UsageError: the file may not be written; the message says why.
        """
        if is_stream(self.path):
            return
        if re.match(r"(sqlite|postgres)[a-z+]*:/", str(self.path)):
            raise UsageError(f"{self.path} is the URL of a database: name a file.")
        check_place(self.path)
        suggested = _suggested(self.path)
        if suggested not in (None, self.form):
            raise UsageError(
                f"{self.path} has the suffix of {suggested}, but {self.form} is written: choose another name"
                f"{' or another --format' if suggested in _WRITTEN else ''}."
            )
        for read in reads:
            if read is not None and _is_of(self.path, read):
                raise UsageError(f"{self.path} is read by this command: write to another file.")
        if kind := _protected(self.path):
            raise UsageError(f"{self.path} is {kind}: write to another file.")
        if self.path.exists() and not force and not self._may_be_replaced():
            raise UsageError(f"{self.path} exists and has other content: use --force to replace it.")

    def _may_be_replaced(self) -> bool:
        """Whether an existing file is empty or has this command's output.

        A text file without rows counts as empty if its name has this format's suffix.
        """
        if not self.path.stat().st_size:
            return True
        try:
            match self.form:
                case "csv" | "jsonl":
                    return self._is_ours_as_text()
                case "parquet":
                    # The library is imported only if such a file exists.
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
            row = _json_object(lines[0]) if lines else None
            if row is not None:
                return self._begins(list(row))
        return len(lines) <= 1 and _suggested(self.path) == self.form

    def _begins(self, names: Sequence[str]) -> bool:
        return list(names[:_SIGNATURE]) == list(self.columns[:_SIGNATURE])


def format_by_name(path: Path, written: Sequence[str] = _WRITTEN) -> str | None:
    """The format that a file's suffix suggests, of those that a command writes; None if it suggests none.

    Raises:
        UsageError: the suffix suggests another format.
    """
    suggested = None if is_stream(path) else _suggested(path)
    if suggested not in (None, *written):
        raise UsageError(
            f"{path} has the suffix of {suggested}, but {' or '.join(written)} is written: choose another name."
        )
    return suggested


def print_about(path: Path, text: str) -> None:
    """Prints a sentence about a file that was written, on standard error if the file is standard output."""
    click.echo(text, err=is_stdout(path))


def _suggested(path: Path) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        return "warc" if suffixes[:-1][-1:] in ([], [".warc"]) else "gzip"
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def _is_of(path: Path, read: str | Path) -> bool:
    """Whether a path is a file that is read, or belongs to an SQLite database that is read."""
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
    except OSError:  # one of them does not exist yet; the file system may ignore case
        return os.path.realpath(one).casefold() == os.path.realpath(other).casefold()


def _protected(path: Path) -> str | None:
    """What a file is, if no command may replace it; else None."""
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
        return _protected_sqlite(target)
    if _is_warc(start):
        return "a recording (WARC)"
    return "a log of movie_db" if _MESSAGE.match(start) else None


def _protected_sqlite(path: Path) -> str | None:
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
    """A read-only connection that creates no files beside the database."""
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
