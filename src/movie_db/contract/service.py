"""What the services share at startup: the socket, the ready line, and ending together with the parent process."""

import gc
import os
import signal
import socket
import sys
import threading
from typing import Final

from movie_db.contract.errors import UnavailableError

EXIT_WITH_PARENT: Final = "MOVIE_DB_STARTED_BY_BUILD"
"""Set for services that `movie-db build` starts. Their standard input closes when the build ends, however it ends."""

LISTENING: Final = "MOVIE_DB_LISTENING_FD"
"""The descriptor of the open socket that a build passes to a service. Clients can connect before the service is up."""


READY: Final = "READY "
"""The start of the line that a service prints when it is ready."""


def listen(host: str, port: int, who: str) -> socket.socket:
    """The socket to serve on: the one that a build opened for this process, otherwise a new one.

    Raises:
        UnavailableError: the port is in use, or the host is not an address of this machine.
    """
    inherited = os.environ.get(LISTENING)
    if inherited:
        return socket.socket(fileno=int(inherited))
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UnavailableError(f"The {who} can't listen on {host}:{port}: {error.strerror}.") from None


def address_of(listening: socket.socket) -> str:
    """The URL of a listening socket: `http://127.0.0.1:8100`."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def ready(address: str) -> None:
    """Prints to standard output that the service is ready at this address."""
    print(f"{READY}{address}", flush=True)


def relax_garbage_collection() -> None:
    """Makes garbage collection rare, and exempts everything that is loaded now.

    Reference counting frees what the services use. Scanning a batch's records again and again would take a sixth of
    the time of an ingest.
    """
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 20)


def wait_for_start() -> None:
    """In a process that a build started, waits until the build lets it begin.

    The modules load while the build still checks its preconditions. If one fails, nothing has been written.
    """
    if os.environ.get(EXIT_WITH_PARENT) and not os.read(0, 1):
        sys.exit(1)  # the build is gone


def exit_with_parent() -> None:
    """In a process that a build started, ends the process when the build ends, also after `kill -9`."""
    if os.environ.get(EXIT_WITH_PARENT):
        threading.Thread(target=_watch, name="parent watch", daemon=True).start()


def _watch() -> None:
    while os.read(0, 4096):  # not sys.stdin: the interpreter would wait for its lock at exit
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(8)
    os._exit(1)
