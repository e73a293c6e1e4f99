"""Answers of sources with one part damaged: the film stays, and so do the others."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_db.contract.errors import NotFoundError, SourceError
from movie_db.crawling_module.saved_answers import SavedAnswer, read
from movie_db.crawling_module.sources import omdb

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAGES = Path(__file__).parents[2] / "pages"
TMDB, OMDB, WIKIDATA = (
    json.loads(next((PAGES / source).rglob("*.json")).read_text("utf-8")) for source in ("tmdb", "omdb", "wikidata")
)
BAD = st.sampled_from(
    [None, "", "x" * 300, -1, 51420, 10**30, float("nan"), [], {}, ["x"], {"x": 1}, "50/0", "a\0b\ud800"]
)


def places(value: Any, at: Any = ()) -> Any:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, item in inner for path in ((*at, key), *places(item, (*at, key)))]


def mutated(value: Any, path: tuple[Any, ...], bad: Any) -> Any:
    copy = json.loads(json.dumps(value))
    parent = copy
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = bad
    return copy


def records(source: Any, reply: Any) -> Any:
    return read(source, SavedAnswer("answer.json", json.dumps(reply).encode(), AT))


def lists(facts: Any) -> Any:
    return {name: value for name, value in facts if isinstance(value, tuple)}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([p for p in places(TMDB) if p[0] != "id"]), BAD)
def test_a_bad_part_of_tmdb_costs_that_part(path: tuple[Any, ...], bad: Any) -> None:
    (complete,), (reply,) = records("tmdb", TMDB), records("tmdb", mutated(TMDB, path, bad))
    assert reply.source_id == complete.source_id
    if path[0] == "credits" and len(path) > 2:
        assert len(reply.facts.cast) >= len(complete.facts.cast) - 1
        assert reply.facts.genres == complete.facts.genres
    if path[0] != "title":
        assert reply.facts.title == complete.facts.title


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([p for p in places(OMDB) if p[0] not in {"imdbID", "Response"}]), BAD)
def test_a_bad_part_of_omdb_costs_that_part(path: tuple[Any, ...], bad: Any) -> None:
    (complete,), (reply,) = records("omdb", OMDB), records("omdb", mutated(OMDB, path, bad))
    assert reply.source_id == complete.source_id
    if path[0] != "Title":
        assert reply.facts.title == complete.facts.title
    if path[0] != "Actors":
        assert reply.facts.cast == complete.facts.cast


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(places(WIKIDATA)), BAD)
def test_a_bad_part_of_wikidata_raises_nothing_but_our_own_errors(path: tuple[Any, ...], bad: Any) -> None:
    try:
        records("wikidata", mutated(WIKIDATA, path, bad))
    except SourceError:
        assert len(path) < 4, path


NODE = {
    "id": "tm10",
    "objectType": "MOVIE",
    "offers": [
        {"monetizationType": "FLATRATE", "package": {"clearName": "Max"}},
        {"monetizationType": "RENT", "retailPriceValue": 3.99, "currency": "USD", "package": {"clearName": "Apple TV"}},
    ],
    "content": {
        "title": "The Matrix",
        "fullPath": "/us/movie/the-matrix",
        "originalReleaseYear": 1999,
        "originalReleaseDate": "1999-03-30",
        "runtime": 136,
        "productionCountries": ["US"],
        "genres": [{"translation": "Action"}, {"translation": "Drama"}],
        "externalIds": {"imdbId": "tt0133093", "tmdbId": "603"},
        "scoring": {"imdbScore": 8.7, "imdbVotes": 1000.0, "tomatoMeter": 90, "jwRating": 0.9},
        "clips": [{"externalId": "abc"}],
        "credits": [
            {"role": "ACTOR", "name": "Keanu Reeves", "characterName": "Neo", "personId": 1},
            {"role": "ACTOR", "name": "Carrie-Anne Moss", "characterName": "Trinity", "personId": 2},
        ],
    },
}
ANSWER = {"data": {"n0": NODE, "n1": {**NODE, "id": "tm11"}}}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([p for p in places(NODE) if p not in {("id",), ("content",)}]), BAD)
def test_a_bad_part_of_a_title_costs_that_part_and_no_other_title(path: tuple[Any, ...], bad: Any) -> None:
    complete, other = records("justwatch", ANSWER)
    reply, beside = records("justwatch", mutated(ANSWER, ("data", "n0", *path), bad))
    assert (beside, reply.source_id) == (other, "tm10")
    assert len(reply.facts.cast) >= (1 if path[:2] == ("content", "credits") and len(path) > 2 else 0)
    if path[1:2] != ("credits",):
        assert reply.facts.cast == complete.facts.cast
    if path[0] != "offers" and path[-1] != "fullPath":  # a saved answer tells its country there, and nowhere else
        assert reply.facts.offers == complete.facts.offers


def test_a_number_of_another_cast_member_stays_when_one_goes() -> None:
    (reply, _) = records("justwatch", mutated(ANSWER, ("data", "n0", "content", "credits", 0, "name"), None))
    assert [(c.name, c.billing) for c in reply.facts.cast] == [("Carrie-Anne Moss", 2)]
    assert [part.path for part in reply.left_out] == ["content.credits.0"]


def test_the_mark_of_a_merged_id_is_no_film() -> None:
    saved = SavedAnswer("a.json", json.dumps({**OMDB, "Title": "#DUPE#"}).encode(), AT)
    with pytest.raises(NotFoundError, match="merged"):
        omdb.parse(saved.answer("omdb"))
