"""The log between services: append-only segments of JSON Lines, one writer each, any number of readers.

A segment is a file `<run>-<writer>.jsonl` in `movie_list/` or `item_list/` of the data folder. A writer locks its
segment. An incomplete last line, left by a killed writer, is ignored by readers and removed when the segment is opened
for writing again.

A reader that stores its position syncs the segment first, so that a power failure can't leave a position without its
lines. If a segment still lacks lines that were read, it is set aside (`SegmentCutError`, `set_aside`).
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple

from movie_db.contract import files
from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.messages import Message, dump

SET_ASIDE: Final = "set_aside"
"""The folder for segments that lost lines after they were read."""


class SegmentCutError(UnavailableError):
    """A segment lacks lines that were read before."""


class Line(NamedTuple):
    """One line of a segment. `end` is the offset of the next line."""

    raw: bytes
    end: int


class SegmentWriter:
    """Appends messages to one segment; a context manager.

    Raises:
        UsageError: another process is writing this segment.
        UnavailableError: the folder can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            files.make_folder(path.parent)
            self._file: BinaryIO = open(path, "a+b", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise UnavailableError(f"The log {path} can't be written: {error.strerror}.") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise UsageError(f"Another run is writing {path}: wait for it, or stop it.") from None
        except OSError as error:
            self._file.close()
            raise UnavailableError(f"The log {path} can't be locked: {error.strerror}.") from None
        self._cut_torn_line()

    def _cut_torn_line(self) -> None:
        """Removes an incomplete last line, whose writer was killed."""
        size, keep = self._file.seek(0, os.SEEK_END), _end_of_lines(self._file)
        if keep < size:
            self._file.truncate(keep)

    def write(self, *messages: Message) -> None:
        """Appends the messages.

        Raises:
            UnavailableError: the disk is full or missing. Only messages that were written completely count.
        """
        self.write_lines(b"".join(dump(m) for m in messages))

    def write_lines(self, lines: bytes) -> None:
        """Appends messages that are already dumped. Raises like `write`."""
        data = memoryview(lines)
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                self._cut_torn_line()
            raise UnavailableError(f"The log {self.path} can't be written: {error.strerror}.") from None

    def sync(self) -> None:
        """Flushes everything written so far to the disk.

        Raises:
            UnavailableError: the disk reports an error.
        """
        sync(self.path)

    def close(self) -> None:
        """Syncs and closes the segment.

        Raises:
            UnavailableError: the disk reports an error.
        """
        try:
            self.sync()
        finally:
            self._file.close()

    def __enter__(self) -> "SegmentWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def segments(folder: Path) -> list[Path]:
    """The readable segments of a folder, oldest run first."""
    return sorted(path for path in folder.glob("*.jsonl") if path.is_file() and os.access(path, os.R_OK))


def left_out(folder: Path) -> list[str]:
    """One sentence about each unreadable segment of a folder, which `segments` leaves out."""
    paths = sorted(set(folder.glob("*.jsonl")) - set(segments(folder)))
    return [f"{path} is left out: it is not a readable file." for path in paths]


def sync(segment: Path) -> None:
    """Flushes a segment and its folder to the disk, whoever wrote it.

    Raises:
        UnavailableError: the disk reports an error.
    """
    try:
        files.sync(segment)
        files.sync(segment.parent)
    except OSError as error:
        raise UnavailableError(f"The log {segment} can't be synced: {error.strerror}.") from None


def set_aside(segment: Path) -> Path | None:
    """Moves a segment to the folder `set_aside`. Returns its new path, or None if it is being written.

    Raises:
        OSError: the segment can't be moved.
    """
    with open(segment, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        folder = segment.parent.parent / SET_ASIDE / segment.parent.name
        files.make_folder(folder)
        names = (segment.name, *(f"{segment.stem}.{number}{segment.suffix}" for number in range(2, 10_000)))
        place = next(folder / name for name in names if not (folder / name).exists())
        segment.rename(place)
        files.sync(folder)
        files.sync(segment.parent)
        return place


def read(path: Path, offset: int = 0) -> Iterator[Line]:
    """Yields the complete lines of a segment from `offset` on. An incomplete last line is skipped.

    Raises:
        SegmentCutError: the segment is shorter than `offset`, or no line ends there, because it was cut or replaced;
            or the disk can't read it.
    """
    try:
        yield from _read(path, offset)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        raise SegmentCutError(f"{path} can't be read ({error.strerror})") from None


def _read(path: Path, offset: int) -> Iterator[Line]:
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < offset:
            shorter = f"{path} is shorter than what was already read of it ({size:,} of {offset:,} bytes)"
            raise SegmentCutError(f"{shorter}: it was cut or replaced")
        file.seek(max(0, offset - 1))
        if offset and file.read(1) != b"\n":
            raise SegmentCutError(f"{path} has other lines than those that were read of it: it was replaced")
        for raw in file:
            if not raw.endswith(b"\n"):
                return
            offset += len(raw)
            yield Line(raw, offset)


def end_of_lines(path: Path) -> int:
    """How many bytes the complete lines of a segment have: an incomplete last line is never read."""
    with open(path, "rb") as file:
        return _end_of_lines(file)


def _end_of_lines(file: BinaryIO) -> int:
    end, step = file.seek(0, os.SEEK_END), 65536
    while end:
        start = max(0, end - step)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def ends_line(path: Path, offset: int) -> bool:
    """Whether a line of the segment ends just before `offset`. True for the start of the segment."""
    with open(path, "rb") as file:
        file.seek(max(0, offset - 1))
        return offset == 0 or file.read(1) == b"\n"
