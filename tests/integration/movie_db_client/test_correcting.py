"""Films that were wrongly split or merged are corrected for good."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from movie_db.cli.terminal.match_explanation import explain
from movie_db.contract.errors import UsageError
from movie_db.contract.messages import Offer, RunStarted
from movie_db.movie_db_client.editing.finding import find_movie
from movie_db.movie_db_client.editing.merge_split import merge_movies, split_movie
from movie_db.movie_db_client.entity_resolution.decisions import Decider
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository import Row, UnitOfWork

Units = Callable[[], UnitOfWork]
Rows = Callable[..., list[Row]]


def offer(provider: str) -> Offer:
    return Offer(provider=provider, country="US", kind="flatrate")


@pytest.fixture
def ingest(units: Units, write: Any) -> Callable[..., Any]:
    return lambda *messages: ingest_once(units, write(*messages))


@pytest.fixture
def again(units: Units, tmp_path: Path) -> Callable[[], None]:
    def again() -> None:
        with units() as unit:
            segments = [row["segment"] for row in unit.repository.read("ingest_progress")]
            unit.repository.delete("ingest_progress", segment=segments)
            unit.commit()
        ingest_once(units, tmp_path / "data")

    return again


@pytest.fixture
def correct(units: Units, make: Any) -> Callable[..., Any]:
    """`correct(merge_movies, "1", "2")` in a transaction of its own, by Ann."""

    def correct(use_case: Any, *arguments: Any) -> Any:
        with units() as unit:
            return use_case(unit, *arguments, Decider("Ann", make.AT, "I saw both"))

    return correct


def one(make: Any, *records: Any, days: int = 0) -> Any:
    facts = {"title": "Home", "year": 1979, "offers": (offer("Max"),)}
    return make.item("justwatch:tm1", make.record("justwatch", "tm1", days=days, **facts), *records)


def two(make: Any, *records: Any, days: int = 0) -> Any:
    facts = {"title": "House", "year": 1999, "offers": (offer("Hulu"),)}
    return make.item("justwatch:tm2", make.record("justwatch", "tm2", days=days, **facts), *records)


def test_two_films_are_merged_for_good_under_the_first_ones_number(
    ingest: Any, rows: Rows, make: Any, correct: Any, again: Any, units: Units, snapshot: Any
) -> None:
    ingest(one(make), two(make))
    assert correct(merge_movies, "2", "justwatch:tm1") == 2
    (film,) = rows("movies")
    assert film["movie_id"] == 2
    assert [(r["old_movie_id"], r["movie_id"]) for r in rows("movie_redirects")] == [(1, 2)]
    assert {r["value"] for r in rows("external_ids", entity=["movie"])} == {"tm1", "tm2"}
    assert {r["provider"] for r in rows("offers")} == {"Max", "Hulu"}
    assert {r["movie_id"] for r in rows("gallery_entries")} == {2}
    (trail,) = rows("decisions")
    assert (trail["verdict"], trail["decided_by"], trail["note"]) == ("same", "Ann", "I saw both")
    first = snapshot(units)
    again()
    assert snapshot(units) == first
    ingest(one(make, days=1), two(make, days=1))
    assert [row["movie_id"] for row in rows("movies")] == [2]
    with units() as unit:
        assert find_movie(unit.repository, "1") == 2


def shared(make: Any, days: int = 0) -> list[Any]:
    """Two films that one wrong item makes one."""
    wrong = make.record("wikidata", "Q1", days=days, plot="Of the first.")
    return [one(make, wrong, days=days), two(make, wrong, days=days)]


def test_a_merged_film_is_split_for_good(
    ingest: Any, rows: Rows, make: Any, correct: Any, again: Any, units: Units, snapshot: Any
) -> None:
    ingest(*shared(make))
    assert len(rows("movies")) == 1
    assert correct(split_movie, "1", ["justwatch:tm2"]) == [1, 2]

    def result() -> Any:
        return {
            row["movie_id"]: (
                row["title"],
                row["plot"],
                {r["value"] for r in rows("external_ids", entity=["movie"], entity_id=[row["movie_id"]])},
                {r["provider"] for r in rows("offers", movie_id=[row["movie_id"]])},
                {r["key"] for r in rows("gallery_entries", movie_id=[row["movie_id"]])},
            )
            for row in rows("movies")
        }

    parted = {
        1: ("Home", "Of the first.", {"tm1", "Q1"}, {"Max"}, {"justwatch:tm1"}),
        2: ("House", None, {"tm2"}, {"Hulu"}, {"justwatch:tm2"}),
    }
    assert result() == parted
    first = snapshot(units)
    again()
    assert snapshot(units) == first
    ingest(*shared(make, 1))
    assert result() == parted
    assert rows("review_queue") == []


def test_a_record_that_is_split_off_takes_its_texts_in_other_languages_with_it(
    ingest: Any, rows: Rows, make: Any, correct: Any
) -> None:
    ingest(RunStarted(run="r1", gallery="g", started_at=make.AT, languages=("it", "en")))
    texts = make.record("wikidata_it", "Q1", ids={"wikidata": "Q1"}, language="it", title="Casa")
    wrong = make.record("wikidata", "Q1", plot="Of another film.")
    ingest(one(make, wrong, texts))
    assert [row["title"] for row in rows("alternative_titles")] == ["Casa"]
    correct(split_movie, "1", ["wikidata:Q1"])
    ingest(one(make, wrong, texts, days=1))
    assert rows("alternative_titles") == []
    assert {row["movie_id"] for row in rows("source_records", source=["wikidata", "wikidata_it"])} == {None}


def test_an_entry_whose_own_record_leaves_goes_with_its_texts(ingest: Any, rows: Rows, make: Any, correct: Any) -> None:
    wrong = make.record("wikidata", "Q1", plot="Of the first.")
    texts = make.record("justwatch_it", "tm2", ids={"justwatch": "tm2"}, language="it", title="Villa")
    ingest(one(make, wrong), two(make, wrong, texts))
    assert len(rows("movies")) == 1
    assert correct(split_movie, "1", ["justwatch:tm2"]) == [1, 2]
    assert rows("source_records", source=["justwatch_it"])[0]["movie_id"] == 2


def test_the_film_keeps_its_number_whichever_entry_leaves(ingest: Any, rows: Rows, make: Any, correct: Any) -> None:
    ingest(*shared(make))
    assert correct(split_movie, "Home", ["justwatch:tm1", "wikidata:Q1"]) == [1, 2]
    assert {row["movie_id"]: row["title"] for row in rows("movies")} == {1: "House", 2: "Home"}


def test_a_split_film_can_be_merged_again(ingest: Any, rows: Rows, make: Any, correct: Any, again: Any) -> None:
    ingest(*shared(make))
    correct(split_movie, "1", ["justwatch:tm2"])
    correct(merge_movies, "1", "2")
    again()
    assert [row["movie_id"] for row in rows("movies")] == [1]


def test_a_page_that_is_another_films_leaves_and_may_come_back(
    ingest: Any, rows: Rows, make: Any, correct: Any, again: Any
) -> None:
    ingest(one(make, make.record("wikidata", "Q1", plot="Of another.")))
    assert correct(split_movie, "justwatch:tm1", ["wikidata:Q1"]) == [1]
    again()
    assert rows("movies")[0]["plot"] is None
    correct(merge_movies, "1", "wikidata:Q1")
    again()
    assert rows("movies")[0]["plot"] == "Of another."


@pytest.mark.parametrize(
    ("how", "arguments", "reason"),
    [
        (merge_movies, ("1", "justwatch:tm1"), "are both movie 1 already"),
        (merge_movies, ("1", "imdb:tt0000009"), "No movie is called"),
        (split_movie, ("1", ["wikidata:Q9"]), "has no record wikidata:Q9. Its records: justwatch:tm1, wikidata:Q1"),
        (split_movie, ("1", ["wikidata:Q1", "justwatch:tm1"]), "all records of movie 1"),
        (split_movie, ("99", ["wikidata:Q1"]), "No movie is called '99'"),
    ],
)
def test_what_can_not_be_is_told_in_a_sentence(
    ingest: Any, make: Any, correct: Any, how: Any, arguments: Any, reason: str
) -> None:
    ingest(one(make, make.record("wikidata", "Q1")))
    with pytest.raises(UsageError, match=reason):
        correct(how, *arguments)


def test_of_films_of_one_title_a_number_is_asked_for(ingest: Any, make: Any, units: Units) -> None:
    ingest(one(make), two(make, make.record("wikidata", "Q1", alternative_titles=("Home",))))
    with units() as unit:
        assert find_movie(unit.repository, "home") == 1
    ingest(make.item("justwatch:tm3", make.record("justwatch", "tm3", title="Home", year=1950)))
    with (
        units() as unit,
        pytest.raises(UsageError, match=r"2 movies are called 'Home'.*1 \(Home, 1979\), 3 \(Home, 1950\)"),
    ):
        find_movie(unit.repository, "Home")


def test_why_a_page_was_taken_is_explained(ingest: Any, make: Any, correct: Any, units: Units) -> None:
    from movie_db.contract.messages import Link

    link = Link(source="wikidata", source_id="Q1", probability=0.9991, evidence=("title: equal, 'home' (+5.0)",))
    ingest(one(make, make.record("wikidata", "Q1")).model_copy(update={"links": (link,)}), two(make))
    correct(merge_movies, "1", "2")
    with units() as unit:
        result = "\n".join(explain(unit.repository, 1))
    assert "Home (1979), movie 1" in result
    assert "linked to justwatch:tm1 with a probability of 0.9991\n    title: equal, 'home' (+5.0)" in result
    assert "justwatch:tm1 and justwatch:tm2: the same movie, decided by Ann on 2026-11-01: I saw both" in result
    correct(split_movie, "1", ["justwatch:tm2"])
    with units() as unit:
        result = "\n".join(explain(unit.repository, 1))
    assert "Decided to be different:\n  justwatch:tm1 and justwatch:tm2: a different movie, decided by Ann" in result
