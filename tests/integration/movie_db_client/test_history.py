"""What changed, and when: films that came to galleries and left them, offers, values that sources tell otherwise."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from movie_db.contract.errors import UsageError
from movie_db.contract.messages import (
    Credit,
    GalleryListed,
    Message,
    Money,
    MovieListEntry,
    Offer,
    Rating,
    RunStarted,
)
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.history import changes
from movie_db.movie_db_client.history.change_texts import is_news, render
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

Rows = Callable[..., list[dict[str, Any]]]
GALLERY = "https://g.example/"
MAX = Offer(provider="Max", country="US", kind="flatrate")
APPLE = Offer(provider="Apple TV", country="US", kind="rent", presentation="hd")


@pytest.fixture
def ingest(units: Any, write: Any) -> Callable[..., Any]:
    return lambda *messages: ingest_once(units, write(*messages))


def listing(make: Any, run: str, days: int, *keys: str, limit: int | None = None, declared: int = 0) -> list[Message]:
    entries = [MovieListEntry(run=run, gallery=GALLERY, key=key, position=1, title=key) for key in keys]
    started = RunStarted(run=run, gallery=GALLERY, started_at=make.AT + timedelta(days=days), limit=limit)
    listed = GalleryListed(run=run, gallery=GALLERY, found=len(keys), declared=declared or len(keys), door="x")
    return [started, *entries, listed]


def moved(rows: Rows) -> list[tuple[Any, ...]]:
    return [(r["entry_key"], r["old"], r["new"]) for r in rows("changes", field=["gallery"])]


def test_a_gallery_that_is_listed_first_changes_nothing(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(*listing(make, "r1", 0, "a", "b"))
    assert rows("changes") == []


def test_films_come_to_a_gallery_leave_it_and_come_back(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(*listing(make, "r1", 0, "a", "b"))
    ingest(*listing(make, "r2", 1, "b", "c"))
    assert sorted(moved(rows), key=str) == [("a", GALLERY, None), ("c", None, GALLERY)]
    assert {r["key"]: r["left_at"] for r in rows("gallery_entries")} == {
        "a": make.AT + timedelta(days=1),
        "b": None,
        "c": None,
    }
    ingest(*listing(make, "r3", 2, "a", "b", "c"))
    assert moved(rows)[2:] == [("a", None, GALLERY)]
    ingest(*listing(make, "r1", 0, "a", "b"), *listing(make, "r2", 1, "b", "c"), *listing(make, "r3", 2, "a", "b", "c"))
    assert len(moved(rows)) == 3, "the same log again tells nothing new"


def test_a_listing_that_is_not_whole_has_no_film_leave(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(*listing(make, "r1", 0, "a", "b"))
    ingest(*listing(make, "r2", 1, "b", limit=1))
    ingest(*listing(make, "r3", 2, "b", declared=2))
    assert rows("changes") == []
    ingest(*listing(make, "r4", 3, "a", "b", limit=2))
    ingest(*listing(make, "r5", 4, "a", "b", "c"))
    assert rows("changes") == [], "after a short list nobody knows who came"


def entries(make: Any, run: str, days: int, *films: dict[str, Any]) -> list[Message]:
    listed = [MovieListEntry(run=run, gallery=GALLERY, position=n, **film) for n, film in enumerate(films, 1)]
    started = RunStarted(run=run, gallery=GALLERY, started_at=make.AT + timedelta(days=days))
    return [started, *listed, GalleryListed(run=run, gallery=GALLERY, found=len(films), declared=len(films), door="x")]


HEAT = {"key": "justwatch:tm1", "title": "Heat", "year": 1995, "ids": {"justwatch": "tm1", "imdb": "tt0113277"}}
ALIEN = {"key": "justwatch:tm2", "title": "Alien", "year": 1979, "ids": {"justwatch": "tm2"}, "runtime": 117}


@pytest.mark.parametrize(
    ("film", "now"),
    [
        (HEAT, {"title": "Heat: Remastered", "year": 2020, "ids": {"justwatch": "tm9", "imdb": "tt0113277"}}),
        (ALIEN, {"ids": {"justwatch": "tm9"}}),
        (ALIEN | {"url": "https://g.example/a"}, {"year": None, "runtime": None, "url": "https://g.example/a"}),
    ],
)
def test_a_film_that_has_a_new_id_has_neither_come_nor_left(
    ingest: Any, rows: Rows, make: Any, film: dict[str, Any], now: dict[str, Any]
) -> None:
    new = film | {"key": "justwatch:tm9"} | now
    ingest(*entries(make, "r1", 0, film, {"key": "b", "title": "B"}, {"key": "c", "title": "C"}))
    ingest(*entries(make, "r2", 1, new, {"key": "b", "title": "B"}, {"key": "d", "title": "D"}))
    assert sorted(moved(rows), key=str) == [("c", GALLERY, None), ("d", None, GALLERY)]
    left = {row["key"]: row["left_at"] is not None for row in rows("gallery_entries")}
    assert left == {film["key"]: True, "justwatch:tm9": False, "b": False, "c": True, "d": False}
    ingest(*entries(make, "r2", 1, new, {"key": "b", "title": "B"}, {"key": "d", "title": "D"}))
    assert len(moved(rows)) == 2, "the same log again tells nothing new"


def test_a_film_of_another_year_under_the_title_of_one_that_left_has_come(ingest: Any, rows: Rows, make: Any) -> None:
    remake = {"key": "justwatch:tm9", "title": "Alien", "year": 2030, "ids": {"justwatch": "tm9"}}
    ingest(*entries(make, "r1", 0, ALIEN, HEAT))
    ingest(*entries(make, "r2", 1, remake, HEAT))
    assert len(moved(rows)) == 2


def result(make: Any, days: float, score: float, *offers: Offer, **facts: Any) -> Any:
    ratings = (Rating(source="imdb", score=score, votes=100 + int(days * 2)), Rating(source="tmdb", score=score - 1))
    return make.item(
        "a", make.record("justwatch", "tm1", days=days, title="A", ratings=ratings, offers=offers, **facts)
    )


def test_values_that_a_source_tells_otherwise_are_kept_with_what_they_were(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(result(make, 0, 7.1, MAX, genres=("Drama",)), make.item("a", make.record("wikidata", "Q1", runtime=90)))
    assert rows("changes") == []
    ingest(result(make, 1, 7.2, MAX, genres=("Drama",)))
    ingest(result(make, 2, 7.2, APPLE, genres=("Drama", "War")))
    seen = [
        (r["field"], render(r["field"], r["old"]), render(r["field"], r["new"]), r["source"], (r["at"] - make.AT).days)
        for r in rows("changes")
        if is_news(r["field"], r["old"], r["new"])
    ]
    assert seen == [
        ("rating", 7.1, 7.2, "justwatch", 1),
        ("ratings", {"tmdb": 6.1}, {"tmdb": 6.2}, "justwatch", 1),
        ("genres", ["Drama"], ["Drama", "War"], "justwatch", 2),
        ("offers", {"provider": "Max", "country": "US", "kind": "flatrate"}, None, "justwatch", 2),
        (
            "offers",
            None,
            {"provider": "Apple TV", "country": "US", "kind": "rent", "presentation": "hd"},
            "justwatch",
            2,
        ),
    ]


def test_values_are_kept_as_the_contract_writes_them(ingest: Any, rows: Rows, make: Any) -> None:
    kid = Credit(name="Known as Kid", billing=1, ids={"imdb": "nm0000001"})
    ingest(result(make, 0, 7.1, MAX, cast=(kid,), budget=Money(amount=5, currency="USD")))
    dear = MAX.model_copy(update={"price": Decimal("3.99"), "currency": "USD"})
    ingest(result(make, 0.5, 7.1, dear, cast=(), studios=(), budget=Money(amount="6.5")))
    ingest(result(make, 1, 7.1, dear, cast=(kid.model_copy(update={"role": "Kid"}),), budget=Money(amount="6.5")))
    kept = {r["field"]: (r["old"], r["new"]) for r in rows("changes") if r["field"] != "rating_count"}
    credit = {"name": "Known as Kid", "ids": {"imdb": "nm0000001"}, "billing": 1}
    assert kept["cast"] == ([credit | {"role": ""}], [credit | {"role": "Kid"}])
    assert kept["budget"] == ({"amount": 5, "currency": "USD"}, {"amount": 6.5, "currency": None})
    assert (kept["offers"][0]["price"], kept["offers"][1]["price"]) == (None, 3.99)
    assert not is_news("offers", *kept["offers"])
    assert [one["counts"] for one in kept["ratings"][0]] == [True, False]
    assert not is_news("ratings", *kept["ratings"])


def test_what_a_source_no_longer_tells_stays_and_is_no_news(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(result(make, 0, 7.1, MAX, genres=("Drama",), runtime=90))
    ingest(make.item("a", make.record("justwatch", "tm1", days=1, title="A")))
    (film,) = rows("movies")
    assert (film["runtime"], float(film["rating"]), len(rows("movie_genres"))) == (90, 7.1, 1)
    assert [(r["field"], r["old"] and r["old"]["provider"]) for r in rows("changes")] == [("offers", "Max")]
    since = {r["field"]: (r["retrieved_at"] - make.AT).days for r in rows("field_provenance")}
    assert (since["title"], since["runtime"], since["rating"]) == (1, 0, 0)
    ingest(result(make, 0, 7.1, MAX, genres=("Drama",), runtime=90))
    assert rows("movies") == [film], "the same log again tells nothing new"


def test_what_changed_is_told_from_a_day_on(new_database: Any, write: Any, make: Any) -> None:
    engine = make_engine(new_database("sqlite"))
    store = SqlStore(engine)

    def ingest(*messages: Message) -> None:
        ingest_once(lambda: SqlUnitOfWork(store), write(*messages))

    ingest(*listing(make, "r1", 0, "a", "b"), result(make, 0, 7.1, MAX, genres=("Drama", "War")))
    ingest(*listing(make, "r2", 1, "b"), result(make, 2, 7.2, MAX, genres=("Drama", "Crime")))
    events = list(changes.changes(engine, make.AT))
    assert [(e.what, e.field, e.title) for e in events] == [
        ("left", "gallery", "A"),
        ("changed", "genres", "A"),
        ("changed", "rating", "A"),
        ("changed", "ratings", "A"),
    ]
    assert str(events[1]) == "2026-11-03 00:00  A: genres +Crime, -War (justwatch)"
    assert str(events[2]) == "2026-11-03 00:00  A: rating 7.1 → 7.2 (justwatch)"
    assert [e.field for e in changes.changes(engine, make.AT + timedelta(days=2))] == ["genres", "rating", "ratings"]
    with pytest.raises(UsageError, match="is not a date"):
        changes.moment("yesterday")


def test_blanks_around_a_providers_name_make_no_other_offer(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(result(make, 0, 7.1, Offer(provider="Paramount Plus Apple TV Channel ", country="US", kind="flatrate")))
    ingest(result(make, 1, 7.1, Offer(provider="Paramount Plus Apple TV Channel", country="US", kind="flatrate")))
    (offer,) = rows("offers")
    assert (offer["provider"], offer["left_at"]) == ("Paramount Plus Apple TV Channel", None)
