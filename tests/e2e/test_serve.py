"""One command serves the database and does the builds that its API is asked for; stopped and killed on the way, too."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import psutil
import pytest

GALLERY = "https://www.justwatch.com/us/provider/max/movies"


class Served:
    """A running `movie-db serve`, and what its API says."""

    def __init__(self, place: Any, upstream: Any, key: str) -> None:
        self.process = place.start("serve", "--port", "0", MOVIE_DB_UPSTREAM=upstream, MOVIE_DB_PACE="unlimited")
        ready = self.process.stdout.readline()
        assert ready.startswith("READY "), self.process.communicate()
        address = ready.split()[1]
        self.api = httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=30)

    def start(self, gallery: Any = GALLERY, **options: Any) -> Any:
        answer = self.api.post("/v1/builds", json={"gallery": gallery, **options})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def read(self, build: Any) -> Any:
        return self.api.get(f"/v1/builds/{build['build_id']}").json()

    def watch(self, build: Any) -> Iterator[Any]:
        """The states of a build, as events tell them."""
        with self.api.stream("GET", f"/v1/builds/{build['build_id']}/events", timeout=120) as answer:
            for event in httpx2.EventSource(answer):
                if event.data:
                    yield json.loads(event.data)

    def follow(self, build: Any, until: Any = lambda _: False) -> Any:
        """The states of a build until its end, or until one is as wanted."""
        seen = []
        for told in self.watch(build):
            seen.append(told)
            if until(told):
                break
        return seen

    def films(self) -> Any:
        answer = self.api.get("/v1/movies", params={"limit": 500, "fields": "title,ids"})
        return answer.json()["movies"]


@pytest.fixture
def serve(workplace: Any) -> Any:
    """`serve(upstream)` starts it on the test's database, as often as a test likes."""
    assert workplace.run("db", "upgrade").code == 0
    key = workplace.run("key", "create", "mine").out.strip()
    return lambda upstream: Served(workplace, upstream, key)


def crawlers(served: Any) -> Any:
    """What does the build: the service's children."""
    return psutil.Process(served.process.pid).children()


@contextmanager
def held(web: Any, host: Any) -> Iterator[Any]:
    """What is asked of a host is answered only after this."""
    free = threading.Event()

    def late(_asked: Any, answer: Any) -> Any:
        free.wait(60)
        return 200, {"Content-Type": "application/json"}, answer

    web.faults[host] = late
    try:
        yield
    finally:
        free.set()
        web.faults.clear()


def test_a_build_that_is_asked_for_is_done_as_the_command_does_it(
    serve: Any, web: Any, workplace: Any, whole: Any, snapshot: Any
) -> None:
    served = serve(web.url)
    build = served.start()
    seen = served.follow(build)
    assert [told["status"] for told in (seen[0], seen[-1])] == ["queued", "finished"]
    assert any(told["status"] == "running" for told in seen)
    assert seen[-1]["progress"] == {"listed": 120, "complete": True, "films": 120}
    films = [told["progress"]["films"] for told in seen if told["progress"]]
    assert films == sorted(films)
    assert len(served.films()) == 120
    ours, theirs = snapshot(workplace.database), snapshot(whole[0].database)
    for of_its_own in ("builds", "api_keys", "runs"):  # a run that a report was made of has its coverage, too
        ours[of_its_own] = theirs[of_its_own]
    assert ours == theirs
    assert crawlers(served) == []
    served.process.send_signal(signal.SIGINT)
    assert workplace.end(served.process).code == 0


def test_a_build_under_way_is_cancelled_and_the_next_one_done(serve: Any, web: Any) -> None:
    served = serve(web.url)
    with held(web, "query.wikidata.org"):
        build = served.start()
        served.follow(build, lambda told: told["progress"] and told["progress"]["complete"])
        queued = served.start("https://www.justwatch.com/us/provider/max/movies?genres=hrr", limit=2)
        assert served.api.post(f"/v1/builds/{build['build_id']}/cancel").json()["status"] == "cancelled"
        family = crawlers(served)
        assert served.follow(build)[-1]["status"] == "cancelled"
        gone, alive = psutil.wait_procs(family, timeout=15)
        assert gone
        assert alive == []
    assert served.follow(queued)[-1]["progress"]["films"] == 2
    assert served.read(build)["status"] == "cancelled"


def test_a_service_that_is_killed_goes_on_with_its_build_when_it_comes_back(
    serve: Any, web: Any, workplace: Any
) -> None:
    served = serve(web.url)
    with held(web, "query.wikidata.org"):
        build = served.start()
        served.follow(build, lambda told: told["progress"] and told["progress"]["complete"])
        family = crawlers(served)
        served.process.kill()
        workplace.end(served.process)
        assert psutil.wait_procs(family, timeout=15)[1] == []
    listed = web.asked["apis.justwatch.com"]
    served = serve(web.url)
    last = served.follow(build)[-1]
    assert (last["status"], last["run"], last["progress"]["films"]) == ("finished", build["run"], 120)
    assert len(served.films()) == 120
    assert web.asked["apis.justwatch.com"] <= listed + 1, "the list was asked for again"
    assert len(list((workplace.folder / "movie_data" / "movie_list").iterdir())) == 1


def test_a_build_that_can_not_be_done_says_why_and_stops_no_other(serve: Any, web: Any) -> None:
    served = serve(web.url)
    bad = served.start("https://www.justwatch.com/us/provider/netflicks/movies")
    last = served.follow(bad)[-1]
    assert last["status"] == "failed"
    assert "no provider 'netflicks' in this country; the most similar are" in last["reason"]
    refused = served.api.post("/v1/builds", json={"gallery": "http://127.0.0.1:8200/v1/movies"})
    assert refused.status_code == 422
    assert served.follow(served.start(limit=3))[-1]["progress"] == {"listed": 3, "complete": True, "films": 3}


def test_of_two_services_on_one_data_folder_one_does_the_builds(serve: Any, web: Any) -> None:
    first, second = serve(web.url), serve(web.url)
    build = second.start(limit=2)
    assert second.follow(build)[-1]["status"] == "finished"
    assert first.read(build)["status"] == "finished"
    started = time.monotonic()
    for served in (second, first):
        served.process.send_signal(signal.SIGTERM)
    assert [served.process.wait(20) for served in (first, second)] == [0, 0]
    assert time.monotonic() - started < 10


@pytest.mark.world
def test_the_sample_of_the_stand_in_web_is_built(serve: Any, stand_in: Any) -> None:
    served = serve(stand_in("sample"))
    last = served.follow(served.start())[-1]
    assert (last["status"], last["progress"]) == ("finished", {"listed": 120, "complete": True, "films": 120})
    assert len(served.films()) == 120
