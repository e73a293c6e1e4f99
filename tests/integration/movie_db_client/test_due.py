"""What of a gallery is due, by what the database knows; and what becomes of records that say the same again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from starlette.testclient import TestClient

from movie_db.contract.messages import (
    GalleryListed,
    Link,
    Message,
    MovieListEntry,
    Offer,
    Rating,
    RecordsUnchanged,
    RunStarted,
)
from movie_db.contract.state import state_of
from movie_db.movie_db_client.history import due
from movie_db.movie_db_client.history.due import Listed
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app, make_service

Rows = Callable[..., list[dict[str, Any]]]
GALLERY = "https://g.example/"
MAX = Offer(provider="Max", country="US", kind="flatrate")


def listing(make: Any, run: str, days: int, *keys: str, limit: int | None = None) -> list[Message]:
    entries = [MovieListEntry(run=run, gallery=GALLERY, key=key, position=1, title=key) for key in keys]
    started = RunStarted(run=run, gallery=GALLERY, started_at=make.AT + timedelta(days=days), limit=limit)
    return [started, *entries, GalleryListed(run=run, gallery=GALLERY, found=len(keys), declared=len(keys), door="x")]


def film(make: Any, key: str, year: int, days: int = 0, edited: int | None = None, **outcomes: str) -> Any:
    """A film of JustWatch and of Wikidata; `edited` is how many days before it was asked Wikidata's item was."""
    item = make.record("wikidata", f"Q{key}", {"wikidata": f"Q{key}"}, days=days, title=key, year=year)
    if edited is not None:
        item = item.model_copy(update={"revision": "7", "edited_at": item.retrieved_at - timedelta(days=edited)})
    own = make.record("justwatch", f"tm{key}", {"justwatch": f"tm{key}"}, days=days, title=key, offers=(MAX,))
    return make.item(key, own, item, outcomes=outcomes)


def due_at(engine: Engine, at: datetime, how: Any = "due") -> dict[str, list[str]]:
    result = due.plan(engine, GALLERY, how, at)
    assert result is not None
    return {f["key"]: [r["source"] for r in f["records"] if r["due"]] for f in result["films"]}


