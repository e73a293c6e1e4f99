"""Pins as a CSV: out of one database, and into it or another. `title` and `year` are there to read only."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

from movie_db.contract.errors import UsageError
from movie_db.contract.files import atomic_file
from movie_db.contract.text import clean_text
from movie_db.movie_db_client.editing.merge_split import find_film
from movie_db.movie_db_client.editing.pins import PinRequest, pinned
from movie_db.movie_db_client.repository import Repository
from movie_db.stitching import pin_values

COLUMNS: Final = ("movie", "title", "year", "field", "value", "note", "pinned_at")
_NEEDED: Final = frozenset({"movie", "field", "value"})
_MANY: Final = 20
"""So many bad rows are told."""


def write(repository: Repository, file: Path) -> int:
    """Writes all pins to a file; returns how many.

    Raises:
        UsageError: the path is a folder, or in none.
        Unavailable: the file can't be written.
    """
    pins = pinned(repository)
    with atomic_file(file) as part, part.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        for pin in pins:
            told: dict[str, Any] = pin._asdict()
            told |= {"value": pin_values.write(pin.field, pin.value), "pinned_at": pin.pinned_at.isoformat()}
            writer.writerow(told)
    return len(pins)


def read(repository: Repository, file: Path, at: datetime) -> list[PinRequest]:
    """The pins of a file; those without a time are of `at`.

    Raises:
        UsageError: the file can't be read, or some rows are wrong: says which lines, and why. Then none count.
    """
    wanted: list[PinRequest] = []
    wrong: list[str] = []
    try:
        with open(file, encoding="utf-8-sig", newline="") as told:
            for line, row in _rows(told, file):
                try:
                    wanted.append(_wanted(repository, row, at))
                except UsageError as error:
                    wrong.append(f"line {line}: {str(error).rstrip('.')}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{file} can't be read: {reason}.") from None
    if wrong:
        more = f"; and {len(wrong) - _MANY} more" if len(wrong) > _MANY else ""
        raise UsageError(f"Nothing of {file} was taken: {'; '.join(wrong[:_MANY])}{more}.")
    return wanted


def _rows(file: TextIO, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the lines that they end on."""
    reader = csv.DictReader(map(clean_text, file))
    if missing := _NEEDED - set(reader.fieldnames or ()):
        raise UsageError(
            f"{path} has no column {' and no column '.join(sorted(missing))}: it takes a file that --export wrote."
        )
    for row in reader:
        yield reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}


def _wanted(repository: Repository, row: dict[str, str], at: datetime) -> PinRequest:
    number = find_film(repository, row["movie"])
    value = pin_values.read(row["field"], row["value"])
    return PinRequest(number, row["field"], value, row["note"] or None, _moment(row["pinned_at"]) or at)


def _moment(text: str) -> datetime | None:
    """The time that a text gives with its zone.

    Raises:
        UsageError: it gives none.
    """
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = None
    if text and (moment is None or moment.tzinfo is None):
        raise UsageError(f"pinned_at can't be {text!r}: it takes a time such as 2026-11-01T12:00:00+00:00, or nothing")
    return moment
