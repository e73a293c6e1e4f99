"""Builds are asked for, watched and cancelled by the API of a running service, on both databases.

What a crawler would write to the log is handed in by the API.
"""

import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import anyio
import httpx2
import pytest
from sqlalchemy import text

from movie_db.contract.messages import GalleryListed, MovieListEntry, RunFailed, RunFinished, RunStarted, dump, now
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import downgrade, upgrade
from movie_db.movie_db_client.server import make_app, make_service

MAX = "https://www.justwatch.com/us/provider/max/movies"
Api = httpx2.Client
Served = tuple[subprocess.Popen[str], str]


@pytest.fixture
def api(served: Served, key: str) -> Iterator[Api]:
    with httpx2.Client(base_url=served[1], headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
        yield client


def told(answer: httpx2.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def start(api: Api, gallery: str = MAX, **options: Any) -> Any:
    return told(api.post("/v1/builds", json={"gallery": gallery, **options}), 201)


def ingest(api: Api, *messages: Any) -> None:
    body = b"".join(map(dump, messages))
    counts = told(api.post("/v1/ingest", content=body, headers={"Content-Type": "application/x-ndjson"}))
    assert counts["rejected"] == 0


def listed(build: Any, count: int) -> list[Any]:
    """What a crawler writes that has listed so many films."""
    run, gallery = build["run"], build["gallery"]
    keys = [f"justwatch:tm{number}" for number in range(1, count + 1)]
    entries = [
        MovieListEntry(run=run, gallery=gallery, key=key, position=n, title=f"Film {n}")
        for n, key in enumerate(keys, 1)
    ]
    return [RunStarted(run=run, gallery=gallery, started_at=now()), *entries]


def gathered(make: Any, build: Any, numbers: range) -> list[Any]:
    """What it writes then of films."""
    return [
        make.item(
            f"justwatch:tm{n}",
            make.record("wikidata", f"Q{n}", title=f"Film {n}"),
            run=build["run"],
            gallery=build["gallery"],
            title=f"Film {n}",
            outcomes={"wikidata": "found"},
        )
        for n in numbers
    ]


class Watching:
    """A stream of events, read as it comes."""

    def __init__(self, api: Api, path: str, last: str | None = None) -> None:
        self._stream = api.stream("GET", path, headers={"Last-Event-ID": last} if last else {})

    def __enter__(self) -> Iterator[httpx2.ServerSentEvent]:
        self.answer = self._stream.__enter__()
        assert self.answer.headers["content-type"].startswith("text/event-stream")
        assert self.answer.headers["access-control-allow-origin"] == "*"
        return (event for event in httpx2.EventSource(self.answer) if event.data)

    def __exit__(self, *error: Any) -> None:
        self._stream.__exit__(*error)


def progress(event: httpx2.ServerSentEvent) -> Any:
    return httpx2.Response(200, content=event.data).json()["progress"]


def test_a_build_is_watched_to_its_end(api: Api, make: Any) -> None:
    build = start(api, limit=5, languages=["it"])
    assert (build["status"], build["gallery"], build["limit"]) == ("queued", MAX, 5)
    assert (build["languages"], build["started_at"], build["progress"]) == (["it", "en"], None, None)
    path = f"/v1/builds/{build['build_id']}"
    assert told(api.get(path)) == build
    with Watching(api, f"{path}/events") as heard:
        first = next(heard)
        assert (first.event, httpx2.Response(200, content=first.data).json()) == ("progress", build)
        ingest(api, *listed(build, 3))
        assert progress(next(heard)) == {"listed": 3, "complete": False, "films": 0}
        end = GalleryListed(run=build["run"], gallery=MAX, found=3, door="GraphQL")
        ingest(api, end, *gathered(make, build, range(1, 3)))
        assert progress(next(heard)) == {"listed": 3, "complete": True, "films": 2}
        finished = RunFinished(run=build["run"], finished_at=now(), movies=3)
        ingest(api, *gathered(make, build, range(3, 4)), finished)
        last = next(heard)
        assert last.event == "end"
        assert progress(last) == {"listed": 3, "complete": True, "films": 3}
        assert next(heard, None) is None
    over = told(api.get(path))
    assert httpx2.Response(200, content=last.data).json() == over
    assert (over["status"], over["ended_at"], over["reason"]) == (
        "finished",
        f"{finished.finished_at:%Y-%m-%dT%H:%M:%SZ}",
        None,
    )
    assert "has finished" in told(api.post(f"{path}/cancel"), 409)["detail"]
    with Watching(api, f"{path}/events", first.id) as heard:
        assert next(heard) == last
    assert api.get(f"{path}/events", headers={"Last-Event-ID": last.id}).status_code == 204


def test_a_stream_is_gone_on_with_by_what_was_heard_last(api: Api) -> None:
    build = start(api)
    path = f"/v1/builds/{build['build_id']}/events"
    with Watching(api, path) as heard:
        first = next(heard)
    with Watching(api, path, first.id) as heard:
        ingest(api, *listed(build, 1))
        second = next(heard)
        assert progress(second)["listed"] == 1
    with Watching(api, path, first.id) as heard:
        assert next(heard) == second


def test_a_build_that_is_cancelled_ends_at_once_and_for_good(api: Api, make: Any) -> None:
    build = start(api)
    path = f"/v1/builds/{build['build_id']}"
    with Watching(api, "/v1/builds/events") as all_of_them, Watching(api, f"{path}/events") as heard:
        assert f'"build_id":{build["build_id"]}' in next(all_of_them).data
        assert progress(next(heard)) is None
        ingest(api, *listed(build, 3))
        assert progress(next(heard))["listed"] == 3
        cancelled = told(api.post(f"{path}/cancel"))
        assert cancelled["status"] == "cancelled"
        assert next(heard).event == "end"
        assert any(event.data == '{"builds":[]}' for event in all_of_them)
    assert told(api.post(f"{path}/cancel")) == cancelled
    ingest(api, RunFailed(run=build["run"], failed_at=now(), reason="The crawler was stopped."))
    ingest(api, RunFinished(run=build["run"], finished_at=now(), movies=3))
    assert told(api.get(path))["status"] == "cancelled"
    assert start(api)["build_id"] != build["build_id"]


def test_a_build_that_failed_says_why(api: Api) -> None:
    build = start(api)
    why = "JustWatch knows no provider 'mux' in this country; the closest are max."
    ingest(api, RunFailed(run=build["run"], failed_at=now(), reason=why))
    path = f"/v1/builds/{build['build_id']}"
    over = told(api.get(path))
    assert (over["status"], over["reason"], over["started_at"]) == ("failed", why, None)
    assert over["ended_at"]
    assert "has failed" in told(api.post(f"{path}/cancel"), 409)["detail"]


def test_a_failure_of_a_run_that_nobody_asked_for_is_no_trouble(api: Api) -> None:
    ingest(api, RunFailed(run="other", failed_at=now(), reason="It was stopped."))
    assert told(api.get("/v1/builds"))["builds"] == []


def test_a_gallery_is_built_once_at_a_time(api: Api) -> None:
    build = start(api)
    again = api.post("/v1/builds", json={"gallery": "http://justwatch.com/us/provider/max?utm_source=x"})
    assert f"Build {build['build_id']} of this gallery is under way" in told(again, 409)["detail"]
    assert again.headers["location"] == f"/v1/builds/{build['build_id']}"
    other = start(api, "https://www.justwatch.com/de/provider/max/movies")
    assert [b["build_id"] for b in told(api.get("/v1/builds"))["builds"]] == [other["build_id"], build["build_id"]]


def test_builds_are_listed_page_by_page_the_newest_first(api: Api) -> None:
    made = [start(api, f"https://www.justwatch.com/{country}/movies") for country in ("us", "de", "it")]
    first = told(api.get("/v1/builds?limit=2"))
    start(api, "https://www.justwatch.com/fr/movies")
    second = told(api.get("/v1/builds", params={"limit": 2, "cursor": first["next"]}))
    assert [*first["builds"], *second["builds"]] == made[::-1]
    assert second["next"] is None


def test_a_later_run_takes_nothing_from_what_a_finished_build_tells(api: Api, make: Any) -> None:
    build = start(api)
    finished = RunFinished(run=build["run"], finished_at=now(), movies=2)
    end = GalleryListed(run=build["run"], gallery=MAX, found=2, door="GraphQL")
    ingest(api, *listed(build, 2), end, *gathered(make, build, range(1, 3)), finished)
    before = told(api.get(f"/v1/builds/{build['build_id']}"))["progress"]
    again = {"run": "later", "gallery": MAX}
    later = now() + timedelta(hours=1)
    (_, *entries) = listed(again, 4)
    ingest(api, RunStarted(run="later", gallery=MAX, started_at=later), *entries, *gathered(make, again, range(1, 5)))
    assert before == {"listed": 2, "complete": True, "films": 2}
    assert told(api.get(f"/v1/builds/{build['build_id']}"))["progress"] == before


def test_an_address_in_a_countrys_own_words_is_taken(api: Api) -> None:
    raw = "https://www.justwatch.com/kr/동영상서비스/netflix/영화"
    assert (
        start(api, "www.justwatch.com/kr/%EB%8F%99%EC%98%81%EC%83%81%EC%84%9C%EB%B9%84%EC%8A%A4/netflix/영화?page=2")[
            "gallery"
        ]
        == raw
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"gallery": "http://169.254.169.254/latest/meta-data"}, "is not the address of a supported gallery"),
        ({"gallery": "file:///etc/passwd"}, "is not the address of a supported gallery"),
        ({"gallery": "https://me:secret@www.justwatch.com/us/movies"}, "no user, password or port"),
        ({"gallery": "https://www.justwatch.com/us/provider/max/tv-shows"}, "gallery of series"),
        ({"gallery": MAX, "languages": ["it", "zz"]}, "not 'zz'"),
        ({"gallery": f"{MAX}\n"}, ""),
        ({"gallery": MAX, "limit": 0}, ""),
        ({"gallery": MAX, "data": "elsewhere"}, ""),
        ({}, ""),
    ],
)
def test_what_is_no_gallery_is_refused_in_one_sentence(body: Any, says: str, api: Api) -> None:
    problem = told(api.post("/v1/builds", json=body), 422)
    assert says in problem["detail"]
    assert told(api.get("/v1/builds"))["builds"] == []


