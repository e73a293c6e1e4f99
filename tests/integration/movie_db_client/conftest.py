"""Stores and messages for tests of what becomes of the log."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from movie_db.contract.messages import Message, MovieFacts, MovieItem, MovieListEntry, PersonItem, SourceRecord, dump
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.editing import api_keys
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository import Row, UnitOfWork
from movie_db.movie_db_client.repository.memory import MemoryStore, MemoryUnitOfWork
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork, model_shapes
from movie_db.movie_db_client.server import make_app, make_service

AT = datetime(2026, 11, 1, tzinfo=UTC)
KINDS = ("memory", "sqlite", "postgresql")
Units = Callable[[], UnitOfWork]


class Make:
    """Messages in a line each. `days` is when a record was retrieved."""

    AT = AT

    @staticmethod
    def record(
        source: str,
        source_id: str,
        ids: dict[str, str] | None = None,
        days: int = 0,
        language: str | None = None,
        licence: str = "CC0-1.0",
        **facts: Any,
    ) -> SourceRecord:
        return SourceRecord(
            source=source,
            source_id=source_id,
            url=f"https://{source}.example/{source_id}",
            retrieved_at=AT + timedelta(days=days),
            licence=licence,
            language=language,
            ids=ids if ids is not None else {source: source_id},
            facts=MovieFacts(**facts),
        )

    @staticmethod
    def item(key: str, *records: SourceRecord, run: str = "r1", outcomes: Any = None, **entry: Any) -> MovieItem:
        listed = {"gallery": "https://g.example/", "position": 1, "title": "Listed"} | entry
        return MovieItem(
            run=run, entry=MovieListEntry(run=run, key=key, **listed), records=records, outcomes=outcomes or {}
        )

    @staticmethod
    def person(
        source_id: str,
        name: str,
        ids: dict[str, str],
        days: int = 0,
        source: str = "wikidata",
        language: str | None = None,
        **facts: Any,
    ) -> PersonItem:
        origin = {
            "source": source,
            "source_id": source_id,
            "url": f"https://{source}.example/{source_id}",
            "retrieved_at": AT + timedelta(days=days),
            "licence": "CC0",
            "language": language,
        }
        return PersonItem.model_validate({"run": "r1", "origin": origin, "name": name, "ids": ids, **facts})


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()


@pytest.fixture
def new_units(new_database: Callable[..., str]) -> Iterator[Callable[[str], Units]]:
    """`new_units(kind)` makes an empty database and gives its units of work."""
    engines = []

    def new(kind: str) -> Units:
        if kind == "memory":
            memory = MemoryStore(model_shapes())
            return lambda: MemoryUnitOfWork(memory)
        engines.append(make_engine(new_database(kind)))
        store = SqlStore(engines[-1])
        return lambda: SqlUnitOfWork(store)

    yield new
    for engine in engines:
        engine.dispose()


@pytest.fixture(params=KINDS)
def units(request: pytest.FixtureRequest, new_units: Callable[[str], Units]) -> Units:
    """Units of work on an empty store: in memory, on SQLite, on PostgreSQL."""
    return new_units(request.param)


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    """What the API's handlers share, over an empty database."""
    service = make_service(make_engine(database_url), lambda: False)
    yield service
    service.engine.dispose()


