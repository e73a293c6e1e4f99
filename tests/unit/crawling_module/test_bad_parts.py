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
from movie_db.crawling_module.sources import omdb, wikidata

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


def test_what_tmdb_tells_of_a_showing_or_a_person_is_counted_when_it_goes() -> None:
    showings = {"results": [{"iso_3166_1": "US", "release_dates": [{"release_date": "1979-02-30"}]}]}
    reply = TMDB | {"release_dates": showings, "alternative_titles": {"titles": [{"title": "  "}]}}
    reply["credits"] = {"cast": [{"name": " ", "id": 1}, {"name": "Ann", "id": "x"}], "crew": []}
    (record,) = records("tmdb", reply)
    assert [(credit.name, credit.billing) for credit in record.facts.cast] == [("Ann", 2)]
    assert {part.path for part in record.left_out} == {
        "credits.cast.1.id",
        "facts.cast.0",
        "release_dates.US.release_date",
        "alternative_titles.titles.0.title",
    }


@pytest.mark.parametrize(
    ("pid", "snak"),
    [
        ("P577", {"datavalue": {"value": {"time": "+1979-02-30T00:00:00Z", "precision": 11}}}),
        ("P577", {"datavalue": {"value": {"time": "+0000-00-00T00:00:00Z", "precision": 11}}}),
        ("P2047", {"datavalue": {"value": {"amount": "+51420", "unit": "http://www.wikidata.org/entity/Q7727"}}}),
        ("P2142", {"datavalue": {"value": {"amount": "much", "unit": "1"}}}),
        ("P57", {"datavalue": {"value": "Ann"}}),
        ("P161", {}),
    ],
)
def test_a_statement_of_wikidata_that_can_not_be_used_is_counted(pid: str, snak: Any) -> None:
    reply = json.loads(json.dumps(WIKIDATA))
    (entity,) = reply["entities"].values()
    bad = {"mainsnak": {"snaktype": "value", **snak}, "rank": "normal"}
    entity["claims"][pid] = [*entity["claims"].get(pid, ()), bad]
    (complete,), (record,) = records("wikidata", WIKIDATA), records("wikidata", reply)
    assert complete.left_out == ()
    assert record.model_dump() == complete.model_dump()
    assert [part.path.split(".")[:2] for part in record.left_out] == [["claims", pid]]


def test_a_statement_without_a_known_or_exact_value_is_no_bad_part() -> None:
    reply = json.loads(json.dumps(WIKIDATA))
    (entity,) = reply["entities"].values()
    decade = {"snaktype": "value", "datavalue": {"value": {"time": "+1930-00-00T00:00:00Z", "precision": 8}}}
    entity["claims"]["P577"] += [{"mainsnak": decade}, {"mainsnak": {"snaktype": "somevalue"}}]
    (record,) = records("wikidata", reply)
    assert record.left_out == ()


def test_rows_of_the_query_service_that_lack_a_value_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    good = {"of": {"value": "imdb"}, "id": {"value": "tt0000001"}, "item": {"value": "http://e/Q1"}}
    bad = [{**good, "item": {"value": "http://e/none"}}, {**good, "id": None}, None]
    body = json.dumps({"results": {"bindings": [good, *bad]}}).encode()
    assert wikidata.parse_by_ids(body) == {("imdb", "tt0000001"): ["Q1"]}
    assert "3 of 4 rows were left out" in caplog.text
