"""People, companies and genres that persons write: what they say is pinned, and counts at once.

A person who has several trades is a row in each, and what is written is said of that row alone.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.messages import Company, Credit
from movie_db.movie_db_client.editing.bulk import Written
from movie_db.movie_db_client.editing.movies import MissingNameError, MovieConflictError
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import contributor_pins, search_index
from movie_db.movie_db_client.ingest.contributor_pins import DAYS
from movie_db.movie_db_client.ingest.contributor_records import NO_UPDATES, ContributorRecords
from movie_db.movie_db_client.ingest.contributors import ROLES, ContributorRegistry, ContributorRole, remove
from movie_db.movie_db_client.reading.contributors import ContributorKind
from movie_db.movie_db_client.repository import RejectedRowError, Repository, Row

_TRADES: Final = {trade.table: trade for trade in ROLES}


class InUseError(MovieDbError):
    """Films name the row that shall go."""


class NotPinnedError(MovieDbError):
    """No person says anything of that field."""


def create(repository: Repository, kind: ContributorKind, told: Mapping[str, Any], at: datetime) -> int:
    """Makes a row of these fields and `ids`; returns its number.

    Raises:
        MovieConflictError: a row has one of the ids, or is that genre or company by its name.
        UsageError: it could not be kept: says why.
    """
    ids = told.get("ids", {})
    if numbers := _having(repository, kind, ids):
        raise MovieConflictError(f"{_called(kind, numbers[0])} has that id already.", numbers[0])
    number, created = _made(repository, kind, told["name"], ids)
    if not created:
        raise MovieConflictError(f"{_called(kind, number)} is that one already: write to it.", number)
    patch(repository, kind, number, told, at)
    return number


def put(repository: Repository, kind: ContributorKind, told: Mapping[str, Any], at: datetime) -> Written:
    """Makes the row that has these ids, or gives it these fields, if it is there. Genres, and companies without ids,
    are there by their names.

    Raises:
        MovieConflictError: the ids are those of several rows, or can't be of one.
        MissingNameError: there is none, and it has no name.
        UsageError: it could not be kept: says why.
    """
    ids = told.get("ids", {})
    numbers = _having(repository, kind, ids)
    if len(numbers) > 1:
        raise MovieConflictError(f"These ids are of the {kind.table} {', '.join(map(str, numbers))}.", numbers[0])
    if not numbers:
        if "name" not in told:
            raise MissingNameError(kind.entity, "name")
        number, created = _made(repository, kind, told["name"], ids)
    else:
        number, created = _named(repository, kind, numbers[0], ids), False
    patch(repository, kind, number, told, at)
    return Written(number, created)


def tried(
    repository: Repository, kind: ContributorKind, told: Mapping[str, Any], at: datetime
) -> Written | MovieDbError:
    """Puts a row, or leaves all as it was, and returns what `put` raises."""
    try:
        with repository.savepoint():
            return put(repository, kind, told, at)
    except (MovieConflictError, MissingNameError, UsageError, RejectedRowError) as error:
        return error


def patch(repository: Repository, kind: ContributorKind, number: int, told: Mapping[str, Any], at: datetime) -> None:
    """Gives a row's fields these values, as JSON has them; None empties one.

    Raises:
        MovieConflictError: another genre has that name.
        UsageError: a field can't have this value: says what it takes.
    """
    row = _row(repository, kind, number)
    values = _whole({field: value for field, value in told.items() if field != "ids"}, row)
    before = contributor_pins.pins_of(repository, kind.entity, [number]).get(number, {})
    wanted = {"entity": kind.entity, "entity_id": number, "pinned_at": at}
    news = {
        field: wanted | {"field": field, "value": value}
        for field, value in values.items()
        if field not in before or before[field]["value"] != value
    }
    _keep(repository, kind, row, before, before | news)


def unpin(repository: Repository, kind: ContributorKind, number: int, field: str) -> None:
    """Gives a field back to the sources; a day with its year, a year with its day.

    Raises:
        NotPinnedError: it is not pinned: says which fields are.
        MovieConflictError: another genre has the name that the sources tell.
    """
    before = contributor_pins.pins_of(repository, kind.entity, [number]).get(number, {})
    if field not in before:
        known = ", ".join(sorted(before)) or "nothing"
        raise NotPinnedError(f"{field} of {kind.entity} {number} is not pinned: pinned is {known}.")
    pairs = [{day, year} for day, year in DAYS.items()]
    gone = next((pair for pair in pairs if field in pair), {field})
    kept = {name: pin for name, pin in before.items() if name not in gone}
    repository.delete("party_pins", entity=[kind.entity], entity_id=[number], field=gone)
    _keep(repository, kind, _row(repository, kind, number), before, kept)


def delete(repository: Repository, kind: ContributorKind, number: int) -> None:
    """Removes a row that no film names. If a source names it again, it comes again.

    Raises:
        InUseError: films name it.
    """
    films = sorted({row["movie_id"] for row in repository.read(kind.links, **{kind.key: [number]})})
    if films:
        told = f"{len(films)} films name" if len(films) > 1 else "A film names"
        raise InUseError(f"{told} {kind.entity} {number}, such as film {films[0]}: take it out of them first.")
    remove(repository, kind.entity, kind.table, [number])


def _called(kind: ContributorKind, number: int) -> str:
    return f"{kind.entity.capitalize()} {number}"


def _row(repository: Repository, kind: ContributorKind, number: int) -> Row:
    (row,) = repository.read(kind.table, **{kind.key: [number]})
    return row


def _having(repository: Repository, kind: ContributorKind, ids: Mapping[str, str]) -> list[int]:
    """The rows that have one of these ids."""
    found = repository.read("external_ids", entity=[kind.entity], value=list(ids.values()))
    return sorted({row["entity_id"] for row in found if ids.get(row["namespace"]) == row["value"]})


def _named(repository: Repository, kind: ContributorKind, number: int, ids: Mapping[str, str]) -> int:
    """Gives a row that has some of these ids the others, too; returns its number.

    Raises:
        MovieConflictError: it has others of these kinds already.
    """
    pins = contributor_pins.pins_of(repository, kind.entity, [number]).get(number, {})
    name = contributor_pins.without_pins(_row(repository, kind, number), pins)["name"]
    if _made(repository, kind, name, ids) != (number, False):
        raise MovieConflictError(
            f"{_called(kind, number)} has one of these ids, and another one where they differ.", number
        )
    return number


def _made(repository: Repository, kind: ContributorKind, name: str, ids: Mapping[Any, str]) -> tuple[int, bool]:
    """The row of this name and these ids, and whether it is new: by the means by which films find theirs."""
    _refuse(repository, kind, {"name": name})
    if (trade := _TRADES.get(kind.table)) is None:
        known = _genres(repository, name)
        return (known[0], False) if known else (repository.insert(kind.table, [{"name": name}])[0], True)
    credit = (Credit if trade.kind == "person" else Company)(name=name, ids=dict(ids))
    touched: set[Pair] = set(ids.items())
    registry = ContributorRegistry(repository, trade, ContributorRecords(repository, trade.kind, NO_UPDATES))
    registry.load([credit], [], touched)
    (party,) = registry.take([credit], [])
    registry.save()
    search_index.rename(repository, {trade: registry.renamed}, [])
    return party.kept().number or 0, not party.kept().row


def _genres(repository: Repository, name: str) -> list[int]:
    """The genre of this name, or that the sources call so."""
    rows = repository.read("genres", name=[name])
    told = contributor_pins.numbers_by_source_name(repository, "genre", {name})
    return [*(row["genre_id"] for row in rows), *told.get(name, ())]


def _whole(values: dict[str, Any], row: Row) -> dict[str, Any]:
    """The values, with the year of each day, and the day that is left of each year.

    Raises:
        UsageError: a day is none, or of another year.
    """
    for day, year in DAYS.items():
        if (told := values.get(day)) is not None:
            try:
                of_day = date.fromisoformat(told).year
            except ValueError:
                raise UsageError(f"{day} can't be {told!r}: it is no day, as 1937-11-30.") from None
            if values.setdefault(year, of_day) != of_day:
                raise UsageError(
                    f"{day} can't be {told} where {year} is {values[year]}: give one of them, or both alike."
                )
        elif year in values and day not in values:
            known = row[day]
            values[day] = known.isoformat() if known and known.year == values[year] else None
    return values


def _keep(
    repository: Repository, kind: ContributorKind, row: Row, before: contributor_pins.Pins, pins: Mapping[str, Row]
) -> None:
    """Has a row have these pins, in place of those before."""
    told = contributor_pins.without_pins(row, before)
    shown = contributor_pins.with_pins(told, pins)
    _refuse(repository, kind, shown)
    if kind.entity == "genre" and (others := set(_genres(repository, shown["name"])) - {row["genre_id"]}):
        raise MovieConflictError(f"{_called(kind, min(others))} has that name already.", min(others))
    contributor_pins.save(repository, [(told, pins)], kind.entity, kind.key)
    if shown != row:
        repository.update(kind.table, [shown])
    trade: ContributorRole | None = _TRADES.get(kind.table)
    if trade is not None and shown["name"] != row["name"]:
        search_index.rename(repository, {trade: {row[kind.key]}}, [])


def _refuse(repository: Repository, kind: ContributorKind, row: Row) -> None:
    if reason := repository.rejection(kind.table, [row]):
        raise UsageError(f"That can't be: {reason}.")
