"""JustWatch's titles: all that one tells, and one bad title among good ones."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from movie_db.crawling_module.sources import justwatch
from movie_db.crawling_module.sources.base import SourceAnswer
from presence import present

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def node(key: str, **content: Any) -> Any:
    reply = {
        "title": "Heat", "originalTitle": "Heat", "fullPath": "/us/movie/heat", "originalReleaseYear": 1995,
        "originalReleaseDate": "1995-12-15", "runtime": 170, "shortDescription": "A heist. ", "ageCertification": "R",
        "productionCountries": ["US"], "posterUrl": "/poster/1/s718/heat.jpg", "genres": [{"translation": "Crime"}],
        "externalIds": {"imdbId": "tt0113277", "tmdbId": "949", "wikidataId": None},
        "scoring": {"imdbScore": 8.3, "imdbVotes": 700000.0, "tmdbScore": 7.92, "tomatoMeter": 84, "jwRating": 0.91},
        "clips": [{"externalId": "abc"}],
        "credits": [
            {"role": "DIRECTOR", "name": "Michael Mann", "characterName": "", "personId": 1},
            {"role": "SCREENPLAY", "name": "Michael Mann", "characterName": None, "personId": 1},
            {"role": "ACTOR", "name": "Al Pacino", "characterName": "Vincent Hanna", "personId": 2},
            {"role": "ACTOR", "name": "Robert De Niro", "characterName": None, "personId": None},
            {"role": "PRODUCER", "name": "Art Linson", "characterName": None, "personId": 4},
        ],
    }  # fmt: skip
    offer = {
        "monetizationType": "RENT", "presentationType": "_4K", "retailPriceValue": 3.99, "currency": "USD",
        "standardWebURL": "https://play.example/heat", "availableTo": "2026-12-31T00:00:00Z",
        "package": {"clearName": "Apple TV"},
    }  # fmt: skip
    return {"id": key, "objectType": "MOVIE", "offers": [offer], "content": {**reply, **content}}


def parse(*nodes: Any, ids: Any = ("tm1", "tm2"), errors: Any = ()) -> Any:
    (ask,) = justwatch.plan(ids, "US")
    data = {f"n{i}": n for i, n in enumerate(nodes)}
    body = json.dumps({"data": data, **({"errors": list(errors)} if errors else {})}).encode()
    return justwatch.parse(SourceAnswer(ask, ask.url, NOW, body))


def test_a_title_tells_all_it_has() -> None:
    record = parse(node("tm1"), ids=["tm1"])["tm1"]
    facts = record.facts
    assert record.ids == {"justwatch": "tm1", "imdb": "tt0113277", "tmdb": "949"}
    assert record.url == "https://www.justwatch.com/us/movie/heat"
    assert (facts.title, facts.year, facts.release_date, facts.runtime, facts.plot) == (
        "Heat", 1995, "1995-12-15", 170, "A heist.",
    )  # fmt: skip
    assert (facts.genres, facts.countries, facts.age_rating) == (("Crime",), ("US",), "R")
    assert [(r.source, r.score, r.votes, r.original) for r in facts.ratings] == [
        ("imdb", 8.3, 700000, "8.3/10"),
        ("tmdb", 7.9, None, "7.92/10"),
        ("rotten tomatoes", 8.4, None, "84 %"),
        ("justwatch", 9.1, None, "0.91"),
    ]
    assert [c.name for c in facts.directors] == [c.name for c in facts.writers] == ["Michael Mann"]
    assert [(c.name, c.role, c.billing, c.ids) for c in facts.cast] == [
        ("Al Pacino", "Vincent Hanna", 1, {"justwatch": "2"}),
        ("Robert De Niro", "", 2, {}),
    ]
    assert facts.poster_url == "https://images.justwatch.com/poster/1/s718/heat.jpg"
    assert facts.trailer_url == "https://www.youtube.com/watch?v=abc"
    (offer,) = facts.offers
    assert (offer.provider, offer.country, offer.kind, offer.presentation) == ("Apple TV", "US", "rent", "4k")
    assert (offer.price, offer.currency, offer.available_to) == (Decimal("3.99"), "USD", "2026-12-31")


def test_what_a_title_does_not_tell_is_absent() -> None:
    empty = dict.fromkeys(node("tm1")["content"])
    record = parse(node("tm1", **{**empty, "title": "Heat", "fullPath": "/us/movie/heat"}), ids=["tm1"])["tm1"]
    assert record.facts.model_dump(exclude_defaults=True).keys() == {"title", "offers"}
    assert record.ids == {"justwatch": "tm1"}


def test_one_title_that_is_gone_does_not_take_the_others_along() -> None:
    errors = [{"message": "node tm2 not found", "path": ["n1"], "extensions": {"code": "NOT_FOUND"}}]
    found = parse(node("tm1"), None, errors=errors)
    assert list(found) == ["tm1"]
    assert found["tm1"].facts.title == "Heat"


def test_one_title_in_trouble_could_not_be_read() -> None:
    errors = [{"message": "oops", "path": ["n1", "content"], "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]
    found = parse(node("tm1"), None, errors=errors)
    assert found["tm1"]
    assert found["tm2"] is None


@pytest.mark.parametrize("content", [{"credits": [{}]}, {"runtime": "long"}, {"genres": ["x"]}, {"title": "x" * 256}])
def test_a_part_of_another_shape_is_left_out_and_counted_and_its_title_is_kept(content: Any) -> None:
    found = parse(node("tm1"), node("tm2", **content))
    assert found["tm1"]
    assert not found["tm1"].left_out
    assert found["tm2"]
    assert len(found["tm2"].left_out) == 1


def test_titles_are_asked_for_fifty_at_a_time_sorted_and_once() -> None:
    ids = [f"tm{n}" for n in range(120)]
    asks = justwatch.plan([*reversed(ids), "tm1"], "GB")
    assert asks == justwatch.plan(ids, "GB")
    assert [present(ask.body).count(b": node(") for ask in asks] == [50, 50, 20]
    assert json.loads(present(asks[0].body))["variables"]["country"] == "GB"
