"""What changed of a film: where a source that was asked before says something else now.

A source that speaks of a film for the first time changes nothing in the world, nor does a new link or rule of ours.
Values are kept as the contract writes them, so that the film can be shown as it was (`reading/past.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from movie_db.movie_db_client.ingest.contributors import Registry
from movie_db.movie_db_client.ingest.finding import BatchMovie
from movie_db.movie_db_client.reading.movie_document import KEYS, contract_value, distinct_credits
from movie_db.movie_db_client.repository import Row
from movie_db.stitching.fuse import PIN, Golden, fuse, place
from movie_db.stitching.policy import Order, Preferences

_OFFER: Final = ("provider", "country", "kind", "presentation", "price", "currency", "url", "available_to")


def of_film(film: BatchMovie, preferences: Preferences, registries: Mapping[str, Registry]) -> list[Row]:
    """The values of a film that was there before and that its sources tell otherwise now."""
    known = [held for held in film.held if held.was is not None]
    moved = [held for held in known if held.was and _told(held.was) != _told(held.record)]
    if not moved or not film.was:
        return []
    before = fuse((held.was for held in known if held.was), None, *preferences)
    after = fuse((held.record for held in known), None, *preferences)
    at = max(held.record.retrieved_at for held in moved)
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


def _told(record: Any) -> Any:
    return record.facts, record.several


def _source(field: str, before: Golden, after: Golden) -> str:
    """Whose word a field is; an age rating's system is the word of who tells the age rating."""
    name = "age_rating" if field == "age_rating_system" else field
    return (after.provenance.get(name) or before.provenance[name]).source


def _counted(ratings: Any, golden: Golden, raters: Order) -> Any:
    """Ratings, with `counts` in the one that is the film's own: of equal scores, that of the first of `raters`."""
    own = [one for one in ratings or () if one["score"] == contract_value(golden, "rating")]
    counts = min(own, key=lambda one: (place(one["source"], raters), one["source"]), default=None)
    return ratings and [one | {"counts": one is counts} for one in ratings]


def _credited(field: str, credits: Any, film: BatchMovie, registry: Registry, *, before: bool) -> Any:
    """Credits with the names and ids of their rows, as documents show them; `before`: those before this batch."""
    found = []
    for one in credits or ():
        party = registry.known(one["name"], one["ids"], film.parties.get(field, ()), film.was)
        if party is not None:
            name, ids = party.before() if before else party.now()
            one |= {"name": name, "ids": ids}
        found.append(one)
    return distinct_credits(field, found) or None


def row(
    field: str, old: Any, new: Any, source: str, at: datetime, movie_id: int | None = None, entry_key: str | None = None
) -> Row:
    """A row of `changes`."""
    return {
        "movie_id": movie_id, "entry_key": entry_key, "field": field, "old": old, "new": new, "source": source, "at": at
    }  # fmt: skip


def of_offers(film: BatchMovie, before: Iterable[Row], after: Sequence[Row]) -> list[Row]:
    """The offers of a film that came to its ledger, left, or have other terms, of sources that told of it before."""
    asked = {held.record.source for held in film.held if held.was is not None}
    had = {row["offer_id"]: row for row in before}
    rows = []
    for offer in after:
        was = had.get(offer.get("offer_id"))
        there = was is not None and was["left_at"] is None
        here = offer["left_at"] is None
        if offer["source"] not in asked or not (there or here):
            continue
        old = _terms(was) if was and there else None
        new = _terms(offer) if here else None
        if old != new:
            at = offer["last_seen"] if here else offer["left_at"]
            rows.append(row("offers", old, new, offer["source"], at, movie_id=film.number))
    return rows


def _terms(offer: Row) -> Row:
    """An offer as the contract writes it."""
    price = offer["price"]
    number = None if price is None else int(price) if price == int(price) else float(price)
    return {name: offer[name] for name in _OFFER} | {"price": number}
