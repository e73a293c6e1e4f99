"""Which log a data folder holds: a database may be fed from several, whose segments bear the same names."""

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
    """The name of a log, 16 hexadecimal digits; `copied_from` is the log that its folder is a copy of."""

    name: str
    copied_from: str | None = None


def log_id(data: Path) -> LogId:
    """The name of the log in a data folder, which gets one when it has none.

    The file that keeps the name also keeps its own inode: a copied folder has another, and so it is a log of its own.
    The name is on the disk before it is returned, so that no power cut leaves positions of a log without its name. A
    folder that can't be written is named by where it is.
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
    """Name, inode and origin; None if there is no such file, or not one of ours."""
    try:
        told = path.read_text("ascii").split()
        return told[0], int(told[1]), told[2] if len(told) > 2 else None
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _write(path: Path, origin: str | None) -> None:
    """Names a log; of several processes that do so at once, one wins."""
    part = path.with_name(f".{NAME}.{os.getpid()}.{secrets.token_hex(3)}")
    try:
        with open(part, "x", encoding="ascii") as file:
            told = (secrets.token_hex(8), str(os.fstat(file.fileno()).st_ino), *([origin] if origin else []))
            file.write(" ".join(told) + "\n")
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
