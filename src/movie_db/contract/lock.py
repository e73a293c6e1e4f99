"""Locks between processes: a locked file, which the system releases when its holder ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movie_db.contract.errors import UnavailableError


@contextmanager
def exclusive(path: Path, busy: str, wait: float) -> Iterator[None]:
    """Holds a lock file. Only one process can hold it, and the lock ends with the process.

    Args:
        busy: the error message if another process still holds the lock after `wait` seconds.

    Raises:
        UnavailableError: with the message `busy`, or because the file can't be written.
    """
    until = time.monotonic() + wait
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "ab")  # noqa: SIM115
    except OSError as error:
        raise UnavailableError(f"{path} can't be written: {error.strerror}.") from None
    with file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise UnavailableError(busy) from None
                time.sleep(0.1)
        yield
