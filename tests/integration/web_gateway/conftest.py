"""A source that misbehaves as told, and gateways in processes of their own."""

import asyncio
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from movie_db.web_gateway.archive import Archive
from movie_db.web_gateway.server import listening
from movie_db.web_gateway.upstream import Upstream
from movie_db.web_gateway.web import Web
from presence import present


def http(body: Any = b"", status: Any = "200 OK", kind: Any = "text/plain", *lines: Any) -> Any:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body


class Source(socketserver.ThreadingTCPServer):
    """Plays the internet as a proxy does: `answers[url]` is what to answer one after the other, the last for good.

    An answer is bytes as they go over the wire, "reset", "hang" or "drip" (a byte now and then, for long).
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: defaultdict[str, list[Any]] = defaultdict(lambda: [http(b"not told", "404 Not Found")])
        self.seen: Counter[str] = Counter()
        self.heads: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        self.bodies: defaultdict[str, list[bytes]] = defaultdict(list)
        self.lock, self.under_way, self.most = threading.Lock(), 0, 0
        self.stop_hanging = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(socketserver.StreamRequestHandler):
    server: Source

    def handle(self) -> None:
        source = self.server
        line = self.rfile.readline().decode()
        if not line:
            return
        head = {}
        while (field := self.rfile.readline().decode().strip()) != "":
            name, _, value = field.partition(":")
            head[name.lower()] = value.strip()
        body = self.rfile.read(int(head.get("content-length", 0)))
        url = line.split()[1]
        with source.lock:
            answers = source.answers[url]
            answer = answers[min(source.seen[url], len(answers) - 1)]
            source.seen[url] += 1
            source.heads[url].append({"method": line.split()[0]} | head)
            source.bodies[url].append(body)
            source.under_way += 1
            source.most = max(source.most, source.under_way)
        if answer == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self.connection.close()
        elif answer == "hang":
            source.stop_hanging.wait(30)
        elif answer == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not source.stop_hanging.wait(0.1):
                self.wfile.write(b".")
        else:
            time.sleep(0.02)
            self.wfile.write(answer)
        with source.lock:
            source.under_way -= 1


@pytest.fixture
def source() -> Iterator[Any]:
    with Source() as serving:
        threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield serving
        serving.stop_hanging.set()
        serving.shutdown()


@pytest.fixture
def answer() -> Any:
    """Makes bytes of an HTTP answer: body, status line, Content-Type, further header lines."""
    return http


class Gateway:
    """A gateway in its own process; `ask` is a client that goes through it."""

    def __init__(self, *options: Any, **environment: Any) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOVIE_DB_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "movie_db.web_gateway", "--port", "0", *map(str, options)],
            env=kept | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        ready = present(self.process.stdout).readline()
        if not ready.startswith("READY http://127.0.0.1:"):
            raise AssertionError(ready + present(self.process.stderr).read())
        self.url = ready.split()[1]
        self.client = httpx2.Client(proxy=self.url, timeout=120)

    def ask(self, url: Any, method: Any = "GET", **more: Any) -> Any:
        return self.client.request(method, url, **more)

    def stats(self) -> Any:
        return httpx2.get(f"{self.url}/_gateway/stats").json()

    def stop(self, number: Any = signal.SIGTERM) -> Any:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.client.close()
        rest, _ = self.process.communicate(timeout=20)
        assert rest == "", "READY is all that is said on standard output"
        return self.process.returncode


@pytest.fixture
def start() -> Iterator[Any]:
    """Starts gateways, and stops them in the end."""
    started = []

    def starting(*options: Any, **environment: Any) -> Any:
        started.append(Gateway(*options, **environment))
        return started[-1]

    yield starting
    for gateway in started:
        if gateway.process.poll() is None:
            gateway.stop()


class Within:
    """A gateway within this process, which is started faster; `ask` is a client that goes through it."""

    def __init__(self, upstream: Any, data: Any) -> None:
        self.ready, self.loop = threading.Event(), asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=(self.run(upstream, data),))
        self.thread.start()
        assert self.ready.wait(10)
        self.client = httpx2.Client(proxy=self.url, timeout=120)
        self.ask = lambda url, method="GET", **more: self.client.request(method, url, **more)
        self.stats = lambda: httpx2.get(f"{self.url}/_gateway/stats").json()

    async def run(self, upstream: Any, data: Any) -> None:
        self.over = asyncio.Event()
        with Archive(data / "archive.sqlite") as archive:
            async with Upstream("movie_db/test", upstream) as asking:
                web = Web(archive, asking, paced=False)
                async with listening(web, "upstream", "127.0.0.1", 0) as self.url:
                    self.ready.set()
                    await self.over.wait()
                await web.close()

    def stop(self) -> None:
        self.client.close()
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(20)
        self.loop.close()


@pytest.fixture
def gateway(source: Any, tmp_path: Path) -> Iterator[Any]:
    """A gateway that asks `source`, as fast as it may."""
    running = Within(source.url, tmp_path)
    yield running
    source.stop_hanging.set()
    running.stop()
