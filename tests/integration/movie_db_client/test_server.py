"""The client's API, on both databases."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import yaml
from sqlalchemy import insert, text
from starlette.routing import Route
from starlette.testclient import TestClient

from movie_db.contract.errors import UnavailableError
from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import MovieFacts, MovieItem, MovieListEntry, SourceRecord
from movie_db.contract.schema import published
from movie_db.movie_db_client.api.definition import Definition
from movie_db.movie_db_client.api.endpoint import bind
from movie_db.movie_db_client.data_model.bookkeeping import DecisionRow, IngestProgressRow
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import newest
from movie_db.movie_db_client.data_model.tables import MovieRow
from movie_db.movie_db_client.server import OPERATIONS, make_app, make_service

API: dict[str, Any] = yaml.safe_load((files("movie_db.movie_db_client") / "openapi.yaml").read_bytes())


def _client(url: str, ingesting: Any = lambda: False) -> TestClient:
    return TestClient(make_app(make_service(make_engine(url), ingesting)), raise_server_exceptions=False)


@pytest.fixture
def client(database_url: str) -> TestClient:
    return _client(database_url)


@pytest.fixture
def down() -> TestClient:
    """A service whose database is gone."""
    return _client("postgresql://me:secret@127.0.0.1:1/films")


def _fits(operation: str, body: object) -> bool:
    """Whether an answer is what openapi.yaml promises."""
    found = next(o for item in API["paths"].values() for o in item.values() if o["operationId"] == operation)
    schema = next(iter(found["responses"]["200"]["content"].values()))["schema"]
    return jsonschema_rs.is_valid({**schema, "components": API["components"]}, body)


def _problem(answer: Any, status: int) -> str:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert answer.headers["access-control-allow-origin"] == "*"
    return str(body["detail"])


def test_every_operation_has_its_handler_and_every_handler_its_operation(database_url: str) -> None:
    definition = Definition()
    assert definition.operations.keys() == OPERATIONS.keys()
    service = make_service(make_engine(database_url), lambda: False)
    assert {r.path for r in bind(definition, OPERATIONS, service) if isinstance(r, Route)} == set(API["paths"])
    with pytest.raises(KeyError):
        bind(definition, {}, service)


def test_health_tells_the_schema_and_how_far_the_log_is_read(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(insert(IngestProgressRow).values(segment="item_list/r-movies.jsonl", position=4711))
    body = _client(database_url, lambda: True).get("/v1/health").json()
    assert _fits("read_health", body)
    assert body["schema_version"] == newest()
    assert body["ingest"] == {"running": True, "positions": {"item_list/r-movies.jsonl": 4711}}


def test_an_ingest_that_broke_off_is_not_healthy(database_url: str) -> None:
    def broken() -> bool:
        raise UnavailableError("What is gathered does not reach the database: the disk is full.")

    assert "disk is full" in _problem(_client(database_url, broken).get("/v1/health"), 503)


def test_what_persons_decided_is_told(database_url: str) -> None:
    engine = make_engine(database_url)
    pair = {"entry_key": "justwatch:tm1", "source": "wikidata", "source_id": "Q1"}
    row = {"key": "k", "verdict": "same", "decided_by": "Ann", "decided_at": datetime(2026, 11, 1, tzinfo=UTC), **pair}
    with engine.begin() as connection:
        connection.execute(insert(DecisionRow).values(**row))
    body = _client(database_url).get("/v1/decisions").json()
    assert _fits("list_decisions", body)
    (told,) = body["decisions"]
    assert told["decided_at"] == "2026-11-01T00:00:00+00:00"
    assert (told["verdict"], told["decided_by"], {name: told[name] for name in pair}) == ("same", "Ann", pair)


def test_the_live_contract_has_every_message(client: TestClient) -> None:
    body = client.get("/v1/contract").json()
    assert _fits("read_contract", body)
    assert set(body["schemas"]) == set(published())
    assert client.get("/v1/contract/movie").json() == body["schemas"]["movie"]


def test_an_unknown_message_names_those_there_are(client: TestClient) -> None:
    assert "movie_item" in _problem(client.get("/v1/contract/film"), 404)


def test_the_facts_of_a_table_are_told(client: TestClient) -> None:
    body = client.get("/v1/tables/movies").json()
    assert _fits("read_table", body)
    assert {"name": "title", "type": "VARCHAR(255)", "nullable": False, "default": None} in body["columns"]


def test_an_unknown_table_names_those_there_are(client: TestClient) -> None:
    assert "movies" in _problem(client.get("/v1/tables/films"), 404)


def test_an_unknown_url_and_a_wrong_method_are_problems_of_their_own(client: TestClient) -> None:
    assert "/v1/nothing" in _problem(client.get("/v1/nothing"), 404)
    for method, path, may in (
        ("POST", "/v1/health", "GET, HEAD"),
        ("PATCH", "/v1/directors/bulk", "POST"),
        ("DELETE", "/v1/cast/1", "GET, HEAD"),
    ):
        answer = client.request(method, path)
        assert method in _problem(answer, 405)
        assert answer.headers["allow"] == may


def test_a_database_that_is_gone_is_told_in_one_sentence_without_its_password(down: TestClient) -> None:
    for path in ("/v1/health", "/v1/contract", "/v1/tables/movies", "/v1/movies", "/v1/decisions"):
        detail = _problem(down.get(path), 503)
        assert "does not answer" in detail
        assert "secret" not in detail


def test_a_fault_of_ours_is_a_problem_too(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE ingest_progress"))
    assert "log" in _problem(_client(database_url).get("/v1/health"), 500)


def test_films_are_listed_page_by_page_until_the_last(database_url: str) -> None:
    with make_engine(database_url).begin() as connection:
        connection.execute(insert(MovieRow), [{"movie_id": n, "title": f"Film {n}"} for n in (2, 5, 7)])
    client = _client(database_url)
    first = client.get("/v1/movies?limit=2").json()
    assert _fits("list_movies", first)
    assert [movie["movie_id"] for movie in first["movies"]] == [2, 5]
    schema = client.get("/v1/contract/movie").json()
    for movie in first["movies"]:
        del movie["movie_id"]
        assert jsonschema_rs.is_valid(schema, movie)
    last = client.get(f"/v1/movies?limit=2&cursor={first['next']}").json()
    assert [movie["title"] for movie in last["movies"]] == ["Film 7"]
    assert last["next"] is None


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "limit=", "limit=1e2", "limit=+1", "limit=%D9%A1"],
)
def test_a_wrong_page_is_told_what_would_be_right(query: str, client: TestClient) -> None:
    assert "whole number from" in _problem(client.get(f"/v1/movies?{query}"), 400)


@pytest.mark.parametrize(
    "path", ["/v1/health", "/v1/contract/movie", "/openapi.yaml", "/docs", "/reference", "/v1/nothing"]
)
def test_every_answer_may_be_read_from_any_web_page(path: str, client: TestClient) -> None:
    assert client.get(path).headers["access-control-allow-origin"] == "*"
    asked = {"Origin": "https://e.org", "Access-Control-Request-Method": "GET"}
    preflight = client.options(path, headers=asked | {"Access-Control-Request-Headers": "x-mine"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "GET" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "x-mine"


def test_swagger_ui_comes_from_here_alone(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "https://" not in page
    assert client.get("/docs/files/swagger-ui-bundle.js").status_code == 200
    assert yaml.safe_load(client.get("/openapi.yaml").content) == API


def test_the_reference_comes_from_here_alone_with_its_licence(client: TestClient) -> None:
    answer = client.get("/reference")
    files = re.findall(r"""(?:src|href|spec-url)=["'](.*?)["']""", answer.text)
    assert "/openapi.yaml" in files
    assert "/reference/files/redoc.standalone.js" in files
    for file in files:
        assert client.get(file).status_code == 200, file
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';"), "the browser requests nothing from elsewhere"
    assert "http" not in policy
    assert "MIT License" in client.get("/reference/files/LICENSE.txt").text


def test_prometheus_is_told_what_was_answered(client: TestClient) -> None:
    client.get("/v1/contract/film")
    told = client.get("/metrics").text
    assert 'movie_db_answers_total{operation="read_message",status="404"} 1.0' in told
    assert 'movie_db_answer_seconds_count{operation="read_message"} 1.0' in told


def test_a_service_is_ready_when_the_database_has_its_schema(client: TestClient, bare_database_url: str) -> None:
    assert client.get("/v1/ready").json() == {"ready": True}
    assert "db upgrade" in _problem(_client(bare_database_url).get("/v1/ready"), 503)


def _run(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "movie_db.movie_db_client", "--port=0", *options],
        env={key: value for key, value in os.environ.items() if not key.startswith("MOVIE_DB_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def started(bare_database_url: str, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = _run(f"--db={bare_database_url}", f"--data={tmp_path}", "--ingest")
    assert process.stdout is not None
    line = process.stdout.readline()
    yield process, line.strip()
    process.kill()
    process.communicate()


def test_the_service_migrates_ingests_and_leaves_in_peace(
    started: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    process, line = started
    assert line.startswith("READY http://127.0.0.1:")
    with httpx2.Client(base_url=line.removeprefix("READY ")) as api:
        assert api.get("/v1/health").json()["schema_version"] == newest()
        with SegmentWriter(tmp_path / "item_list" / "r-movies.jsonl") as writer:
            writer.write(_ITEM)
        until = time.monotonic() + 20
        while not (films := api.get("/v1/movies").json()["movies"]):
            assert time.monotonic() < until, "the film did not arrive"
            time.sleep(0.05)
        size = (tmp_path / "item_list" / "r-movies.jsonl").stat().st_size
        ingest = api.get("/v1/health").json()["ingest"]
    assert [film["plot"] for film in films] == ["A city."]
    assert ingest == {"running": True, "positions": {"item_list/r-movies.jsonl": size}}
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


def test_the_command_serves_as_the_service_does(tmp_path: Path) -> None:
    ran = subprocess.Popen(
        [sys.executable, "-m", "movie_db.cli", "serve", "--port=0", f"--db=sqlite:///{tmp_path}/films.sqlite"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ran.stdout is not None
    address = ran.stdout.readline().strip().removeprefix("READY ")
    assert httpx2.get(f"{address}/v1/ready").json() == {"ready": True}
    ran.send_signal(signal.SIGINT)
    assert ran.wait(timeout=10) == 0


def test_a_database_that_is_down_ends_the_start_with_one_sentence() -> None:
    process = _run("--db=postgresql://me:secret@127.0.0.1:1/films")
    out, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert "127.0.0.1:1/films does not answer" in told.splitlines()[-1]
    assert "secret" not in told


def test_a_database_of_a_wrong_kind_is_a_mistake_of_use() -> None:
    process = _run("--db=mysql://localhost/films")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "sqlite:///FILE" in told


_ITEM = MovieItem(
    run="r",
    entry=MovieListEntry(run="r", gallery="g", key="justwatch:tm1", position=1, title="Metropolis", year=1927),
    records=(
        SourceRecord(
            source="justwatch",
            source_id="tm1",
            url="https://www.justwatch.com/us/movie/metropolis",
            retrieved_at=datetime(2026, 1, 1, tzinfo=UTC),
            licence="terms of JustWatch",
            kind="film",
            ids={"justwatch": "tm1"},
            facts=MovieFacts(title="Metropolis", year=1927, plot="A city."),
        ),
    ),
)
