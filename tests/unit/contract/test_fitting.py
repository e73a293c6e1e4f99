"""A bad part is left out and named; the record around it stays."""

import calendar
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from movie_db.contract.errors import ContractError
from movie_db.contract.fitting import fit, read
from movie_db.contract.messages import MovieItem, PartialDate, ShowingDate, SourceRecord

ORIGIN = {
    "source": "tmdb",
    "source_id": "949",
    "url": "https://www.themoviedb.org/movie/949",
    "retrieved_at": "2026-11-23T00:00:00Z",
    "licence": "L",
}
FACTS = {
    "title": "Heat",
    "year": 1995,
    "release_date": "1995-12-15",
    "runtime": 170,
    "plot": "A robber and a policeman.",
    "genres": ["Action", "Crime"],
    "countries": ["US"],
    "languages": ["en"],
    "budget": {"amount": 60_000_000, "currency": "USD"},
    "ratings": [{"source": "tmdb", "score": 7.9, "votes": 7000}],
    "directors": [{"name": "Michael Mann", "ids": {"tmdb": "638"}}],
    "cast": [{"name": "Al Pacino", "role": "Hanna", "billing": 1}, {"name": "Val Kilmer", "billing": 2}],
    "studios": [{"name": "Forward Pass"}],
    "offers": [{"provider": "Max", "country": "US", "kind": "rent", "price": 3.99, "currency": "USD"}],
}
ENTRY = {"run": "r1", "gallery": "g", "key": "justwatch:tm1", "position": 1, "title": "Heat", "year": 1995}
ITEM = {
    "run": "r1",
    "type": "movie_item",
    "entry": ENTRY,
    "records": [{**ORIGIN, "facts": FACTS}, {**ORIGIN, "source": "omdb", "facts": {"title": "Heat"}}],
    "outcomes": {"tmdb": "found", "omdb": "found"},
}
BAD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x" * 300, -1, 10**30, float("nan"), [], {}, ["x"], {"x": 1}, [[]], True, "0000-00-00"]
)


def places(value: Any, at: Any = ()) -> Any:
    """The paths of all parts of a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, item in inner for path in ((*at, key), *places(item, (*at, key)))]


def mutated(value: Any, path: Any, bad: Any) -> Any:
    """A copy with another value at a path."""
    copy = json.loads(json.dumps(value))
    parent = copy
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = bad
    return copy


@given(st.sampled_from(places(FACTS)), BAD)
def test_one_bad_part_costs_no_other_part(path: Any, bad: Any) -> None:
    whole = fit(SourceRecord, {**ORIGIN, "facts": FACTS}).facts
    fitted = fit(SourceRecord, {**ORIGIN, "facts": mutated(FACTS, path, bad)})
    for field in FACTS.keys() - {path[0]}:
        assert getattr(fitted.facts, field) == getattr(whole, field)
    if len(path) > 1 and isinstance(FACTS[path[0]], list):
        kept = [item for n, item in enumerate(getattr(whole, path[0])) if n != path[1]]
        assert all(item in getattr(fitted.facts, path[0]) for item in kept)
    assert len(fitted.left_out) <= 1


@given(st.sampled_from([p for p in places(ITEM) if p[0] == "records" and len(p) > 1]), BAD)
def test_a_line_with_one_bad_part_keeps_the_film(path: Any, bad: Any) -> None:
    message, left_out = read(json.dumps(mutated(ITEM, path, bad)).encode())
    assert isinstance(message, MovieItem)
    assert message.entry.title == "Heat"
    assert len(left_out) <= 1
    if path[1:] and path[1] == 0:
        assert message.records[-1].source == "omdb"


def test_a_part_is_named_by_where_it_stood_in_what_was_told() -> None:
    cast = [{"name": None}, {"name": "A", "role": "x" * 300}, "B", {"name": "C"}]
    fitted = fit(SourceRecord, {**ORIGIN, "facts": {"cast": cast}})
    assert [person.name for person in fitted.facts.cast] == ["A", "C"]
    assert {part.path: part.raw for part in fitted.left_out} == {
        "facts.cast.0": '{"name": null}',
        "facts.cast.1.role": json.dumps("x" * 300),
        "facts.cast.2": '"B"',
    }


@pytest.mark.parametrize("name", ["v", "type", "run"])
def test_a_message_is_never_taken_for_another_one(name: str) -> None:
    with pytest.raises(ContractError):
        read(json.dumps({**ITEM, name: 7}).encode())


def test_a_record_that_is_left_out_counts_as_unreadable() -> None:
    message, _ = read(json.dumps(mutated(ITEM, ("records", 1, "url"), "no address")).encode())
    assert isinstance(message, MovieItem)
    assert message.outcomes == {"tmdb": "found", "omdb": "unreadable"}


def test_a_line_with_a_nul_is_read_without_it() -> None:
    line = json.dumps(mutated(ITEM, ("entry", "title"), "He\0at")).encode()
    message, left_out = read(line)
    assert isinstance(message, MovieItem)
    assert (message.entry.title, left_out) == ("Heat", ())


@pytest.mark.parametrize("kind", [PartialDate, ShowingDate])
@given(year=st.integers(1870, 2100), month=st.integers(0, 13), day=st.integers(0, 32))
def test_a_date_is_a_day_that_there_is(kind: Any, year: Any, month: Any, day: Any) -> None:
    there = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    try:
        TypeAdapter(kind).validate_python(f"{year}-{month:02}-{day:02}")
    except ValidationError:
        assert not there
    else:
        assert there
