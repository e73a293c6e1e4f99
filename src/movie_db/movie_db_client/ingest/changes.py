"""Computes what changed in a movie: fields where a source that was requested before now gives another value.

A source that describes a movie for the first time is not a change, and neither is a new link or rule of ours. Values
are stored as JSON of the contract, so that `reading/as_of.py` can show the movie at a past time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from movie_db.movie_db_client.ingest.batch_movies import BatchMovie
from movie_db.movie_db_client.ingest.contributors import ContributorRegistry
from movie_db.movie_db_client.reading.movie_document import KEYS, contract_value, distinct_credits
from movie_db.movie_db_client.repository import Row
from movie_db.stitching.fuse import PIN, GoldenRecord, fuse, place
from movie_db.stitching.policy import Order, Preferences

_OFFER: Final = ("provider", "country", "kind", "presentation", "price", "currency", "url", "available_to")


def movie_changes(
    film: BatchMovie, preferences: Preferences, registries: Mapping[str, ContributorRegistry]
) -> list[Row]:
    """Returns rows of `changes` for the fields that changed at the sources of a stored movie."""
    existing = [stored for stored in film.records if stored.was is not None]
    moved = [stored for stored in existing if stored.was and _content(stored.was) != _content(stored.record)]
    if not moved or not film.was:
        return []
    before = fuse((stored.was for stored in existing if stored.was), None, *preferences)
    after = fuse((stored.record for stored in existing), None, *preferences)
    at = max(stored.record.retrieved_at for stored in moved)
    rows = []
    for field in sorted((before.values.keys() | after.values.keys()) - {"offers"}):
        old, new = contract_value(before, field), contract_value(after, field)
        if old != new and field in KEYS:
            old = _credited(field, old, film, registries[field], before=True)
            new = _credited(field, new, film, registries[field], before=False)
        if field == "ratings":
            raters = preferences.policy["rating"].order
            old, new = _counted(old, before, raters), _counted(new, after, raters)
        pinned = film.golden.provenance.get(field)
        if old != new and not (pinned and pinned.source == PIN):
            source = _source(field, before, after)
            rows.append(row(field, old, new, source, at, movie_id=film.number))
    return rows


def _content(record: Any) -> Any:
    return record.facts, record.several


def _source(field: str, before: GoldenRecord, after: GoldenRecord) -> str:
    """Returns the source of a field's value. The age rating's system comes from the source of the age rating."""
    name = "age_rating" if field == "age_rating_system" else field
    return (after.provenance.get(name) or before.provenance[name]).source


def _counted(ratings: Any, golden: GoldenRecord, raters: Order) -> Any:
    """Marks the rating that equals the movie's own: of equal scores, that of the first of `raters`."""
    own = [one for one in ratings or () if one["score"] == contract_value(golden, "rating")]
    counts = min(own, key=lambda one: (place(one["source"], raters), one["source"]), default=None)
    return ratings and [one | {"counts": one is counts} for one in ratings]


def _credited(field: str, credits: Any, film: BatchMovie, registry: ContributorRegistry, *, before: bool) -> Any:
    """Sets the names and ids of credits to those of their rows, before or after this batch."""
    found = []
    for one in credits or ():
        contributor = registry.lookup(one["name"], one["ids"], film.contributors.get(field, ()), film.was)
        if contributor is not None:
            name, ids = contributor.before() if before else contributor.now()
            one |= {"name": name, "ids": ids}
        found.append(one)
    return distinct_credits(field, found) or None


def row(
    field: str, old: Any, new: Any, source: str, at: datetime, movie_id: int | None = None, entry_key: str | None = None
) -> Row:
    """Returns a row of `changes`."""
    return {
        "movie_id": movie_id, "entry_key": entry_key, "field": field, "old": old, "new": new, "source": source, "at": at
    }  # fmt: skip


def offer_changes(film: BatchMovie, before: Iterable[Row], after: Sequence[Row]) -> list[Row]:
    """Returns rows of `changes` for offers that were added, left or have new terms, from sources requested before."""
    sources = {stored.record.source for stored in film.records if stored.was is not None}
    had = {row["offer_id"]: row for row in before}
    rows = []
    for offer in after:
        was = had.get(offer.get("offer_id"))
        there = was is not None and was["left_at"] is None
        here = offer["left_at"] is None
        if offer["source"] not in sources or not (there or here):
            continue
        old = _terms(was) if was and there else None
        new = _terms(offer) if here else None
        if old != new:
            at = offer["last_seen"] if here else offer["left_at"]
            rows.append(row("offers", old, new, offer["source"], at, movie_id=film.number))
    return rows


def _terms(offer: Row) -> Row:
    """Returns an offer as JSON of the contract."""
    price = offer["price"]
    number = None if price is None else int(price) if price == int(price) else float(price)
    return {name: offer[name] for name in _OFFER} | {"price": number}
