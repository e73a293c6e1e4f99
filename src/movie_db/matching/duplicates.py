"""Duplicates: rows of one list that are the same film, perhaps in several editions."""

from array import array
from collections.abc import Iterator, Mapping
from typing import Final

from movie_db.matching.film_store import FilmStore
from movie_db.matching.films import Row
from movie_db.stitching.assignment import Pairs
from movie_db.stitching.names import without_edition

_CUT: Final = 15
"""Maximum difference in minutes between cuts of a film."""
_RIVAL: Final = 0.0
"""Bits from which on pairs with the same film are rivals."""


def left_duplicates(pairs: Pairs, left: FilmStore) -> dict[int, int]:
    """Duplicate rows of the left list that match the same film of the right one, each mapped to the first such row."""
    return _duplicates(pairs, pairs.right, pairs.left, left)


def right_duplicates(pairs: Pairs, right: FilmStore) -> dict[int, int]:
    """The same for the right list."""
    return _duplicates(pairs, pairs.left, pairs.right, right)


def is_same_film(one: Row, other: Row) -> bool:
    """Whether two rows of a list are the same film: by an id; or by the same title, about the same year, and a common
    director or an edition in the title, unless other features contradict.

    Title and year alone prove nothing, since two films may share both.
    """
    a, b = one.film, other.film
    if not a.ids.isdisjoint(b.ids):
        return True
    if {n for n, _ in a.ids} & {n for n, _ in b.ids} or a.titles.isdisjoint(b.titles):
        return False
    if not any(abs(x - y) <= 1 for x in a.years for y in b.years):
        return False
    if a.runtimes and b.runtimes and min(abs(x - y) for x in a.runtimes for y in b.runtimes) > _CUT:
        return False
    if a.directors and b.directors:
        return not a.directors.isdisjoint(b.directors)
    return any(without_edition(row.title) != row.title for row in (one, other))


def _duplicates(pairs: Pairs, of: "array[int]", rows: "array[int]", films: FilmStore) -> dict[int, int]:
    found: dict[int, int] = {}
    for rivals in _contested(pairs, of, rows):
        distinct: list[tuple[int, Row]] = []
        for number in rivals:
            row = films.row(number)
            first = next((n for n, other in distinct if is_same_film(other, row)), None)
            if first is None:
                distinct.append((number, row))
            else:
                found.setdefault(number, first)
    return {row: _first(row, found) for row in found}


def _first(row: int, found: Mapping[int, int]) -> int:
    while row in found:
        row = found[row]
    return row


def _contested(pairs: Pairs, of: "array[int]", rows: "array[int]") -> Iterator[list[int]]:
    """The rows that match the same film of the other list, in order, for each film with several such rows."""
    met = bytearray(max(of, default=-1) + 1)
    for film, bits in zip(of, pairs.bits, strict=True):
        if bits >= _RIVAL and met[film] < 2:
            met[film] += 1
    groups: dict[int, list[int]] = {}
    for film, row, bits in zip(of, rows, pairs.bits, strict=True):
        if bits >= _RIVAL and met[film] > 1:
            groups.setdefault(film, []).append(row)
    for group in groups.values():
        yield sorted(group)
