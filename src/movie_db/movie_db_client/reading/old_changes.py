"""Reads rows of `changes` written by versions before 0.2.0, completing them from the movie as it is now.

Their credits have no ids and no billing, and some are plain text. Ratings are scores by rater without the movie's own.
Offers have no terms.
"""

from collections.abc import Iterable
from typing import Any

from movie_db.movie_db_client.reading.movie_document import KEYS, Json


def ordered(fields: Iterable[str]) -> list[str]:
    """Returns fields in the order in which they are reverted: `ratings` before `rating`, which may modify them."""
    return sorted(fields, key=lambda field: (field == "rating", field))


def read(field: str, value: Any, then: Json) -> Json | None:
    """Returns the members that an old value stands for; None if it is in the current form. `then` is the movie so
    far.
    """
    if field in KEYS and any("ids" not in one for one in value or ()):
        return {field: [_credit(field, one, then[field]) for one in value]}
    if field == "ratings" and isinstance(value, dict):
        current = {(one["source"], one["score"]): one for one in then["ratings"]}
        own = [one for one in then["ratings"] if one["score"] == then["rating"]][:1]
        return {field: own + [current.get(pair) or _rating(*pair) for pair in sorted(value.items())]}
    if field == "rating" and value is not None and all(one["score"] != value for one in then["ratings"]):
        own = [one for one in then["ratings"] if one["score"] == then["rating"]][:1]
        changed = [_rating(one["source"], value) if one in own else one for one in then["ratings"]]
        return {field: value, "rating_count": None, "ratings": changed}
    if isinstance(value, dict) and "text" in value:
        return {field: None, f"{field}_currency": None}
    return None


def _rating(source: str, score: float) -> Json:
    return {"source": source, "score": score, "votes": None, "original": None}


def _credit(field: str, one: Json, now: Iterable[Json]) -> Json:
    """Returns a credit completed from the movie's current credits."""
    text = one.get("text") or (f"{one['name']} as {one['role']}" if one.get("role") else one["name"])
    for current in now:
        if text in {current["name"], f"{current['name']} as {current.get('role')}"}:
            return (
                current
                if text != current["name"] or not current.get("role")
                else current | {"role": None, "billing": None}
            )
    name = one.get("text") or one["name"]
    number = next((current[KEYS[field]] for current in now if current["name"] == name), None)
    found: Json = {KEYS[field]: number, "name": name, "ids": {}}
    return found | ({"role": one.get("role"), "billing": None} if field == "cast" else {})
