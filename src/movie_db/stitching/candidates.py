"""Blocking: finds the pairs of two lists that are worth comparing, without comparing every pair.

Every film has some keys: its ids, its titles as one word, their sorted words, the starts and ends of titles, a director
with a year. Films with a common key form a block. Large blocks are split by year or person, and if necessary again by
person or runtime, so that each film is compared with a few dozen others, however long the lists are.
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
"""Larger blocks are split."""
LIMIT: Final = 400
"""Maximum number of candidates of a film. Those that share the strongest keys come first."""
_ENDS: Final = ((4, 0, 9), (5, 9, 12), (7, 7, 1000))
"""Number of letters at the start or end of a title that form a key, for titles from one length to another.

A misspelling affects only one end. It may change the length, so the ranges overlap. Seven equal letters remain if a
subtitle, or the part before it, is missing.
"""
_ALIKE: Final = 75
"""Percent of similarity that a short title keeps despite a misspelling. The judge demands more."""
_BEGINS: Final = 85
"""The same for the start of a longer title."""
_SHORT: Final = 4
"""A title with fewer letters may be part of a word of the other: `7` in `Se7en`."""
_FAR: Final = 4
"""Years between films that are not compared if neither title nor people are shared."""


class FilmSequence(Protocol):
    """The films of a list by row, from 0."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> FilmFeatures: ...


def keys(film: FilmFeatures, reach: int = 0) -> list[str]:
    """The keys of a film, the strongest first. The first letter of a key is its kind.

    Args:
        reach: number of years before and after the film's own for which keys with a year are made, too.
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
    """The numbers of letters that form keys of a title of this length."""
    return tuple(dict.fromkeys(size for size, shortest, longest in _ENDS if shortest <= length <= longest))


def _near(numbers: Iterable[int], reach: int) -> list[int]:
    if not reach:
        return sorted(numbers)
    return sorted({number + apart for number in numbers for apart in range(-reach, reach + 1)})


def is_worth_comparing(left: FilmFeatures, right: FilmFeatures) -> bool:
    """Whether the judge should compare two films: they share a title, an id or a director; or their titles are similar
    or one contains the other, and their years are near or they share an actor.

    This takes a twentieth of the judge's time, and many films share a key but nothing else.
    """
    if not (left.titles.isdisjoint(right.titles) and left.directors.isdisjoint(right.directors)):
        return True
    if not left.ids.isdisjoint(right.ids):
        return True
    if _far(left.years, right.years) and left.cast.isdisjoint(right.cast):
        return False
    return any(_similar(a, b) for a in left.titles for b in right.titles)


def _similar(a: str, b: str) -> bool:
    """Whether titles are similar, or one contains the other or starts like it."""
    if fuzz.ratio(a, b, score_cutoff=_ALIKE) or fuzz.token_sort_ratio(a, b, score_cutoff=_ALIKE):
        return True
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if short in long and (len(short) < _SHORT or f" {short} " in f" {long} "):
        return True
    if fuzz.ratio(short, long[: len(short)], score_cutoff=_BEGINS):
        return True
    return " " in short and set(short.split()) <= set(long.split())


def _far(left: frozenset[int], right: frozenset[int]) -> bool:
    """Whether all years are far apart. False if one side has none."""
    for a in left:
        for b in right:
            if -_FAR < a - b < _FAR:
                return False
    return bool(left and right)


class _Cuts(NamedTuple):
    """The features by which a large block is split, as bytes."""

    years: list[bytes]
    people: list[bytes]
    runtimes: list[bytes]


def _cuts(film: FilmFeatures, reach: int) -> _Cuts:
    years = [b"|%d" % year for year in _near(film.years, reach)]
    if reach or not years:
        years.append(b"|unknown")
    # The longest word of a name, since given names may be abbreviated or follow the surname.
    names = (name.split() for name in film.directors | film.cast)
    people = sorted({max(words, key=lambda word: (len(word), word)) for words in names if words})
    runtimes = [b"|#%d" % minutes for minutes in _near(film.runtimes, reach)]
    return _Cuts(years, [f"|{name}".encode("utf-8", "replace") for name in people], runtimes)


def _hashes(film: FilmFeatures, reach: int) -> list[int]:
    return [crc32(key.encode("utf-8", "replace")) for key in keys(film, reach)]


class _Blocks:
    """Rows by the hash of a key: sorted numbers, each composed of a hash and a row. The hash of a split continues the
    hash of its key.

    Keys with equal hashes share a block. `crowded` has the hashes of blocks of more than `CROWD` rows. If `seen` is not
    set at the lower bits of a hash (`mask`), there is no block, which saves most searches.
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
        """The rows of a block, at most the first `CROWD`."""
        numbers = self._sorted
        start = bisect_left(numbers, name << 32)
        end = start
        last = min(start + CROWD, len(numbers))
        while end < last and numbers[end] >> 32 == name:
            end += 1
        return [number & 0xFFFFFFFF for number in numbers[start:end]]

    def in_crowds(self, rows: int) -> Iterator[int]:
        """The rows, of this number of rows, that are in crowded blocks, in order."""
        crowded = bytearray(rows)
        for number in self._sorted:
            if number >> 32 in self.crowded:
                crowded[number & 0xFFFFFFFF] = 1
        return (row for row, is_crowded in enumerate(crowded) if is_crowded)


