"""A film as it stood at a past time is what the API told of it then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from movie_db.contract.messages import Credit, Money, Offer, Rating
from movie_db.movie_db_client.correcting import merge
from movie_db.movie_db_client.decisions import By
from movie_db.movie_db_client.pinning import pin
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app
from movie_db.movie_db_client.service import Service

EVERYTHING = "include=cast,alternative_titles,offers"


@pytest.fixture
def api(engine: Engine) -> Iterator[TestClient]:
    with TestClient(make_app(Service(engine, lambda: False)), raise_server_exceptions=False) as client:
        yield client


def first(make: Any, days: int, **facts: Any) -> Any:
    """What a shop says of a film on a day, and others once."""
    told = {
        "title": "Alien",
        "release_date": "1979-05-25",
        "runtime": 116,
        "genres": ("Horror",),
        "countries": ("GB",),
        "tagline": "In space.",
        "budget": Money(amount=11_000_000, currency="USD"),
        "directors": (Credit(name="Ridley Scott"),),
        "cast": (Credit(name="Ann Lee", billing=1), Credit(name="Bolaji Badejo", role="Alien", billing=2)),
        "ratings": (Rating(source="imdb", score=8.4, votes=900, original="8,4"), Rating(source="tmdb", score=8.0)),
        "offers": (Offer(provider="Max", country="US", kind="rent", price="3.99", currency="USD"),),
    }
    return make.item("justwatch:tm1", make.record("justwatch", "tm1", days=days, **told | facts), title="Alien")


def later(make: Any) -> list[Any]:
    """Two further days on which nearly all is told otherwise."""
    ratings = (Rating(source="imdb", score=8.5, votes=1000, original="8,5"), Rating(source="tmdb", score=8.1))
    other: dict[str, Any] = {
        "title": "Alien!",
        "runtime": 117,
        "genres": ("Horror", "Drama"),
        "budget": Money(amount=12_000_000, currency="GBP"),
        "directors": (Credit(name="Ridley Scott"), Credit(name="Somebody Else")),
        "cast": (Credit(name="Ann Lee", role="Ripley", billing=1),),
        "ratings": ratings,
        "offers": (Offer(provider="Apple TV", country="US", kind="rent"),),
    }
    last = {"release_date": "1979-06", "directors": (Credit(name="Nobody"),), "countries": ("GB", "US"), "runtime": 118}
    return [first(make, 1, **other), first(make, 2, **other | last)]


def get(api: TestClient, query: str = "", status: int = 200) -> Any:
    answer = api.get(f"/v1/movies/justwatch:tm1?{query}", follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer.json()


def on(make: Any, days: float) -> str:
    return f"as_of={make.AT + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def test_it_is_what_the_api_told_then(ingest: Any, api: TestClient, make: Any) -> None:
    told = []
    for item in (first(make, 0), *later(make)):
        ingest(item)
        told.append(get(api, EVERYTHING))
    assert told[0] != told[1] != told[2]
    for day, was in enumerate(told):
        then = get(api, f"{EVERYTHING}&{on(make, day + 0.5)}")
        for film in (was, then):  # what nobody keeps
            film["rating_count"] = None
            for one in film["ratings"]:
                one["votes"] = one["original"] = None
            for one in film["directors"] + film["cast"]:
                one.pop("director_id", one.pop("actor_id", None))
                one.pop("billing", None)
            for one in film["offers"]:
                del one["last_seen"], one["left_at"]
        assert then == was, f"on day {day}"


def test_who_is_of_the_film_still_has_a_number(ingest: Any, api: TestClient, make: Any) -> None:
    ingest(first(make, 0))
    numbers = {one["name"]: one["actor_id"] for one in get(api)["cast"]}
    for item in later(make):
        ingest(item)
    assert get(api, on(make, 0))["cast"] == [
        {"actor_id": numbers["Ann Lee"], "name": "Ann Lee", "role": None, "billing": None},
        {"actor_id": None, "name": "Bolaji Badejo", "role": "Alien", "billing": None},
    ]


def test_now_it_is_what_it_is(ingest: Any, api: TestClient, make: Any) -> None:
    for item in (first(make, 0), *later(make)):
        ingest(item)
    now = f"as_of={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert get(api, f"{EVERYTHING},provenance&{now}") == get(api, f"{EVERYTHING},provenance")
    assert get(api, f"fields=title&{now}") == get(api, "fields=title")


def test_what_is_put_back_has_no_provenance(ingest: Any, api: TestClient, make: Any) -> None:
    ingest(first(make, 0))
    ingest(first(make, 1, runtime=120))
    then = {one["field"] for one in get(api, f"fields=provenance&{on(make, 0)}")["provenance"]}
    now = {one["field"] for one in get(api, "fields=provenance")["provenance"]}
    assert now - then == {"runtime"}


def test_what_was_pinned_since_is_as_the_sources_tell_it(
    ingest: Any, api: TestClient, make: Any, store: SqlStore
) -> None:
    ingest(first(make, 0))
    was = get(api)
    pins = {"runtime": "99", "tagline": "", "homepage": "https://a.example/", "budget": "1 EUR", "genres": "Comedy"}
    with SqlUnitOfWork(store) as unit:
        pin(unit.repository, "justwatch:tm1", pins, make.AT + timedelta(days=2))
        unit.commit()
    assert get(api)["runtime"] == 99
    assert get(api, on(make, 1)) == was
    assert get(api, on(make, 3)) == get(api)


def test_before_it_was_known_there_is_none(ingest: Any, api: TestClient, make: Any) -> None:
    ingest(first(make, 0))
    told = get(api, on(make, -1), 404)["detail"]
    assert told == "Film 1 was not there at 2026-10-31T00:00:00Z: it is known since 2026-11-01T00:00:00Z."
    get(api, "as_of=2026-02-30T00:00:00Z", 400)
    get(api, "as_of=yesterday", 400)


def test_a_film_that_was_merged_leads_on_at_any_time(ingest: Any, api: TestClient, make: Any, store: SqlStore) -> None:
    other = make.record("justwatch", "tm2", {"justwatch": "tm2"}, title="Another", year=1950)
    ingest(first(make, 0), make.item("justwatch:tm2", other, title="Another"))
    with SqlUnitOfWork(store) as unit:
        merge(unit.repository, "1", "2", By("me", make.AT))
        unit.commit()
    moved = api.get(f"/v1/movies/2?{on(make, 1)}", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, f"/v1/movies/1?{on(make, 1)}")
