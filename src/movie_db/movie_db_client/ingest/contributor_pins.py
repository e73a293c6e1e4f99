"""What persons say of people, companies and genres: it counts, and what the sources tell waits behind it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from movie_db.movie_db_client.repository import Repository, Row

DAYS: Final[Mapping[str, str]] = {"dob": "birth_year", "death_date": "death_year", "founded": "founded_year"}
"""Fields that are days, and that of the year of each, which is pinned with it."""

Pins = Mapping[str, Row]
"""Of one row, its rows of `party_pins` by their fields."""


def pins_of(repository: Repository, entity: str, numbers: Collection[int]) -> dict[int, dict[str, Row]]:
    """The pins of these rows, by their numbers; rows without any are left out."""
    found: dict[int, dict[str, Row]] = {}
    for row in repository.read("party_pins", entity=[entity], entity_id=numbers):
        found.setdefault(row["entity_id"], {})[row["field"]] = row
    return found


def without_pins(row: Row, pins: Pins) -> Row:
    """A row as the sources tell it."""
    return row | {field: _plain(field, pin["told"]) for field, pin in pins.items()}


def with_pins(row: Row, pins: Pins) -> Row:
    """A row that the sources tell, with what persons say of it."""
    return row | {field: _plain(field, pin["value"]) for field, pin in pins.items()}


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _plain(field: str, value: Any) -> Any:
    return date.fromisoformat(value) if field in DAYS and value is not None else value


def numbers_by_source_name(repository: Repository, entity: str, names: Collection[str]) -> dict[str, list[int]]:
    """The rows that the sources call so, and persons otherwise."""
    found: dict[str, list[int]] = {}
    for row in repository.read("party_pins", entity=[entity], field=["name"]) if names else ():
        if row["told"] in names and row["told"] != row["value"]:
            found.setdefault(row["told"], []).append(row["entity_id"])
    return found


def save(repository: Repository, rows: Iterable[tuple[Row, Pins]], entity: str, key: str) -> None:
    """Keeps the pins of rows with what the sources tell of them now: each row as they tell it, with its number."""
    repository.upsert(
        "party_pins",
        [
            pin | {"entity": entity, "entity_id": row[key], "told": as_json(row.get(field))}
            for row, pins in rows
            for field, pin in pins.items()
        ],
    )
