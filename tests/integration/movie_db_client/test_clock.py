"""A database that was fed while a clock ran ahead takes what is gathered afterwards, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from movie_db.contract.messages import (
    GalleryListed,
    Message,
    MovieListEntry,
    Offer,
    RecordsUnchanged,
    RunFinished,
    RunStarted,
    SourceCount,
    now,
)
from movie_db.movie_db_client.data_model.bookkeeping import GalleryEntryRow, GalleryRow, SourceRecordRow
from movie_db.movie_db_client.data_model.tables import MovieRow, OfferRow
from movie_db.movie_db_client.history import due
from movie_db.movie_db_client.history.quality import quality

GALLERY = "https://g.example/"
MAX, HULU = (Offer(provider=name, country="US", kind="flatrate") for name in ("Max", "Hulu"))
AHEAD = [timedelta(hours=3), timedelta(days=400)]


def run(make: Any, name: str, at: datetime, films: dict[str, dict[str, Any]]) -> list[Message]:
    """A whole run: films by their keys, with what JustWatch says of each."""
    output: list[Message] = [RunStarted(run=name, gallery=GALLERY, started_at=at)]
    for key, facts in films.items():
        record = make.record("justwatch", f"tm{ord(key)}", **facts).model_copy(update={"retrieved_at": at})
        output.append(MovieListEntry(run=name, gallery=GALLERY, key=key, position=1, title=key))
        output.append(make.item(key, record, run=name, gallery=GALLERY))
    output.append(GalleryListed(run=name, gallery=GALLERY, found=len(films), declared=len(films), door="x"))
    counts = {"justwatch": SourceCount(requests=1, outcomes={"found": len(films)})}
    return [*output, RunFinished(run=name, finished_at=at, movies=len(films), sources=counts)]


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_comes_later_replaces_what_a_clock_dated_into_the_future(
    ahead: timedelta, ingest: Callable[..., Any], engine: Engine, make: Any
) -> None:
    at = now()
    ingest(
        *run(
            make,
            "r1",
            at + ahead,
            {
                "a": {"title": "Alien", "year": 1979, "plot": "Old.", "offers": (MAX,)},
                "b": {"title": "Nosferatu", "year": 1922},
            },
        )
    )
    result = due.plan(engine, GALLERY, "due", at)
    assert result is not None
    assert [record["due"] for film in result["films"] for record in film["records"]] == [True, True]
    assert [listed.due_at("due") <= now() + timedelta(seconds=2) for listed in due.galleries(engine)] == [True]
    ingest(*run(make, "r2", at, {"a": {"title": "Alien", "year": 1979, "plot": "New.", "offers": (HULU,)}}))
    with engine.connect() as connection:
        assert connection.execute(select(MovieRow.plot).where(MovieRow.title == "Alien")).scalar() == "New."
        assert connection.execute(select(GalleryRow.listed_at)).scalar() == at
        entries = connection.execute(
            select(GalleryEntryRow.key, GalleryEntryRow.last_seen, GalleryEntryRow.left_at)
        ).all()
        offers = connection.execute(select(OfferRow.provider, OfferRow.left_at)).all()
    assert {key: (seen, left) for key, seen, left in entries} == {"a": (at, None), "b": (at + ahead, at)}
    assert {offer.provider: offer.left_at for offer in offers} == {"Max": at, "Hulu": None}
    result = due.plan(engine, GALLERY, "due", at + timedelta(hours=1))
    assert result is not None
    assert [r["due"] for film in result["films"] for r in film["records"] if film["key"] == "a"] == [False]


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_record_of_the_future_that_is_unchanged_is_dated_anew(
    ahead: timedelta, ingest: Callable[..., Any], engine: Engine, make: Any
) -> None:
    at = now()
    ingest(*run(make, "r1", at + ahead, {"a": {"title": "Alien", "year": 1979}}))
    ingest(RecordsUnchanged(run="r2", entity="movie", source="justwatch", source_ids=("tm97",), checked_at=at))
    with engine.connect() as connection:
        assert connection.execute(select(SourceRecordRow.retrieved_at)).scalar() == at


@pytest.mark.parametrize("ahead", AHEAD)
def test_the_report_compares_with_the_run_before_not_with_one_of_the_future(
    ahead: timedelta, ingest: Callable[..., Any], engine: Engine, make: Any
) -> None:
    at = now()
    ingest(*run(make, "r1", at + ahead, {"a": {"title": "Alien", "year": 1979}}))
    quality(engine, "r1")
    ingest(*run(make, "r2", at - timedelta(hours=1), {"a": {"title": "Alien", "year": 1979, "runtime": 117}}))
    quality(engine, "r2")
    ingest(*run(make, "r3", at, {"a": {"title": "Alien", "year": 1979, "runtime": 117, "plot": "A ship."}}))
    before = quality(engine, "r3").filled_before
    assert before is not None
    assert (before["runtime"], before["plot"]) == (1, 0)
