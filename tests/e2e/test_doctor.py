"""`movie-db doctor` on the stand-in web: whole, and with what real sources do one day."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

pytestmark = pytest.mark.world
GRAPHQL, PAGES, QUERY = "apis.justwatch.com", "www.justwatch.com", "query.wikidata.org"
ITEMS, ARTICLES, TMDB = "www.wikidata.org", "en.wikipedia.org", "api.themoviedb.org"
Change = Callable[[bytes, bytes], tuple[int, str, bytes]]
"""Makes status, media type and body of the request's body and the answer's."""


class Between(ThreadingHTTPServer):
    """A proxy before the stand-in web that changes the answers of a host."""

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.client = httpx2.Client(proxy=behind, timeout=60, headers={"Accept-Encoding": "identity"})
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.changes: dict[str, Change] = {}
        self.date: datetime | None = None


class _Passing(BaseHTTPRequestHandler):
    server: Between
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept = {n: v for n, v in self.headers.items() if n in {"Accept", "Content-Type", "User-Agent", "Range"}}
        got = self.server.client.request(self.command, self.path, content=body, headers=kept)
        answer = got.status_code, got.headers.get("Content-Type", ""), got.content
        change = self.server.changes.get(urlsplit(self.path).hostname or "")
        if change and not self.path.endswith("/robots.txt"):
            answer = change(body, got.content)
        self.send_response_only(answer[0])
        date = self.server.date or datetime.now(UTC)
        self.send_header("Date", f"{date:%a, %d %b %Y %H:%M:%S} GMT")
        self.send_header("Content-Type", answer[1])
        self.send_header("Content-Length", str(len(answer[2])))
        self.end_headers()
        self.wfile.write(answer[2])

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def between(stand_in: Any) -> Iterator[Between]:
    """The stand-in web, behind a proxy that changes what it answers."""
    with Between(stand_in("sample", "--rps", "1000")) as serving:
        threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield serving
        serving.shutdown()
        serving.client.close()


@pytest.fixture
def examined(between: Between, workplace: Any) -> Callable[..., tuple[int, dict[str, list[tuple[str, str]]]]]:
    """The exit code of `doctor --live`, and what it told by name: status and sentence."""

    def run(**environment: str) -> tuple[int, dict[str, list[tuple[str, str]]]]:
        settings = {"MOVIE_DB_UPSTREAM": between.url, "MOVIE_DB_PACE": "unlimited", "MOVIE_DB_CONTACT": "ada@films.net"}
        ended = workplace.run("doctor", "--live", "--json", "--patience", "8", **(settings | environment))
        told: dict[str, list[tuple[str, str]]] = {}
        for check in json.loads(ended.out)["checks"]:
            told.setdefault(check["name"], []).append((check["status"], check["told"]))
        assert "s3cret" not in ended.out
        assert ended.said == []
        return ended.code, told

    return run


def replaced(*pairs: tuple[str, str]) -> Change:
    def change(_request: bytes, body: bytes) -> tuple[int, str, bytes]:
        for old, new in pairs:
            body = body.replace(old.encode(), new.encode())
        return 200, "application/json", body

    return change


def nulled(*names: str) -> Change:
    def without(told: Any) -> Any:
        if isinstance(told, dict):
            return {key: None if key in names else without(value) for key, value in told.items()}
        return [without(one) for one in told] if isinstance(told, list) else told

    return lambda _request, body: (200, "application/json", json.dumps(without(json.loads(body))).encode())


def answering(status: int, kind: str = "text/html", body: bytes = b"<html>no</html>") -> Change:
    return lambda *_: (status, kind, body)


def test_whole_sources_are_fine(examined: Any) -> None:
    gallery = "https://www.justwatch.com/us/provider/hbo-max/movies"
    code, told = examined(MOVIE_DB_GALLERY=gallery, MOVIE_DB_TMDB_KEY="s3cret-1", MOVIE_DB_OMDB_KEY="s3cret-2")
    assert code == 0, told
    for name in ("JustWatch packages", "JustWatch list", "JustWatch pages", "Wikidata entities", "Wikipedia pages"):
        assert told[name][0][0] == "ok", told[name]
        assert told[name][0][1].startswith("fine")
    assert told["Wikidata query service"][0][1].startswith("fine")
    assert told["Wikipedia search"] == [("ok", "fine: finds The Matrix")]
    assert not [found for founds in told.values() for found in founds if found[0] == "wrong"]


def test_without_keys_the_sources_that_want_one_are_not_asked(examined: Any) -> None:
    told = examined()[1]
    assert told["TMDB"] == told["OMDb"] == [("ok", "no key, so not checked")]


def test_fields_that_changed_are_named_by_door(examined: Any, between: Between) -> None:
    between.changes = {
        GRAPHQL: replaced(('"runtime":', '"runTime":'), ('"slug":', '"path_name":')),
        ITEMS: replaced(('"mainsnak"', '"snak"')),
        ARTICLES: nulled("timestamp"),
        QUERY: replaced(('"item"', '"entity"')),
        TMDB: replaced(('"overview"', '"outline"')),
    }
    code, told = examined(MOVIE_DB_TMDB_KEY="s3cret-1")
    assert code == 1
    gone = ("wrong", "`content.runtime` is gone; `runTime` may be its new name")
    assert gone in told["JustWatch list"]
    assert gone in told["JustWatch titles"]
    assert told["JustWatch packages"][0][1].startswith("`packages[].slug` is gone")
    assert ("wrong", "`claims.*[].mainsnak` is gone; `snak` may be its new name") in told["Wikidata entities"]
    assert told["Wikipedia pages"] == [("warning", "`revisions[].timestamp` is null everywhere")]
    assert ("wrong", "`item` is gone; `entity` may be its new name") in told["Wikidata query service"]
    assert any(text.startswith("`overview` is gone") for _, text in told["TMDB"])


def test_a_field_that_the_schema_has_no_more_is_named(examined: Any, between: Between) -> None:
    errors = [{"message": 'Cannot query field "runtime" on type "MovieContent". Did you mean "runtimeV2"?'}]
    between.changes[GRAPHQL] = answering(422, "application/json", json.dumps({"errors": errors}).encode())
    code, told = examined()
    assert code == 1
    said = ("wrong", "`MovieContent.runtime` is gone; `runtimeV2` may be its new name")
    assert told["JustWatch list"] == told["JustWatch titles"] == [said]


def test_an_answer_in_part_is_told(examined: Any, between: Between) -> None:
    error = {"path": ["n0", "content"], "message": "rpc error", "extensions": {"code": "INTERNAL_ERROR"}}

    def partly(request: bytes, body: bytes) -> tuple[int, str, bytes]:
        told = json.loads(body) | ({"errors": [error]} if b"node(id" in request else {})
        return 200, "application/json", json.dumps(told).encode()

    between.changes[GRAPHQL] = partly
    assert ("warning", "answers in part: 1 parts failed (rpc error)") in examined()[1]["JustWatch titles"]


def test_doors_that_are_shut_are_told_with_why(examined: Any, between: Between) -> None:
    between.changes = {
        GRAPHQL: answering(403),
        PAGES: answering(202, body=b""),
        ITEMS: answering(429),
        ARTICLES: answering(200),
        TMDB: answering(401, "application/json", b'{"success": false, "status_code": 7}'),
        QUERY: answering(503),
    }
    code, told = examined(MOVIE_DB_TMDB_KEY="s3cret-1")
    assert code == 1
    assert told["JustWatch list"] == [("wrong", "refuses access (403)")]
    assert told["JustWatch pages"] == [("wrong", "blocked: an empty page (202)")]
    assert told["TMDB"] == [("wrong", "refuses access (401)")]
    for name, word in (("Wikidata entities", "429"), ("Wikipedia pages", "damaged"), ("Wikidata query service", "503")):
        assert told[name][0][0] == "wrong"
        assert word in told[name][0][1], told[name]


def test_a_web_that_is_down_is_told_and_nothing_breaks_off(examined: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code, told = examined(MOVIE_DB_UPSTREAM=f"http://127.0.0.1:{port}")
    assert code == 1
    assert "can't be reached" in told["JustWatch packages"][0][1]
    assert not [text for founds in told.values() for _, text in founds if "crashed" in text]


@pytest.mark.parametrize(("seconds", "status", "word"), [(40, "ok", "lags by 4"), (5400, "warning", "lags by 90 min")])
def test_the_lag_of_the_query_service_is_told(
    examined: Any, between: Between, seconds: Any, status: Any, word: Any
) -> None:
    def lagging(request: bytes, body: bytes) -> tuple[int, str, bytes]:
        if b"dateModified" in request:
            at = datetime.now(UTC) - timedelta(seconds=seconds)
            row = {"changed": {"type": "literal", "value": f"{at:%Y-%m-%dT%H:%M:%SZ}"}}
            body = json.dumps({"head": {"vars": ["changed"]}, "results": {"bindings": [row]}}).encode()
        return 200, "application/sparql-results+json", body

    between.changes[QUERY] = lagging
    ((found, text),) = examined()[1]["Wikidata query service"]
    assert (found, word in text) == (status, True), text


def test_an_engine_that_knows_no_hints_is_fine(examined: Any, between: Between) -> None:
    def other_engine(request: bytes, body: bytes) -> tuple[int, str, bytes]:
        if b"hint" in request:
            body = b'{"head": {"vars": []}, "results": {"bindings": []}}'
        return 200, "application/sparql-results+json", body

    between.changes[QUERY] = other_engine
    ((status, text),) = examined()[1]["Wikidata query service"]
    assert status == "ok"
    assert text.startswith("fine: finds movies by ids and titles")


def test_a_query_service_that_finds_no_titles_is_told(examined: Any, between: Between) -> None:
    def forgetful(request: bytes, body: bytes) -> tuple[int, str, bytes]:
        if b"altLabel" in request:
            body = b'{"head": {"vars": []}, "results": {"bindings": []}}'
        return 200, "application/sparql-results+json", body

    between.changes[QUERY] = forgetful
    told = examined()[1]["Wikidata query service"]
    assert told == [("wrong", "finds movies by ids, but none by title")]


def test_a_clock_that_differs_from_the_sources_is_told(examined: Any, between: Between) -> None:
    between.date = datetime.now(UTC) - timedelta(hours=2)
    ((status, text),) = examined()[1]["Clock, by the sources"]
    assert status == "wrong"
    assert text.endswith("s ahead of theirs")
