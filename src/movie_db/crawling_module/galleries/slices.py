"""Cuts a gallery that is larger than its site shows into slices, and checks that their union is complete.

This is pure logic: `Look` reads a slice. Slices are cut by release year, bisected. A year that is still too large is
cut by genre: movies of the first genre, movies of the second but not the first, and so on, and the rest.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

FIRST_YEAR: Final = 1870
LAST_YEAR: Final = 2100

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Cut:
    """A part of a gallery: movies of these years, of this genre, and without these genres."""

    years: tuple[int, int] | None = None
    genre: str | None = None
    without: tuple[str, ...] = ()

    def __str__(self) -> str:
        years = f"{self.years[0]}–{self.years[1]}" if self.years else "all years"
        genre = f", {self.genre}" if self.genre else ""
        return years + genre + (f", not {'/'.join(self.without)}" if self.without else "")

    def by_year(self) -> "tuple[Cut, Cut] | None":
        """Return two halves by year; None for a single year. Most movies are recent, so the later half is shorter."""
        first, last = self.years or (FIRST_YEAR, LAST_YEAR)
        if first == last:
            return None
        middle = first + (last - first) * 3 // 5 if not self.years else (first + last) // 2
        return replace(self, years=(first, middle)), replace(self, years=(middle + 1, last))

    def by_genre(self, genres: tuple[str, ...]) -> "list[Cut]":
        """Return parts that don't overlap: one per genre, without the genres before it, and the rest.

        Empty if the cut is by genre already, or if there are no genres to cut by.
        """
        if self.genre or self.without or not genres:
            return []
        parts = [replace(self, genre=g, without=genres[:i]) for i, g in enumerate(genres)]
        return [*parts, replace(self, without=genres)]


@dataclass
class Slice(Generic[Entry]):
    """The result of reading a cut: how many movies the site declares in it, and those of the pages that were read.

    `failed` are ids of listed movies without data; `unnamed` counts those without an id.
    """

    declared: int
    entries: dict[str, Entry]
    failed: set[str] = field(default_factory=set)
    unnamed: int = 0

    @property
    def counted(self) -> int:
        """The number of declared movies that are accounted for, with or without data."""
        return len(self.entries) + len(self.failed - self.entries.keys()) + self.unnamed


Look = Callable[[Cut, bool], Awaitable[Slice[Entry]]]
"""Reads a cut: all pages if the flag is true, otherwise only the first."""


@dataclass
class Union(Generic[Entry]):
    """All movies found, how many were declared, and the cuts that were made."""

    declared: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    cuts: list[Cut] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    unnamed: dict[Cut, int] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """The number of declared movies that are in no cut."""
        lost = len(self.failed - self.entries.keys()) + sum(self.unnamed.values())
        return max(0, self.declared - len(self.entries) - lost)

    @property
    def complete(self) -> bool:
        return not self.missing

    def take(self, cut: Cut, found: Slice[Entry]) -> None:
        """Add the result of reading a cut."""
        self.entries |= found.entries
        self.failed |= found.failed
        self.unnamed[cut] = found.unnamed


async def collect(look: Look[Entry], cap: int, genres: tuple[str, ...]) -> Union[Entry]:
    """Read a complete gallery from a site that shows at most `cap` movies of a cut.

    Movies without a year are in no slice by year. Whatever is missing after these is searched by genre, over all
    years, as far as the site shows it.
    """
    full = await look(Cut(), False)
    union: Union[Entry] = Union(declared=full.declared)
    if full.declared <= cap:
        await _take(look, Cut(), cap, genres, union)
        return union
    for half in Cut().by_year() or ():
        await _take(look, half, cap, genres, union)
    if not union.complete:
        for part in Cut().by_genre(genres):
            found = await look(part, True)
            union.entries |= found.entries
            union.failed |= found.failed
            union.cuts.append(part)
            if union.complete:
                break
    return union


async def _take(look: Look[Entry], cut: Cut, cap: int, genres: tuple[str, ...], union: Union[Entry]) -> None:
    """Add a cut to the union, in parts if it is too large."""
    found = await look(cut, False)
    union.take(cut, found)
    if found.counted >= found.declared:
        if found.declared:
            union.cuts.append(cut)
        return
    if found.declared > cap:
        parts = cut.by_year() or cut.by_genre(genres)
        for part in parts:
            await _take(look, part, cap, genres, union)
        if parts:
            union.unnamed.pop(cut)  # counted by its parts
            return
    union.take(cut, await look(cut, True))
    union.cuts.append(cut)
