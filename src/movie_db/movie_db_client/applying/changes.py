"""What changed of a film: where a source that was asked before says something else now.

A source that speaks of a film for the first time changes nothing in the world, nor does a new link or rule of ours.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from movie_db.contract.messages import Company, Credit, Money, Rating
from movie_db.movie_db_client.applying.finding import Film
from movie_db.movie_db_client.repository import Row
from movie_db.stitching.fuse import PIN, Golden, fuse
from movie_db.stitching.policy import Preferences

_LEDGERS: Final = frozenset(("offers", "rating_count", "age_rating_system"))
"""Fields that are not compared: offers have their ledger, counts of votes move every day, and a rating has its own."""


def of_film(film: Film, preferences: Preferences) -> list[Row]:
    """The values of a film that was there before and that its sources tell otherwise now."""
    known = [held for held in film.held if held.was is not None]
    moved = [held for held in known if held.was and held.was.facts != held.record.facts]
    if not moved or not film.was:
        return []
    before = fuse((held.was for held in known if held.was), None, *preferences)
    after = fuse((held.record for held in known), None, *preferences)
    at = max(held.record.retrieved_at for held in moved)
    rows = []
    for field in sorted((before.values.keys() | after.values.keys()) - _LEDGERS):
        old, new = _shown(field, before), _shown(field, after)
        pinned = film.golden.provenance.get(field)
        if old != new and not (pinned and pinned.source == PIN):
            told = after.provenance.get(field) or before.provenance[field]
            rows.append(row(field, old, new, told.source, at, movie_id=film.number))
    return rows


def row(
    field: str, old: Any, new: Any, source: str, at: datetime, movie_id: int | None = None, entry_key: str | None = None
) -> Row:
    """A row of `changes`."""
    return {
        "movie_id": movie_id, "entry_key": entry_key, "field": field, "old": old, "new": new, "source": source, "at": at
    }  # fmt: skip


def of_offers(film: Film, before: Iterable[Row], after: Sequence[Row]) -> list[Row]:
    """The offers of a film that came to its ledger and left, of sources that told of it before."""
    asked = {held.record.source for held in film.held if held.was is not None}
    had = {row["offer_id"]: row["left_at"] for row in before}
    rows = []
    for offer in after:
        there = "offer_id" in offer and had[offer["offer_id"]] is None
        here = offer["left_at"] is None
        if there != here and offer["source"] in asked:
            told = {name: offer[name] for name in ("provider", "country", "kind", "presentation") if offer[name]}
            at = offer["last_seen"] if here else offer["left_at"]
            old, new = (None, told) if here else (told, None)
            rows.append(row("offers", old, new, offer["source"], at, movie_id=film.number))
    return rows


def _shown(field: str, golden: Golden) -> Any:
    """A value as it is compared and shown; None if there is none. The rating that counts has a field of its own."""
    value = golden.values.get(field)
    if field == "ratings":
        raters = {rating.source: rating.score for rating in value or ()}
        counts = next((r.source for r in value or () if r.score == golden.values.get("rating")), None)
        return {rater: score for rater, score in sorted(raters.items()) if rater != counts} or None
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(dict.fromkeys(map(_plain, value))) or None
    if isinstance(value, Credit):
        return f"{value.name} as {value.role}" if value.role else value.name
    if isinstance(value, Company):
        return value.name
    if isinstance(value, Money):
        return f"{value.amount:f} {value.currency or ''}".strip()
    return value.source if isinstance(value, Rating) else value