def test_who_bears_no_key_starts_and_cancels_nothing_and_may_watch(api: Api) -> None:
    build = start(api)
    path, nobody = f"/v1/builds/{build['build_id']}", {"Authorization": ""}
    assert api.post("/v1/builds", json={"gallery": MAX}, headers=nobody).status_code == 401
    assert api.post(f"{path}/cancel", headers=nobody).status_code == 401
    assert told(api.get(path, headers=nobody)) == build
    for missing in ("/v1/builds/99", "/v1/builds/99/events"):
        assert "There is no build 99." in told(api.get(missing), 404)["detail"]
    assert api.head(f"{path}/events").headers["content-type"].startswith("text/event-stream")


def test_a_service_that_is_stopped_keeps_nobody_who_listens_waiting(api: Api, served: Served) -> None:
    build = start(api)
    with Watching(api, f"/v1/builds/{build['build_id']}/events") as heard:
        assert next(heard).event == "progress"
        served[0].send_signal(signal.SIGTERM)
        stopped = time.monotonic()
        assert list(heard) == []
    assert served[0].wait(10) == 0
    assert time.monotonic() - stopped < 2.5, "the stream was cut, not ended"


def test_a_stream_in_which_nothing_happens_says_that_it_is_there(database_url: str) -> None:
    service = make_service(make_engine(database_url), lambda: False, heartbeat=1.0)
    sent: list[bytes] = []

    async def receive() -> Any:
        await anyio.sleep_forever()

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))
        if sent[-1].startswith(b":"):
            service.closing.set()

    scope = {"type": "http", "method": "GET", "path": "/v1/builds/events", "query_string": b"", "headers": []}
    anyio.run(make_app(service), scope, receive, send)
    heard = b"".join(sent)
    assert heard.startswith(b"retry: 2000\n\n")
    assert b'event: builds\ndata: {"builds":[]}\n\n' in heard
    assert heard.endswith(b": no change\n\n")
    service.engine.dispose()


def test_builds_do_not_outlive_their_table(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO movies (title) VALUES ('Metropolis')"))
        connection.execute(
            text("INSERT INTO builds (run, gallery, asked_at) VALUES ('r', :gallery, '2026-11-01')"), {"gallery": MAX}
        )
    downgrade(database_url, "0013")
    upgrade(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM builds")).scalar() == 0
        assert connection.execute(text("SELECT title FROM movies")).scalar() == "Metropolis"
    engine.dispose()
