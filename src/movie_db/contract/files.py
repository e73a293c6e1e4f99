"""Files that appear whole or not at all, even if the writer is killed or the power is cut.

A file is written under a hidden temporary name in the same folder, synced, renamed, and then its folder is synced. A
writer holds a lock on its temporary file, so that the next writer in the same place can remove what a killed one left.
A symbolic link stays a link: its target is written. Devices and pipes are written to, never replaced.
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
"""What SQLite keeps beside a database, also beside one that is a temporary file."""
_LONGEST: Final = 200
"""Bytes of a file's name that its temporary name repeats: file systems take 255."""


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Gives an empty file to write, which takes the place of `path` at the end; after an error nothing has changed.

    For a device or a pipe, what was written is sent to it at the end.

    Raises:
        UsageError: the path is a folder, or in none.
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
    """Writes a file that appears whole or not at all; text is UTF-8.

    Raises:
        UsageError: the path is a folder, or in none.
        UnavailableError: the file can't be written.
    """
    with atomic_file(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def check_place(path: Path) -> None:
    """Checks that a file can be at this path, before the work that makes it.

    Raises:
        UsageError: the path is a folder, or in none.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError(f"{path} is a folder: name a file.")
    if not target.parent.is_dir():
        raise UsageError(f"The folder {target.parent} does not exist: name one that does.")


def sync(path: Path) -> None:
    """Has the disk keep a file's content, or a folder's entries.

    Raises:
        OSError: it can't.
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
    """Makes a folder and its parents, where they are missing, in a way that a power cut does not undo.

    Raises:
        OSError: it can't be made.
    """
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync(path.parent)


def is_stdout(path: Path) -> bool:
    """Whether what is written to this path goes where standard output goes."""
    if _descriptor(path) == 1:
        return True
    try:
        return _stream(path) is not None and os.path.samestat(path.stat(), os.fstat(1))
    except OSError:
        return False


def is_stream(path: Path) -> bool:
    """Whether this is a device, a pipe or an open file of this process: something that is never replaced."""
    return _stream(path) is not None


def _stream(path: Path) -> Path | int | None:
    """The device or pipe at a path, or the number of the open file that it names; None for every other path."""
    if (number := _descriptor(path)) is not None:
        return number
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else path


def _descriptor(path: Path) -> int | None:
    """The number of the open file that a path such as `/dev/stdout`, or a link to it, names.

    To write to it keeps its place in the file, as `>>` wants it; to open the path would not.
    """
    for _ in range(40):
        path = Path(os.path.realpath(path.parent), path.name)
        if told := re.fullmatch(rf"/proc/(?:self|thread-self|{os.getpid()})(?:/task/\d+)?/fd/(\d+)", str(path)):
            return int(told[1])
        try:
            path = path.parent / path.readlink()
        except OSError:
            return None
    return None


def _send(written: Path, stream: Path | int) -> None:
    """Writes a file's content to a device or pipe."""
    # Without O_CREAT: a pipe that was removed meanwhile does not become a file.
    descriptor = os.dup(stream) if isinstance(stream, int) else os.open(stream, os.O_WRONLY)
    with written.open("rb") as source, open(descriptor, "wb") as target:
        shutil.copyfileobj(source, target, 2**20)


def _create_part(target: Path) -> tuple[Path, int]:
    """Makes the temporary file, with the permissions of a new file; its path, and a descriptor that holds its lock."""
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
    """Removes the temporary files that killed writers of this file left."""
    named = re.compile(re.escape(_beginning(target)) + r"[0-9a-f]{8}" + re.escape(_ENDING))
    for name in os.listdir(target.parent):
        if named.fullmatch(name):
            part = target.with_name(name)
            with suppress(OSError), part.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for left in _with_side_files(part):
                    left.unlink(missing_ok=True)
