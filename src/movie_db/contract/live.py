"""The published contract against the live one, for people: what a service must know before it works."""

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
    """One sentence for each thing that the live database asks otherwise than the published contract, each once.

    Such as `movie.plot: is required now by the live database`. What several messages share is told by its part's name:
    `Offer.url: …`.
    """
    told: dict[str, None] = {}
    for name in sorted(published.keys() | live.keys()):
        if name not in live:
            told[f"{name}: is no message of the live database"] = None
        elif name not in published:
            told[f"{name}: is a new message of the live database"] = None
        else:
            told |= dict.fromkeys(_of_message(name, published[name], live[name]))
    return list(told)


def required_of_some_record(movie_item: Schema) -> list[str]:
    """The facts that at least one source must know of a film, by the live schema of `movie_item`."""
    asked = movie_item["properties"]["records"].get("allOf", [])
    return [name for one in asked for name in one["contains"]["properties"]["facts"]["required"]]


def _of_message(name: str, published: Schema, live: Schema) -> list[str]:
    told = _of_object(name, published, live)
    parts, live_parts = published.get("$defs", {}), live.get("$defs", {})
    for part in sorted(parts.keys() & live_parts.keys()):
        told += _of_object(part, parts[part], live_parts[part])
    if name == "movie_item":
        known = required_of_some_record(published)
        told += [
            f"{name}: at least one source must give {fact}, the live database requires it"
            for fact in required_of_some_record(live)
            if fact not in known
        ]
    return told


def _of_object(where: str, published: Schema, live: Schema) -> list[str]:
    told = []
    properties, live_properties = published.get("properties", {}), live.get("properties", {})
    was, now = set(published.get("required", [])), set(live.get("required", []))
    for name in [*properties, *(n for n in live_properties if n not in properties)]:
        here = f"{where}.{name}"
        if name not in live_properties:
            told.append(f"{here}: is not known to the live database")
            continue
        if name in now - was:
            told.append(f"{here}: is required now by the live database")
        elif name not in properties:
            told.append(f"{here}: is new in the live database")
        if name in was - now:
            told.append(f"{here}: is no more required by the live database")
        if name in properties:
            told += _of_limits(here, properties[name], live_properties[name])
    return told


def _of_limits(where: str, published: Schema, live: Schema) -> list[str]:
    before, after = _limits(published), _limits(live)
    told = []
    for limit, sentence in _LIMITS.items():
        if before.get(limit) == after.get(limit):
            continue
        if limit in after:
            instead = f" (the contract: {before[limit]})" if limit in before else ""
            told.append(f"{where}: must be {sentence.format(after[limit])}{instead} for the live database")
        else:
            told.append(f"{where}: need not be {sentence.format(before[limit])} for the live database")
    return told


def _limits(schema: Schema) -> dict[str, Any]:
    """The limits of a property, whether it may be null or is a list; of several forms, all together."""
    limits = {key: schema[key] for key in _LIMITS if key in schema}
    for form in [*schema.get("anyOf", []), *([schema["items"]] if isinstance(schema.get("items"), dict) else [])]:
        limits |= _limits(form)
    return limits
