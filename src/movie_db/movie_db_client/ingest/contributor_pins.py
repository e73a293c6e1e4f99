"""Pins on people, companies and genres. A pin wins over the sources, whose value is stored next to it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from movie_db.movie_db_client.repository import Repository, Row

DAYS: Final[Mapping[str, str]] = {"dob": "birth_year", "death_date": "death_year", "founded": "founded_year"}
"""Date fields, and the year field that is pinned together with each."""

Pins = Mapping[str, Row]
"""The rows of `party_pins` of one row, by field."""


def pins_of(repository: Repository, entity: str, numbers: Collection[int]) -> dict[int, dict[str, Row]]:
    """Returns the pins of these rows by number. Rows without pins are left out."""
    found: dict[int, dict[str, Row]] = {}
    for row in repository.read("party_pins", entity=[entity], entity_id=numbers):
        found.setdefault(row["entity_id"], {})[row["field"]] = row
    return found


def without_pins(row: Row, pins: Pins) -> Row:
    """Returns the row with the values from the sources."""
    return row | {field: _plain(field, pin["told"]) for field, pin in pins.items()}


def with_pins(row: Row, pins: Pins) -> Row:
    """Returns the row with pinned values in place of those from the sources."""
    return row | {field: _plain(field, pin["value"]) for field, pin in pins.items()}


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _plain(field: str, value: Any) -> Any:
    return date.fromisoformat(value) if field in DAYS and value is not None else value


def numbers_by_source_name(repository: Repository, entity: str, names: Collection[str]) -> dict[str, list[int]]:
    """Finds rows whose name in the sources is one of these, but which are pinned to another name."""
    found: dict[str, list[int]] = {}
    for row in repository.read("party_pins", entity=[entity], field=["name"]) if names else ():
        if row["told"] in names and row["told"] != row["value"]:
            found.setdefault(row["told"], []).append(row["entity_id"])
    return found


def save(repository: Repository, rows: Iterable[tuple[Row, Pins]], entity: str, key: str) -> None:
    """Stores pins together with the current values from the sources. Each row holds the values from the sources."""
    repository.upsert(
        "party_pins",
        [
            pin | {"entity": entity, "entity_id": row[key], "told": as_json(row.get(field))}
            for row, pins in rows
            for field, pin in pins.items()
        ],
    )
