"""A real forward proxy, and a web behind it: tunnels (CONNECT) lead through the one to the other, which speaks TLS.

Tests get both by the fixtures `tunnels` and `authority` of `conftest.py`.
"""

import base64
import socket
import socketserver
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

HOSTS = (
    "apis.justwatch.com",
    "www.justwatch.com",
    "*.wikipedia.org",
    "www.wikidata.org",
    "query.wikidata.org",
    "api.themoviedb.org",
    "www.omdbapi.com",
)


class Tunnels(socketserver.ThreadingTCPServer):
    """Leads each tunnel to the server at `behind`, whatever host it is for; `opened` counts them by host and port.

    `password` (`user:password`) is asked for if it is set; `refusing` gives a status in place of a tunnel.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, behind: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.behind = behind
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.opened: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.password = ""
        self.refusing: Callable[[str], int | None] = lambda target: None


class _Tunnel(socketserver.StreamRequestHandler):
    server: Tunnels

    def handle(self) -> None:
        method, _, target = self.rfile.readline().decode("latin-1").strip().partition(" ")
        target = target.partition(" ")[0]
        given = ""
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            given = value.strip() if name.lower() == "proxy-authorization" else given
        wanted = f"Basic {base64.b64encode(self.server.password.encode()).decode()}" if self.server.password else ""
        status = self.server.refusing(target) or (405 if method != "CONNECT" else 407 if wanted != given else 200)
        (self.server.opened if status == 200 else self.server.refused)[target] += 1
        self.wfile.write(
            f"HTTP/1.1 {status} x\r\n{'' if status == 200 else 'Content-Length: 0'}\r\n\r\n".encode()
            if status != 200
            else b"HTTP/1.1 200 Connection established\r\n\r\n"
        )
        if status == 200:
            with socket.create_connection(self.server.behind, 10) as other:
                back = threading.Thread(target=_relay, args=(other, self.connection), daemon=True)
                back.start()
                _relay(self.connection, other)
                back.join(10)


def _relay(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    """Serves in a thread while in the context."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


class Authority:
    """A certificate authority of the test's own; `file` holds its certificate."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.file))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(self._context)

    def secure(self, server: socketserver.TCPServer) -> None:
        """Has a server speak TLS, as any of the hosts."""
        server.socket = self._context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