def _in_order(numbers: "array[int]") -> "array[int]":
    """Sorts the numbers in parts, since one list of all of them would take five times the memory."""
    parts = [array("Q") for _ in range(64)]
    for number in numbers:
        parts[number >> 58].append(number)
    found = array("Q")
    for part in parts:
        found.extend(sorted(part))
    return found


class Index:
    """The blocks of one list, in which the candidates for films of the other list are found.

    It takes five to thirty numbers of 64 bits per film, and does not store the films.
    """

    def __init__(self, films: FilmSequence) -> None:
        entries = array("Q")
        for row in range(len(films)):
            entries.extend([name << 32 | row for name in _hashes(films[row], 0)])
        self._blocks = _Blocks(entries)
        once, twice = array("Q"), array("Q")
        for row in self._blocks.in_crowds(len(films)):
            film = films[row]
            years, people, runtimes = _cuts(film, 0)
            for name in self._blocks.crowded.intersection(_hashes(film, 0)):
                parts = [crc32(year, name) for year in years]
                once.extend([part << 32 | row for part in parts])
                once.extend([crc32(person, name) << 32 | row for person in people])
                twice.extend([crc32(cut, part) << 32 | row for part in parts for cut in (*people, *runtimes)])
        self._cut, self._cut_again = _Blocks(once), _Blocks(twice)

    def candidates(self, film: FilmFeatures) -> list[int]:
        """The rows worth comparing with a film of the other list, at most `LIMIT`.

        They include all films with a common title and year. If there are more than `CROWD`, they include those that
        also share a person or the runtime (within a minute), otherwise the first `CROWD`.
        """
        found: dict[int, None] = {}
        cuts: _Cuts | None = None
        blocks = self._blocks
        seen, mask = blocks.seen, blocks.mask
        for key in keys(film, reach=1):
            name = crc32(key.encode("utf-8", "replace"))
            if not seen[name & mask]:
                continue
            if name in blocks.crowded:
                cuts = cuts or _cuts(film, reach=1)
                found.update(dict.fromkeys(self._of_crowded(name, cuts, is_title=key[0] == "t")))
            else:
                for row in blocks.rows(name):
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
                # Equal in all known features. The review should show that there are several.
                closer = list(self._cut.rows(part))
            yield from closer
        for person in cuts.people:
            part = crc32(person, name)
            if part not in self._cut.crowded:
                yield from self._cut.rows(part)
