"""Atomic writes: a file appears complete or not at all, even if the writer is killed or the power fails.

A file is written under a hidden temporary name in the same folder, synced and renamed; then its folder is synced. The
writer locks its temporary file, so that the next writer can tell and remove the leftovers of a killed one. A symbolic
link is kept, and its target written. Devices and pipes are written to, never replaced.
"""

import errno
import fcntl
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from movie_db.contract.errors import UnavailableError, UsageError

_ENDING: Final = ".part"
_SIDE_FILES: Final = ("-journal", "-wal", "-shm")
"""Files that SQLite creates beside a database."""
_LONGEST: Final = 200
"""Bytes of a file name that its temporary name repeats. File systems allow 255."""


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Provides an empty file to write, which replaces `path` at the end. After an error, nothing has changed.

    For a device or a pipe, the content is sent to it at the end.

    Raises:
        UsageError: the path is a folder, or its folder does not exist.
        UnavailableError: the file can't be written.
    """
    try:
        if stream := _stream(path):
            with tempfile.TemporaryDirectory(prefix="movie_db_") as folder:
                written = Path(folder, "written")
                written.touch()
                yield written
                _send(written, stream)
            return
        target = Path(os.path.realpath(path))
        check_place(path)
        _remove_leftovers(target)
        part, lock = _create_part(target)
        try:
            yield part
            sync(part)
            part.replace(target)
            sync(target.parent)
        finally:
            for left in _with_side_files(part):
                left.unlink(missing_ok=True)
            os.close(lock)
    except OSError as error:
        raise UnavailableError(f"{path} can't be written: {error.strerror or error}.") from None


def write_atomically(path: Path, content: bytes | str) -> None:
    """Writes a file that appears complete or not at all. Text is written as UTF-8.

    Raises:
        UsageError: the path is a folder, or its folder does not exist.
        UnavailableError: the file can't be written.
    """
    with atomic_file(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def check_place(path: Path) -> None:
    """Checks that a file can be created at a path, before the work that produces it.

    Raises:
        UsageError: the path is a folder, or its folder does not exist.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError(f"{path} is a folder: name a file.")
    if not target.parent.is_dir():
        raise UsageError(f"The folder {target.parent} does not exist: name one that does.")


def sync(path: Path) -> None:
    """Flushes a file's content, or a folder's entries, to the disk.

    Raises:
        OSError: the disk reports an error.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that can't sync folders
            raise
    finally:
        os.close(descriptor)


def make_folder(path: Path) -> None:
    """Creates a folder and its missing parents, and syncs them.

    Raises:
        OSError: a folder can't be created.
    """
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync(path.parent)


def is_stdout(path: Path) -> bool:
    """Whether writing to this path writes to standard output."""
    if _descriptor(path) == 1:
        return True
    try:
        return _stream(path) is not None and os.path.samestat(path.stat(), os.fstat(1))
    except OSError:
        return False


def is_stream(path: Path) -> bool:
    """Whether this is a device, a pipe or an open file of this process, which can't be replaced."""
    return _stream(path) is not None


def _stream(path: Path) -> Path | int | None:
    """The device or pipe at a path, or the descriptor of the open file that it names; None for all other paths."""
    if (number := _descriptor(path)) is not None:
        return number
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else path


def _descriptor(path: Path) -> int | None:
    """The descriptor that a path such as `/dev/stdout`, or a link to it, names.

    Writing to the descriptor keeps its position in the file, as `>>` requires. Opening the path would not.
    """
    for _ in range(40):
        path = Path(os.path.realpath(path.parent), path.name)
        if match := re.fullmatch(rf"/proc/(?:self|thread-self|{os.getpid()})(?:/task/\d+)?/fd/(\d+)", str(path)):
            return int(match[1])
        try:
            path = path.parent / path.readlink()
        except OSError:
            return None
    return None


def _send(written: Path, stream: Path | int) -> None:
    """Writes a file's content to a device or pipe."""
    # Without O_CREAT, a pipe that has been removed does not become a file.
    descriptor = os.dup(stream) if isinstance(stream, int) else os.open(stream, os.O_WRONLY)
    with written.open("rb") as source, open(descriptor, "wb") as target:
        shutil.copyfileobj(source, target, 2**20)


def _create_part(target: Path) -> tuple[Path, int]:
    """Creates and locks the temporary file. Returns its path and the descriptor that holds the lock."""
    while True:
        part = target.with_name(f"{_beginning(target)}{secrets.token_hex(4)}{_ENDING}")
        lock = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS}:  # a file system without locks
                raise
        if os.fstat(lock).st_nlink:
            return part, lock
        os.close(lock)  # another writer took it for a leftover before it was locked


def _beginning(target: Path) -> str:
    return f".{os.fsdecode(os.fsencode(target.name)[:_LONGEST])}."


def _with_side_files(part: Path) -> list[Path]:
    return [*(part.with_name(part.name + ending) for ending in _SIDE_FILES), part]


def _remove_leftovers(target: Path) -> None:
    """Removes temporary files of killed writers of this file."""
    named = re.compile(re.escape(_beginning(target)) + r"[0-9a-f]{8}" + re.escape(_ENDING))
    for name in os.listdir(target.parent):
        if named.fullmatch(name):
            part = target.with_name(name)
            with suppress(OSError), part.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for left in _with_side_files(part):
                    left.unlink(missing_ok=True)
