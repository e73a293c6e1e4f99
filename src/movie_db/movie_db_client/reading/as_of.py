"""Derives a movie as it was at a past time, as far as recorded changes allow.

Values that changed at their sources since then are reverted, with credits, billing and ids. Values that a person pinned
since then are reverted to those of the sources. Offers are taken from the ledger. What is not recorded stays as it is
now: the movie's ids, values from sources requested for the first time since, when an offer was last seen, and deleted
pins.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

from sqlalchemy import Connection, func, select

from movie_db.movie_db_client.data_model.bookkeeping import ChangeRow, GalleryEntryRow, SourceRecordRow
from movie_db.movie_db_client.data_model.tables import MovieRow, OfferRow, PinRow
from movie_db.movie_db_client.reading import old_changes
from movie_db.movie_db_client.reading.credit_rows import CreditRows
from movie_db.movie_db_client.reading.documents import CREDIT_IDS, movie_documents
from movie_db.movie_db_client.reading.movie_document import (
    KEYS,
    Json,
    MovieDocument,
    OfferDocument,
    contract_value,
    members,
    without_ids,
)
from movie_db.movie_db_client.reading.offers import offers
from movie_db.movie_db_client.reading.stitched import records_of, with_languages
from movie_db.stitching.fuse import PinnedValue, fuse
from movie_db.stitching.policy import Preferences

_PLACE: Final = ("source", "provider", "country", "kind", "presentation")


def known_since(connection: Connection, number: int) -> datetime:
    """Returns the earliest recorded time of the movie."""
    seen = (GalleryEntryRow.first_seen, SourceRecordRow.retrieved_at, OfferRow.first_seen, ChangeRow.at)
    first_times = [select(func.min(at)).where(at.class_.movie_id == number).scalar_subquery() for at in seen]
    created, *seen_times = connection.execute(
        select(MovieRow.created_at, *first_times).where(MovieRow.movie_id == number)
    ).one()
    times: list[datetime] = [created.replace(tzinfo=UTC), *filter(None, seen_times)]
    return min(times)


def movie_at(
    connection: Connection, number: int, at: datetime, fields: Sequence[str], how: Preferences
) -> MovieDocument:
    """Returns the movie as it was at a time.

    Args:
        fields: the members to return.
        how: preferences by which the values of its sources are stitched.
    """
    (now,) = movie_documents(connection, [number])
    changed = _changed_since(connection, number, at)
    pinned = {
        field: value for field, value in _pinned_since(connection, number, at, how).items() if field not in changed
    }
    values = pinned | changed
    rows = CreditRows(connection, now)
    rows.load(one for field in KEYS for one in values.get(field) or ())
    values |= {field: rows.completed(field, pinned[field] or ()) for field in KEYS if field in pinned}
    then: Json = {**now}
    for field in old_changes.ordered(values):
        value = old_changes.read(field, values[field], then)
        then |= value if value is not None else members(field, values[field], rows.number)
    then["offers"] = _offers_at(connection, number, at)
    then["provenance"] = [one for one in now["provenance"] if one["field"] not in values]
    shown = {name: then[name] for name in ("movie_id", *fields) if name != CREDIT_IDS}
    document = cast(MovieDocument, shown)
    if CREDIT_IDS not in fields:
        without_ids([document])
    return document


def _changed_since(connection: Connection, number: int, at: datetime) -> dict[str, Any]:
    """Returns the fields that changed since, with their values before the first change."""
    query = select(ChangeRow.field, ChangeRow.old).where(
        ChangeRow.movie_id == number, ChangeRow.at > at, ChangeRow.field != "offers"
    )
    newest_first = connection.execute(query.order_by(ChangeRow.at.desc(), ChangeRow.change_id.desc()))
    return {row.field: row.old for row in newest_first}


def _pinned_since(connection: Connection, number: int, at: datetime, how: Preferences) -> dict[str, Any]:
    """Returns the fields that were pinned since, with the values from the sources."""
    query = select(PinRow.field, PinRow.value, PinRow.pinned_at).where(PinRow.movie_id == number)
    pins = {row.field: PinnedValue(row.value, row.pinned_at) for row in connection.execute(query)}
    since = {field for field, pin in pins.items() if pin.pinned_at > at}
    if not since:
        return {}
    before = {field: pin for field, pin in pins.items() if field not in since}
    golden = fuse(records_of(connection, number), before, *with_languages(connection, how))
    fields = set(since)
    for together in _TOGETHER:
        fields |= set(together) if since & set(together) else set()
    return {field: contract_value(golden, field) for field in fields}


_TOGETHER: Final = (("year", "release_date"), ("age_rating", "age_rating_system"))
"""Pairs of fields where a pin on one changes the other."""


def _offers_at(connection: Connection, number: int, at: datetime) -> list[OfferDocument]:
    """Returns the offers at that time, with their terms as recorded by the next change of each."""
    query = select(ChangeRow.old, ChangeRow.new, ChangeRow.source)
    query = query.where(ChangeRow.movie_id == number, ChangeRow.at > at, ChangeRow.field == "offers")
    newest_first = connection.execute(query.order_by(ChangeRow.at.desc(), ChangeRow.change_id.desc()))
    since = {_place({**(row.old or row.new), "source": row.source}): row.old for row in newest_first}
    found = []
    for offer in offers(connection, number, None):
        if datetime.fromisoformat(offer["first_seen"]) > at:
            continue
        place = _place(offer)
        there = since[place] is not None if place in since else _is_there(offer, at)
        if there:
            found.append(offer | (since.get(place) or {}) | {"left_at": None})
    return cast(list[OfferDocument], found)


def _is_there(offer: Json, at: datetime) -> bool:
    return offer["left_at"] is None or datetime.fromisoformat(offer["left_at"]) > at


def _place(offer: Json) -> tuple[Any, ...]:
    return tuple(offer.get(name) for name in _PLACE)
