"""Blocking: which pairs of two lists are worth comparing, without comparing all with all.

Every film has a few keys: its ids, its titles as one word, their words sorted, how they begin and end, a director with
a year. Films that share a key are a block. A crowded block is cut by year or person, and a year's part by people and
runtime if need be, so that no film meets more than some dozens of others, however long the lists are.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple, Protocol
from zlib import crc32

from rapidfuzz import fuzz

from movie_db.stitching.match import FilmFeatures

CROWD: Final = 24
"""A block of more films than this is cut."""
LIMIT: Final = 400
"""A film meets at most so many others; those come first that share the keys that prove most."""
_ENDS: Final = ((4, 0, 9), (5, 9, 12), (7, 7, 1000))
"""So many letters titles begin or end with alike, of titles so long, from and to.

A misspelling spoils but one end. It changes the length, too: hence the ranges overlap. Seven letters are left alike
when a subtitle is lost, or what stands before it.
"""
_ALIKE: Final = 75
"""Per cent; of a short title with a misspelling as much is left, and the judge asks for more."""
_BEGINS: Final = 85
"""The same of the letters that one of two titles has, where the other goes on."""
_SHORT: Final = 4
"""A title of fewer letters may be a part of another's word: `7` of `Se7en`."""
_FAR: Final = 4
"""So many years apart, films of other titles by other people are no case for the judge."""


