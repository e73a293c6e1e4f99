"""Pins as CSV, to move them from one database to another. The columns `title` and `year` are for people only."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from movie_db.contract.errors import UsageError
from movie_db.contract.files import atomic_file
from movie_db.movie_db_client.editing.csv_import import read_rows, refuse
from movie_db.movie_db_client.editing.finding import find_movie
from movie_db.movie_db_client.editing.pins import PinRequest, list_pins, set_pins
from movie_db.movie_db_client.repository import Repository, UnitOfWork
from movie_db.stitching import pin_values

COLUMNS: Final = ("movie", "title", "year", "field", "value", "note", "pinned_at")


def export_pins(unit: UnitOfWork, path: Path) -> int:
    """Writes all pins to a file and returns their number.

    Raises:
        UsageError: the path is a folder, or its folder does not exist.
        UnavailableError: the file cannot be written.
    """
    pins = list_pins(unit)
    with atomic_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for pin in pins:
            row: dict[str, Any] = pin._asdict()
            row |= {"value": pin_values.write(pin.field, pin.value), "pinned_at": pin.pinned_at.isoformat()}
            writer.writerow(row)
    return len(pins)


def import_pins(unit: UnitOfWork, path: Path, at: datetime) -> int:
    """Sets the pins in a file and returns their number.

    Args:
        at: the time of pins that have none.

    Raises:
        UsageError: the file cannot be read, some rows are wrong (the message lists their lines), or the pins
            contradict each other. Nothing was imported then.
    """
    requests: list[PinRequest] = []
    faults: list[str] = []
    for line, row in read_rows(path, COLUMNS, {"movie", "field", "value"}):
        try:
            requests.append(_request(unit.repository, row, at))
        except UsageError as error:
            faults.append(f"line {line}: {str(error).rstrip('.')}")
    refuse(path, faults)
    set_pins(unit.repository, requests)
    unit.commit()
    return len(requests)


def _request(repository: Repository, row: dict[str, str], at: datetime) -> PinRequest:
    number = find_movie(repository, row["movie"])
    value = pin_values.read(row["field"], row["value"])
    return PinRequest(number, row["field"], value, row["note"] or None, _time(row["pinned_at"]) or at)


def _time(text: str) -> datetime | None:
    """Parses a time with its zone; None for an empty text.

    Raises:
        UsageError: it is not a time with a zone.
    """
    try:
        time = datetime.fromisoformat(text) if text else None
    except ValueError:
        time = None
    if text and (time is None or time.tzinfo is None):
        raise UsageError(
            f"pinned_at can't be {text!r}: use a time such as 2026-11-01T12:00:00+00:00, or leave it empty"
        )
    return time
