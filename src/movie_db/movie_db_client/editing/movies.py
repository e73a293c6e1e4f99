"""Films that persons write: what they say is pinned, so that no refresh changes it, and it counts at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.messages import MovieFacts, MovieItem, MovieListEntry, SourceRecord
from movie_db.movie_db_client.editing.pins import PinRequest, keep, pin_all
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import listings
from movie_db.movie_db_client.ingest.contributors import ROLES, forget
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_movies
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.fuse import PinnedValue
from movie_db.stitching.names import fold_title
from movie_db.stitching.pin_values import SUMS, checked

SOURCE: Final = "api"
_LICENCE: Final = "as who wrote it says"


class MovieConflictError(MovieDbError):
    """What is wanted is there already, or would be two at once; `number` is the film, or row, that is in the way."""

    def __init__(self, told: str, number: int) -> None:
        super().__init__(told)
        self.number = number


class MissingNameError(MovieDbError):
    """There is no such film or row, and none can be made without a title, or name."""

    def __init__(self, what: str = "film", by: str = "title") -> None:
        super().__init__(f"There is no such {what}; to make it, give its {by}.")


@dataclass(frozen=True)
class Draft:
    """A film as a person writes it, checked: its ids, and its fields as JSON has them, None for what shall be empty."""

    ids: Mapping[Any, str]
    values: Mapping[str, Any]
    key: str
    """The key of the entry that stands for it: the same for the same first id."""

    @property
    def pairs(self) -> set[Pair]:
        return set(self.ids.items())

    def pins(self, at: datetime) -> dict[str, PinnedValue]:
        return {field: PinnedValue(value, at) for field, value in self.values.items()}

    @cached_property
    def facts(self) -> MovieFacts:
        given = {name: self.values.get(name) for name in MovieFacts.model_fields}
        return MovieFacts.model_validate({name: value for name, value in given.items() if value is not None})


def draft(told: Mapping[str, Any]) -> Draft:
    """What a person writes: fields of `Pinnable`, sums with their currencies beside them, and `ids` by namespaces.

    Raises:
        UsageError: a field can't have this value: says what it takes.
    """
    ids = told.get("ids", {})
    first = min(ids.items(), default=("", uuid4().hex))
    values = {field: checked(field, value) for field, value in _with_sums(told).items() if field != "ids"}
    return Draft(ids, values, ":".join(filter(None, (SOURCE, *first))))


def _with_sums(told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told, each sum with its currency as one value, as they are kept and pinned.

    Raises:
        UsageError: one is told without the other.
    """
    values = dict(told)
    for field in SUMS:
        currency, amount = f"{field}_currency", told.get(field)
        emptied = field in told and amount is None
        if (field in told) != (currency in told) and not emptied:
            raise UsageError(f"{field} and {currency} are given together, as 25000000 and USD, or 25000000 and null.")
        if amount is not None:
            values[field] = {"amount": amount, "currency": told[currency]}
        values.pop(currency, None)
    return values


def create(repository: Repository, told: Mapping[str, Any], at: datetime) -> int:
    """Makes a film of these fields and ids; returns its number.

    Raises:
        MovieConflictError: an id is another film's, or the judge takes it for one that is there.
        UsageError: it could not be kept: says why.
    """
    film = draft(told)
    if known := only(numbers_of(repository, [film]), film):
        raise MovieConflictError(f"Film {known} has that id already.", known)
    if film.facts.title is None:
        raise MissingNameError
    before = {row["movie_id"] for row in repository.read("title_keys", title=[fold_title(film.facts.title)])}
    number = apply(repository, [film], at)[film.key]
    if number in before:
        raise MovieConflictError(
            f"Film {number} seems to be that film: write to it, or name an id that tells them apart.", number
        )
    keep(repository, wanted(number, film, at))
    return number


def patch(repository: Repository, number: int, told: Mapping[str, Any], at: datetime) -> None:
    """Gives a film's fields these values; None empties one.

    Raises:
        UsageError: a field can't have this value: says what it takes.
    """
    pin_all(repository, wanted(number, draft({field: value for field, value in told.items() if field != "ids"}), at))


def delete(repository: Repository, number: int) -> None:
    """Removes a film with all that is known of it. A gallery that lists it again brings it again."""
    left = {trade: {row[trade.key] for row in repository.read(trade.links, movie_id=[number])} for trade in ROLES}
    repository.delete("source_records", movie_id=[number])
    repository.delete("external_ids", entity=["movie"], entity_id=[number])
    repository.delete("movies", movie_id=[number])
    for trade, numbers in left.items():
        forget(repository, trade, numbers)


def wanted(number: int, film: Draft, at: datetime) -> list[PinRequest]:
    """The pins of what is written of a film."""
    return [PinRequest(number, field, value, None, at) for field, value in film.values.items()]


def apply(repository: Repository, films: Sequence[Draft], at: datetime) -> dict[str, int]:
    """Has what is written be the records of a source, which are stitched as any other's, with what is written pinned:
    the pins are yet to be kept. Returns key → film.

    Raises:
        UsageError: a film could not be kept: says why.
    """
    items = [_item(film, at) for film in films]
    listings.apply_entries(repository, [item.entry for item in items])
    try:
        apply_movies(repository, items, pins={f.key: f.pins(at) for f in films})
    except RejectedMoviesError as unfit:
        raise UsageError(f"That can't be: {'; '.join(sorted(set(unfit.reasons.values())))}.") from None
    rows = repository.read("gallery_entries", key=[film.key for film in films])
    return {row["key"]: row["movie_id"] for row in rows}


def _item(film: Draft, at: datetime) -> MovieItem:
    title, year = film.facts.title or "?", film.facts.year
    entry = MovieListEntry(run=SOURCE, gallery=SOURCE, key=film.key, position=1, title=title, year=year, ids=film.ids)
    origin: Row = {"source": SOURCE, "source_id": film.key, "url": f"file://{SOURCE}", "retrieved_at": at}
    record = SourceRecord.model_validate(origin | {"licence": _LICENCE, "ids": film.ids, "facts": film.facts})
    return MovieItem(run=SOURCE, entry=entry, records=(record,))


def numbers_of(repository: Repository, films: Iterable[Draft]) -> dict[Pair, int]:
    """The films that have the ids of these, by id."""
    pairs = {pair for film in films for pair in film.pairs}
    rows = repository.read("external_ids", entity=["movie"], value={value for _, value in pairs})
    known = {(row["namespace"], row["value"]): row["entity_id"] for row in rows}
    return {pair: known[pair] for pair in known.keys() & pairs}


def only(known: Mapping[Pair, int], film: Draft) -> int | None:
    """The one film that has the ids of this one; None if there is none.

    Raises:
        MovieConflictError: there are several.
    """
    numbers = sorted({known[pair] for pair in film.pairs & known.keys()})
    if len(numbers) > 1:
        raise MovieConflictError(f"These ids are of the films {', '.join(map(str, numbers))}.", numbers[0])
    return numbers[0] if numbers else None
