"""Movies that people write. What they write is pinned, so it applies at once and no refresh changes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.messages import MovieFacts, MovieItem, MovieListEntry, SourceRecord
from movie_db.movie_db_client.editing.pins import PinRequest, set_pins, store_pins
from movie_db.movie_db_client.editing.review import rejection
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import listings
from movie_db.movie_db_client.ingest.contributors import ROLES, forget
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_movies
from movie_db.movie_db_client.repository import Repository, Row, UnitOfWork
from movie_db.stitching.fuse import PinnedValue
from movie_db.stitching.names import fold_title
from movie_db.stitching.pin_values import SUMS, checked

SOURCE: Final = "api"
_LICENCE: Final = "as who wrote it says"


class MovieConflictError(MovieDbError):
    """The movie, person, company or genre exists already; `number` is the existing one."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


class MissingNameError(MovieDbError):
    """The movie, person, company or genre does not exist, and cannot be created without a title or name."""

    def __init__(self, what: str = "movie", field: str = "title") -> None:
        super().__init__(f"There is no such {what}. To create it, give its {field}.")


@dataclass(frozen=True)
class Draft:
    """A movie as a person writes it, validated: its ids, and its fields as in JSON (None empties a field)."""

    ids: Mapping[Any, str]
    values: Mapping[str, Any]
    key: str
    """The key of the entry that stands for it: the same for the same first id."""

    @property
    def pairs(self) -> set[Pair]:
        return set(self.ids.items())

    def pins(self, at: datetime) -> dict[str, PinnedValue]:
        return {field: PinnedValue(value, at) for field, value in self.values.items()}

    def pin_requests(self, number: int, at: datetime) -> list[PinRequest]:
        return [PinRequest(number, field, value, None, at) for field, value in self.values.items()]

    @cached_property
    def facts(self) -> MovieFacts:
        given = {name: self.values.get(name) for name in MovieFacts.model_fields}
        return MovieFacts.model_validate({name: value for name, value in given.items() if value is not None})


def make_draft(fields: Mapping[str, Any]) -> Draft:
    """Validates what a person writes: fields of `Pinnable`, sums beside their currencies, and `ids` by namespace.

    Raises:
        UsageError: a field does not take this value.
    """
    ids = fields.get("ids", {})
    first = min(ids.items(), default=("", uuid4().hex))
    values = {field: checked(field, value) for field, value in _with_sums(fields).items() if field != "ids"}
    return Draft(ids, values, ":".join(filter(None, (SOURCE, *first))))


def _with_sums(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields with each sum and its currency as one value, as they are stored and pinned.

    Raises:
        UsageError: one is given without the other.
    """
    values = dict(fields)
    for field in SUMS:
        currency, amount = f"{field}_currency", fields.get(field)
        emptied = field in fields and amount is None
        if (field in fields) != (currency in fields) and not emptied:
            raise UsageError(f"Give {field} and {currency} together, such as 25000000 and USD, or 25000000 and null.")
        if amount is not None:
            values[field] = {"amount": amount, "currency": fields[currency]}
        values.pop(currency, None)
    return values


def create_movie(unit: UnitOfWork, fields: Mapping[str, Any], at: datetime) -> int:
    """Creates a movie with these fields and ids, and returns its number.

    Raises:
        MovieConflictError: another movie has one of the ids, or the movie seems to exist already.
        MissingNameError: the fields have no title.
        UsageError: a field does not take this value, or the database would reject the movie.
    """
    repository, draft = unit.repository, make_draft(fields)
    if existing := existing_number(find_numbers(repository, [draft]), draft):
        raise MovieConflictError(f"Movie {existing} has this id already.", existing)
    if draft.facts.title is None:
        raise MissingNameError
    before = {row["movie_id"] for row in repository.read("title_keys", title=[fold_title(draft.facts.title)])}
    number = apply_drafts(repository, [draft], at)[draft.key]
    if number in before:
        raise MovieConflictError(
            f"This seems to be movie {number}. Write to that one, or give an id that tells them apart.", number
        )
    store_pins(repository, draft.pin_requests(number, at))
    unit.commit()
    return number


def patch_movie(unit: UnitOfWork, number: int, fields: Mapping[str, Any], at: datetime) -> None:
    """Gives fields of a movie these values; None empties a field, and ids are ignored.

    Raises:
        UsageError: a field does not take this value, or the database would reject the movie.
    """
    draft = make_draft({field: value for field, value in fields.items() if field != "ids"})
    set_pins(unit.repository, draft.pin_requests(number, at))
    unit.commit()


def delete_movie(unit: UnitOfWork, number: int) -> None:
    """Deletes a movie with all its records. If a gallery lists it again, it comes back."""
    repository = unit.repository
    left = {trade: {row[trade.key] for row in repository.read(trade.links, movie_id=[number])} for trade in ROLES}
    repository.delete("source_records", movie_id=[number])
    repository.delete("external_ids", entity=["movie"], entity_id=[number])
    repository.delete("movies", movie_id=[number])
    for trade, numbers in left.items():
        forget(repository, trade, numbers)
    unit.commit()


def apply_drafts(repository: Repository, drafts: Sequence[Draft], at: datetime) -> dict[str, int]:
    """Stores drafts as records of a source and computes their movies as with any source.

    The drafts' values count as pinned here; the caller stores the pins.

    Returns:
        The movies' numbers by the drafts' keys.

    Raises:
        UsageError: the database would reject a movie.
    """
    items = [_item(draft, at) for draft in drafts]
    listings.apply_entries(repository, [item.entry for item in items])
    try:
        apply_movies(repository, items, pins={draft.key: draft.pins(at) for draft in drafts})
    except RejectedMoviesError as error:
        raise rejection(error) from None
    rows = repository.read("gallery_entries", key=[draft.key for draft in drafts])
    return {row["key"]: row["movie_id"] for row in rows}


def _item(draft: Draft, at: datetime) -> MovieItem:
    title, year = draft.facts.title or "?", draft.facts.year
    entry = MovieListEntry(run=SOURCE, gallery=SOURCE, key=draft.key, position=1, title=title, year=year, ids=draft.ids)
    origin: Row = {"source": SOURCE, "source_id": draft.key, "url": f"file://{SOURCE}", "retrieved_at": at}
    record = SourceRecord.model_validate(origin | {"licence": _LICENCE, "ids": draft.ids, "facts": draft.facts})
    return MovieItem(run=SOURCE, entry=entry, records=(record,))


def find_numbers(repository: Repository, drafts: Iterable[Draft]) -> dict[Pair, int]:
    """Returns the existing movies that have an id of these drafts, by id."""
    pairs = {pair for draft in drafts for pair in draft.pairs}
    rows = repository.read("external_ids", entity=["movie"], value={value for _, value in pairs})
    numbers = {(row["namespace"], row["value"]): row["entity_id"] for row in rows}
    return {pair: numbers[pair] for pair in numbers.keys() & pairs}


def existing_number(numbers: Mapping[Pair, int], draft: Draft) -> int | None:
    """Returns the one movie that has ids of a draft, or None.

    Args:
        numbers: existing movies by id, from `find_numbers`.

    Raises:
        MovieConflictError: several movies have them.
    """
    found = sorted({numbers[pair] for pair in draft.pairs & numbers.keys()})
    if len(found) > 1:
        raise MovieConflictError(f"These ids belong to several movies: {', '.join(map(str, found))}.", found[0])
    return found[0] if found else None
