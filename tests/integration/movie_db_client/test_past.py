"""A film as it stood at a past time is what the API told of it then."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from movie_db.contract.messages import Company, Credit, Money, Offer, Rating
from movie_db.movie_db_client.editing.merge_split import merge_movies
from movie_db.movie_db_client.editing.pins import pin_movie
from movie_db.movie_db_client.entity_resolution.decisions import Decider
from movie_db.movie_db_client.exporting.export import MoviesToExport
from movie_db.movie_db_client.reading.movie_document import KEYS, contract_movie
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app, make_service

EVERYTHING = "include=cast,alternative_titles,offers,credit_ids"


@pytest.fixture
def api(engine: Engine) -> Iterator[TestClient]:
    with TestClient(make_app(make_service(engine, lambda: False)), raise_server_exceptions=False) as client:
        yield client


def imdb(number: int) -> dict[str, str]:
    return {"imdb": f"nm{number:07}"}


def first(make: Any, days: int, **facts: Any) -> Any:
    """What a shop says of a film on a day, and others once."""
    result = {
        "title": "Alien",
        "original_title": "Alien: Das Original",
        "alternative_titles": ("Alien 1", "Obcy"),
        "year": 1979,
        "release_date": "1979-05-25",
        "runtime": 116,
        "plot": "A crew meets something.",
        "genres": ("Horror",),
        "languages": ("en",),
        "countries": ("GB",),
        "tagline": "In space.",
        "age_rating": "R",
        "budget": Money(amount=11_000_000, currency="USD"),
        "box_office": Money(amount="188.5"),
        "directors": (Credit(name="Ridley Scott", ids=imdb(1)),),
        "writers": (Credit(name="Known as Dan"), Credit(name="Ron Shusett", ids=imdb(2))),
        "cast": (
            Credit(name="Ann Lee", billing=1),
            Credit(name="Bolaji Badejo", role="Alien", billing=2, ids=imdb(3)),
            Credit(name="Known as Kid", billing=3),
        ),
        "studios": (Company(name="Brandywine", ids={"wikidata": "Q8"}), Company(name="Shot as One")),
        "distributors": (Company(name="Fox"),),
        "ratings": (Rating(source="imdb", score=8.44, votes=900, original="8,4"), Rating(source="tmdb", score=8.0)),
        "poster_url": "https://a.example/1.jpg",
        "trailer_url": "https://a.example/1",
        "homepage": "https://a.example/",
        "offers": (
            Offer(provider="Max", country="US", kind="rent", price="3.99", currency="USD"),
            Offer(provider="Sky", country="GB", kind="flatrate", presentation="hd", available_to="2027-01"),
        ),
    }
    return make.item("justwatch:tm1", make.record("justwatch", "tm1", days=days, **result | facts), title="Alien")


def later(make: Any) -> list[Any]:
    """Further days on which all is told otherwise, some of it as it was at first."""
    ratings = (Rating(source="imdb", score=8.5, votes=1000, original="8,5"), Rating(source="tmdb", score=8.1))
    other: dict[str, Any] = {
        "title": "Alien!",
        "original_title": "Alien: Der Film",
        "alternative_titles": ("Obcy", "Vetrelec"),
        "runtime": 117,
        "plot": "A crew meets something bad.",
        "tagline": "In space?",
        "genres": ("Horror", "Drama"),
        "languages": ("es", "en"),
        "age_rating": "R+",
        "budget": Money(amount=12_000_000, currency="GBP"),
        "box_office": Money(amount=200, currency="USD"),
        "directors": (Credit(name="Ridley Scott", ids=imdb(1)), Credit(name="Somebody Else", ids=imdb(4))),
        "writers": (Credit(name="Ron Shusett", ids=imdb(2)),),
        "cast": (Credit(name="Ann Lee", role="Ripley", billing=1), Credit(name="New", billing=9, ids=imdb(5))),
        "studios": (Company(name="Shot as One"),),
        "distributors": (Company(name="Disney", ids={"wikidata": "Q7"}), Company(name="Fox")),
        "ratings": ratings,
        "poster_url": "https://a.example/2.jpg",
        "trailer_url": "https://a.example/2",
        "homepage": "https://b.example/",
        "offers": (
            Offer(provider="Apple TV", country="US", kind="rent"),
            Offer(provider="Sky", country="GB", kind="flatrate", presentation="hd", url="https://sky.example/"),
        ),
    }
    last = {
        "year": 1980,
        "release_date": "1980-06",
        "directors": (Credit(name="Nobody"),),
        "countries": ("GB", "US"),
        "runtime": 118,
        "ratings": (ratings[0].model_copy(update={"votes": 1001}), ratings[1]),
        "cast": (Credit(name="New", billing=1, ids=imdb(5)), Credit(name="Ann Lee", role="Ripley", billing=2)),
    }
    again = {"offers": (Offer(provider="Max", country="US", kind="rent", price="4.99", currency="USD"),)}
    return [
        first(make, 1, **other),
        first(make, 2, **other | last),
        first(make, 3, **other | last | again),
        first(make, 4),
    ]


def get(api: TestClient, query: str = "", status: int = 200) -> Any:
    answer = api.get(f"/v1/movies/justwatch:tm1?{query}", follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer.json()


def on(make: Any, days: float) -> str:
    return f"as_of={make.AT + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def comparable(document: Any) -> Any:
    """A document without what nobody keeps: numbers of rows that are gone, and when an offer was last seen."""
    result = copy.deepcopy(document)
    for field in KEYS:
        for one in result[field]:
            del one[KEYS[field]]
    for one in result["offers"]:
        del one["last_seen"]
    return result


def test_it_is_all_that_the_api_and_an_export_told_then(
    ingest: Any, api: TestClient, make: Any, engine: Engine
) -> None:
    result, exported = [], []
    for item in (first(make, 0), *later(make)):
        ingest(item)
        result.append(get(api, EVERYTHING))
        exported += list(MoviesToExport(engine))
    fields = {name for name in result[0] if name not in {"movie_id", "ids", "age_rating_system", "offers"}}
    same = {name for name in fields if all(film[name] == result[0][name] for film in result)}
    assert same == set(), "every field changes"
    for day, was in enumerate(result):
        then = get(api, f"{EVERYTHING}&{on(make, day + 0.5)}")
        assert comparable(then) == comparable(was), f"on day {day}"
        line = contract_movie(then | {"provenance": []})
        assert line == exported[day] | {"provenance": {}}, f"on day {day}"


def test_who_still_has_a_row_has_its_number(ingest: Any, api: TestClient, make: Any) -> None:
    ingest(first(make, 0))
    numbers = {one["name"]: one["actor_id"] for one in get(api)["cast"]}
    ingest(later(make)[0])
    assert get(api, on(make, 0))["cast"] == [
        {"actor_id": numbers["Ann Lee"], "name": "Ann Lee", "role": None, "billing": 1},
        {"actor_id": None, "name": "Bolaji Badejo", "role": "Alien", "billing": 2},
        {"actor_id": None, "name": "Known as Kid", "role": None, "billing": 3},
    ]


def test_a_person_whose_name_has_changed_has_the_name_of_then(ingest: Any, api: TestClient, make: Any) -> None:
    ingest(first(make, 0, directors=(Credit(name="R. Scott", ids=imdb(1)),)))
    was = get(api, EVERYTHING)
    scott = Credit(name="Sir Ridley Scott", ids=imdb(1) | {"wikidata": "Q56005"})
    ingest(first(make, 1, directors=(scott,)))
    now = get(api, EVERYTHING)
    assert [one["ids"] for one in now["directors"]] == [{"imdb": "nm0000001", "wikidata": "Q56005"}]
    assert get(api, f"{EVERYTHING}&{on(make, 0)}")["directors"] == was["directors"]


def test_a_name_that_reads_like_a_role_is_pinned_and_still_whole(
    ingest: Any, api: TestClient, make: Any, store: SqlStore
) -> None:
    ingest(first(make, 0))
    was = get(api, EVERYTHING)
    with SqlUnitOfWork(store) as unit:
        pin_movie(unit, "justwatch:tm1", {"cast": "Me", "directors": ""}, make.AT + timedelta(days=2))
    assert comparable(get(api, f"{EVERYTHING}&{on(make, 1)}")) == comparable(was)


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
        pin_movie(unit, "justwatch:tm1", pins, make.AT + timedelta(days=2))
    assert get(api)["runtime"] == 99
    assert get(api, on(make, 1)) == was
    assert get(api, on(make, 3)) == get(api)


def test_before_it_was_known_there_is_none(ingest: Any, api: TestClient, make: Any) -> None:
    ingest(first(make, 0))
    result = get(api, on(make, -1), 404)["detail"]
    assert result == "Movie 1 did not exist at 2026-10-31T00:00:00Z: first seen at 2026-11-01T00:00:00Z."
    get(api, "as_of=2026-02-30T00:00:00Z", 400)
    get(api, "as_of=yesterday", 400)


def test_a_film_that_was_merged_leads_on_at_any_time(ingest: Any, api: TestClient, make: Any, store: SqlStore) -> None:
    other = make.record("justwatch", "tm2", {"justwatch": "tm2"}, title="Another", year=1950)
    ingest(first(make, 0), make.item("justwatch:tm2", other, title="Another"))
    with SqlUnitOfWork(store) as unit:
        merge_movies(unit, "1", "2", Decider("me", make.AT))
    moved = api.get(f"/v1/movies/2?{on(make, 1)}", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, f"/v1/movies/1?{on(make, 1)}")
