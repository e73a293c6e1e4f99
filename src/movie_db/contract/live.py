"""Compares the published contract with the live one, and describes the differences for people."""

from collections.abc import Mapping
from typing import Any, Final

from movie_db.contract.schema import Schema

_LIMITS: Final = {
    "maxLength": "at most {} characters long",
    "minLength": "at least {} characters long",
    "maximum": "at most {}",
    "minimum": "at least {}",
    "maxItems": "at most {} of them",
    "minItems": "at least {} of them",
    "pattern": "of the form {}",
}


def differences(published: Mapping[str, Schema], live: Mapping[str, Schema]) -> list[str]:
    """One sentence for each difference between the live contract and the published one, without repetitions.

    For example `movie.plot: is required now by the live database`. Differences in a part that several messages share
    are reported under the part's name: `Offer.url: …`.
    """
    found: dict[str, None] = {}
    for name in sorted(published.keys() | live.keys()):
        if name not in live:
            found[f"{name}: is not a message of the live database"] = None
        elif name not in published:
            found[f"{name}: is a new message of the live database"] = None
        else:
            found |= dict.fromkeys(_of_message(name, published[name], live[name]))
    return list(found)


def required_of_some_record(movie_item: Schema) -> list[str]:
    """The facts that at least one record of a film must have, according to the live schema of `movie_item`."""
    rules = movie_item["properties"]["records"].get("allOf", [])
    return [name for rule in rules for name in rule["contains"]["properties"]["facts"]["required"]]


def _of_message(name: str, published: Schema, live: Schema) -> list[str]:
    found = _of_object(name, published, live)
    parts, live_parts = published.get("$defs", {}), live.get("$defs", {})
    for part in sorted(parts.keys() & live_parts.keys()):
        found += _of_object(part, parts[part], live_parts[part])
    if name == "movie_item":
        before = required_of_some_record(published)
        found += [
            f"{name}: at least one source must give {fact}, the live database requires it"
            for fact in required_of_some_record(live)
            if fact not in before
        ]
    return found


def _of_object(where: str, published: Schema, live: Schema) -> list[str]:
    found = []
    properties, live_properties = published.get("properties", {}), live.get("properties", {})
    was, now = set(published.get("required", [])), set(live.get("required", []))
    for name in [*properties, *(n for n in live_properties if n not in properties)]:
        here = f"{where}.{name}"
        if name not in live_properties:
            found.append(f"{here}: does not exist in the live database")
            continue
        if name in now - was:
            found.append(f"{here}: is required now by the live database")
        elif name not in properties:
            found.append(f"{here}: is new in the live database")
        if name in was - now:
            found.append(f"{here}: is no longer required by the live database")
        if name in properties:
            found += _of_limits(here, properties[name], live_properties[name])
    return found


def _of_limits(where: str, published: Schema, live: Schema) -> list[str]:
    before, after = _limits(published), _limits(live)
    found = []
    for limit, sentence in _LIMITS.items():
        if before.get(limit) == after.get(limit):
            continue
        if limit in after:
            instead = f" (the contract: {before[limit]})" if limit in before else ""
            found.append(f"{where}: must be {sentence.format(after[limit])}{instead} for the live database")
        else:
            found.append(f"{where}: need not be {sentence.format(before[limit])} for the live database")
    return found


def _limits(schema: Schema) -> dict[str, Any]:
    """The limits of a property, those of its alternative forms and of its list items included."""
    limits = {key: schema[key] for key in _LIMITS if key in schema}
    for form in [*schema.get("anyOf", []), *([schema["items"]] if isinstance(schema.get("items"), dict) else [])]:
        limits |= _limits(form)
    return limits
