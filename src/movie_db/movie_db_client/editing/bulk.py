"""Creates or updates many movies at once. The result is the same as that of one write after the other."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.movie_db_client.editing.movies import (
    Draft,
    MissingNameError,
    MovieConflictError,
    apply_drafts,
    existing_number,
    find_numbers,
    make_draft,
)
from movie_db.movie_db_client.editing.pins import stitch_movies, store_pins
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.entity_resolution.by_title import fold_all
from movie_db.movie_db_client.repository import RejectedRowError, Repository, UnitOfWork


class Written(NamedTuple):
    """A movie (or contributor) that was written: its number, and whether it is new."""

    number: int
    created: bool


Result = Written | MovieDbError
"""The result for one movie. Errors are MovieConflictError, MissingNameError, UsageError and RejectedRowError."""


def upsert_movie(unit: UnitOfWork, fields: Mapping[str, Any], at: datetime) -> Written:
    """Creates the movie with these ids, or updates its fields if it exists.

    Raises:
        MovieConflictError: the ids belong to several movies.
        MissingNameError: the movie does not exist, and the fields have no title.
        UsageError, RejectedRowError: a field does not take this value, or the database would reject the movie.
    """
    (result,) = _upsert(unit.repository, [fields], lambda: at)
    if isinstance(result, MovieDbError):
        raise result
    unit.commit()
    return result


def upsert_movies(unit: UnitOfWork, rows: Sequence[Mapping[str, Any]], now: Callable[[], datetime]) -> list[Result]:
    """Upserts movies as `upsert_movie` does, in order. One that fails does not stop the others.

    Movies that have nothing in common are written together. If such a batch is rejected, its halves are tried.
    """
    results = _upsert(unit.repository, rows, now)
    unit.commit()
    return results


def _upsert(repository: Repository, rows: Sequence[Mapping[str, Any]], now: Callable[[], datetime]) -> list[Result]:
    results: dict[int, Result] = {}
    drafts: dict[int, Draft] = {}
    for place, fields in enumerate(rows):
        try:
            drafts[place] = make_draft(fields)
        except UsageError as error:
            results[place] = error
    for wave in _waves(repository, drafts):
        written = _write(repository, [drafts[place] for place in wave], now())
        results |= zip(wave, written, strict=True)
    return [results[place] for place in range(len(rows))]


def _waves(repository: Repository, drafts: Mapping[int, Draft]) -> Iterable[list[int]]:
    """Groups drafts into waves: those in one wave may be written together, the waves one after the other.

    Drafts that may be the same movie are in different waves. They share ids or titles with each other or with existing
    movies, directly or through others: the judge may match a draft to an existing movie by its title.
    """
    numbers = find_numbers(repository, drafts.values())
    titles: dict[int, set[str]] = {}
    for row in repository.read("title_keys", movie_id=set(numbers.values())):
        titles.setdefault(row["movie_id"], set()).add(row["title"])
    joined: dict[Any, Any] = {}

    def first(mark: Any) -> Any:
        while (other := joined.setdefault(mark, mark)) != mark:
            mark = other
        return mark

    for place, draft in drafts.items():
        existing = {numbers[pair] for pair in draft.pairs & numbers.keys()}
        marks: set[Any] = {*draft.pairs, *fold_all([draft.facts]), *(("film", number) for number in existing)}
        for mark in marks.union(*(titles.get(number, ()) for number in existing)):
            joined[first(mark)] = first(place)
    waves: dict[int, list[int]] = {}
    before = Counter[Any]()
    for place in drafts:
        waves.setdefault(before[first(place)], []).append(place)
        before[first(place)] += 1
    return waves.values()


def _write(repository: Repository, drafts: Sequence[Draft], at: datetime) -> list[Result]:
    try:
        with repository.savepoint():
            return _write_together(repository, drafts, at)
    except (MovieConflictError, UsageError, RejectedRowError) as error:
        if len(drafts) == 1:
            return [error]
    middle = len(drafts) // 2
    return [*_write(repository, drafts[:middle], at), *_write(repository, drafts[middle:], at)]


def _write_together(repository: Repository, drafts: Sequence[Draft], at: datetime) -> list[Result]:
    """Writes drafts that have nothing in common.

    Raises:
        MovieConflictError, UsageError, RejectedRowError: one of them fails.
    """
    existing = find_numbers(repository, drafts)
    found = [_find(draft, existing) for draft in drafts]
    valid = [(draft, n) for draft, n in zip(drafts, found, strict=True) if not isinstance(n, MovieDbError)]
    applied = apply_drafts(repository, [d for d, number in valid if not number or d.pairs - existing.keys()], at)
    existing = find_numbers(repository, drafts)
    numbers = {
        draft.key: (number and existing_number(existing, draft)) or applied.get(draft.key) or number
        for draft, number in valid
    }
    changed = store_pins(repository, [pin for draft, _ in valid for pin in draft.pin_requests(numbers[draft.key], at)])
    often = Counter(numbers.values())
    stitch_movies(repository, changed - {numbers[key] for key in applied if often[numbers[key]] == 1})
    written = {draft.key: Written(numbers[draft.key], not number) for draft, number in valid}
    return [n if isinstance(n, MovieDbError) else written[d.key] for d, n in zip(drafts, found, strict=True)]


def _find(draft: Draft, numbers: Mapping[Pair, int]) -> int | MovieDbError:
    """Returns the movie that a draft means, 0 if it has to be created, or the error if neither is possible."""
    try:
        number = existing_number(numbers, draft)
    except MovieConflictError as error:
        return error
    return MissingNameError() if number is None and draft.facts.title is None else number or 0
