"""Compares the titles of two films, and finds the level of `weights.toml`."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from movie_db.stitching._film import FilmFeatures
from movie_db.stitching.names import spell_numbers

_INSTALMENT: Final = re.compile(r" (?:part|pt|vol|volume|chapter|episode) (\d{1,2})\b| (\d{1,2})$")
_FIRST: Final = re.compile(r" (?:part|pt|vol|volume|chapter) 1\b")
_PART: Final = re.compile(r"\b(?:part|pt|vol|volume|chapter) (?=\d)")
_SEQUEL: Final = re.compile(r" (?:(?:part|pt|vol|volume|chapter) )?\d{1,2}\b")
_BETWEEN: Final = re.compile(r" (?:(?:part|pt|vol|volume|chapter|ep|episode) )?\d{1,2}(?= \w+ \w+)")
"""A number before at least two words. These are a subtitle, which identifies a part as well as its number does."""
_THE_MOVIE: Final = re.compile(r" the (?:movie|film)$")
"""At the end of a title, and often left out."""
_BRITISH: Final = re.compile(
    r"\b(?:(?P<o>arm|behavi|col|fav|harb|hon|hum|lab|neighb|parl|rum|savi|splend)our"
    r"|(?P<e>cent|lit|lust|met|somb|spect|theat)re(?=s?\b)|(?P<a>gr)ey\b)"
)
_AMERICAN: Final = {"o": "or", "e": "er", "a": "ay"}
_MIXED: Final = re.compile(r"[a-z]\d|\d[a-z]")


class Titles(NamedTuple):
    """The similarity of titles. `alias`: the equal titles are not the main titles of both films."""

    level: str
    seen: str
    alias: bool = False


def compare(left: FilmFeatures, right: FilmFeatures) -> Titles | None:
    """Compares the titles of two films; None if one has no title."""
    if not left.titles or not right.titles:
        return None
    ours, theirs = _instalments(left.titles), _instalments(right.titles)
    if ours and theirs and not ours & theirs:
        return Titles("number", f"other number, {min(ours)} / {min(theirs)}")
    shared = _shared(left.titles, right.titles)
    if shared:
        longest = max(shared, key=lambda title: (len(title.split()), title))
        words = len(longest.split())
        level = "equal_4" if words > 3 else "equal_2" if words > 1 else "equal_1"
        alias = not _shared(left.main or left.titles, right.main or right.titles)
        return Titles(level, f"equal, {longest!r}", alias)
    return _unequal(left.titles, right.titles)


def _shared(left: Iterable[str], right: Iterable[str]) -> set[str]:
    """The shared titles. Differences in the name of a part (`part 2`, `vol 2`, `2`), in spaces, between British and
    American spelling, and in a final `the movie` are ignored."""
    if left == right:
        return set(left)
    ours, theirs = {_bare(t): t for t in left}, {_bare(t): t for t in right}
    # The smaller of two spellings, so that the result is symmetric.
    return {min(ours[key], theirs[key]) for key in ours.keys() & theirs.keys()}


@lru_cache(maxsize=50_000)
def _bare(title: str) -> str:
    bare = _BRITISH.sub(_american, _THE_MOVIE.sub("", _PART.sub("", _FIRST.sub("", title))))
    together = bare.replace(" ", "")
    return together if len(together) > 4 and not together.isdecimal() else bare


def _american(british: re.Match[str]) -> str:
    how = british.lastgroup or ""
    return british[how] + _AMERICAN[how]


def _unequal(left: Iterable[str], right: Iterable[str]) -> Titles:
    pairs = [(a, b) for a in left for b in right if _script(a) == _script(b)]
    if not pairs:
        return Titles("script", "in other scripts")
    best, a, b = max((_similarity(a, b), min(a, b), max(a, b)) for a, b in pairs)
    begins = max(((words, min(pair), max(pair)) for pair in pairs if (words := _begins(*pair))), default=None)
    within = [(min(pair), max(pair)) for pair in pairs if _within(*pair)]
    if best < 92:
        if begins:
            _, a, b = begins
        elif within:
            a, b = max(within)
    ours, theirs = _numbers(a), _numbers(b)
    if ours and theirs and ours != theirs:
        return Titles("number", f"other number, {a!r} / {b!r}")
    if ours != theirs:
        long, short = (a, b) if len(a) > len(b) else (b, a)
        if _BETWEEN.sub("", long) == short:
            return Titles("part", f"a number more, and the same subtitle, {a!r} / {b!r}")
        if best >= 88 or (long.startswith(short) and _SEQUEL.match(long, len(short))):
            return Titles("sequel", f"a number more, {a!r} / {b!r}")
        if within:
            return Titles("numberless", f"a numbered part of it, {a!r} / {b!r}")
    elif len(a_words := sorted(a.split())) > 3 and a_words == sorted(b.split()):
        return Titles("equal_4", f"equal, but for the order, {a!r} / {b!r}")
    elif best >= 95 and min(len(a), len(b)) >= 15:
        return Titles("near_long", f"alike, {best:.0f} %")
    elif best >= 88:
        return Titles("near", f"alike, {best:.0f} %")
    elif begins:
        return Titles("begins_4" if begins[0] > 3 else "begins_2", f"one begins the other, {a!r} / {b!r}")
    elif within:
        return Titles("part", f"one holds the other, {a!r} / {b!r}")
    elif best >= 80:
        return Titles("alike", f"alike, {best:.0f} %")
    return Titles("different", f"different, {best:.0f} % alike")


def _similarity(a: str, b: str) -> float:
    """The similarity in percent, regardless of the order of words and of spaces."""
    similarity = max(fuzz.token_sort_ratio(a, b), fuzz.ratio(a.replace(" ", ""), b.replace(" ", "")))
    if _MIXED.search(a) or _MIXED.search(b):
        # A number inside a word stands for letters: `se7en` resembles `7` (the folded Seven) when that is spelled out.
        same_number = 10 if _numbers(a) == _numbers(b) else 0
        return max(similarity, fuzz.ratio(spell_numbers(a), spell_numbers(b)) + same_number)
    return similarity


def _begins(a: str, b: str) -> int:
    """The number of words of the shorter title if the longer one begins with them and they are two at least, else 0."""
    if a[:1] != b[:1]:
        return 0
    short, long = sorted((a.split(), b.split()), key=len)
    words = len(short)
    if not 1 < words < len(long):
        return 0
    return words if fuzz.ratio(" ".join(short), " ".join(long[:words]), score_cutoff=92) else 0


def _within(a: str, b: str) -> bool:
    """Whether one title has all words of the other, in the same order, and more."""
    short, long = sorted((a.split(), b.split()), key=len)
    rest = iter(long)
    return len(short) < len(long) and all(word in rest for word in short)


def _numbers(title: str) -> list[str]:
    """The numbers in a title, except 1, which is often left out. They tell sequels apart."""
    return [number for number in re.findall(r"\d+", title) if number != "1"]


@lru_cache(maxsize=50_000)
def _instalments(titles: frozenset[str]) -> set[int]:
    """The parts of a series that the titles name, by a number at the end or after `part`, `vol` and so on."""
    return {int(named or last) for title in titles for named, last in _INSTALMENT.findall(title)}


@lru_cache(maxsize=50_000)
def _script(title: str) -> str:
    """The script of a title's first letter, as the first word of its Unicode name: LATIN, CYRILLIC, CJK …"""
    if title.isascii():
        return "LATIN"
    return next((unicodedata.name(c, "LATIN").split()[0] for c in title if c.isalpha()), "LATIN")
