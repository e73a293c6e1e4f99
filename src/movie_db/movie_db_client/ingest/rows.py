"""A golden record as rows: what stands in `movies` and in the tables that belong to a film."""

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
    """The film's row, without its number and those of its people and companies."""
    values = golden.values
    year = values.get("year")
    known: str = values.get("release_date") or (f"{year:04}" if year else "")
    row: Row = {field: values.get(field) for field in _SAME}
    row |= {
        "language": next(iter(values.get("languages", ())), None),
        "country": next(iter(values.get("countries", ())), None),
        "release_date": _day(known),
        "release_year": year,
        "release_month": int(known[5:7]) if len(known) > 4 else None,
        "release_date_precision": _PRECISION.get(len(known)),
        "rating": _score(values.get("rating")),
        "imdb_id": next(iter(ids.get("imdb", ())), None),
        "tmdb_id": next(iter(ids.get("tmdb", ())), None),
    }
    for field in ("budget", "box_office"):
        money: Money | None = values.get(field)
        row[field] = money.amount if money else None
        row[f"{field}_currency"] = money.currency if money else None
    return row


def _day(known: str) -> date | None:
    try:
        return date.fromisoformat(known) if len(known) == 10 else None
    except ValueError:
        return None


def _score(score: float | None) -> Decimal | None:
    return None if score is None else round(Decimal(str(score)), 1)


def list_rows(golden: GoldenRecord, table: str) -> list[Row]:
    """The rows of one of `LISTS`, without movie_id."""
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
            "source": told.source,
            "source_id": told.source_id,
            "url": told.url,
            "retrieved_at": told.retrieved_at,
            "licence": told.licence,
            "beaten": list(told.beaten),
        }
        for field, told in sorted(golden.provenance.items())
    ]


def title_rows(records: Sequence[SourceRecord], united: bool) -> list[Row]:
    """What finds a film of these records by a title."""
    first, last = by_title.years(records) or (None, None)
    return [
        {"title": title, "first_year": first, "last_year": last, "united": united}
        for title in sorted(by_title.titles(records))
    ]


def id_lists(pairs: set[Pair]) -> dict[str, list[str]]:
    """The ids by namespace, sorted."""
    lists: dict[str, list[str]] = {}
    for namespace, value in sorted(pairs):
        lists.setdefault(namespace, []).append(value)
    return lists


def differ(old: Sequence[Row], new: Sequence[Row], ignore: Sequence[str] = ()) -> bool:
    """Whether two sets of rows differ, whatever their order; `ignore` names the fields that the storage gives."""

    def plain(rows: Sequence[Row]) -> list[Any]:
        return sorted(repr(sorted((f, _plain(v)) for f, v in row.items() if f not in ignore)) for row in rows)

    return len(old) != len(new) or plain(old) != plain(new)


def _plain(value: Any) -> Any:
    """A value whose text is the same whenever it is: 7.0 and 7.00, and JSON objects in any order."""
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, dict):
        return sorted((key, _plain(v)) for key, v in value.items())
    return [_plain(v) for v in value] if isinstance(value, list) else value