def test_new_films_are_due_daily_old_ones_monthly_and_quiet_items_later(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(
        *listing(make, "r1", 0, "1", "2", "3"),
        film(make, "1", 2026),
        film(make, "2", 1979),
        film(make, "3", 1979, 0, 900),
    )
    both = ["justwatch", "wikidata"]
    assert due_at(engine, make.AT + timedelta(hours=2)) == {"1": [], "2": [], "3": []}
    assert due_at(engine, make.AT + timedelta(days=1)) == {"1": both, "2": [], "3": []}
    assert due_at(engine, make.AT + timedelta(days=30)) == {"1": both, "2": both, "3": ["justwatch"]}
    assert due_at(engine, make.AT + timedelta(days=91)) == {"1": both, "2": both, "3": both}
    assert due_at(engine, make.AT + timedelta(hours=2), "all") == {"1": both, "2": both, "3": ["justwatch"]}
    assert due_at(engine, make.AT + timedelta(hours=2), "pages") == {"1": both, "2": both, "3": both}


def test_a_film_that_a_source_failed_is_looked_for_again_at_once(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(
        *listing(make, "r1", 0, "1", "2", "3"),
        film(make, "1", 1979, wikidata="found", wikipedia="failed"),
        film(make, "2", 1979, wikidata="not_found"),
        film(make, "3", 1979, wikidata="found", wikipedia="not_found"),
    )

    def searched(days: int) -> list[str]:
        result = due.plan(engine, GALLERY, "due", make.AT + timedelta(days=days))
        return [f["key"] for f in result["films"] if f["search"]] if result else []

    assert searched(1) == ["1"]
    assert searched(31) == ["1", "2"], "what was not found is looked for a month later"


def test_films_that_left_are_known_and_told_as_such(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(*listing(make, "r1", 0, "1", "2"), film(make, "1", 1979), film(make, "2", 1979))
    ingest(*listing(make, "r2", 1, "2"))
    result = due.plan(engine, GALLERY, "due", make.AT + timedelta(days=2))
    assert result
    assert {f["key"]: f["left"] for f in result["films"]} == {"1": True, "2": False}
    assert due.plan(engine, "https://other.example/", "due", make.AT) is None


def test_the_state_of_a_record_is_what_the_crawler_makes_of_it(ingest: Any, engine: Engine, make: Any) -> None:
    ratings = (Rating(source="imdb", score=7.0, votes=10**9), Rating(source="tmdb", score=7.15))
    record = make.record("justwatch", "tm1", title="Ä „quoted“ title", runtime=90, ratings=ratings, offers=(MAX,))
    ingest(*listing(make, "r1", 0, "1"), make.item("1", record))
    result = due.plan(engine, GALLERY, "due", make.AT)
    assert result
    assert result["films"][0]["records"][0]["state"] == state_of(record)


def test_people_are_due_quarterly(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(*listing(make, "r1", 0, "1"), film(make, "1", 1979), make.person("Q5", "Ridley Scott", {"wikidata": "Q5"}))
    for days, people in ((89, {}), (90, {"Q5": ""})):
        result = due.plan(engine, GALLERY, "all", make.AT + timedelta(days=days))
        assert result
        assert result["people"] == people


def test_galleries_are_due_daily_with_the_limit_of_their_last_run(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(*listing(make, "r1", 0, "1", limit=1))
    (listed,) = due.galleries(engine)
    assert listed == Listed(GALLERY, make.AT, 1, ("en",))
    assert listed.due_at("due") - make.AT == timedelta(hours=20)
    assert listed.due_at("all") == make.AT


def test_records_that_say_the_same_are_as_old_as_their_last_answer(ingest: Any, engine: Engine, make: Any) -> None:
    person = make.person("Q5", "Ridley Scott", {"wikidata": "Q5"}, days=-60)
    ingest(*listing(make, "r1", -60, "1"), film(make, "1", 1979, days=-60), person)
    first, later = make.AT - timedelta(days=60), make.AT - timedelta(days=20)
    ahead = datetime.now(UTC) + timedelta(days=400)
    same = {"run": "r2", "checked_at": later}
    news = [
        RecordsUnchanged(source="justwatch", source_ids=("tm1", "tm2"), **same),
        RecordsUnchanged(source="wikidata", source_ids=("Q1",), **same),
        RecordsUnchanged(source="wikidata", source_ids=("Q5",), entity="person", **same),
        RecordsUnchanged(source="wikidata", source_ids=("Q1",), run="r1", checked_at=first - timedelta(days=1)),
        RecordsUnchanged(source="wikidata", source_ids=("Q1",), run="r3", checked_at=ahead),
    ]
    for _ in range(2):
        ingest(*news)
        with SqlUnitOfWork(SqlStore(engine)) as unit:
            read = unit.repository.read
            assert {row["retrieved_at"] for row in read("source_records")} == {later}
            assert {row["retrieved_at"] for row in read("field_provenance")} == {later}
            (offer,) = read("offers")
            assert (offer["first_seen"], offer["last_seen"], offer["left_at"]) == (first, later, None)
            assert read("changes") == []
    assert due_at(engine, later + timedelta(days=1)) == {"1": []}
    ingest(film(make, "1", 1979, days=-19))
    assert due_at(engine, later + timedelta(days=30)) == {"1": []}, "a newer record counts from its own time"


def test_a_record_told_alone_keeps_the_link_and_the_other_sources_outcomes(
    units: Any, write: Any, rows: Rows, make: Any
) -> None:
    link = Link(source="wikidata", source_id="Q1", probability=0.99, evidence=("title",))
    first = film(make, "1", 1979, justwatch="found", wikidata="found", wikipedia="not_found")
    ingest_once(units, write(first.model_copy(update={"links": (link,)})))
    again = make.item(
        "1", make.record("wikidata", "Q1", days=1, title="Other"), outcomes={"wikidata": "found"}, run="r2"
    )
    ingest_once(units, write(again.model_copy(update={"type": "record_item"})))
    (row,) = rows("source_records", source=["wikidata"])
    assert (row["probability"], row["evidence"], row["record"]["facts"]["title"]) == (0.99, ["title"], "Other")
    assert {r["source"]: r["outcome"] for r in rows("source_outcomes")} == {
        "justwatch": "found",
        "wikidata": "found",
        "wikipedia": "not_found",
    }


def test_a_list_that_is_empty_all_at_once_has_no_film_leave(units: Any, write: Any, rows: Rows, make: Any) -> None:
    ingest_once(units, write(*listing(make, "r1", 0, "1"), film(make, "1", 1979)))
    ingest_once(units, write(*listing(make, "r2", 1)))
    assert rows("changes") == []


def test_the_api_tells_what_is_due(ingest: Any, engine: Engine, make: Any) -> None:
    ingest(*listing(make, "r1", 0, "1"), film(make, "1", 1979))
    client = TestClient(make_app(make_service(engine, lambda: False)))
    result = client.get("/v1/jobs/plan", params={"gallery": GALLERY, "at": "2026-12-24T00:00:00Z"})
    assert result.status_code == 200
    assert [r["due"] for r in result.json()["films"][0]["records"]] == [True, True]
    assert client.get("/v1/jobs/plan", params={"gallery": "https://other.example/"}).status_code == 404
    assert client.get("/v1/jobs/plan", params={"gallery": GALLERY, "how": "twice"}).status_code == 400
    assert client.get("/v1/jobs/plan", params={"gallery": GALLERY, "at": "soon"}).status_code == 400


def test_the_api_tells_which_galleries_are_due(ingest: Any, engine: Engine, make: Any) -> None:
    client = TestClient(make_app(make_service(engine, lambda: False)))
    assert client.get("/v1/jobs").json() == {"jobs": []}
    ingest(*listing(make, "r1", 0, "1", limit=1))

    def job(query: str) -> Any:
        (result,) = client.get(f"/v1/jobs?{query}").json()["jobs"]
        return result

    assert job("at=2026-11-01T19:00:00Z") == {
        "gallery": GALLERY,
        "limit": 1,
        "languages": ["en"],
        "listed_at": "2026-11-01T00:00:00Z",
        "due_at": "2026-11-01T20:00:00Z",
        "due": False,
    }
    assert job("at=2026-11-01T20:00:00Z")["due"]
    assert job("at=2026-11-01T19:00:00Z&how=all")["due"]
    assert client.get("/v1/jobs?at=2026-02-30T00:00:00Z").status_code == 400
    assert client.get("/v1/jobs/plan", params={"gallery": GALLERY, "at": "2026-02-30T00:00:00Z"}).status_code == 400
