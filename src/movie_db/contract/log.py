"""The log between services: append-only segments of JSON Lines, one writer each, any number of readers.

A segment is a file `<run>-<writer>.jsonl` in `movie_list/` or `item_list/` of the data folder. A writer holds a lock
on its segment; what a killed writer left half-written (a last line without its newline) is cut off when the segment
is opened again, and readers never look at it.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple

from movie_db.contract.errors import Unavailable, UsageError
from movie_db.contract.messages import Message, dump


class Line(NamedTuple):
    """One line of a segment: `end` is the offset just behind it, where reading goes on."""

    raw: bytes
    end: int


class SegmentWriter:
    """Appends messages to one segment; a context manager.

    Raises:
        UsageError: another process is writing this segment.
        Unavailable: the folder can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = open(path, "a+b", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise Unavailable(f"The log {path} can't be written: {error.strerror}.") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise UsageError(f"Another run is writing {path}: wait for it, or stop it.") from None
        except OSError as error:
            self._file.close()
            raise Unavailable(f"The log {path} can't be locked: {error.strerror}.") from None
        self._cut_torn_line()

    def _cut_torn_line(self) -> None:
        """Removes a last line that lacks its newline: its writer was killed in the middle of it."""
        size = self._file.seek(0, os.SEEK_END)
        keep, step = size, 65536
        while keep:
            start = max(0, keep - step)
            self._file.seek(start)
            newline = self._file.read(keep - start).rfind(b"\n")
            if newline >= 0:
                keep = start + newline + 1
                break
            keep = start
        if keep < size:
            self._file.truncate(keep)

    def write(self, *messages: Message) -> None:
        """Appends the messages.

        Raises:
            Unavailable: the disk is full or gone; only those messages count that were written whole.
        """
        self.write_lines(b"".join(dump(m) for m in messages))

    def write_lines(self, lines: bytes) -> None:
        """Appends lines that messages were dumped to, as `write` does."""
        data = memoryview(lines)
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                self._cut_torn_line()
            raise Unavailable(f"The log {self.path} can't be written: {error.strerror}.") from None

    def sync(self) -> None:
        """Has the disk keep what was written so far."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "SegmentWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def segments(folder: Path) -> list[Path]:
    """The segments of a folder, oldest run first."""
    return sorted(folder.glob("*.jsonl"))


def read(path: Path, offset: int = 0) -> Iterator[Line]:
    """The whole lines of a segment from `offset` on; a torn last line is not there yet.

    Raises:
        Unavailable: the segment is shorter than `offset`: somebody cut or replaced an append-only file.
    """
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) < offset:
            raise Unavailable(f"{path} is shorter than what was already read of it: it was replaced or cut.")
        file.seek(offset)
        for raw in file:
            if not raw.endswith(b"\n"):
                return
            offset += len(raw)
            yield Line(raw, offset)


def ends_line(path: Path, offset: int) -> bool:
    """Whether a line of the segment ends just before `offset`; its start counts as such a place."""
    with open(path, "rb") as file:
        file.seek(max(0, offset - 1))
        return offset == 0 or file.read(1) == b"\n"
