"""What a source no longer tells is kept: the latest word of each field, in whatever order the records come."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from typing import Any

import pytest

from movie_db.contract.messages import MovieFacts, Offer, SourceRecord
from movie_db.movie_db_client.ingest.retained_values import retain, without_retained
from movie_db.stitching.fuse import fuse

AT = datetime(2026, 11, 1, tzinfo=UTC)


def record(days: int, source: str = "justwatch", **facts: Any) -> SourceRecord:
    return SourceRecord(
        source=source,
        source_id="1",
        url="https://a.example/",
        retrieved_at=AT + timedelta(days=days),
        licence="CC0",
        facts=MovieFacts(**facts),
    )


def test_what_is_no_longer_told_is_kept_with_the_time_of_its_last_word() -> None:
    now = retain(record(2, title="A"), record(1, title="B", runtime=90, genres=("Drama",)))
    assert (now.facts.title, now.facts.runtime, now.facts.genres) == ("A", 90, ("Drama",))
    assert now.kept == {"runtime": AT + timedelta(days=1), "genres": AT + timedelta(days=1)}
    later = retain(record(3, title="A", runtime=91), now)
    assert (later.facts.runtime, later.kept) == (91, {"genres": AT + timedelta(days=1)})
    assert without_retained(later) == record(3, title="A", runtime=91)


def test_offers_end_when_they_are_no_longer_told() -> None:
    offer = Offer(provider="Max", country="US", kind="flatrate")
    assert retain(record(2, title="A"), record(1, title="A", offers=(offer,))) == record(2, title="A")


def test_a_date_is_not_kept_beside_a_year_that_it_is_not_of() -> None:
    former = record(1, year=1979, release_date="1979-05-25")
    assert retain(record(2, year=1980), former).facts.release_date is None
    assert retain(record(2, year=1979), former).facts.release_date == "1979-05-25"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_in_which_records_come_plays_no_part(order: tuple[int, ...]) -> None:
    records = [record(1, title="A", runtime=90, plot="P"), record(2, title="A", runtime=95), record(3, title="A")]

    def take(one: SourceRecord, other: SourceRecord) -> SourceRecord:
        newer, older = sorted((one, other), key=lambda r: r.retrieved_at, reverse=True)
        return retain(newer, older)

    now = reduce(take, (records[n] for n in order))
    assert (now.facts.runtime, now.facts.plot) == (95, "P")
    assert now.kept == {"runtime": AT + timedelta(days=2), "plot": AT + timedelta(days=1)}


@pytest.mark.parametrize(("days", "wins"), [(90, 90), (91, 100)])
def test_a_kept_value_counts_for_a_while_then_only_where_nobody_else_tells_one(days: int, wins: int) -> None:
    silent = retain(record(days, title="A"), record(0, title="A", runtime=90, tagline="T"))
    golden = fuse([silent, record(0, "wikipedia", runtime=100)])
    assert golden.values["runtime"] == wins
    assert golden.values["tagline"] == "T"
    assert golden.provenance["tagline"].retrieved_at == AT
    assert golden.provenance["title"].retrieved_at == AT + timedelta(days=days)
