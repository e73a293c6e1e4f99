"""Rows of one list that are of one film: it is in the list twice, or in several editions."""

from array import array
from collections.abc import Iterator, Mapping
from typing import Final

from movie_db.matching.film_store import FilmStore
from movie_db.matching.films import Row
from movie_db.stitching.assignment import Pairs
from movie_db.stitching.names import without_edition

_CUT: Final = 15
"""Minutes by which a film's cuts may differ."""
_RIVAL: Final = 0.0
"""Bits from which on a pair is worth to be told from another one of the same film."""


def left_duplicates(pairs: Pairs, left: FilmStore) -> dict[int, int]:
    """The rows of the left list that are one film and meet the same film of the right: each but the first, to it."""
    return _twins(pairs, pairs.right, pairs.left, left)


def right_duplicates(pairs: Pairs, right: FilmStore) -> dict[int, int]:
    """The same of the right list."""
    return _twins(pairs, pairs.left, pairs.right, right)


def is_same_film(one: Row, other: Row) -> bool:
    """Whether two rows of a list tell of one film: by an id; or by the same title, about the same year, and a director
    or the mark of an edition, if nothing speaks against it.

    The same title and year alone prove nothing: two films may have both.
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


def _twins(pairs: Pairs, of: "array[int]", rows: "array[int]", shelf: FilmStore) -> dict[int, int]:
    found: dict[int, int] = {}
    for rivals in _contested(pairs, of, rows):
        kept: list[tuple[int, Row]] = []
        for number in rivals:
            row = shelf.row(number)
            first = next((n for n, known in kept if is_same_film(known, row)), None)
            if first is None:
                kept.append((number, row))
            else:
                found.setdefault(number, first)
    return {row: _first(row, found) for row in found}


def _first(row: int, found: Mapping[int, int]) -> int:
    while row in found:
        row = found[row]
    return row


def _contested(pairs: Pairs, of: "array[int]", rows: "array[int]") -> Iterator[list[int]]:
    """The rows that would be the same film of the other list, for each that has several such; in their order."""
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
