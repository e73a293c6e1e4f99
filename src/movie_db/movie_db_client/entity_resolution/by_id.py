"""Decides which gallery entries are the same movie, by decisions first and then by shared ids.

The result depends on the set of entries and not on their order, so a log always gives the same movies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Final

Pair = tuple[str, str]
"""A namespace and an id in it."""

_DECISIVE: Final = ("imdb", "wikidata")
"""A movie has one id in each of these namespaces; a different one contradicts."""
_WEAK: Final = ("tmdb",)
"""A second id here contradicts only if no decisive id is shared: TMDB merges entries, and old ids remain in use."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """A gallery entry with the ids of all records that it is linked to."""

    key: str
    ids: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two movies, each by its first entry, that may be the same and need a review. `one` sorts before `other`."""

    one: str
    other: str
    evidence: tuple[str, ...]
    probability: float = 0.5


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions on pairs of entries. `same` has the newest first; the keys of each pair are sorted."""

    same: Sequence[Pair] = ()
    different: frozenset[Pair] = frozenset()

    def apart(self, ours: Iterable[str], theirs: Iterable[str]) -> bool:
        """Whether any pair of the two sides was decided to be different."""
        return bool(self.different) and any(pair_of(a, b) in self.different for a, b in product(ours, theirs))

    def partners(self) -> dict[str, set[str]]:
        """Returns for each entry the entries that were decided to be the same."""
        found: dict[str, set[str]] = {}
        for one, other in self.same:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return found


def pair_of(one: str, other: str) -> Pair:
    """Returns two entry keys, sorted."""
    return (one, other) if one < other else (other, one)


@dataclass(slots=True)
class _Cluster:
    keys: list[str]
    ids: set[Pair] = field(default_factory=set)

    def of(self, namespace: str) -> set[str]:
        return {value for n, value in self.ids if n == namespace}


def resolve(claimants: Iterable[Claimant], decided: Decided = Decided()) -> tuple[list[list[str]], list[Doubt]]:
    """Groups entries into movies; returns sorted lists of entry keys, and the contradictions.

    Entries that share an id are the same movie unless other ids contradict; then the first by key keeps the shared ids.
    Decisions come before ids, and newer decisions before older ones.
    """
    clusters: list[_Cluster] = []
    where: dict[Pair, list[_Cluster]] = {}
    for film in _united(claimants, decided):
        for rival in _sharing(film, where):
            if not decided.apart(film.keys, rival.keys) and _why_not(film, rival) is None:
                film.keys = sorted(rival.keys + film.keys)
                film.ids |= rival.ids
                clusters.remove(rival)
                for pair in rival.ids:
                    where[pair] = [c for c in where[pair] if c is not rival]
        clusters.append(film)
        for pair in film.ids:
            where.setdefault(pair, []).append(film)
    clusters.sort(key=lambda c: c.keys[0])
    return [c.keys for c in clusters], list(_contradictions(clusters, where, decided))


def _united(claimants: Iterable[Claimant], decided: Decided) -> list[_Cluster]:
    """Returns one cluster per entry, with entries that were decided to be the same already joined; sorted."""
    groups = {c.key: _Cluster([c.key], set(c.ids)) for c in claimants}
    for one, other in decided.same:
        if one in groups and other in groups:
            ours, theirs = groups[one], groups[other]
            if ours is not theirs and not decided.apart(ours.keys, theirs.keys):
                ours.keys = sorted(ours.keys + theirs.keys)
                ours.ids |= theirs.ids
                groups |= dict.fromkeys(theirs.keys, ours)
    return sorted({id(group): group for group in groups.values()}.values(), key=lambda group: group.keys[0])


def _sharing(film: _Cluster, where: Mapping[Pair, Sequence[_Cluster]]) -> list[_Cluster]:
    """Returns the clusters that share an id with `film`, most shared ids first."""
    met = {id(c): c for pair in film.ids for c in where.get(pair, ())}
    return sorted(met.values(), key=lambda c: (-len(c.ids & film.ids), c.keys[0]))


def _why_not(one: _Cluster, other: _Cluster) -> str | None:
    """Returns why two clusters can't be the same movie; None if they can. A subset of ids does not contradict."""
    shared = any(one.of(n) & other.of(n) for n in _DECISIVE)
    for namespace in _DECISIVE if shared else (*_DECISIVE, *_WEAK):
        mine, theirs = one.of(namespace), other.of(namespace)
        if mine - theirs and theirs - mine:
            return f"{namespace} {_list(mine - theirs)} is not {_list(theirs - mine)}"
    return None


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))


def _contradictions(
    clusters: Sequence[_Cluster], where: Mapping[Pair, Sequence[_Cluster]], decided: Decided
) -> Iterator[Doubt]:
    rank = {id(c): n for n, c in enumerate(clusters)}
    pairs = {
        tuple(sorted((rank[id(a)], rank[id(b)]))) for sharing in where.values() for a, b in combinations(sharing, 2)
    }
    for a, b in sorted(pairs):
        one, other = clusters[a], clusters[b]
        if decided.apart(one.keys, other.keys):
            continue
        same = ", ".join(f"{n} {value}" for n, value in sorted(one.ids & other.ids))
        yield Doubt(one.keys[0], other.keys[0], (f"both have {same}, but {_why_not(one, other)}",))
