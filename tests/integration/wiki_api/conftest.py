"""A real Wikimedia in miniature, asked as a proxy is, and the service in front of it."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from presence import present


class Asked(NamedTuple):
    url: str
    headers: dict[str, str]


class Wikimedia:
    """Answers searches by the searched word: a number is the status given, the words below are other troubles."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.at_once = self.most_at_once = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append(Asked(self.path, dict(self.headers)))
                outer.at_once += 1
                outer.most_at_once = max(outer.most_at_once, outer.at_once)
                try:
                    self._answer()
                finally:
                    outer.at_once -= 1

            def _answer(self) -> None:
                word = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
                if word == "hangup":
                    self.close_connection = True
                elif word == "garbage":
                    self._send(200, b"<html>Our servers are")
                elif word == "unrecorded":
                    said = {"detail": "Not in the recording."}
                    self._send(504, json.dumps(said).encode(), {"X-Gateway-Error": "not-in-replay"})
                elif word == "list":
                    self._send(200, b"[]")
                elif word.isdigit():
                    self._send(int(word), b"{}", {"Retry-After": "7"} if word in {"429", "503"} else {})
                else:
                    if word == "slow":
                        time.sleep(0.5)
                    pages = [] if word == "nothing" else outer.pages
                    self._send(200, json.dumps({"pages": pages}).encode())

            def _send(self, status: Any, body: Any, headers: Any = ()) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in dict(headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.pages = [
            {
                "id": 4273140,
                "key": "Avatar_(2009_film)",
                "title": "Avatar (2009 film)",
                "excerpt": '<span class="searchmatch">Avatar</span> is a film',
                "matched_title": None,
                "anchor": None,
                "description": "2009 film by James Cameron",
                "thumbnail": {
                    "mimetype": "image/jpeg",
                    "size": None,
                    "width": 60,
                    "height": 89,
                    "duration": None,
                    "url": "//upload.wikimedia.org/avatar.jpg",
                },
            },
            {
                "id": 1421753,
                "key": "Avatar:_The_Last_Airbender",
                "title": "Avatar: The Last Airbender",
                "excerpt": "",
                "matched_title": None,
                "description": "American animated television series",
                "thumbnail": None,
            },
        ]
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def wikimedia() -> Iterator[Any]:
    server = Wikimedia()
    yield server
    server.close()


@pytest.fixture(scope="session")
def start_service() -> Iterator[Any]:
    """Starts `python -m movie_db.wiki_api` with the arguments given; gives its process and address."""
    started = []

    def start(*arguments: Any) -> Any:
        command = [sys.executable, "-m", "movie_db.wiki_api", "--port", "0", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        ready = present(process.stdout).readline()
        assert ready.startswith("READY http://127.0.0.1:"), present(process.stderr).read()
        return process, ready.split()[1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
