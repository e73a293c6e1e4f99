"""Records for tests of the stitching."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from movie_db.contract.messages import Company, Credit, Money, MovieFacts, Rating, SourceRecord

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def a_film() -> list[SourceRecord]:
    """Three sources' records of a film that all tell every field, each something else."""
    return [_record(source, n) for n, source in enumerate(("justwatch", "wikipedia", "tmdb"), 1)]


def _record(source: str, n: int) -> SourceRecord:
    credits = (Credit(name=f"Person {n}", role="X" if n > 1 else ""),)
    companies = (Company(name=f"Company {n}"),)
    facts: dict[str, Any] = {
        **{f: f"{f} {n}" for f in ("title", "original_title", "plot", "tagline")},
        **dict.fromkeys(("poster_url", "trailer_url", "homepage"), f"https://{source}.example/{n}"),
        **{f: Money(amount=Decimal(n)) for f in ("budget", "box_office")},
        **dict.fromkeys(("directors", "writers", "cast"), credits),
        **dict.fromkeys(("studios", "distributors"), companies),
        "alternative_titles": (f"other {n}",),
        "release_date": f"198{n}-01-01",
        "runtime": 100 + n,
        "genres": (f"Genre {n}",),
        "languages": ("en",),
        "countries": ("US",),
        "age_rating": f"R{n}",
        "ratings": (Rating(source=f"rater {n}", score=n),),
    }
    return SourceRecord(
        source=source,
        source_id="1",
        url=f"https://{source}.example/1",
        retrieved_at=AT + timedelta(days=n),
        licence="CC0",
        language="en",
        facts=MovieFacts(**facts),
    )
