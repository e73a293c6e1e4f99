"""Pins: values that a person gave to a movie's fields. They apply at once, and no refresh changes them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.editing.finding import find_movie
from movie_db.movie_db_client.editing.merge_split import entry_keys
from movie_db.movie_db_client.editing.review import stitch
from movie_db.movie_db_client.repository import Repository, UnitOfWork
from movie_db.stitching import pin_values

_BATCH: Final = 200
"""Movies that are recomputed together."""
_NAMESPACES: Final = ("imdb", "wikidata", "tmdb", "justwatch", "wikipedia", "own_list")
"""Ids that name a movie in other databases too, best first."""


class PinListing(NamedTuple):
    """A pin with its movie; `movie` is an id such as `imdb:tt0083658`, or the number of a movie without ids."""

    movie: str
    title: str
    year: int | None
    field: str
    value: Any
    note: str | None
    pinned_at: datetime


class PinRequest(NamedTuple):
    """A pin to store; `value` is as in JSON, None to empty the field."""

    number: int
    field: str
    value: Any
    note: str | None
    at: datetime


def pin_movie(unit: UnitOfWork, movie: str, texts: Mapping[str, str], at: datetime, why: str | None = None) -> int:
    """Pins fields of a movie and returns the movie's number.

    Args:
        texts: values by fields, as people write them (see `pin_values.read`).

    Raises:
        UsageError: there is no such movie or field, or the field does not take this value.
    """
    values = {field: pin_values.read(field, text) for field, text in texts.items()}
    number = find_movie(unit.repository, movie)
    set_pins(unit.repository, [PinRequest(number, field, value, why, at) for field, value in values.items()])
    unit.commit()
    return number


def unpin_movie(unit: UnitOfWork, movie: str, fields: Collection[str]) -> int:
    """Removes pins, so that the sources decide on these fields again, and returns the movie's number.

    Raises:
        UsageError: there is no such movie, or a field is not pinned.
    """
    repository = unit.repository
    number = find_movie(repository, movie)
    pinned = {row["field"] for row in repository.read("pins", movie_id=[number])}
    if missing := sorted(set(fields) - pinned):
        verb = "is" if len(missing) == 1 else "are"
        listed = ", ".join(sorted(pinned)) or "none"
        raise UsageError(f"{', '.join(missing)} of movie {number} {verb} not pinned. Pinned fields: {listed}.")
    repository.delete("pins", movie_id=[number], field=fields)
    stitch_movies(repository, {number})
    unit.commit()
    return number


def list_pins(unit: UnitOfWork) -> list[PinListing]:
    """Lists all pins, sorted by movie and field."""
    repository = unit.repository
    rows = repository.read("pins")
    numbers = {row["movie_id"] for row in rows}
    films = {film["movie_id"]: film for film in repository.read("movies", movie_id=numbers)}
    ids: dict[int, dict[str, str]] = {}
    for row in repository.read("external_ids", entity=["movie"], entity_id=numbers):
        ids.setdefault(row["entity_id"], {}).setdefault(row["namespace"], row["value"])
    found = []
    for row in rows:
        number = row["movie_id"]
        own, film = ids.get(number, {}), films[number]
        name = next((f"{space}:{own[space]}" for space in _NAMESPACES if space in own), str(number))
        pin = (row["field"], row["value"], row["note"], row["pinned_at"])
        found.append(PinListing(name, film["title"], film["release_year"], *pin))
    return found


def set_pins(repository: Repository, requests: Collection[PinRequest]) -> None:
    """Stores pins, each in place of an older one of its field, and recomputes the movies.

    Raises:
        UsageError: a movie's pins contradict each other, or the database would reject the movie.
    """
    stitch_movies(repository, store_pins(repository, requests))


def store_pins(repository: Repository, requests: Collection[PinRequest]) -> set[int]:
    """Stores pins as `set_pins` does, and returns the movies that have to be recomputed because of them.

    Raises:
        UsageError: a movie's pins contradict each other.
    """
    numbers = {request.number for request in requests}
    existing = {(row["movie_id"], row["field"]): row for row in repository.read("pins", movie_id=numbers)}
    rows = {
        (request.number, request.field): {
            "movie_id": request.number,
            "field": request.field,
            "value": request.value,
            "note": request.note,
            "pinned_at": request.at,
        }
        for request in requests
    }
    merged = existing | rows
    for number in sorted(numbers):
        year, date = (merged.get((number, field), {}).get("value") for field in ("year", "release_date"))
        if year and date and int(date[:4]) != year:
            raise UsageError(
                f"Movie {number} can't have the year {year} and the release date {date}: "
                "pin only one of them, or both with the same year."
            )
    changed = [
        row
        for key, row in rows.items()
        if key not in existing or existing[key] != row | {"pinned_at": existing[key]["pinned_at"]}
    ]
    repository.upsert("pins", changed)
    return {row["movie_id"] for row in changed}


def stitch_movies(repository: Repository, numbers: Iterable[int]) -> None:
    """Recomputes these movies.

    Raises:
        UsageError: the database would reject one of them.
    """
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _BATCH):
        stitch(repository, set(entry_keys(repository, ordered[start : start + _BATCH])))
