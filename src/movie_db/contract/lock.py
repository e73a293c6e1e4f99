"""Locks between processes: a file that one of them holds, and that the system frees when it is gone."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movie_db.contract.errors import UnavailableError


@contextmanager
def exclusive(path: Path, busy: str, wait: float) -> Iterator[None]:
    """Holds a lock file, which one process can hold at a time and which none outlives.

    Args:
        busy: what to say if another process keeps it for more than `wait` seconds.

    Raises:
        UnavailableError: says `busy`, or that the file can't be written.
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
