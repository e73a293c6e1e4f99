"""What becomes of the log: which film it is, what is kept, what is refused, and that nothing is done twice."""

import itertools
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from movie_db.contract import log
from movie_db.contract.errors import UnavailableError
from movie_db.contract.messages import (
    CompanyItem,
    Credit,
    GalleryListed,
    Link,
    Offer,
    RejectedItem,
    ReviewItem,
    RunFinished,
    RunStarted,
)
from movie_db.movie_db_client.ingest.ingest import LINES, follow, ingest_once
from movie_db.movie_db_client.repository import Row, UnitOfWork
from movie_db.movie_db_client.repository.base import Limit
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

Units = Callable[[], UnitOfWork]
Rows = Callable[..., list[Row]]


def cast(*people: tuple[str, dict[str, str]]) -> tuple[Credit, ...]:
    return tuple(Credit(name=name, ids=ids, billing=n) for n, (name, ids) in enumerate(people, 1))


@pytest.fixture
def ingest(units: Units, write: Any) -> Callable[..., Any]:
    """Writes messages to a new segment and ingests the log."""
    return lambda *messages: ingest_once(units, write(*messages))


def test_a_film_arrives_with_all_that_is_said_of_it(ingest: Any, rows: Rows, make: Any) -> None:
    counts = ingest(
        make.item(
            "jw:tm1",
            make.record(
                "justwatch",
                "tm1",
                {"justwatch": "tm1", "imdb": "tt0078748"},
                title="Alien",
                year=1979,
                genres=("Horror",),
                countries=("GB", "US"),
                directors=(Credit(name="Ridley Scott", ids={"justwatch": "7"}),),
                cast=cast(("Sigourney Weaver", {"justwatch": "8"})),
            ),
            make.record("wikidata", "Q103569", release_date="1979-05-25", studios=({"name": "Brandywine"},)),
            outcomes={"justwatch": "found", "wikidata": "found", "wikipedia": "blocked"},
        )
    )
    assert (counts.lines, counts.films, counts.rejected, counts.messages) == (1, 1, 0, {"movie_item": 1})
    (film,) = rows("movies")
    assert (film["title"], film["imdb_id"], film["country"]) == ("Alien", "tt0078748", "GB")
    assert (str(film["release_date"]), film["release_date_precision"]) == ("1979-05-25", "day")
    (director,) = rows("directors")
    assert film["director_id"] == director["director_id"]
    assert rows("cast")[0]["actor_id"] == rows("actors")[0]["actor_id"]
    assert {(r["namespace"], r["value"]) for r in rows("external_ids", entity=["movie"])} == {
        ("justwatch", "tm1"),
        ("imdb", "tt0078748"),
        ("wikidata", "Q103569"),
    }
    assert rows("gallery_entries")[0]["movie_id"] == film["movie_id"]
    assert {r["source"]: r["outcome"] for r in rows("source_outcomes")}["wikipedia"] == "blocked"
    assert {r["field"] for r in rows("field_provenance")} >= {"title", "release_date", "year", "studios"}