class FilmSequence(Protocol):
    """The films of a list by their rows, which count from 0; may be gone through several times."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> FilmFeatures: ...


def keys(film: FilmFeatures, reach: int = 0) -> list[str]:
    """The keys of a film, those that prove most first. The first letter of a key tells its kind.

    Args:
        reach: so many years before and after its own count too, where a year is part of a key.
    """
    found = [f"i{namespace}:{value}" for namespace, value in sorted(film.ids)]
    titles = sorted(film.titles)
    found += ["t" + title.replace(" ", "") for title in titles]
    if film.directors and film.years:
        years = _near(film.years, reach)
        for director in sorted(film.directors):
            name = "".join(sorted(director.split()))
            found += [f"d{name}{year}" for year in years]
    for title in titles:
        if " " in title:
            found.append("w" + "".join(sorted(title.split())))
        letters = title.replace(" ", "")
        for size in _ends(len(letters)):
            found += ("b" + letters[:size], "e" + letters[-size:])
    return found if len(titles) < 2 else list(dict.fromkeys(found))


@lru_cache(maxsize=300)
def _ends(length: int) -> tuple[int, ...]:
    """How many letters count of either end of a title so long."""
    return tuple(dict.fromkeys(size for size, shortest, longest in _ENDS if shortest <= length <= longest))


def _near(numbers: Iterable[int], reach: int) -> list[int]:
    if not reach:
        return sorted(numbers)
    return sorted({number + apart for number in numbers for apart in range(-reach, reach + 1)})


def is_worth_comparing(left: FilmFeatures, right: FilmFeatures) -> bool:
    """Whether the judge is worth asking: a title, an id or a director shared; or titles somewhat alike, or one within
    the other, and years that are not far apart, unless somebody of the cast is shared.

    Told in a twentieth of the judge's time: keys bring many together that share no more than some letters.
    """
    if not (left.titles.isdisjoint(right.titles) and left.directors.isdisjoint(right.directors)):
        return True
    if not left.ids.isdisjoint(right.ids):
        return True
    if _far(left.years, right.years) and left.cast.isdisjoint(right.cast):
        return False
    return any(_alike(a, b) for a in left.titles for b in right.titles)


def _alike(a: str, b: str) -> bool:
    """Whether the judge could find titles more than different: alike, or one within the other or its beginning."""
    if fuzz.ratio(a, b, score_cutoff=_ALIKE) or fuzz.token_sort_ratio(a, b, score_cutoff=_ALIKE):
        return True
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if short in long and (len(short) < _SHORT or f" {short} " in f" {long} "):
        return True
    if fuzz.ratio(short, long[: len(short)], score_cutoff=_BEGINS):
        return True
    return " " in short and set(short.split()) <= set(long.split())


def _far(left: frozenset[int], right: frozenset[int]) -> bool:
    """Whether all years are far apart; nobody knows where one side tells none."""
    for a in left:
        for b in right:
            if -_FAR < a - b < _FAR:
                return False
    return bool(left and right)


class _Cuts(NamedTuple):
    """By what a crowded block is cut, as bytes."""

    years: list[bytes]
    people: list[bytes]
    runtimes: list[bytes]


def _cuts(film: FilmFeatures, reach: int) -> _Cuts:
    years = [b"|%d" % year for year in _near(film.years, reach)]
    if reach or not years:
        years.append(b"|unknown")
    # Of a name its longest word: given names come shortened, or behind the surname.
    names = (name.split() for name in film.directors | film.cast)
    people = sorted({max(words, key=lambda word: (len(word), word)) for words in names if words})
    runtimes = [b"|#%d" % minutes for minutes in _near(film.runtimes, reach)]
    return _Cuts(years, [f"|{name}".encode("utf-8", "replace") for name in people], runtimes)


def _hashes(film: FilmFeatures, reach: int) -> list[int]:
    return [crc32(key.encode("utf-8", "replace")) for key in keys(film, reach)]


class _Blocks:
    """Rows by the hash of a key, which goes on into the hash of a cut: sorted numbers, each of a hash and a row.

    Keys of one hash may share a block. `crowded` are the hashes of blocks of more than `CROWD` rows. What `seen` does
    not have under the lower bits of a hash, its `mask`, has no block: that spares most searches.
    """

    def __init__(self, entries: "array[int]") -> None:
        self._sorted = _in_order(entries)
        pairs = zip(self._sorted, memoryview(self._sorted)[CROWD:], strict=False)
        self.crowded = frozenset({number >> 32 for number, later in pairs if number >> 32 == later >> 32})
        self.mask = min(16 << len(entries).bit_length(), 1 << 25) - 1
        self.seen = bytearray(self.mask + 1)
        for number in entries:
            self.seen[number >> 32 & self.mask] = 1

    def rows(self, name: int) -> list[int]:
        """The rows of a block, of a crowded one the first `CROWD`."""
        numbers = self._sorted
        start = bisect_left(numbers, name << 32)
        end = start
        last = min(start + CROWD, len(numbers))
        while end < last and numbers[end] >> 32 == name:
            end += 1
        return [number & 0xFFFFFFFF for number in numbers[start:end]]

    def in_crowds(self, rows: int) -> Iterator[int]:
        """Those of so many rows that are in crowded blocks, in their order."""
        crowded = bytearray(rows)
        for number in self._sorted:
            if number >> 32 in self.crowded:
                crowded[number & 0xFFFFFFFF] = 1
        return (row for row, is_crowded in enumerate(crowded) if is_crowded)


def _in_order(numbers: "array[int]") -> "array[int]":
    """Sorted by parts: a list of all of them takes five times the room."""
    parts = [array("Q") for _ in range(64)]
    for number in numbers:
        parts[number >> 58].append(number)
    found = array("Q")
    for part in parts:
        found.extend(sorted(part))
    return found


class Index:
    """The blocks of one list, to be asked with the films of the other.

    It holds some five to thirty numbers of 64 bits a film, and no film.
    """

    def __init__(self, films: FilmSequence) -> None:
        entries = array("Q")
        for row in range(len(films)):
            entries.extend([name << 32 | row for name in _hashes(films[row], 0)])
        self._whole = _Blocks(entries)
        once, twice = array("Q"), array("Q")
        for row in self._whole.in_crowds(len(films)):
            film = films[row]
            years, people, runtimes = _cuts(film, 0)
            for name in self._whole.crowded.intersection(_hashes(film, 0)):
                parts = [crc32(year, name) for year in years]
                once.extend([part << 32 | row for part in parts])
                once.extend([crc32(person, name) << 32 | row for person in people])
                twice.extend([crc32(cut, part) << 32 | row for part in parts for cut in (*people, *runtimes)])
        self._cut, self._cut_again = _Blocks(once), _Blocks(twice)

    def candidates(self, film: FilmFeatures) -> list[int]:
        """The rows worth comparing with a film of the other list, at most `LIMIT`.

        Who shares a title and a year is among them, unless more than `CROWD` films share both: then those who share a
        person or the runtime as well, within a minute, else the first `CROWD`.
        """
        found: dict[int, None] = {}
        cuts: _Cuts | None = None
        whole = self._whole
        seen, mask = whole.seen, whole.mask
        for key in keys(film, reach=1):
            name = crc32(key.encode("utf-8", "replace"))
            if not seen[name & mask]:
                continue
            if name in whole.crowded:
                cuts = cuts or _cuts(film, reach=1)
                found.update(dict.fromkeys(self._of_crowded(name, cuts, is_title=key[0] == "t")))
            else:
                for row in whole.rows(name):
                    found[row] = None
            if len(found) >= LIMIT:
                return list(found)[:LIMIT]
        return list(found)

    def _of_crowded(self, name: int, cuts: _Cuts, *, is_title: bool) -> Iterator[int]:
        for year in cuts.years:
            part = crc32(year, name)
            if part not in self._cut.crowded:
                yield from self._cut.rows(part)
                continue
            closer = [row for cut in (*cuts.people, *cuts.runtimes) for row in self._cut_again.rows(crc32(cut, part))]
            if is_title and not closer:
                # Alike in all that is known: a person shall see that there are several.
                closer = list(self._cut.rows(part))
            yield from closer
        for person in cuts.people:
            part = crc32(person, name)
            if part not in self._cut.crowded:
                yield from self._cut.rows(part)
