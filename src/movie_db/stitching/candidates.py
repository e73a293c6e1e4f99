"""Blocking: which pairs of two lists are worth comparing, without comparing all with all.

Every film has a few keys: its ids, its titles as one word, their words sorted, how they begin and end, a director with
a year. Films that share a key are a block. A crowded block is cut by year or person, and a year's part by people and
runtime if need be, so that no film meets more than some dozens of others, however long the lists are.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol
from zlib import crc32

from movie_db.stitching.match import Film

CROWD: Final = 24
"""A block of more films than this is cut."""
LIMIT: Final = 400
"""A film meets at most so many others; those come first that share the keys that prove most."""
_ENDS: Final = ((4, 0, 9), (5, 9, 12), (7, 12, 1000))
"""So many letters titles begin or end with alike, of titles so long, from and to.

A misspelling spoils but one end. It changes the length, too: hence the ranges overlap.
"""
_PART: Final = 7
"""So many letters are left alike when a subtitle is lost, or what stands before it."""
_UNKNOWN: Final = "-"


class Films(Protocol):
    """The films of a list by their rows, which count from 0; may be gone through several times."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> Film: ...


def keys(film: Film, reach: int = 0) -> list[str]:
    """The keys of a film, those that prove most first. The first letter of a key tells its kind.

    Args:
        reach: so many years before and after its own count too, where a year is part of a key.
    """
    return list(dict.fromkeys(_keys(film, reach)))


def _keys(film: Film, reach: int) -> Iterator[str]:
    for namespace, value in sorted(film.ids):
        yield f"i{namespace}:{value}"
    titles = [title.split() for title in sorted(film.titles)]
    for words in titles:
        yield "t" + "".join(words)
    for director in sorted(film.directors):
        name = "".join(sorted(director.split()))
        yield from (f"d{name}{year}" for year in _near(film.years, reach))
    for words in titles:
        letters = "".join(words)
        if len(words) > 1:
            yield "w" + "".join(sorted(words))
        for size, shortest, longest in _ENDS:
            if shortest <= len(letters) <= longest:
                yield "b" + letters[:size]
                yield "e" + letters[-size:]
        if len(letters) >= _PART:
            yield "b" + letters[:_PART]
            yield "e" + letters[-_PART:]


def _near(numbers: Iterable[int], reach: int) -> list[int]:
    return sorted({number + apart for number in numbers for apart in range(-reach, reach + 1)})


def _cuts(film: Film, reach: int) -> tuple[list[str], list[str], list[str]]:
    """By what a crowded block is cut: years, people, runtimes."""
    years = [str(year) for year in _near(film.years, reach)]
    if reach or not years:
        years.append(_UNKNOWN)
    # Of a name its longest word: given names come shortened, or behind the surname.
    names = (name.split() for name in film.directors | film.cast)
    people = sorted({max(words, key=lambda word: (len(word), word)) for words in names if words})
    return years, people, [f"#{minutes}" for minutes in _near(film.runtimes, reach)]


def _hash(key: str) -> int:
    return crc32(key.encode("utf-8", "replace"))


class _Blocks:
    """Rows by key: sorted numbers, each the hash of a key and a row. Keys of one hash may share a block."""

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        # An array first, of a quarter of a list's size.
        self._sorted = array("Q", sorted(array("Q", (_hash(key) << 32 | row for key, row in entries))))

    def rows(self, key: str) -> Sequence[int]:
        """The rows of a block; of a crowded one, one more than `CROWD`."""
        low = _hash(key) << 32
        numbers = self._sorted
        start = bisect_left(numbers, low)
        found = []
        for number in numbers[start : start + CROWD + 1]:
            if number >> 32 << 32 != low:
                break
            found.append(number & 0xFFFFFFFF)
        return found

    def crowded(self, key: str) -> bool:
        """Whether more than `CROWD` rows have this key."""
        name, numbers = _hash(key), self._sorted
        last = bisect_left(numbers, name << 32) + CROWD
        return last < len(numbers) and numbers[last] >> 32 == name


class Index:
    """The blocks of one list, to be asked with the films of the other.

    It holds some ten to thirty numbers of 64 bits a film, and no film.
    """

    def __init__(self, films: Films) -> None:
        self._whole = _Blocks((key, row) for row in range(len(films)) for key in keys(films[row]))
        self._cut = _Blocks(self._cut_once(films))
        self._cut_again = _Blocks(self._cut_twice(films))

    def _cut_once(self, films: Films) -> Iterator[tuple[str, int]]:
        for row in range(len(films)):
            film = films[row]
            years, people, _ = _cuts(film, 0)
            for key in filter(self._whole.crowded, keys(film)):
                yield from ((f"{key}|{cut}", row) for cut in (*years, *people))

    def _cut_twice(self, films: Films) -> Iterator[tuple[str, int]]:
        for row in range(len(films)):
            film = films[row]
            years, people, runtimes = _cuts(film, 0)
            for key in filter(self._whole.crowded, keys(film)):
                for part in filter(self._cut.crowded, (f"{key}|{year}" for year in years)):
                    yield from ((f"{part}|{cut}", row) for cut in (*people, *runtimes))

    def candidates(self, film: Film) -> list[int]:
        """The rows worth comparing with a film of the other list, at most `LIMIT`.

        Who shares a title and a year is among them, unless more than `CROWD` films share both: then those who share a
        person or the runtime as well, within a minute, else the first `CROWD`.
        """
        found: dict[int, None] = {}
        for key in keys(film, reach=1):
            rows = self._whole.rows(key)
            found.update(dict.fromkeys(rows if len(rows) <= CROWD else self._of_crowded(key, film)))
            if len(found) >= LIMIT:
                return list(found)[:LIMIT]
        return list(found)

    def _of_crowded(self, key: str, film: Film) -> Iterator[int]:
        years, people, runtimes = _cuts(film, reach=1)
        for year in years:
            part = f"{key}|{year}"
            rows = self._cut.rows(part)
            if len(rows) > CROWD:
                closer = [row for cut in (*people, *runtimes) for row in self._cut_again.rows(f"{part}|{cut}")[:CROWD]]
                # Alike in all that is known: a person shall see that there are several.
                rows = closer or (rows[:CROWD] if key[0] == "t" else ())
            yield from rows
        for person in people:
            rows = self._cut.rows(f"{key}|{person}")
            yield from rows if len(rows) <= CROWD else ()
