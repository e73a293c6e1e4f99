"""What our services share at their start: they tell when they are ready, and don't outlive who started them."""

import os
import signal
import threading
from typing import Final

DIE_WITH_PARENT: Final = "MOVIE_DB_STARTED_BY_BUILD"
"""Set for services that `movie-db build` starts: their standard input closes when the build ends, however it ends."""


def ready(address: str) -> None:
    """Tells on standard output that the service answers at this address."""
    print(f"READY {address}", flush=True)


def die_with_parent() -> None:
    """Where a build started this process, stops it when the build is gone, `kill -9` included."""
    if os.environ.get(DIE_WITH_PARENT):
        threading.Thread(target=_watch, name="parent watch", daemon=True).start()


def _watch() -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock would be missed at the interpreter's end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(8)
    os._exit(1)
