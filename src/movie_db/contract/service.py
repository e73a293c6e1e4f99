"""What our services share at their start: they tell when they are ready, and don't outlive who started them."""

import gc
import os
import signal
import socket
import sys
import threading
from typing import Final

from movie_db.contract.errors import UnavailableError

EXIT_WITH_PARENT: Final = "MOVIE_DB_STARTED_BY_BUILD"
"""Set for services that `movie-db build` starts: their standard input closes when the build ends, however it ends."""

LISTENING: Final = "MOVIE_DB_LISTENING_FD"
"""The number of the open socket that a build hands to a service, so that it can be asked before it is up."""


READY: Final = "READY "
"""How the line begins by which a service tells that it answers."""


def listen(host: str, port: int, who: str) -> socket.socket:
    """The socket to serve on: the one that a build has opened for this process, else a new one.

    Raises:
        UnavailableError: the port is taken, or the host is none of this machine.
    """
    handed = os.environ.get(LISTENING)
    if handed:
        return socket.socket(fileno=int(handed))
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UnavailableError(f"The {who} can't listen on {host}:{port}: {error.strerror}.") from None


def address_of(listening: socket.socket) -> str:
    """Where a socket is asked: `http://127.0.0.1:8100`."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def ready(address: str) -> None:
    """Tells on standard output that the service answers at this address."""
    print(f"{READY}{address}", flush=True)


def relax_garbage_collection() -> None:
    """Tells the collector that what is loaded now stays, and that hard work is ahead.

    What our work leaves behind is freed without it; to look through a batch's records again and again costs a sixth of
    an ingest's time.
    """
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 20)


def wait_for_start() -> None:
    """Where a build started this process, waits for its word to begin; until then it has only loaded its modules.

    So these load while the build still sees whether anything stands in the way, and nothing is written if so.
    """
    if os.environ.get(EXIT_WITH_PARENT) and not os.read(0, 1):
        sys.exit(1)  # the build is gone


def exit_with_parent() -> None:
    """Where a build started this process, stops it when the build is gone, `kill -9` included."""
    if os.environ.get(EXIT_WITH_PARENT):
        threading.Thread(target=_watch, name="parent watch", daemon=True).start()


def _watch() -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock would be missed at the interpreter's end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(8)
    os._exit(1)
