"""Whole builds as processes, out of the recording that is shipped: no network, no services but our own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psutil
import pytest
from scrapy import Request

import compare
from recorded_web import Known, RecordedWeb

ROOT = Path(__file__).parents[2]
GALLERY = "https://www.justwatch.com/us/provider/max/movies"
RECORDING = ROOT / "sample" / "max.warc.gz"
Snapshot = dict[str, Counter[str]]


class Ended(NamedTuple):
    """How a command ended; `said` are the lines on standard error."""

    code: int
    out: str
    said: list[str]


class Workplace:
    """A folder of one's own, with a database and a data folder in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder}/movie_db.sqlite"
        self._started: list[psutil.Process] = []

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Starts `movie-db …` here."""
        process = subprocess.Popen(
            [sys.executable, "-m", "movie_db.cli", *arguments],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name != "MOVIE_DB_SHARED"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(psutil.Process(process.pid))
        return process

    def run(self, *arguments: str, **environment: str) -> Ended:
        """Runs `movie-db …` here to its end."""
        return self.end(self.start(*arguments, **environment))

    def build(self) -> "subprocess.Popen[str]":
        """Starts the build of the recorded gallery."""
        return self.start("build", GALLERY, "--replay", str(RECORDING))

    def build_from(self, web: "FaultyWeb", gallery: str = GALLERY, *options: str, **environment: str) -> Ended:
        """Builds a gallery of this web to the end."""
        settings = {"MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"} | environment
        return self.run("build", gallery, *options, **settings)

    def films(self) -> dict[str, dict[str, Any]]:
        """The films as an export has them, by JustWatch id."""
        assert self.run("export", "films.jsonl").code == 0
        told = map(json.loads, (self.folder / "films.jsonl").read_text("utf-8").splitlines())
        return {film["ids"]["justwatch"]: film for film in told}

    def end(self, process: "subprocess.Popen[str]") -> Ended:
        """Waits for the end of a command."""
        out, errors = process.communicate(timeout=240)
        return Ended(process.returncode, out, errors.splitlines())

    def wait_for(self, process: "subprocess.Popen[str]", happened: Callable[[], bool]) -> list[psutil.Process]:
        """Waits until something has happened in a build under way; its processes then, the build itself first."""
        until = time.monotonic() + 60
        while not happened():
            assert process.poll() is None, "the build was over before"
            assert time.monotonic() < until
            time.sleep(0.02)
        root = psutil.Process(process.pid)
        return [root, *root.children()]

    def running(self, process: "subprocess.Popen[str]", module: str) -> Callable[[], bool]:
        """Whether a service runs as part of a build."""
        return lambda: any(module in child.cmdline() for child in psutil.Process(process.pid).children())

    def logged(self, kind: str) -> Callable[[], bool]:
        """Whether a message of this type is in the log."""
        word = f'"type":"{kind}"'.encode()
        return lambda: any(word in path.read_bytes() for path in self.folder.glob("movie_data/*_list/*.jsonl"))

    def ingesting(self) -> bool:
        """Whether something of the log is in the database."""
        with closing(sqlite3.connect(f"{self.database.removeprefix('sqlite:///')}")) as database:
            return bool(database.execute("SELECT count(*) FROM ingest_progress").fetchone()[0])

    def stop(self) -> None:
        """Ends what a failed test left behind."""
        for process in self._started:
            if process.is_running():
                process.terminate()


Wire = tuple[int, dict[str, str], bytes]


class FaultyWeb(ThreadingHTTPServer):
    """The shipped recording as a web of its own, asked as a proxy; `faults` tells what a host makes of a good answer.

    `asked` counts requests by host. `recorded` answers questions; a test may have it answer otherwise.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.recorded = RecordedWeb(Known())
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked: Counter[str] = Counter()
        self.faults: dict[str, Callable[[bytes, bytes], Wire]] = {}


class _Answering(BaseHTTPRequestHandler):
    server: FaultyWeb
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = self.path if "://" in self.path else f"https://{self.headers['Host']}{self.path}"
        host = urlsplit(url).hostname or ""
        self.server.asked[host] += 1
        told = self.server.recorded.answer(Request(url, method=self.command, body=body))
        answer: Wire = (told.status, {"Content-Type": "application/json"}, told.body)
        if host in self.server.faults:
            answer = self.server.faults[host](body, told.body)
        self.send_response(answer[0])
        for name, value in (answer[1] | {"Content-Length": str(len(answer[2]))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer[2])

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[FaultyWeb]:
    """A web that knows the recorded films, and misbehaves as told."""
    with FaultyWeb() as serving:
        threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield serving
        serving.shutdown()


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Lets Ctrl-C reach the commands, also where a shell runs the tests in the background and has them ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    """An empty folder to build in."""
    place = Workplace(tmp_path)
    yield place
    place.stop()


@pytest.fixture(scope="session")
def snapshot() -> Callable[[str], Snapshot]:
    """All rows of a database, surrogate ids and times aside, as the benchmarks compare them."""
    return compare.snapshot


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workplace, Ended]:
    """An undisturbed build of the recorded gallery, and how it ended."""
    place = Workplace(tmp_path_factory.mktemp("whole"))
    return place, place.end(place.build())
