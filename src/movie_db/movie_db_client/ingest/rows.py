"""Converts a golden record to rows of `movies` and of the tables that belong to a movie."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from movie_db.contract.messages import Money, SourceRecord
from movie_db.movie_db_client.entity_resolution import by_title
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.repository import Row
from movie_db.stitching.fuse import GoldenRecord

LISTS: Final = {
    "movie_countries": ("countries", "country"),
    "movie_languages": ("languages", "language"),
    "alternative_titles": ("alternative_titles", "title"),
}
"""Tables of plain values with a position: table → (field of the golden record, column)."""
_SAME: Final = (
    "title",
    "original_title",
    "tagline",
    "plot",
    "runtime",
    "rating_count",
    "poster_url",
    "trailer_url",
    "age_rating",
    "age_rating_system",
    "homepage",
)
_PRECISION: Final = {4: "year", 7: "month", 10: "day"}


def movie_row(golden: GoldenRecord, ids: Mapping[str, Sequence[str]]) -> Row:
    """Returns the row of `movies`, without its id and those of contributors."""
    values = golden.values
    year = values.get("year")
    release_date: str = values.get("release_date") or (f"{year:04}" if year else "")
    row: Row = {field: values.get(field) for field in _SAME}
    row |= {
        "language": next(iter(values.get("languages", ())), None),
        "country": next(iter(values.get("countries", ())), None),
        "release_date": _day(release_date),
        "release_year": year,
        "release_month": int(release_date[5:7]) if len(release_date) > 4 else None,
        "release_date_precision": _PRECISION.get(len(release_date)),
        "rating": _score(values.get("rating")),
        "imdb_id": next(iter(ids.get("imdb", ())), None),
        "tmdb_id": next(iter(ids.get("tmdb", ())), None),
    }
    for field in ("budget", "box_office"):
        money: Money | None = values.get(field)
        row[field] = money.amount if money else None
        row[f"{field}_currency"] = money.currency if money else None
    return row


def _day(release_date: str) -> date | None:
    try:
        return date.fromisoformat(release_date) if len(release_date) == 10 else None
    except ValueError:
        return None


def _score(score: float | None) -> Decimal | None:
    return None if score is None else round(Decimal(str(score)), 1)


def list_rows(golden: GoldenRecord, table: str) -> list[Row]:
    """Returns rows of a table in `LISTS`, without movie_id."""
    field, column = LISTS[table]
    return [{column: value, "position": n} for n, value in enumerate(golden.values.get(field, ()), 1)]


def rating_rows(golden: GoldenRecord) -> list[Row]:
    return [
        {"source": r.source, "score": _score(r.score), "votes": r.votes, "original": r.original}
        for r in golden.values.get("ratings", ())
    ]


def provenance_rows(golden: GoldenRecord) -> list[Row]:
    return [
        {
            "field": field,
            "source": origin.source,
            "source_id": origin.source_id,
            "url": origin.url,
            "retrieved_at": origin.retrieved_at,
            "licence": origin.licence,
            "beaten": list(origin.beaten),
        }
        for field, origin in sorted(golden.provenance.items())
    ]


def title_rows(records: Sequence[SourceRecord], united: bool) -> list[Row]:
    """Returns rows of `title_keys`, by which a movie is found by title."""
    first, last = by_title.years(records) or (None, None)
    return [
        {"title": title, "first_year": first, "last_year": last, "united": united}
        for title in sorted(by_title.titles(records))
    ]


def id_lists(pairs: set[Pair]) -> dict[str, list[str]]:
    """Groups ids by namespace, sorted."""
    lists: dict[str, list[str]] = {}
    for namespace, value in sorted(pairs):
        lists.setdefault(namespace, []).append(value)
    return lists


def differ(old: Sequence[Row], new: Sequence[Row], ignore: Sequence[str] = ()) -> bool:
    """Whether two sets of rows differ, in any order. Fields in `ignore` are assigned by the storage."""

    def plain(rows: Sequence[Row]) -> list[Any]:
        return sorted(repr(sorted((f, _plain(v)) for f, v in row.items() if f not in ignore)) for row in rows)

    return len(old) != len(new) or plain(old) != plain(new)


def _plain(value: Any) -> Any:
    """Normalizes a value so that equal values have equal text: 7.0 and 7.00, and objects in any order."""
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, dict):
        return sorted((key, _plain(v)) for key, v in value.items())
    return [_plain(v) for v in value] if isinstance(value, list) else value
