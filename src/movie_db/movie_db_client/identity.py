"""Which entries of which galleries are one film? Decided by ids alone, and by all entries that share ids at once.

The answer depends on the set of entries, not on the order in which they came: so the same log always makes the same
films, however it is cut and repeated.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

Pair = tuple[str, str]
"""A namespace and an id in it."""

_DECISIVE: Final = ("imdb", "wikidata")
"""A film has one id in each of these: another one contradicts."""
_WEAK: Final = ("tmdb",)
"""A second id here contradicts only where no decisive id is shared: TMDB merges entries, and old ids live on."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """One entry of a gallery, with the ids of all records that it was linked to."""

    key: str
    ids: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two films that share an id and differ in another: a person shall look. `one` sorts before `other`."""

    one: str
    other: str
    reason: str


@dataclass(slots=True)
class _Cluster:
    keys: list[str]
    ids: set[Pair] = field(default_factory=set)

    def of(self, namespace: str) -> set[str]:
        return {value for n, value in self.ids if n == namespace}


def resolve(claimants: Iterable[Claimant]) -> tuple[list[list[str]], list[Contradiction]]:
    """The films: lists of keys that are one film, each sorted, sorted by their first; and what contradicts.

    Entries that share an id are one film unless ids contradict; then the first by key keeps the shared ids.
    """
    clusters: list[_Cluster] = []
    where: dict[Pair, list[_Cluster]] = {}
    for claimant in sorted(claimants, key=lambda c: c.key):
        film = _Cluster([claimant.key], set(claimant.ids))
        for rival in _sharing(film, where):
            if _why_not(film, rival) is None:
                film.keys = sorted(rival.keys + film.keys)
                film.ids |= rival.ids
                clusters.remove(rival)
                for pair in rival.ids:
                    where[pair] = [c for c in where[pair] if c is not rival]
        clusters.append(film)
        for pair in film.ids:
            where.setdefault(pair, []).append(film)
    clusters.sort(key=lambda c: c.keys[0])
    return [c.keys for c in clusters], list(_contradictions(clusters, where))


def _sharing(film: _Cluster, where: Mapping[Pair, Sequence[_Cluster]]) -> list[_Cluster]:
    """The clusters that share an id with `film`: most ids shared first."""
    met = {id(c): c for pair in film.ids for c in where.get(pair, ())}
    return sorted(met.values(), key=lambda c: (-len(c.ids & film.ids), c.keys[0]))


def _why_not(one: _Cluster, other: _Cluster) -> str | None:
    """Why the two can't be one film; None if they can. A set of ids within the other's does not contradict it."""
    shared = any(one.of(n) & other.of(n) for n in _DECISIVE)
    for namespace in _DECISIVE if shared else (*_DECISIVE, *_WEAK):
        mine, theirs = one.of(namespace), other.of(namespace)
        if mine - theirs and theirs - mine:
            return f"{namespace} {_list(mine - theirs)} is not {_list(theirs - mine)}"
    return None


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))


def _contradictions(clusters: Sequence[_Cluster], where: Mapping[Pair, Sequence[_Cluster]]) -> Iterator[Contradiction]:
    rank = {id(c): n for n, c in enumerate(clusters)}
    pairs = {
        tuple(sorted((rank[id(a)], rank[id(b)]))) for sharing in where.values() for a, b in combinations(sharing, 2)
    }
    for a, b in sorted(pairs):
        one, other = clusters[a], clusters[b]
        same = ", ".join(f"{n} {value}" for n, value in sorted(one.ids & other.ids))
        yield Contradiction(one.keys[0], other.keys[0], f"both bear {same}, but {_why_not(one, other)}")
