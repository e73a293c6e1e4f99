"""Renders the values of `changes` for people, the same on both databases."""

from collections.abc import Mapping
from typing import Any, Final

from movie_db.movie_db_client.reading.movie_document import KEYS, SUMS

QUIET: Final = ("rating_count", "age_rating_system")
"""Fields that are recorded for `as_of` but are no news, because vote counts change every day."""
_OFFER: Final = ("provider", "country", "kind", "presentation")


def render(field: str, value: Any) -> Any:
    """Returns a value of `changes` for display. Objects are sorted, because JSONB keeps no order."""
    match value:
        case None:
            return None
        case list() if field in KEYS:
            return list(dict.fromkeys(map(_credit, value)))
        case {"text": str(text)}:
            return text
        case int() if field == "rating":  # SQLite returns 8.0 as 8
            return float(value)
        case dict() if field in SUMS:
            return f"{value['amount']} {value.get('currency') or ''}".rstrip()
        case dict() if field == "offers":
            return {name: value[name] for name in _OFFER if value.get(name)}
        case list() if field == "ratings":
            others = {one["source"]: one["score"] for one in value if not one.get("counts")}
            return dict(sorted(others.items())) or None
        case dict():
            return dict(sorted(value.items()))
    return value


def is_news(field: str, old: Any, new: Any) -> bool:
    """Whether a change is shown. It is not if both values render the same, such as new terms of an offer."""
    return field not in QUIET and render(field, old) != render(field, new)


def _credit(one: Mapping[str, Any]) -> str:
    if "text" in one:
        return str(one["text"])
    return f"{one['name']} as {one['role']}" if one.get("role") else str(one["name"])
