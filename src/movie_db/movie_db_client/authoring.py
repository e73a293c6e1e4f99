"""Films that persons write: what they say is pinned, so that no refresh changes it, and it counts at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import uuid4

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.messages import MovieFacts, MovieItem, MovieListEntry, SourceRecord
from movie_db.movie_db_client.applying import listings
from movie_db.movie_db_client.applying.films import Unfit, apply_films
from movie_db.movie_db_client.applying.parties import TRADES, forget
from movie_db.movie_db_client.pin_values import checked
from movie_db.movie_db_client.pinning import Wanted, pin_all
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.names import fold_title

SOURCE: Final = "api"
_LICENCE: Final = "as who wrote it says"


class Conflict(MovieDbError):
    """What is wanted is there already, or would be two films at once; `number` is the film that is in the way."""

    def __init__(self, told: str, number: int) -> None:
        super().__init__(told)
        self.number = number


class Unnamed(MovieDbError):
    """There is no such film, and none can be made without a title."""


class Written(NamedTuple):
    """A film that was written: its number, and whether it is new."""

    number: int
    created: bool


def create(repository: Repository, told: Mapping[str, Any], at: datetime) -> int:
    """Makes a film of these fields and ids; returns its number.

    Raises:
        Conflict: an id is another film's, or the judge takes it for one that is there.
        UsageError: it could not be kept: says why.
    """
    if known := _known(repository, told):
        raise Conflict(f"Film {known} has that id already.", known)
    return _make(repository, told, at, alone=True)


def upsert(repository: Repository, told: Mapping[str, Any], at: datetime) -> Written:
    """Makes the film that has these ids, or gives it these fields, if it is there.

    Raises:
        Conflict: the ids are those of several films.
        UsageError: it could not be kept: says why.
    """
    number = _known(repository, told)
    if number is None:
        return Written(_make(repository, told, at, alone=False), True)
    if _new_ids(repository, told):
        _apply(repository, told, at, key=_key(told))
        number = _known(repository, told) or number
    patch(repository, number, told, at)
    return Written(number, False)


def patch(repository: Repository, number: int, told: Mapping[str, Any], at: datetime) -> None:
    """Gives a film's fields these values; None empties one.

    Raises:
        UsageError: a field can't have this value: says what it takes.
    """
    fields = {field: value for field, value in told.items() if field != "ids"}
    values = {field: checked(field, value) for field, value in fields.items()}
    pin_all(repository, [Wanted(number, field, value, None, at) for field, value in values.items()])


def delete(repository: Repository, number: int) -> None:
    """Removes a film with all that is known of it. A gallery that lists it again brings it again."""
    left = {trade: {row[trade.key] for row in repository.read(trade.links, movie_id=[number])} for trade in TRADES}
    repository.delete("source_records", movie_id=[number])
    repository.delete("external_ids", entity=["movie"], entity_id=[number])
    repository.delete("movies", movie_id=[number])
    for trade, numbers in left.items():
        forget(repository, trade, numbers)


def _make(repository: Repository, told: Mapping[str, Any], at: datetime, *, alone: bool) -> int:
    if not told.get("title"):
        raise Unnamed("There is no such film; to make it, give its title.")
    before = {row["movie_id"] for row in repository.read("title_keys", title=_folded(told))}
    key = _key(told)
    _apply(repository, told, at, key)
    number = int(next(row["movie_id"] for row in repository.read("gallery_entries", key=[key])))
    if alone and number in before:
        raise Conflict(
            f"Film {number} seems to be that film: write to it, or name an id that tells them apart.", number
        )
    patch(repository, number, told, at)
    return number


def _folded(told: Mapping[str, Any]) -> list[str]:
    return [fold_title(told["title"])]


def _key(told: Mapping[str, Any]) -> str:
    """The key of the entry that stands for what was written: the same for the same first id."""
    ids = sorted(told.get("ids", {}).items())
    return f"{SOURCE}:{':'.join(ids[0])}" if ids else f"{SOURCE}:{uuid4().hex}"


def _apply(repository: Repository, told: Mapping[str, Any], at: datetime, key: str) -> None:
    """Has what was written be the record of a source, which is stitched as any other's."""
    ids = told.get("ids", {})
    given = {field: checked(field, told[field]) for field in MovieFacts.model_fields if field in told}
    facts = MovieFacts.model_validate({field: value for field, value in given.items() if value is not None})
    title = facts.title or "?"
    entry = MovieListEntry(run=SOURCE, gallery=SOURCE, key=key, position=1, title=title, year=facts.year, ids=ids)
    origin: Row = {"source": SOURCE, "source_id": key, "url": f"file://{SOURCE}", "retrieved_at": at}
    record = SourceRecord.model_validate(origin | {"licence": _LICENCE, "ids": ids, "facts": facts})
    listings.apply_entries(repository, [entry])
    try:
        apply_films(repository, [MovieItem(run=SOURCE, entry=entry, records=(record,))])
    except Unfit as unfit:
        raise UsageError(f"That can't be: {'; '.join(sorted(set(unfit.reasons.values())))}.") from None


def _known(repository: Repository, told: Mapping[str, Any]) -> int | None:
    """The film that has these ids; None if there is none.

    Raises:
        Conflict: there are several.
    """
    numbers = sorted({row["entity_id"] for row in _rows(repository, told)})
    if len(numbers) > 1:
        raise Conflict(f"These ids are of the films {', '.join(map(str, numbers))}.", numbers[0])
    return numbers[0] if numbers else None


def _new_ids(repository: Repository, told: Mapping[str, Any]) -> bool:
    return len(_rows(repository, told)) < len(told.get("ids", {}))


def _rows(repository: Repository, told: Mapping[str, Any]) -> Sequence[Row]:
    ids = told.get("ids", {})
    rows = repository.read("external_ids", entity=["movie"], value=list(ids.values())) if ids else []
    return [row for row in rows if ids.get(row["namespace"]) == row["value"]]
