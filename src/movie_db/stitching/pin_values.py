"""Pinned values as text, and back: `Drama; Comedy`, `25000000 USD`, `Ridley Scott`, `117`.

List items are separated by semicolons, and an actor's role follows after `as`. Lists and sums may also be JSON.
"""

import json
import re
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from movie_db.contract.errors import UsageError
from movie_db.stitching import values
from movie_db.stitching.fuse import PinnableFacts

_ITEMS: Final = ("genres", "alternative_titles", "languages", "countries")
_CONTRIBUTORS: Final = ("directors", "writers", "cast", "studios", "distributors")
SUMS: Final = ("budget", "box_office")
_LEDGERS: Final = {
    "offers": "they are computed from the sources",
    "ratings": "pin `rating` and `rating_count`",
}
FIELDS: Final = tuple(field for field in PinnableFacts.model_fields if field not in _LEDGERS)
_CODES: Final = {"languages": values.language_code, "countries": values.country_code}


def read(field: str, text: str) -> Any:
    """Parses a pinned value into JSON. An empty text gives None, which empties the field.

    Raises:
        UsageError: the field does not exist, or the value is invalid. The text says what is valid.
    """
    _refuse(field)
    text = text.strip()
    if not text:
        return None
    try:
        return _checked(field, _value(field, text))
    except ValueError as error:
        raise UsageError(f"{field} can't be {text[:60]!r}: {_reason(error)}.") from None


def checked(field: str, value: Any) -> Any:
    """Validates a JSON value. An empty one gives None, which empties the field.

    Raises:
        UsageError: the field does not exist, or the value is invalid. The text says what is valid.
    """
    _refuse(field)
    if value in (None, [], ""):
        return None
    try:
        return _checked(field, value)
    except ValueError as error:
        raise UsageError(f"{field} can't be {str(value)[:60]!r}: {_reason(error)}.") from None


def _refuse(field: str) -> None:
    if field in _LEDGERS:
        raise UsageError(f"{field} can't be pinned: {_LEDGERS[field]}.")
    if field not in FIELDS:
        raise UsageError(f"There is no field {field!r} to pin: the fields are {', '.join(FIELDS)}.")


def _checked(field: str, value: Any) -> Any:
    facts = PinnableFacts.model_validate({field: value})
    if field == "release_date" and isinstance(value, str) and len(value) == 10:
        date.fromisoformat(value)
    return facts.model_dump(mode="json", include={field}, exclude_defaults=True)[field]


def _reason(error: ValueError) -> str:
    return error.errors(include_url=False)[0]["msg"] if isinstance(error, ValidationError) else str(error)


def _value(field: str, text: str) -> Any:
    if field not in (*_ITEMS, *_CONTRIBUTORS, *SUMS):
        return text
    if text[0] in "[{":
        return json.loads(text)
    if field in SUMS:
        return _sum(text)
    items = [item for part in text.split(";") if (item := part.strip())]
    if field in _CONTRIBUTORS:
        return [_contributor(field, item, number) for number, item in enumerate(items, 1)]
    code = _CODES.get(field)
    return [(code(item) if code else None) or item for item in items]


def _sum(text: str) -> dict[str, Any]:
    plain = re.fullmatch(r"(\d[\d,_]*(?:\.\d\d?)?)(?: ?([A-Z]{3}))?", text)
    if plain is None:
        raise ValueError("a sum is written 25000000 USD")
    return {"amount": re.sub("[,_]", "", plain[1]), "currency": plain[2]}


def _contributor(field: str, text: str, number: int) -> dict[str, Any]:
    if field != "cast":
        return {"name": text}
    name, _, role = text.partition(" as ")
    return {"name": name.strip(), "role": role.strip(), "billing": number}


def write(field: str, value: Any) -> str:
    """The text that `read` parses into this value."""
    if value is None:
        return ""
    if field in SUMS:
        return f"{value['amount']} {value.get('currency') or ''}".rstrip()
    if not isinstance(value, list):
        return str(value)
    text = "; ".join(map(_item, value))
    return text if _reads_as(field, text, value) else json.dumps(value, ensure_ascii=False)


def _item(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    return f"{item['name']} as {item['role']}" if item.get("role") else str(item["name"])


def _reads_as(field: str, text: str, value: Any) -> bool:
    try:
        return bool(read(field, text) == value)
    except UsageError:
        return False
