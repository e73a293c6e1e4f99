"""The id of the log in a data folder. One database may ingest several logs, whose segments may have equal names."""

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from movie_db.contract import files

NAME: Final = "log_id"


class LogId(NamedTuple):
    """The id of a log, 16 hexadecimal digits. `copied_from` is the log that its folder was copied from."""

    name: str
    copied_from: str | None = None


def log_id(data: Path) -> LogId:
    """The id of the log in a data folder. A folder without one gets one.

    The file also stores its own inode. A copy of the folder has another inode, and so becomes a log of its own.
    The name is on the disk before it is returned, so that no power cut leaves positions of a log without its name. A
    folder that can't be written is identified by its path.
    """
    path = data / NAME
    try:
        found = _read(path)
        if found is None or found[1] != path.stat().st_ino:
            _write(path, found[0] if found else None)
            found = _read(path)
    except OSError:
        found = None
    if found is None:
        return LogId(uuid5(NAMESPACE_URL, f"{socket.gethostname()}{data.resolve()}").hex[:16])
    return LogId(found[0], found[2])


def _read(path: Path) -> tuple[str, int, str | None] | None:
    """Id, inode and origin; None if there is no valid file."""
    try:
        parts = path.read_text("ascii").split()
        return parts[0], int(parts[1]), parts[2] if len(parts) > 2 else None
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _write(path: Path, origin: str | None) -> None:
    """Gives a log its id. If several processes do this at once, one of them wins."""
    part = path.with_name(f".{NAME}.{os.getpid()}.{secrets.token_hex(3)}")
    try:
        with open(part, "x", encoding="ascii") as file:
            parts = (secrets.token_hex(8), str(os.fstat(file.fileno()).st_ino), *([origin] if origin else []))
            file.write(" ".join(parts) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if origin is None and not path.exists():
            with suppress(FileExistsError):
                os.link(part, path)
        else:
            os.replace(part, path)
        files.sync(path.parent)
    finally:
        part.unlink(missing_ok=True)
