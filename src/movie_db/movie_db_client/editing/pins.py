"""Pins: values that a person gave a film's fields, which no refresh changes. They count at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.editing.merge_split import entries, find_film
from movie_db.movie_db_client.editing.review import stitch
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching import pin_values

_BATCH: Final = 200
"""Films that are stitched together."""
_BY: Final = ("imdb", "wikidata", "tmdb", "justwatch", "wikipedia", "own_list")
"""The ids by which a film is called, the first that it has: another database knows them, too."""


class Pinned(NamedTuple):
    """One pin, and which film's it is: `movie` is an id such as `imdb:tt0083658`, else its number."""

    movie: str
    title: str
    year: int | None
    field: str
    value: Any
    note: str | None
    pinned_at: datetime


class PinRequest(NamedTuple):
    """A pin to be set; `value` is as JSON has it, None empties the field."""

    number: int
    field: str
    value: Any
    note: str | None
    at: datetime


def pin(repository: Repository, movie: str, given: Mapping[str, str], at: datetime, why: str | None = None) -> int:
    """Pins fields of a film to the values that these texts stand for; returns the film's number.

    Raises:
        UsageError: there is no such film or field, or the value can't be: says what is right.
    """
    values = {field: pin_values.read(field, text) for field, text in given.items()}
    number = find_film(repository, movie)
    pin_all(repository, [PinRequest(number, field, value, why, at) for field, value in values.items()])
    return number


def pin_all(repository: Repository, wanted: Collection[PinRequest]) -> None:
    """Sets pins, each in place of an older one of its field, and stitches the films anew.

    Raises:
        UsageError: a film could not be kept then: says why.
    """
    stitch_all(repository, keep(repository, wanted))


def keep(repository: Repository, wanted: Collection[PinRequest]) -> set[int]:
    """Sets pins as `pin_all` does; returns the films that are to be stitched anew: to whom this is news.

    Raises:
        UsageError: a film's pins contradict each other: says how.
    """
    numbers = {one.number for one in wanted}
    known = {(row["movie_id"], row["field"]): row for row in repository.read("pins", movie_id=numbers)}
    rows = {
        (one.number, one.field): {
            "movie_id": one.number,
            "field": one.field,
            "value": one.value,
            "note": one.note,
            "pinned_at": one.at,
        }
        for one in wanted
    }
    now = known | rows
    for number in sorted(numbers):
        year, date = (now.get((number, field), {}).get("value") for field in ("year", "release_date"))
        if year and date and int(date[:4]) != year:
            raise UsageError(f"Film {number} can't be of {year} and released {date}: pin one of them, or both alike.")
    news = [
        row
        for key, row in rows.items()
        if key not in known or known[key] != row | {"pinned_at": known[key]["pinned_at"]}
    ]
    repository.upsert("pins", news)
    return {row["movie_id"] for row in news}


def _told(row: Row | None) -> tuple[Any, ...]:
    """What a pin says: the same once more is no news, whenever it is said."""
    return (row["value"], row["note"]) if row else ()


def unpin(repository: Repository, movie: str, fields: Collection[str]) -> int:
    """Gives fields of a film back to the sources; returns the film's number.

    Raises:
        UsageError: there is no such film, or a field is not pinned: says which are.
    """
    number = find_film(repository, movie)
    pinned = {row["field"] for row in repository.read("pins", movie_id=[number])}
    if missing := sorted(set(fields) - pinned):
        told = ", ".join(sorted(pinned)) or "nothing"
        raise UsageError(f"{', '.join(missing)} of film {number} is not pinned: pinned is {told}.")
    repository.delete("pins", movie_id=[number], field=fields)
    stitch_all(repository, {number})
    return number


def stitch_all(repository: Repository, numbers: Iterable[int]) -> None:
    """Stitches these films anew.

    Raises:
        UsageError: one could not be kept then: says why.
    """
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _BATCH):
        stitch(repository, set(entries(repository, ordered[start : start + _BATCH])))


def pinned(repository: Repository) -> list[Pinned]:
    """All pins, by films and fields."""
    rows = repository.read("pins")
    numbers = {row["movie_id"] for row in rows}
    films = {film["movie_id"]: film for film in repository.read("movies", movie_id=numbers)}
    ids: dict[int, dict[str, str]] = {}
    for row in repository.read("external_ids", entity=["movie"], entity_id=numbers):
        ids.setdefault(row["entity_id"], {}).setdefault(row["namespace"], row["value"])
    found = []
    for row in rows:
        number = row["movie_id"]
        known, film = ids.get(number, {}), films[number]
        name = next((f"{space}:{known[space]}" for space in _BY if space in known), str(number))
        told = (row["field"], row["value"], row["note"], row["pinned_at"])
        found.append(Pinned(name, film["title"], film["release_year"], *told))
    return found
