"""Compares two films feature by feature, and finds the levels of `weights.toml`."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from movie_db.stitching import _titles
from movie_db.stitching._film import ID_NAMESPACES, FilmFeatures
from movie_db.stitching.kind import FILM_KINDS

ENOUGH: Final = 3
"""Number of shared actors from which on more prove nothing more."""
_NOBODY: Final = "nobody shared"
SHORT: Final = 45
"""Minutes of the longest short film. A film of more than an hour is a different work."""


class Finding(NamedTuple):
    """The feature (a section of the weights), the level, and a description of what was found."""

    feature: str
    level: str
    seen: str


def findings(left: FilmFeatures, right: FilmFeatures) -> list[Finding]:
    """All findings of comparing two films. A feature that one side lacks gives none."""
    found: list[Finding] = []
    if left.ids and right.ids:
        found += _ids(left, right)
    found += _title(left, right)
    if left.years and right.years:
        found += _year(left, right)
    if (left.directors or left.cast) and (right.directors or right.cast):
        found += _people(left, right)
    if left.runtimes and right.runtimes:
        found += _runtime(left, right)
    if left.countries and right.countries:
        found += _country(left, right)
    if left.kind or right.kind:
        found += _kind(left, right)
    return found


def _ids(left: FilmFeatures, right: FilmFeatures) -> Iterator[Finding]:
    """The first shared id, and the first contradicting one. A contradiction weighs less beside a shared id."""
    shared = sorted(n for n, _ in left.ids & right.ids)
    spaces = {n for n, _ in left.ids} & {n for n, _ in right.ids}
    for namespace in ID_NAMESPACES:
        if namespace in shared:
            value = min(v for n, v in left.ids & right.ids if n == namespace)
            yield Finding("ids", f"{namespace}_shared", f"shared {namespace} {value}")
            break
    for namespace in ID_NAMESPACES:
        if namespace in spaces and namespace not in shared:
            yield Finding("ids", "other_beside_shared" if shared else f"{namespace}_other", f"other {namespace}")
            break


def _title(left: FilmFeatures, right: FilmFeatures) -> Iterator[Finding]:
    if found := _titles.compare(left, right):
        yield Finding("title", found.level, found.seen)
        if found.alias:
            yield Finding("alias", "alias", "not the title that both go by")


def _year(left: FilmFeatures, right: FilmFeatures) -> Iterator[Finding]:
    apart = _apart(left.years, right.years)
    level = f"{apart}" if apart < 4 else "4" if apart < 10 else "10"
    yield Finding("year", level, f"{apart} apart" if apart else "equal")


def _people(left: FilmFeatures, right: FilmFeatures) -> Iterator[Finding]:
    """Directors and cast. One side's director may be among the other side's cast."""
    directors = shared_names(left.directors, right.directors)
    cast = len(shared_names(left.cast, right.cast, ENOUGH))
    crossed: frozenset[str] = frozenset()
    if not (directors and cast):
        crossed = (left.directors & right.cast) | (left.cast & right.directors)
    if directors:
        yield Finding("directors", "shared", directors[0])
    elif left.directors and right.directors:
        yield Finding("directors", *(("crossed", f"{min(crossed)} is of the cast") if crossed else ("other", _NOBODY)))
    if cast:
        yield Finding("cast", f"{min(cast, ENOUGH)}", f"{cast} shared")
    elif min(len(left.cast), len(right.cast)) >= ENOUGH and not crossed:
        yield Finding("cast", "other", _NOBODY)


def _runtime(left: FilmFeatures, right: FilmFeatures) -> Iterator[Finding]:
    apart = _apart(left.runtimes, right.runtimes)
    short, long = sorted((max(left.runtimes), max(right.runtimes)))
    if short <= SHORT and long > 60 and apart > 15:
        yield Finding("runtime", "short", f"{short} min / {long} min")
        return
    level = next((f"{most}" for most in (1, 3, 8, 15, 30) if apart <= most), "more")
    yield Finding("runtime", level, f"{apart} min apart" if apart else "equal")


def _country(left: FilmFeatures, right: FilmFeatures) -> Iterator[Finding]:
    shared = left.countries & right.countries
    yield Finding("country", "shared" if shared else "other", ", ".join(sorted(shared)) or "none shared")


def _kind(left: FilmFeatures, right: FilmFeatures) -> Iterator[Finding]:
    kinds = sorted((left.kind or "film", right.kind or "film"))
    if kinds[0] == kinds[1] and kinds[0] in FILM_KINDS:
        return
    if not set(kinds) <= FILM_KINDS:
        yield Finding("kind", "no_film", " / ".join(kinds))
    elif left.kind and right.kind:
        yield Finding("kind", "short_film" if "short film" in kinds else "tv_film", " / ".join(kinds))


def _apart(left: frozenset[int], right: frozenset[int]) -> int:
    return min(abs(a - b) for a in left for b in right)


def shared_names(left: frozenset[str], right: frozenset[str], enough: int | None = None) -> Sequence[str]:
    """The shared names, sorted. If fewer than `enough` are equal, misspellings, another order and other middle names
    count as shared, too."""
    if not left or not right:
        return ()
    shared = set(left & right)
    if enough is None or len(shared) < enough:
        left, right = sorted((left - shared, right - shared), key=sorted)
        if not left or not right:
            return sorted(shared)
        # Indexes by what similar names have in common avoid comparing every pair.
        turned = {_turned(b) for b in right}
        by_ends: dict[tuple[str, str], list[str]] = {}
        for b in right:
            by_ends.setdefault(_ends(b), []).append(b)
        shared |= {
            a
            for a in left
            if _turned(a) in turned
            or any(_shortens(a, b) for b in by_ends.get(_ends(a), ()))
            or process.extractOne(a, right, scorer=fuzz.ratio, score_cutoff=88)
        }
    return sorted(shared)


@lru_cache(maxsize=50_000)
def _turned(name: str) -> str:
    """The name's words in alphabetical order, since the position of the family name differs."""
    return " ".join(sorted(name.split()))


@lru_cache(maxsize=50_000)
def _ends(name: str) -> tuple[str, str]:
    words = name.split()
    return words[0], words[-1]


def _shortens(a: str, b: str) -> bool:
    """Whether names with the same first and last word differ only by abbreviated or missing middle names."""
    short, long = sorted((a.split(), b.split()), key=lambda words: (len(words), sum(map(len, words))))
    if len(long) < 3 or len(short) < 2:
        return False
    rest = iter(long[1:-1])
    return all(any(full.startswith(middle) for full in rest) for middle in short[1:-1])
