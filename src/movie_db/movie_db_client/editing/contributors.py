"""People, companies and genres that people write. What they write is pinned and applies at once.

A person with several roles is a row in each table, and a write affects only the row it names.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.contract.messages import Company, Credit
from movie_db.movie_db_client.editing.bulk import Result, Written
from movie_db.movie_db_client.editing.movies import MissingNameError, MovieConflictError
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import contributor_pins, search_index
from movie_db.movie_db_client.ingest.contributor_pins import DAYS
from movie_db.movie_db_client.ingest.contributor_records import NO_UPDATES, ContributorRecords
from movie_db.movie_db_client.ingest.contributors import ROLES, ContributorRegistry, ContributorRole, remove
from movie_db.movie_db_client.reading.contributors import ContributorKind
from movie_db.movie_db_client.repository import RejectedRowError, Repository, Row, UnitOfWork

_TRADES: Final = {trade.table: trade for trade in ROLES}


class InUseError(MovieDbError):
    """Movies refer to the row that should be deleted."""


class NotPinnedError(MovieDbError):
    """The field is not pinned."""


def create_contributor(unit: UnitOfWork, kind: ContributorKind, fields: Mapping[str, Any], at: datetime) -> int:
    """Creates a row with these fields and `ids`, and returns its number.

    Raises:
        MovieConflictError: a row has one of the ids, or (genres, and companies without ids) the name.
        UsageError: a field does not take this value, or the database would reject the row.
    """
    repository, ids = unit.repository, fields.get("ids", {})
    if numbers := _with_ids(repository, kind, ids):
        raise MovieConflictError(f"{_label(kind, numbers[0])} has this id already.", numbers[0])
    number, created = _find_or_create(repository, kind, fields["name"], ids)
    if not created:
        raise MovieConflictError(f"{_label(kind, number)} is this one already: write to that one.", number)
    _patch(repository, kind, number, fields, at)
    unit.commit()
    return number


def put_contributor(unit: UnitOfWork, kind: ContributorKind, fields: Mapping[str, Any], at: datetime) -> Written:
    """Creates the row with these ids, or updates its fields if it exists.

    Genres, and companies without ids, are found by name.

    Raises:
        MovieConflictError: the ids belong to several rows, or cannot belong to one.
        MissingNameError: the row does not exist, and the fields have no name.
        UsageError: a field does not take this value, or the database would reject the row.
    """
    written = _put(unit.repository, kind, fields, at)
    unit.commit()
    return written


def upsert_contributors(
    unit: UnitOfWork, kind: ContributorKind, rows: Sequence[Mapping[str, Any]], now: Callable[[], datetime]
) -> list[Result]:
    """Writes rows as `put_contributor` does, in order. One that fails does not stop the others."""
    results = [_try_put(unit.repository, kind, fields, now()) for fields in rows]
    unit.commit()
    return results


def patch_contributor(
    unit: UnitOfWork, kind: ContributorKind, number: int, fields: Mapping[str, Any], at: datetime
) -> None:
    """Gives fields of a row these values, as in JSON; None empties a field.

    Raises:
        MovieConflictError: another genre has this name.
        UsageError: a field does not take this value.
    """
    _patch(unit.repository, kind, number, fields, at)
    unit.commit()


def unpin_contributor(unit: UnitOfWork, kind: ContributorKind, number: int, field: str) -> None:
    """Removes a pin, so that the sources decide on the field again; a date with its year, a year with its date.

    Raises:
        NotPinnedError: the field is not pinned.
        MovieConflictError: another genre has the name that the sources give.
    """
    repository = unit.repository
    before = contributor_pins.pins_of(repository, kind.entity, [number]).get(number, {})
    if field not in before:
        listed = ", ".join(sorted(before)) or "none"
        raise NotPinnedError(f"{field} of {kind.entity} {number} is not pinned. Pinned fields: {listed}.")
    pairs = [{day, year} for day, year in DAYS.items()]
    gone = next((pair for pair in pairs if field in pair), {field})
    kept = {name: pin for name, pin in before.items() if name not in gone}
    repository.delete("party_pins", entity=[kind.entity], entity_id=[number], field=gone)
    _save(repository, kind, _row(repository, kind, number), before, kept)
    unit.commit()


def delete_contributor(unit: UnitOfWork, kind: ContributorKind, number: int) -> None:
    """Deletes a row that no movie refers to. If a source names it again, it comes back.

    Raises:
        InUseError: movies refer to it.
    """
    repository = unit.repository
    films = sorted({row["movie_id"] for row in repository.read(kind.links, **{kind.key: [number]})})
    if films:
        count = f"{len(films)} movies refer" if len(films) > 1 else "A movie refers"
        raise InUseError(f"{count} to {kind.entity} {number}, such as movie {films[0]}: remove it from them first.")
    remove(repository, kind.entity, kind.table, [number])
    unit.commit()


def _put(repository: Repository, kind: ContributorKind, fields: Mapping[str, Any], at: datetime) -> Written:
    ids = fields.get("ids", {})
    numbers = _with_ids(repository, kind, ids)
    if len(numbers) > 1:
        raise MovieConflictError(
            f"These ids belong to several {kind.table}: {', '.join(map(str, numbers))}.", numbers[0]
        )
    if not numbers:
        if "name" not in fields:
            raise MissingNameError(kind.entity, "name")
        number, created = _find_or_create(repository, kind, fields["name"], ids)
    else:
        number, created = _add_ids(repository, kind, numbers[0], ids), False
    _patch(repository, kind, number, fields, at)
    return Written(number, created)


def _try_put(repository: Repository, kind: ContributorKind, fields: Mapping[str, Any], at: datetime) -> Result:
    """Puts a row, or changes nothing and returns the error."""
    try:
        with repository.savepoint():
            return _put(repository, kind, fields, at)
    except (MovieConflictError, MissingNameError, UsageError, RejectedRowError) as error:
        return error


def _patch(repository: Repository, kind: ContributorKind, number: int, fields: Mapping[str, Any], at: datetime) -> None:
    row = _row(repository, kind, number)
    values = _with_years({field: value for field, value in fields.items() if field != "ids"}, row)
    before = contributor_pins.pins_of(repository, kind.entity, [number]).get(number, {})
    pin = {"entity": kind.entity, "entity_id": number, "pinned_at": at}
    changed = {
        field: pin | {"field": field, "value": value}
        for field, value in values.items()
        if field not in before or before[field]["value"] != value
    }
    _save(repository, kind, row, before, before | changed)


def _label(kind: ContributorKind, number: int) -> str:
    return f"{kind.entity.capitalize()} {number}"


def _row(repository: Repository, kind: ContributorKind, number: int) -> Row:
    (row,) = repository.read(kind.table, **{kind.key: [number]})
    return row


def _with_ids(repository: Repository, kind: ContributorKind, ids: Mapping[str, str]) -> list[int]:
    """Returns the numbers of the rows that have one of these ids."""
    found = repository.read("external_ids", entity=[kind.entity], value=list(ids.values()))
    return sorted({row["entity_id"] for row in found if ids.get(row["namespace"]) == row["value"]})


def _add_ids(repository: Repository, kind: ContributorKind, number: int, ids: Mapping[str, str]) -> int:
    """Adds the ids that a row with some of them lacks, and returns its number.

    Raises:
        MovieConflictError: it has other ids in these namespaces already.
    """
    pins = contributor_pins.pins_of(repository, kind.entity, [number]).get(number, {})
    name = contributor_pins.without_pins(_row(repository, kind, number), pins)["name"]
    if _find_or_create(repository, kind, name, ids) != (number, False):
        raise MovieConflictError(
            f"{_label(kind, number)} has one of these ids, but a different id in another namespace.", number
        )
    return number


def _find_or_create(
    repository: Repository, kind: ContributorKind, name: str, ids: Mapping[Any, str]
) -> tuple[int, bool]:
    """Finds or creates the row with this name and these ids as the ingest of movies does; returns whether it is new."""
    _refuse(repository, kind, {"name": name})
    if (trade := _TRADES.get(kind.table)) is None:
        existing = _genres(repository, name)
        return (existing[0], False) if existing else (repository.insert(kind.table, [{"name": name}])[0], True)
    credit = (Credit if trade.kind == "person" else Company)(name=name, ids=dict(ids))
    touched: set[Pair] = set(ids.items())
    registry = ContributorRegistry(repository, trade, ContributorRecords(repository, trade.kind, NO_UPDATES))
    registry.load([credit], [], touched)
    (party,) = registry.take([credit], [])
    registry.save()
    search_index.rename(repository, {trade: registry.renamed}, [])
    return party.kept().number or 0, not party.kept().row


def _genres(repository: Repository, name: str) -> list[int]:
    """Returns the genres that have this name, or have it in the sources."""
    rows = repository.read("genres", name=[name])
    renamed = contributor_pins.numbers_by_source_name(repository, "genre", {name})
    return [*(row["genre_id"] for row in rows), *renamed.get(name, ())]


def _with_years(values: dict[str, Any], row: Row) -> dict[str, Any]:
    """Returns the values with the year of each date, and with the row's date for a year, if it is in that year.

    Raises:
        UsageError: a date does not exist, or is in another year.
    """
    for day, year in DAYS.items():
        if (text := values.get(day)) is not None:
            try:
                of_day = date.fromisoformat(text).year
            except ValueError:
                raise UsageError(f"{day} can't be {text!r}: use a date such as 1937-11-30.") from None
            if values.setdefault(year, of_day) != of_day:
                raise UsageError(
                    f"{day} can't be {text} if {year} is {values[year]}: give one of them, or both with the same year."
                )
        elif year in values and day not in values:
            stored = row[day]
            values[day] = stored.isoformat() if stored and stored.year == values[year] else None
    return values


def _save(
    repository: Repository, kind: ContributorKind, row: Row, before: contributor_pins.Pins, pins: Mapping[str, Row]
) -> None:
    """Replaces a row's pins and applies them."""
    sourced = contributor_pins.without_pins(row, before)
    shown = contributor_pins.with_pins(sourced, pins)
    _refuse(repository, kind, shown)
    if kind.entity == "genre" and (others := set(_genres(repository, shown["name"])) - {row["genre_id"]}):
        raise MovieConflictError(f"{_label(kind, min(others))} has that name already.", min(others))
    contributor_pins.save(repository, [(sourced, pins)], kind.entity, kind.key)
    if shown != row:
        repository.update(kind.table, [shown])
    trade: ContributorRole | None = _TRADES.get(kind.table)
    if trade is not None and shown["name"] != row["name"]:
        search_index.rename(repository, {trade: {row[kind.key]}}, [])


def _refuse(repository: Repository, kind: ContributorKind, row: Row) -> None:
    if reason := repository.rejection(kind.table, [row]):
        raise UsageError(f"The database rejects this: {reason}.")
