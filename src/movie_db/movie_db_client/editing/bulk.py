"""Films that persons write, many at once: each is made, or given its fields, as if one after the other."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from movie_db.contract.errors import MovieDbError, UsageError
from movie_db.movie_db_client.editing.movies import (
    Draft,
    MissingNameError,
    MovieConflictError,
    apply,
    draft,
    numbers_of,
    only,
    wanted,
)
from movie_db.movie_db_client.editing.pins import keep, stitch_all
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.entity_resolution.by_title import fold_all
from movie_db.movie_db_client.repository import RejectedRowError, Repository


class Written(NamedTuple):
    """A film that was written: its number, and whether it is new."""

    number: int
    created: bool


Result = Written | MovieDbError
"""What became of one film: an error is `MovieConflictError`, `MissingNameError`, `UsageError` or `RejectedRowError`."""


def upsert(repository: Repository, told: Mapping[str, Any], at: datetime) -> Written:
    """Makes the film that has these ids, or gives it these fields, if it is there.

    Raises:
        MovieConflictError: the ids are those of several films.
        MissingNameError: it is not there, and has no title.
        UsageError, Refused: it could not be kept: says why.
    """
    (result,) = upsert_all(repository, [told], lambda: at)
    if isinstance(result, MovieDbError):
        raise result
    return result


def upsert_all(repository: Repository, told: Sequence[Mapping[str, Any]], now: Callable[[], datetime]) -> list[Result]:
    """Upserts films as `upsert` does, in their order; one that can't be stops no other.

    Those that have nothing to do with one another are written at once; if a batch is refused, its halves are.
    """
    results: dict[int, Result] = {}
    films: dict[int, Draft] = {}
    for place, one in enumerate(told):
        try:
            films[place] = draft(one)
        except UsageError as error:
            results[place] = error
    for wave in _waves(repository, films):
        written = _write(repository, [films[place] for place in wave], now())
        results |= zip(wave, written, strict=True)
    return [results[place] for place in range(len(told))]


def _waves(repository: Repository, films: Mapping[int, Draft]) -> Iterable[list[int]]:
    """The places of films that may be written at once: of those that may be one film, one after the other.

    Such are those that share ids or titles, with each other or with films that are there, be it by way of others:
    by a title, the judge may take what is written for a film that is there.
    """
    known = numbers_of(repository, films.values())
    titles: dict[int, set[str]] = {}
    for row in repository.read("title_keys", movie_id=set(known.values())):
        titles.setdefault(row["movie_id"], set()).add(row["title"])
    joined: dict[Any, Any] = {}

    def first(mark: Any) -> Any:
        while (other := joined.setdefault(mark, mark)) != mark:
            mark = other
        return mark

    for place, film in films.items():
        numbers = {known[pair] for pair in film.pairs & known.keys()}
        marks: set[Any] = {*film.pairs, *fold_all([film.facts]), *(("film", number) for number in numbers)}
        for mark in marks.union(*(titles.get(number, ()) for number in numbers)):
            joined[first(mark)] = first(place)
    waves: dict[int, list[int]] = {}
    before = Counter[Any]()
    for place in films:
        waves.setdefault(before[first(place)], []).append(place)
        before[first(place)] += 1
    return waves.values()


def _write(repository: Repository, films: Sequence[Draft], at: datetime) -> list[Result]:
    try:
        with repository.savepoint():
            return _write_together(repository, films, at)
    except (MovieConflictError, UsageError, RejectedRowError) as error:
        if len(films) == 1:
            return [error]
    middle = len(films) // 2
    return [*_write(repository, films[:middle], at), *_write(repository, films[middle:], at)]


def _write_together(repository: Repository, films: Sequence[Draft], at: datetime) -> list[Result]:
    """Writes films that have nothing to do with one another.

    Raises:
        Conflict, UsageError, Refused: one of them can't be.
    """
    known = numbers_of(repository, films)
    results = [_found(film, known) for film in films]
    fit = [(film, r) for film, r in zip(films, results, strict=True) if not isinstance(r, MovieDbError)]
    applied = apply(repository, [film for film, number in fit if not number or film.pairs - known.keys()], at)
    known = numbers_of(repository, films)
    numbers = {film.key: (number and only(known, film)) or applied.get(film.key) or number for film, number in fit}
    moved = keep(repository, [pin for film, _ in fit for pin in wanted(numbers[film.key], film, at)])
    often = Counter(numbers.values())
    stitch_all(repository, moved - {numbers[key] for key in applied if often[numbers[key]] == 1})
    written = {film.key: Written(numbers[film.key], not number) for film, number in fit}
    return [r if isinstance(r, MovieDbError) else written[f.key] for f, r in zip(films, results, strict=True)]


def _found(film: Draft, known: Mapping[Pair, int]) -> int | MovieDbError:
    """The film that is meant; 0 if it is to be made, or why it can't be."""
    try:
        number = only(known, film)
    except MovieConflictError as error:
        return error
    return MissingNameError() if number is None and film.facts.title is None else number or 0