@pytest.fixture
def api(service: Service) -> TestClient:
    """A client whose key may write."""
    with service.units() as unit:
        key = api_keys.create_key(unit, "mine", "write")
    client = TestClient(make_app(service), raise_server_exceptions=False, follow_redirects=False)
    client.headers |= {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    return client


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write(messages…)` appends a segment to a log and gives the log's folder; bytes are written as they are."""
    numbers = itertools.count(1)

    def write(*messages: Message | bytes, data: Path | None = None, segment: str | None = None) -> Path:
        folder = (data or tmp_path / "data") / "item_list"
        folder.mkdir(parents=True, exist_ok=True)
        name = segment or f"r-{next(numbers):03}"
        with (folder / f"{name}.jsonl").open("ab") as file:
            file.write(b"".join(m if isinstance(m, bytes) else dump(m) for m in messages))
        return folder.parent

    return write


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty database."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    """The same, to write to."""
    return SqlStore(engine)


@pytest.fixture
def ingest(store: SqlStore, write: Callable[..., Path]) -> Callable[..., object]:
    """`ingest(messages…)` brings a segment of a log into it."""
    return lambda *messages: ingest_once(lambda: SqlUnitOfWork(store), write(*messages))


@pytest.fixture
def rows(units: Units) -> Callable[..., list[Row]]:
    """`rows("movies", title=["Alien"])` reads from the store."""

    def read(collection: str, **where: Sequence[Any]) -> list[Row]:
        with units() as unit:
            return unit.repository.read(collection, **where)

    return read


_PARTIES = {
    "directors": ("director", "director_id", "movie_directors"),
    "writers": ("writer", "writer_id", "movie_writers"),
    "actors": ("actor", "actor_id", "cast"),
    "studios": ("studio", "studio_id", "movie_studios"),
    "distributors": ("distributor", "distributor_id", "movie_distributors"),
}


@pytest.fixture
def snapshot() -> Callable[[Units], Any]:
    """`snapshot(units)`: everything in the database, with names for surrogate ids, times of writing aside."""

    def take(units: Units) -> Any:
        with units() as unit:
            read = unit.repository.read
            ids: dict[tuple[str, int], list[str]] = {}
            for row in read("external_ids"):
                ids.setdefault((row["entity"], row["entity_id"]), []).append(f"{row['namespace']}:{row['value']}")
            films = {
                r["movie_id"]: f"{r['title']} {sorted(ids.get(('movie', r['movie_id']), []))}" for r in read("movies")
            }
            names: dict[str, dict[int, str]] = {"movie_id": films, "genre_id": {}, "gallery_id": {}, "record_id": {}}
            for row in read("genres"):
                names["genre_id"][row["genre_id"]] = row["name"]
            for row in read("galleries"):
                names["gallery_id"][row["gallery_id"]] = row["gallery"]
            for row in read("source_records"):
                names["record_id"][row["record_id"]] = f"{row['entity']} {row['source']} {row['source_id']}"
            for table, (entity, key, _) in _PARTIES.items():
                names[key] = {r[key]: f"{r['name']} {sorted(ids.get((entity, r[key]), []))}" for r in read(table)}
            given = {"cast_id", "rating_id", "offer_id", "review_id", "rejected_id", "decision_id"}

            def plain(row: Row) -> str:
                told = {f: names[f].get(v, v) if f in names else v for f, v in row.items() if f not in given}
                return repr(sorted((f, _plain(v)) for f, v in told.items()))

            # What changed depends on what was known before: of an old log read late, nothing did. And words stay.
            left_out = {"external_ids", "ingest_progress", "movie_redirects", "changes", "search_words"}
            return {t: sorted(plain(row) for row in read(t)) for t in sorted(model_shapes()) if t not in left_out}

    return take


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _plain(v)) for key, v in value.items())
    return (
        [_plain(v) for v in value]
        if isinstance(value, list)
        else (value.normalize() if hasattr(value, "normalize") else value)
    )


@pytest.fixture
def served(database_url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The service as a process of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "movie_db.movie_db_client", "--port=0", f"--db={database_url}"],
        env={key: value for key, value in os.environ.items() if not key.startswith("MOVIE_DB_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    yield process, process.stdout.readline().strip().removeprefix("READY ")
    process.kill()
    process.wait()


@pytest.fixture
def key(database_url: str) -> str:
    """What opens writing."""
    engine = make_engine(database_url)
    with SqlUnitOfWork(SqlStore(engine)) as unit:
        key = api_keys.create_key(unit, "theirs", "write")
    engine.dispose()
    return key