def test_a_year_alone_is_no_date(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(make.item("k", make.record("justwatch", "tm1", title="A", release_date="1979-05")))
    (film,) = rows("movies")
    assert (film["release_date"], film["release_year"], film["release_month"]) == (None, 1979, 5)
    assert film["release_date_precision"] == "month"


def test_a_film_that_comes_back_under_another_id_is_the_same(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(make.item("jw:tm1", make.record("justwatch", "tm1", {"justwatch": "tm1", "imdb": "tt0000001"}, title="A")))
    ingest(make.item("own:1", make.record("own_list", "own:1", {"imdb": "tt0000001"}, title="a")))
    assert len(rows("movies")) == 1
    assert {r["movie_id"] for r in rows("gallery_entries")} == {rows("movies")[0]["movie_id"]}


def test_two_films_that_turn_out_to_be_one_are_merged_and_the_old_number_still_answers(
    ingest: Any, rows: Rows, make: Any
) -> None:
    ingest(make.item("a", make.record("justwatch", "tm1", title="A", cast=cast(("Jane Roe", {})))))
    ingest(make.item("b", make.record("wikidata", "Q1", title="A", cast=cast(("Jane Roe", {})))))
    assert len(rows("movies")) == len(rows("actors")) == 2
    first, second = (row["movie_id"] for row in rows("movies"))
    ingest(make.item("c", make.record("wikipedia", "A", {"justwatch": "tm1", "wikidata": "Q1", "wikipedia": "A"})))
    assert [row["movie_id"] for row in rows("movies")] == [first]
    assert [(r["old_movie_id"], r["movie_id"]) for r in rows("movie_redirects")] == [(second, first)]
    assert len(rows("actors")) == len(rows("cast")) == 1
    assert {r["movie_id"] for r in rows("gallery_entries")} == {first}


def test_contradicting_ids_make_two_films_and_a_question(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(
        make.item(
            "a", make.record("justwatch", "tm1", {"justwatch": "tm1", "imdb": "tt0000001", "wikidata": "Q1"}, title="A")
        ),
        make.item(
            "b", make.record("justwatch", "tm2", {"justwatch": "tm2", "imdb": "tt0000002", "wikidata": "Q1"}, title="A")
        ),
    )
    assert len(rows("movies")) == 2
    (question,) = rows("review_queue")
    assert "imdb tt0000001 is not tt0000002" in question["item"]["evidence"][0]
    ReviewItem.model_validate({"run": "r1", **question["item"], "entry": {"run": "r1", **question["item"]["entry"]}})


def test_a_question_is_taken_back_when_the_source_corrects_itself(ingest: Any, rows: Rows, make: Any) -> None:
    ids = {"wikidata": "Q1", "imdb": "tt0000001"}
    ingest(
        make.item("a", make.record("justwatch", "tm1", ids, title="A")),
        make.item("b", make.record("justwatch", "tm2", {**ids, "imdb": "tt0000002"}, title="A")),
    )
    ingest(make.item("b", make.record("justwatch", "tm2", ids, days=1, title="A"), run="r2"))
    assert rows("review_queue") == []
    assert len(rows("movies")) == 1


def test_a_corrected_link_leaves_the_wrong_record_behind(ingest: Any, rows: Rows, make: Any) -> None:
    jw = make.record("justwatch", "tm1", title="A")
    ingest(make.item("a", jw, make.record("wikidata", "Q1", runtime=90)))
    ingest(make.item("a", jw, make.record("wikidata", "Q2", days=1, runtime=100), run="r2"))
    (film,) = rows("movies")
    assert film["runtime"] == 100
    assert {r["value"] for r in rows("external_ids", namespace=["wikidata"])} == {"Q2"}
    assert {r["source_id"]: r["movie_id"] for r in rows("source_records", source=["wikidata"])} == {
        "Q1": None,
        "Q2": film["movie_id"],
    }


def test_a_blocked_source_empties_nothing(ingest: Any, rows: Rows, make: Any) -> None:
    jw = make.record("justwatch", "tm1", title="A")
    ingest(make.item("a", jw, make.record("wikipedia", "A", plot="P"), outcomes={"wikipedia": "found"}))
    ingest(
        make.item("a", make.record("justwatch", "tm1", days=1, title="B"), run="r2", outcomes={"wikipedia": "blocked"})
    )
    (film,) = rows("movies")
    assert (film["title"], film["plot"]) == ("B", "P")
    assert rows("source_outcomes")[0]["outcome"] == "blocked"


def test_an_older_record_changes_nothing(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(make.item("a", make.record("justwatch", "tm1", days=1, title="New")))
    ingest(make.item("a", make.record("justwatch", "tm1", title="Old")))
    assert rows("movies")[0]["title"] == "New"


@pytest.mark.parametrize("first", [0, 1])
def test_a_link_is_kept_with_the_most_that_it_was_judged_by(first: int, ingest: Any, rows: Rows, make: Any) -> None:
    record = make.record("wikidata", "Q1", title="Alien")
    weak, strong = (
        make.item("a", record).model_copy(
            update={"links": (Link(source="wikidata", source_id="Q1", probability=1, evidence=evidence),)}
        )
        for evidence in (("year: equal",), ("year: equal", "people: 20 of the cast"))
    )
    ingest(*((weak, strong) if first else (strong, weak)))
    ingest(make.item("b", make.record("wikidata", "Q1", title="Alien")))
    (row,) = rows("source_records")
    assert (row["probability"], row["evidence"]) == (1, ["year: equal", "people: 20 of the cast"])


def test_namesakes_in_two_films_are_two_people_and_an_id_makes_them_one(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(
        make.item("a", make.record("justwatch", "tm1", title="A", cast=cast(("Ann Lee", {})))),
        make.item("b", make.record("justwatch", "tm2", title="B", cast=cast(("Ann Lee", {})))),
        make.item("c", make.record("justwatch", "tm3", title="C", cast=cast(("Bo Ek", {"justwatch": "1"})))),
        make.item("d", make.record("justwatch", "tm4", title="D", cast=cast(("Bo Ek", {"justwatch": "1"})))),
    )
    assert sorted(r["name"] for r in rows("actors")) == ["Ann Lee", "Ann Lee", "Bo Ek"]


def test_a_credit_with_the_ids_of_two_rows_makes_them_one(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(
        make.item("a", make.record("justwatch", "tm1", title="A", cast=cast(("Ann Lee", {"justwatch": "1"})))),
        make.item("b", make.record("wikidata", "Q1", title="B", cast=cast(("Ann Lee", {"wikidata": "Q9"})))),
    )
    assert len(rows("actors")) == 2
    ingest(
        make.item(
            "c",
            make.record("justwatch", "tm3", title="C", cast=cast(("Ann Lee", {"justwatch": "1"}))),
            make.record("wikidata", "Q3", title="C", cast=cast(("Ann Lee", {"wikidata": "Q9"}))),
        )
    )
    (actor,) = rows("actors")
    assert [r["actor_id"] for r in rows("cast")] == [actor["actor_id"]] * 3


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_a_source_no_longer_tells_of_a_person_stays_in_whatever_order_it_was_told(
    order: tuple[int, ...], ingest: Any, rows: Rows, make: Any
) -> None:
    ids = {"wikidata": "Q9"}
    result = [
        make.person("Q9", "Ann Lee", ids, 0, born="1970", bio="An actor.", nationality="Ireland"),
        make.person("Q9", "Ann Lee", ids, 1, born="1971-02-03"),
        make.person("Q9", "Anne Lee", ids, 2, bio="An actress."),
    ]
    ingest(make.item("a", make.record("wikidata", "Q1", title="A", directors=(Credit(name="Ann Lee", ids=ids),))))
    for number in order:
        ingest(result[number])
    (director,) = rows("directors")
    assert director["name"] == "Anne Lee"
    assert (str(director["dob"]), director["bio"], director["nationality"]) == ("1971-02-03", "An actress.", "Ireland")


@pytest.mark.parametrize("first", ["person", "film"])
def test_a_persons_facts_find_their_rows_whenever_they_come(first: str, ingest: Any, rows: Rows, make: Any) -> None:
    result = cast(("A. Lee", {"wikidata": "Q9"}))
    messages = [
        make.person("Q9", "Ann Lee", {"wikidata": "Q9", "imdb": "nm0000009"}, born="1970-02-03", bio="An actor."),
        make.item("a", make.record("wikidata", "Q1", title="A", cast=result, directors=result)),
    ]
    for message in messages if first == "person" else messages[::-1]:
        ingest(message)
    for table in ("actors", "directors"):
        (row,) = rows(table)
        assert (row["name"], str(row["dob"]), row["birth_year"], row["bio"]) == (
            "Ann Lee",
            "1970-02-03",
            1970,
            "An actor.",
        )
    assert {r["value"] for r in rows("external_ids", entity=["actor"])} == {"Q9", "nm0000009"}


def test_a_year_of_birth_is_no_day(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(
        make.person("Q9", "Ann Lee", {"wikidata": "Q9"}, born="1970"),
        make.item("a", make.record("wikidata", "Q1", title="A", cast=cast(("Ann Lee", {"wikidata": "Q9"})))),
    )
    assert (rows("actors")[0]["dob"], rows("actors")[0]["birth_year"]) == (None, 1970)


def test_a_studio_of_one_name_is_one_row_and_learns_its_place(ingest: Any, rows: Rows, make: Any) -> None:
    item = CompanyItem.model_validate(
        {
            "run": "r1",
            "origin": make.person("Q5", "X", {"wikidata": "Q5"}).origin,
            "name": "Ghibli",
            "ids": {"wikidata": "Q5"},
            "location": "Koganei",
            "founded": "1985-06-15",
        }
    )
    ingest(
        make.item("a", make.record("wikipedia", "A", title="A", studios=({"name": "Ghibli"},))),
        make.item(
            "b", make.record("wikidata", "Q1", title="B", studios=({"name": "Ghibli", "ids": {"wikidata": "Q5"}},))
        ),
        item,
    )
    (studio,) = rows("studios")
    assert (studio["location"], str(studio["founded"]), studio["founded_year"]) == ("Koganei", "1985-06-15", 1985)


def test_nobody_is_left_over_when_a_film_names_other_people(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(make.item("a", make.record("justwatch", "tm1", title="A", cast=cast(("Ann Lee", {"justwatch": "1"})))))
    ingest(make.item("a", make.record("justwatch", "tm1", days=1, title="A", cast=cast(("Bo Ek", {"justwatch": "2"})))))
    assert [r["name"] for r in rows("actors")] == ["Bo Ek"]
    assert {r["value"] for r in rows("external_ids", entity=["actor"])} == {"2"}


def test_an_offer_that_is_gone_has_left_and_stays_in_the_ledger(ingest: Any, rows: Rows, make: Any) -> None:
    hbo, hulu = (Offer(provider=p, country="US", kind="flatrate") for p in ("HBO", "Hulu"))
    for days, offers in enumerate([(hbo,), (hbo, hulu), (hulu,)]):
        ingest(make.item("a", make.record("justwatch", "tm1", days=days, title="A", offers=offers)))
    result = {r["provider"]: [r["first_seen"], r["last_seen"], r["left_at"]] for r in rows("offers")}
    day = [make.AT + timedelta(days=n) for n in range(3)]
    assert result == {"HBO": [day[0], day[1], day[2]], "Hulu": [day[1], day[2], None]}


def test_runs_galleries_entries_and_reviews_are_kept(ingest: Any, rows: Rows, make: Any) -> None:
    gallery, item = "https://g.example/", make.item("a", make.record("justwatch", "tm1", title="A"))
    ingest(
        RunStarted(run="r1", gallery=gallery, started_at=make.AT),
        item.entry,
        GalleryListed(run="r1", gallery=gallery, declared=1, found=1, door="graphql"),
        ReviewItem(run="r1", key="a|Q1", entry=item.entry, candidate=item.records[0], probability=0.6),
        RunFinished(run="r1", finished_at=make.AT, movies=1),
    )
    assert (rows("galleries")[0]["declared"], rows("galleries")[0]["listed_at"]) == (1, make.AT)
    (entry,) = rows("gallery_entries")
    assert (entry["movie_id"], entry["first_seen"]) == (None, make.AT)
    assert (rows("runs")[0]["movies"], rows("review_queue")[0]["status"]) == (1, "open")
    ingest(item)
    assert rows("gallery_entries")[0]["movie_id"] == rows("movies")[0]["movie_id"]


def test_a_message_that_breaks_the_contract_is_kept_with_the_reason(ingest: Any, rows: Rows, make: Any) -> None:
    good = make.item("a", make.record("justwatch", "tm1", title="A"))
    counts = ingest(
        b'{"type":"movie_item","v":1}\n', b"\xff nonsense\n", RejectedItem(run="r1", reason="why", raw="{"), good
    )
    assert (counts.rejected, counts.films) == (3, 1)
    first, second, third = rows("rejected_items")
    assert "run" in first["reason"]
    assert (second["position"], second["raw"]) == (28, "\ufffd nonsense\n")
    assert (third["reason"], third["raw"]) == ("why", "{")


def test_a_film_that_the_database_would_refuse_stops_no_other(
    ingest: Any, rows: Rows, make: Any, units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    with units() as unit:
        shape = unit.repository.shape("movies")
    # What a migration that makes the column required does to the shape.
    monkeypatch.setitem(shape.limits, "plot", Limit(required=True))
    counts = ingest(
        make.item("a", make.record("justwatch", "tm1", title="A", plot="P")),
        make.item("b", make.record("justwatch", "tm2", title="B")),
        make.item("c", make.record("justwatch", "tm3", plot="P")),
        make.item("d", make.record("justwatch", "tm4", title="D", plot="P")),
    )
    assert counts.rejected == 2
    assert [r["title"] for r in rows("movies")] == ["A", "D"]
    assert [r["reason"] for r in rows("rejected_items")] == [
        "movies.plot is required and missing",
        "movies.title is required, and no source gives the movie's title",
    ]


def test_the_same_log_again_changes_no_row(units: Units, write: Any, make: Any) -> None:
    ids = {"wikidata": "Q1", "imdb": "tt0000001", "tmdb": "5"}
    people = cast(("Ann Lee", {"wikidata": "Q9", "imdb": "nm0000009", "tmdb": "3"}))
    data = write(
        make.item(
            "a", make.record("wikidata", "Q1", ids, title="A", cast=people), ids=ids, outcomes={"wikidata": "found"}
        ),
        make.person("Q9", "Ann Lee", {"wikidata": "Q9", "imdb": "nm0000009"}, born="1970"),
    )
    ingest_once(units, data)
    _again(units)
    written: list[str] = []

    def watched() -> UnitOfWork:
        return _Watched(units(), written)

    assert ingest_once(watched, data).films == 0
    assert set(written) == {"ingest_progress"}


class _Watched(UnitOfWork):
    """Tells which collections are written."""

    def __init__(self, unit: UnitOfWork, written: list[str]) -> None:
        self._unit, self._written = unit, written

    def __enter__(self) -> Any:
        self._unit.__enter__()
        self.repository = self._unit.repository
        for verb in ("insert", "update"):
            setattr(self.repository, verb, self._telling(getattr(self.repository, verb)))
        return self

    def _telling(self, act: Any) -> Any:
        def recorded(collection: str, rows: Any) -> Any:
            rows = list(rows)
            self._written += [collection] * bool(rows)
            return act(collection, rows)

        return recorded

    def commit(self) -> None:
        self._unit.commit()

    def rollback(self) -> None:
        self._unit.rollback()


def test_what_only_the_database_finds_wrong_stops_no_other_film(
    engine: Engine, store: SqlStore, write: Any, make: Any
) -> None:
    refusing = {
        "sqlite": "CREATE TRIGGER refusing BEFORE INSERT ON movies WHEN NEW.title = 'B'"
        " BEGIN SELECT RAISE(ABORT, 'no'); END",
        "postgresql": "ALTER TABLE movies ADD CONSTRAINT refusing CHECK (title <> 'B')",
    }
    with engine.begin() as connection:
        connection.execute(text(refusing[engine.dialect.name]))
    films = [make.item(key, make.record("justwatch", f"tm{n}", title=key.upper())) for n, key in enumerate("abc", 1)]
    assert ingest_once(lambda: SqlUnitOfWork(store), write(*films)).rejected == 1
    with SqlUnitOfWork(store) as unit:
        assert [r["title"] for r in unit.repository.read("movies")] == ["A", "C"]


def test_text_is_cleaned_at_the_door_and_reads_the_same_everywhere(
    units: Units, write: Any, rows: Rows, make: Any
) -> None:
    data = write(
        make.item("a", make.record("justwatch", "tm1", title="A\0lien", plot="A \0 here", genres=("\0Horror",)))
    )
    counts = ingest_once(units, data)
    assert (counts.films, counts.rejected) == (1, 0)
    (film,) = rows("movies")
    assert (film["title"], film["plot"]) == ("Alien", "A  here")
    assert [genre["name"] for genre in rows("genres")] == ["Horror"]
    assert "\0" not in str(rows("source_records")) + str(rows("gallery_entries"))


def test_the_log_is_read_once_and_goes_on_where_it_was(units: Units, write: Any, rows: Rows, make: Any) -> None:
    data = write(make.item("a", make.record("justwatch", "tm1", title="A")), segment="s")
    assert ingest_once(units, data).lines == 1
    assert ingest_once(units, data).lines == 0
    write(make.item("b", make.record("justwatch", "tm2", title="B")), b'{"torn', segment="s")
    assert ingest_once(units, data).lines == 1
    assert len(rows("movies")) == 2


@pytest.mark.parametrize("left", [0, 0.5, 0.999])
def test_a_segment_that_was_cut_is_set_aside_and_stops_nothing(
    units: Units, write: Any, rows: Rows, make: Any, caplog: pytest.LogCaptureFixture, left: float
) -> None:
    data = write(make.item("a", make.record("justwatch", "tm1", title="A")), segment="s")
    ingest_once(units, data)
    segment = data / "item_list" / "s.jsonl"
    os.truncate(segment, int(segment.stat().st_size * left))
    write(make.item("b", make.record("justwatch", "tm2", title="B")), segment="t")
    ingest_once(units, data)
    assert [row["title"] for row in rows("movies")] == ["A", "B"]
    place = data / "set_aside" / "item_list" / "s.jsonl"
    assert place.exists()
    assert not segment.exists()
    assert f"What is left of it was moved to {place}" in caplog.text

    write(make.item("c", make.record("justwatch", "tm3", title="C")), segment="s")
    ingest_once(units, data)
    assert [row["title"] for row in rows("movies")] == ["A", "B", "C"]


def test_a_cut_segment_that_is_being_written_is_read_again_from_its_start(
    units: Units, write: Any, rows: Rows, make: Any
) -> None:
    data = write(*(make.item(k, make.record("justwatch", f"tm{ord(k)}", title=k)) for k in "abc"), segment="s")
    ingest_once(units, data)
    segment = data / "item_list" / "s.jsonl"
    first = next(log.read(segment)).end
    os.truncate(segment, first + 10)
    with log.SegmentWriter(segment) as writer:
        writer.write(make.item("d", make.record("justwatch", "tm100", title="d")))
        ingest_once(units, data)
    assert sorted(row["title"] for row in rows("movies")) == ["a", "b", "c", "d"]
    assert rows("ingest_progress")[0]["position"] == segment.stat().st_size


def test_a_segment_that_grew_past_its_place_after_a_cut_loses_no_line(
    units: Units, write: Any, rows: Rows, make: Any
) -> None:
    data = write(make.item("a", make.record("justwatch", "tm1", title="A" * 250, plot="A" * 900)), segment="s")
    ingest_once(units, data)
    segment = data / "item_list" / "s.jsonl"
    segment.unlink()
    write(*(make.item(k, make.record("justwatch", f"tm{ord(k)}", title=k)) for k in "bcdefgh"), segment="s")
    with log.SegmentWriter(segment):
        ingest_once(units, data)
    assert len(rows("movies")) == 8


def test_who_follows_the_log_goes_on_after_a_cut(units: Units, write: Any, rows: Rows, make: Any) -> None:
    data = write(make.item("a", make.record("justwatch", "tm1", title="A")), segment="s")
    ingest_once(units, data)
    (data / "item_list" / "s.jsonl").write_bytes(b"")
    write(make.item("b", make.record("justwatch", "tm2", title="B")), segment="t")
    stop = threading.Event()
    followed = follow(units, data, stop, poll=0.01, progress=lambda done: stop.set() if done.films else None)
    assert followed.films == 1


def test_the_log_is_synced_before_its_place_is_kept(
    units: Units, write: Any, rows: Rows, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_segment: Any) -> None:
        raise UnavailableError("The disk is gone.")

    data = write(make.item("a", make.record("justwatch", "tm1", title="A")))
    monkeypatch.setattr(log, "sync", fails)
    with pytest.raises(UnavailableError, match="The disk is gone"):
        ingest_once(units, data)
    assert (rows("movies"), rows("ingest_progress")) == ([], [])


def _again(units: Units) -> None:
    with units() as unit:
        segments = [row["segment"] for row in unit.repository.read("ingest_progress")]
        unit.repository.delete("ingest_progress", segment=segments)
        unit.commit()


def test_a_transaction_that_is_cut_leaves_neither_rows_nor_a_place(
    units: Units, write: Any, rows: Rows, make: Any
) -> None:
    data = write(*(make.item(f"k{n}", make.record("justwatch", f"tm{n}", title=f"F{n}")) for n in range(LINES + 50)))

    class CutError(Exception):
        pass

    def cut_second() -> UnitOfWork:
        unit = units()
        if len(rows("movies")) >= LINES:
            unit.commit = _raise(CutError)  # type: ignore[method-assign]
        return unit

    with pytest.raises(CutError):
        ingest_once(cut_second, data)
    lines = (data / "item_list" / "r-001.jsonl").read_bytes()[: rows("ingest_progress")[0]["position"]].count(b"\n")
    assert lines == len(rows("movies")) == LINES
    ingest_once(units, data)
    assert len(rows("movies")) == LINES + 50


def _raise(error: type[Exception]) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def test_two_ingests_at_once_apply_every_line_once(units: Units, write: Any, rows: Rows, make: Any) -> None:
    data = write(*(make.item(f"k{n}", make.record("justwatch", f"tm{n}", title=f"F{n}")) for n in range(1, 700)))
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(ingest_once(units, data).lines)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == len(rows("movies")) == 699


def test_following_takes_in_what_is_written_until_it_is_stopped(
    units: Units, write: Any, rows: Rows, make: Any
) -> None:
    stop, seen = threading.Event(), threading.Event()
    data = write(make.item("a", make.record("justwatch", "tm1", title="A")))

    def progress(counts: Any) -> None:
        if counts.films == 2:
            seen.set()

    thread = threading.Thread(target=follow, args=(units, data, stop, 0.01), kwargs={"progress": progress})
    thread.start()
    write(make.item("b", make.record("justwatch", "tm2", title="B")))
    assert seen.wait(20)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert len(rows("movies")) == 2


def _listed(make: Any, day: int) -> list[Any]:
    """Two films as a run of that day tells of them: names in two spellings, with ids and without."""
    result = {
        "Justice League": ("J.K. Simmons", "J. K. Simmons", "Gordon"),
        "Let's Be Cops": ("Damon Wayans Jr.", "Damon Wayans, Jr.", "Justin Chang"),
        "Whiplash": ("J.K. Simmons", "J. K. Simmons", "Fletcher"),
    }
    items = []
    for n, (title, (name, other, role)) in enumerate(result.items(), 1):
        number = str(len(name))
        jw = (Credit(name=name, ids={"justwatch": number}, role=role, billing=1),)
        wp = (
            Credit(name=other),
            Credit(name=name, role=f"{role} himself"),
            Credit(name="Bo Ek", role="A"),
            Credit(name="Bo Ek", role="B"),
        )
        records = [
            make.record("justwatch", f"tm{n}", days=day, title=title, cast=jw),
            make.record("wikidata", f"Q{n}", days=day, cast=cast((other, {"wikidata": f"Q10{number}"}))),
            make.record("wikipedia", f"W{n}", days=day, cast=wp),
        ]
        items.append(make.item(f"k{n}", *records, run=f"r{day}", position=n))
    return items


def test_the_same_facts_told_again_change_no_row(ingest: Any, rows: Rows, make: Any) -> None:
    tables = ("actors", "cast", "external_ids")
    ingest(*_listed(make, 1))
    before = [rows(table) for table in tables]
    ingest(*_listed(make, 2))
    assert [rows(table) for table in tables] == before


def test_a_person_in_two_spellings_is_one_row_with_all_ids(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(*_listed(make, 1))
    (simmons,) = [row["actor_id"] for row in rows("actors") if row["name"] == "J. K. Simmons"]
    ids = {(r["namespace"], r["value"]) for r in rows("external_ids", entity=["actor"], entity_id=[simmons])}
    assert ids == {("justwatch", "12"), ("wikidata", "Q1012")}
    assert [row["role"] for row in rows("cast", actor_id=[simmons])] == ["Gordon", "Fletcher"]


def test_who_has_no_id_and_two_roles_is_one_row(ingest: Any, rows: Rows, make: Any) -> None:
    ingest(*_listed(make, 1)[:1])
    (person,) = rows("actors", name=["Bo Ek"])
    assert [row["role"] for row in rows("cast", actor_id=[person["actor_id"]])] == ["A", "B"]


def test_a_person_that_lost_its_id_is_not_the_one_that_bears_it(ingest: Any, rows: Rows, make: Any) -> None:
    other = make.item("b", make.record("justwatch", "tm2", title="B", cast=cast(("Ann Lee", {"justwatch": "1"}))))
    ingest(
        other, make.item("a", make.record("justwatch", "tm1", title="A", cast=cast(("Ann Lee", {"justwatch": "1"}))))
    )
    ingest(make.item("a", make.record("justwatch", "tm1", days=1, title="A", cast=cast(("Ann Lee", {}))), run="r2"))
    assert len(rows("actors", name=["Ann Lee"])) == 2


@pytest.mark.parametrize("first", [0, 1])
def test_two_items_of_one_person_are_one_row_however_often_told(ingest: Any, rows: Rows, make: Any, first: int) -> None:
    def result(day: int) -> list[Any]:
        films = [
            make.item(
                f"k{n}",
                make.record("justwatch", f"tm{n}", days=day, title="A", cast=cast(("Ann Lee", {"justwatch": "7"}))),
                make.record("wikidata", f"Q{n}", days=day, cast=cast(("Ann Lee", {"wikidata": f"Q10{n}"}))),
            )
            for n in (1, 2)
        ]
        people = [make.person(f"Q10{n}", "Ann Lee", {"wikidata": f"Q10{n}", "imdb": "nm0000001"}, day) for n in (1, 2)]
        return [*people, *films] if first else [*films, *people]

    for day in (1, 2, 3):
        for message in result(day):
            ingest(message)
        assert len(rows("actors")) == 1
        assert len(rows("cast")) == 2
        assert len(rows("external_ids", entity=["actor"])) == 4


def test_people_that_turn_out_to_be_one_are_named_once_in_a_film(ingest: Any, rows: Rows, make: Any) -> None:
    def result(day: int) -> Any:
        jw = (Credit(name="Ann Lee", ids={"justwatch": "1"}, role="X", billing=1), Credit(name="Bo", billing=2))
        wd = cast(("Anna-Maria Lee", {"wikidata": "Q7"}))
        return make.item(
            "a",
            make.record("justwatch", "tm1", days=day, title="A", cast=jw, directors=(Credit(name="C"),)),
            make.record("wikidata", "Q1", days=day, cast=wd),
        )

    ingest(result(1))
    assert len(rows("cast")) == 3
    ingest(make.person("Q7", "Ann Lee", {"wikidata": "Q7", "justwatch": "1"}))
    before = rows("cast")
    assert [row["role"] for row in before] == ["X", ""]
    ingest(result(2))
    assert rows("cast") == before


def test_an_id_that_a_movie_gives_up_goes_to_the_other_movie_that_has_it(ingest: Any, rows: Rows, make: Any) -> None:
    def film(number: int, ids: Any, days: int = 0) -> Any:
        known = {"justwatch": f"tm{number}", **ids}
        return make.item(
            f"k{number}",
            make.record("justwatch", f"tm{number}", known, days=days, title="A"),
            make.record("wikidata", f"Q{number}", title="A"),
        )

    shared = {"imdb": "tt0000001"}
    ingest(film(1, shared), film(2, shared))
    ingest(film(1, {}, days=1))
    owner = {row["entity_id"] for row in rows("external_ids") if row["value"] in ("tt0000001", "tm2")}
    assert len(owner) == 1
    assert [row["imdb_id"] for row in rows("movies") if row["movie_id"] in owner] == ["tt0000001"]


def test_an_item_that_one_movie_leaves_and_another_takes_is_its_id_again(ingest: Any, rows: Rows, make: Any) -> None:
    def film(number: int, item: str, days: int = 0) -> Any:
        listed = make.record("justwatch", f"tm{number}", {"justwatch": f"tm{number}"}, days=days, title="A")
        return make.item(f"k{number}", listed, make.record("wikidata", item, days=days, title="A"))

    ingest(film(1, "Q1"))
    ingest(film(1, "Q2", days=1))
    ingest(film(2, "Q1"))
    owners = {row["value"]: row["entity_id"] for row in rows("external_ids", entity=["movie"])}
    assert (owners["Q1"], owners["Q2"]) == (owners["tm2"], owners["tm1"])


_CREDITED: dict[int, tuple[str, list[int]]] = {1: ("Q1", [1, 2]), 2: ("Q1", [1, 2]), 3: ("Q2", [3])}
"""Entries whose item names people, with the item and these people. A person keeps an id even if the record that gave
it is no longer the movie's, so neither changes; of the other entries, whose items name nobody, both do."""


def _film(entry: int) -> st.SearchStrategy:
    item, people = _CREDITED.get(entry, (None, None))
    return st.tuples(
        st.just(entry),
        st.integers(0, 2),  # the day
        st.sampled_from((None, "tt0000001", "tt0000002")),
        st.just(item) if item else st.sampled_from((None, "Q3", "Q4")),
        st.just(people) if people else st.lists(st.integers(1, 3), max_size=2, unique=True),  # who plays
        st.sampled_from(("A", "B")),
    )


def _entry_and_day(film: tuple[Any, ...]) -> tuple[int, int]:
    """What one answer of a source is known by: of one moment there is one."""
    return film[0], film[1]


FILMS = st.integers(1, 5).flatmap(_film)
PEOPLE = st.tuples(st.integers(1, 3), st.integers(0, 2), st.sampled_from(("1970", "1970-02-03")))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    output=st.tuples(st.lists(FILMS, max_size=6, unique_by=_entry_and_day), st.lists(PEOPLE, max_size=3)),
    shuffled=st.randoms(use_true_random=False),
    cut=st.integers(0, 8),
)
def test_any_order_and_any_cut_and_twice_give_the_same_database(
    new_units: Callable[[str], Units],
    write: Any,
    make: Any,
    snapshot: Any,
    tmp_path_factory: pytest.TempPathFactory,
    output: Any,
    shuffled: Any,
    cut: int,
) -> None:
    messages = []
    for entry, days, imdb, item, people, title in output[0]:
        ids = {"justwatch": f"tm{entry}"} | ({"imdb": imdb} if imdb else {})
        result = cast(*((f"Person {n}", {"justwatch": f"{n}"}) for n in people))
        credited = people if entry in _CREDITED else ()
        existing = cast(*((f"Person {n}", {"wikidata": f"Q10{n}"}) for n in credited))
        records = [make.record("justwatch", f"tm{entry}", ids, days=days, title=title, cast=result)]
        if item:
            records.append(make.record("wikidata", item, days=0, title=item, cast=existing, directors=existing[:1]))
        messages.append(make.item(f"k{entry}", *records, position=entry))
    for number, days, born in output[1]:
        messages.append(
            make.person(f"Q10{number}", f"Person {number}", {"wikidata": f"Q10{number}"}, days=days, born=born)
        )

    start = RunStarted(run="r1", gallery="https://g.example/", started_at=make.AT)

    def taken(*parts: Any) -> Any:
        units, folder = new_units("memory"), tmp_path_factory.mktemp("log")
        ingest_once(units, write(start, data=folder))
        for part in parts:
            ingest_once(units, write(*part, data=folder))
        first = snapshot(units)
        _again(units)
        ingest_once(units, folder)
        assert snapshot(units) == first
        return first

    other = list(messages)
    shuffled.shuffle(other)
    assert taken(messages) == taken(other[:cut], other[cut:])
