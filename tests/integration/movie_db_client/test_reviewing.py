"""What a person answers counts at once, wins over every later message, and can be taken back."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import UsageError
from movie_db.contract.messages import Link, ReviewItem
from movie_db.movie_db_client.editing import review_csv
from movie_db.movie_db_client.editing.review import (
    ReviewAnswer,
    answer_questions,
    list_questions,
    state_before,
    undo_answer,
)
from movie_db.movie_db_client.entity_resolution.decisions import Decider
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository import Row, UnitOfWork

Units = Callable[[], UnitOfWork]
Rows = Callable[..., list[Row]]
KEY = "justwatch:tm1"
OF_Q1 = f"{KEY}|wikidata:Q1"


@pytest.fixture
def ingest(units: Units, write: Any) -> Callable[..., Any]:
    return lambda *messages: ingest_once(units, write(*messages))


@pytest.fixture
def decide(units: Units, make: Any) -> Callable[..., None]:
    """`decide("same", OF_Q1)` answers as Ann would."""

    def decide(verdict: Any, *keys: str) -> None:
        with units() as unit:
            answer_questions(unit, [ReviewAnswer(key, verdict) for key in keys], Decider("Ann", make.AT, "I saw it"))

    return decide


@pytest.fixture
def again(units: Units, write: Any, tmp_path: Path) -> Callable[[], None]:
    """Ingests the whole log once more."""

    def again() -> None:
        with units() as unit:
            segments = [row["segment"] for row in unit.repository.read("ingest_progress")]
            unit.repository.delete("ingest_progress", segment=segments)
            unit.commit()
        ingest_once(units, tmp_path / "data")

    return again


def film(make: Any, *records: Any, days: int = 0, **how: Any) -> Any:
    return make.item(KEY, make.record("justwatch", "tm1", days=days, title="Home", year=1979), *records, **how)


def item(make: Any, number: int = 1, days: int = 0, **facts: Any) -> Any:
    return make.record("wikidata", f"Q{number}", days=days, **{"title": "Home", "budget": {"amount": number}, **facts})


def requests(make: Any, candidate: Any) -> ReviewItem:
    key = f"{KEY}|{candidate.source}:{candidate.source_id}"
    entry = film(make).entry
    return ReviewItem(run="r1", key=key, entry=entry, candidate=candidate, probability=0.7, evidence=("title: equal",))


def test_an_answer_takes_in_what_the_candidate_says_at_once(
    ingest: Any, rows: Rows, make: Any, decide: Any, again: Any, units: Units, snapshot: Any
) -> None:
    ingest(film(make), requests(make, item(make)))
    assert rows("movies")[0]["budget"] is None
    decide("same", OF_Q1)
    (row,) = rows("movies")
    assert row["budget"] == 1
    assert {r["value"] for r in rows("external_ids", entity=["movie"])} == {"tm1", "Q1"}
    (decision,) = rows("decisions")
    assert (decision["decided_by"], decision["note"], decision["source_id"]) == ("Ann", "I saw it", "Q1")
    assert rows("review_queue")[0]["status"] == "decided"
    first = snapshot(units)
    again()
    assert snapshot(units) == first


def test_a_link_that_a_person_refused_is_never_applied(
    ingest: Any, rows: Rows, make: Any, decide: Any, again: Any, units: Units, snapshot: Any
) -> None:
    ingest(film(make), requests(make, item(make)))
    decide("different", OF_Q1)
    ingest(film(make, item(make, days=1), days=1, run="r2"))
    assert rows("movies")[0]["budget"] is None
    assert rows("source_records", source=["wikidata"]) == []
    first = snapshot(units)
    again()
    assert snapshot(units) == first


def test_a_link_that_is_there_already_is_cut(ingest: Any, rows: Rows, make: Any, decide: Any, again: Any) -> None:
    ingest(film(make, item(make)), requests(make, item(make, days=2)))
    decide("different", OF_Q1)
    assert rows("movies")[0]["budget"] is None
    again()
    assert rows("movies")[0]["budget"] is None
    assert {r["value"] for r in rows("external_ids", entity=["movie"])} == {"tm1"}


def test_what_a_person_chose_stays_whatever_the_judge_links_later(
    ingest: Any, rows: Rows, make: Any, decide: Any
) -> None:
    ingest(film(make), requests(make, item(make)))
    decide("same", OF_Q1)
    ingest(film(make, item(make, 2, days=3), days=3, run="r2"))
    assert rows("movies")[0]["budget"] == 1
    ingest(film(make, item(make, 1, days=4, budget={"amount": 7}), days=4, run="r3"))
    assert rows("movies")[0]["budget"] == 7


def test_a_page_that_belongs_to_another_item_goes_with_it(ingest: Any, rows: Rows, make: Any, decide: Any) -> None:
    page = make.record("wikipedia", "Home", {"wikipedia": "Home", "wikidata": "Q2"}, plot="Of another.")
    linked = tuple(
        Link(source=s, source_id=i, probability=0.99) for s, i in (("wikidata", "Q2"), ("wikipedia", "Home"))
    )
    ingest(film(make, item(make, 2), page).model_copy(update={"links": linked}), requests(make, item(make, 1, days=1)))
    assert rows("movies")[0]["plot"] == "Of another."
    decide("same", OF_Q1)
    assert (rows("movies")[0]["budget"], rows("movies")[0]["plot"]) == (1, None)


@pytest.mark.parametrize("verdict", ["same", "different"])
@pytest.mark.parametrize("linked", [True, False])
def test_an_answer_can_be_taken_back(
    units: Units, ingest: Any, make: Any, decide: Any, snapshot: Any, verdict: Any, linked: bool
) -> None:
    records = [item(make, 2)] if linked else []
    ingest(film(make, *records), requests(make, item(make, days=1)))
    first = snapshot(units)
    with units() as unit:
        was = state_before(unit.repository, OF_Q1)
    decide(verdict, OF_Q1)
    assert snapshot(units) != first
    with units() as unit:
        undo_answer(unit, was)
    left = snapshot(units)
    assert left["movies"] == first["movies"]
    assert left["review_queue"] == first["review_queue"]
    assert left["decisions"] == []
    assert left["source_record_ids"] == first["source_record_ids"]


def two(make: Any, day: int = 0) -> list[Any]:
    """Two films that may be one: the title is all that they have in common."""
    own = make.record("own_list", "own_list:1", {"own_list": "1" * 16}, days=day, title="Home")
    return [film(make, days=day), make.item("own_list:1", own, gallery="https://other.example/")]


def test_two_films_that_a_person_calls_one_are_one_in_every_later_run(
    ingest: Any, rows: Rows, make: Any, decide: Any, again: Any, units: Units, snapshot: Any
) -> None:
    ingest(*two(make))
    (question,) = rows("review_queue")
    decide("same", question["key"])
    assert len(rows("movies")) == 1
    ingest(*two(make, 1))
    first = snapshot(units)
    again()
    assert snapshot(units) == first
    assert len(rows("movies")) == 1
    assert len(rows("movie_redirects")) == 1


def test_two_films_that_a_person_tells_apart_stay_apart_though_an_id_says_otherwise(
    ingest: Any, rows: Rows, make: Any, decide: Any, again: Any
) -> None:
    ingest(*two(make))
    decide("different", rows("review_queue")[0]["key"])
    both = make.record("own_list", "own_list:1", {"justwatch": "tm1"}, days=1, title="Home")
    ingest(make.item("own_list:1", both, gallery="https://other.example/", run="r2"))
    again()
    assert len(rows("movies")) == 2
    assert [row["status"] for row in rows("review_queue")] in ([], ["decided"])


def test_undoing_a_merger_leads_the_old_number_to_its_film(
    ingest: Any, rows: Rows, make: Any, decide: Any, units: Units
) -> None:
    ingest(*two(make))
    numbers = {row["key"]: row["movie_id"] for row in rows("gallery_entries")}
    (question,) = rows("review_queue")
    with units() as unit:
        was = state_before(unit.repository, question["key"])
    decide("same", question["key"])
    with units() as unit:
        undo_answer(unit, was)
    now = {row["key"]: row["movie_id"] for row in rows("gallery_entries")}
    assert len(set(now.values())) == 2
    redirects = {row["old_movie_id"]: row["movie_id"] for row in rows("movie_redirects")}
    assert {key: redirects.get(number, number) for key, number in numbers.items()} == now
    assert [(row["key"], row["status"]) for row in rows("review_queue")] == [(question["key"], "open")]


def test_a_question_that_a_later_run_answered_is_asked_no_more(
    ingest: Any, rows: Rows, make: Any, units: Units
) -> None:
    ingest(film(make), requests(make, item(make)))
    with units() as unit:
        assert [q.key for q in list_questions(unit)] == [OF_Q1]
    ingest(film(make, item(make, 2, days=1), days=1, run="r2"))
    with units() as unit:
        assert list_questions(unit) == []
    assert rows("review_queue")[0]["movie_id"] == rows("movies")[0]["movie_id"]


@pytest.fixture
def exported(units: Units, ingest: Any, make: Any, tmp_path: Path) -> Callable[..., Path]:
    """`exported(**{OF_Q1: "same"})` is the queue as a CSV with these decisions filled in."""
    ingest(film(make), requests(make, item(make)), requests(make, item(make, 2)))

    def export(decisions: dict[str, str], extra: str = "") -> Path:
        file = tmp_path / "queue.csv"
        with units() as unit:
            assert review_csv.export_questions(unit, file) == 2
        with open(file, encoding="utf-8", newline="") as result:
            filled = [{**row, "decision": decisions.get(row["key"], "")} for row in csv.DictReader(result)]
        with open(file, "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, review_csv.COLUMNS)
            writer.writeheader()
            writer.writerows(filled)
            out.write(extra)
        return file

    return export


def test_the_queue_goes_out_as_a_csv_and_its_decisions_come_back(
    exported: Any, units: Units, rows: Rows, make: Any
) -> None:
    file = exported({OF_Q1: " Same ", f"{KEY}|wikidata:Q2": "different"})
    with units() as unit:
        assert review_csv.import_answers(unit, file, Decider("Ann", make.AT)) == 2
    assert {row["key"]: row["verdict"] for row in rows("decisions")} == {
        OF_Q1: "same",
        f"{KEY}|wikidata:Q2": "different",
    }
    assert rows("movies")[0]["budget"] == 1


def test_a_csv_shows_both_sides(exported: Any) -> None:
    with open(exported({}), encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["title"], row["candidate_title"], row["evidence"]) == ("Listed", "Home", "title: equal")
    assert row["candidate"] in {"wikidata:Q1", "wikidata:Q2"}


def test_of_a_csv_with_bad_rows_nothing_is_taken_and_every_line_is_told(exported: Any, units: Units) -> None:
    file = exported({OF_Q1: "perhaps"}, "nobody|wikidata:Q9" + "," * 17 + "same,\r\n")
    with units() as unit, pytest.raises(UsageError) as result:
        review_csv.read_answers(unit.repository, file)
    assert "line 2: the decision is same, different or nothing, not 'perhaps'" in str(result.value)
    assert "line 4: there is no question 'nobody|wikidata:Q9'" in str(result.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"a,b\n1,2\n", "has no column decision and no column key"), (b"\xff\xfe", "can't be read")],
)
def test_a_file_that_is_no_such_csv_is_refused(units: Units, tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    with units() as unit, pytest.raises(UsageError, match=reason):
        review_csv.read_answers(unit.repository, file)


def test_a_decision_that_leaves_a_film_without_a_title_is_refused(
    units: Units, ingest: Any, make: Any, decide: Any, rows: Rows
) -> None:
    ingest(make.item(KEY, make.record("justwatch", "tm1"), item(make)), requests(make, item(make, days=1)))
    with pytest.raises(UsageError, match="title is required"):
        decide("different", OF_Q1)
    assert rows("decisions") == []
