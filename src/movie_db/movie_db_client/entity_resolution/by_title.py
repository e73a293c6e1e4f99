"""Finds movies that are the same without sharing an id, by title; the judge decides.

As with ids, the result depends on the set of movies and not on their order. Each pair is judged separately. Where
several movies match that can't all be the same, none are joined and the pairs go to review.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Final

from movie_db.contract.messages import MovieFacts, SourceRecord
from movie_db.movie_db_client.entity_resolution.by_id import Decided, Doubt, Pair
from movie_db.stitching import match
from movie_db.stitching.names import fold_title

YEARS: Final = 2
"""How many years apart two dates of the same movie may be, because of festivals and releases abroad."""
_NO_WITNESSES: Final = frozenset(("own_list",))
"""Namespaces in which one movie may have two ids."""
KEY_LENGTH: Final = 300


@dataclass(eq=False)
class Side:
    """One movie by its ids. `galleries` may stay empty until two sides are compared."""

    keys: list[str]
    ids: frozenset[Pair]
    records: Sequence[SourceRecord]
    galleries: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.titles = titles(self.records)
        self.years = years(self.records)
        self._film: match.FilmFeatures | None = None

    @property
    def film(self) -> match.FilmFeatures:
        if self._film is None:
            self._film = reduce(or_, map(match.of_record, self.records), match.FilmFeatures())
        return self._film


def titles(records: Iterable[SourceRecord]) -> set[str]:
    """Returns the folded titles of a movie with these records."""
    return fold_all(record.facts for record in records)


def fold_all(facts: Iterable[MovieFacts]) -> set[str]:
    """Returns all titles in these facts, folded."""
    found = {t for f in facts for t in (f.title, f.original_title, *f.alternative_titles) if t}
    return {fold_title(title)[:KEY_LENGTH] for title in found}


def years(records: Iterable[SourceRecord]) -> tuple[int, int] | None:
    """Returns the first and last year in these records; None if there is none."""
    facts = [record.facts for record in records]
    found = {f.year for f in facts if f.year} | {int(f.release_date[:4]) for f in facts if f.release_date}
    return (min(found), max(found)) if found else None


def near(ours: tuple[int, int] | None, theirs: tuple[int, int] | None) -> bool:
    """Whether the years allow two movies to be the same."""
    return ours is None or theirs is None or (ours[0] - YEARS <= theirs[1] and theirs[0] - YEARS <= ours[1])


def contradict(ours: Iterable[Pair], theirs: Iterable[Pair]) -> bool:
    """Whether the ids contradict: both sides have ids in a namespace, and share none there."""
    first, second = _by_namespace(ours), _by_namespace(theirs)
    return any(first[n].isdisjoint(second[n]) for n in (first.keys() & second.keys()) - _NO_WITNESSES)


def _by_namespace(ids: Iterable[Pair]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for namespace, value in ids:
        found.setdefault(namespace, set()).add(value)
    return found


def pairs(sides: Sequence[Side]) -> list[tuple[Side, Side]]:
    """Returns the pairs worth comparing: they share a title, and neither ids nor years decide."""
    of_title: dict[str, list[int]] = {}
    for n, side in enumerate(sides):
        for title in side.titles:
            of_title.setdefault(title, []).append(n)
    met = {pair for named in of_title.values() for pair in combinations(named, 2)}
    found = [(sides[a], sides[b]) for a, b in sorted(met)]
    return [
        (a, b) for a, b in found if near(a.years, b.years) and a.ids.isdisjoint(b.ids) and not contradict(a.ids, b.ids)
    ]


def compare(one: Side, other: Side) -> match.Verdict:
    """Returns the judge's verdict on two movies."""
    return match.judge(one.film, [other.film])


def unite(
    sides: Sequence[Side], compared: Iterable[tuple[Side, Side]], decided: Decided
) -> tuple[list[list[Side]], list[Doubt]]:
    """Joins sides that are the same movie; returns the movies as lists of sides, and the pairs to review.

    A gallery lists a movie once, so two sides in the same gallery are never joined here.

    Args:
        compared: the pairs worth comparing, as returned by `pairs`.
    """
    verdicts: dict[tuple[int, int], match.Verdict] = {}
    place = {id(side): n for n, side in enumerate(sides)}
    for a, b in compared:
        one, other = sorted((a, b), key=lambda side: side.keys[0])
        if not (one.galleries & other.galleries) and not decided.apart(one.keys, other.keys):
            verdicts[place[id(one)], place[id(other)]] = compare(one, other)
    joined = _joined(len(sides), [pair for pair, verdict in verdicts.items() if verdict.status == "same"])
    films: list[list[Side]] = []
    for group in joined:
        if all(
            _agree(sides[a], sides[b], verdicts.get((a, b)) or verdicts.get((b, a)), decided)
            for a, b in combinations(group, 2)
        ):
            films.append([sides[n] for n in group])
        else:
            films += [[sides[n]] for n in group]
    one_film = {n: number for number, film in enumerate(films) for n in (place[id(side)] for side in film)}
    return films, [
        Doubt(
            sides[a].keys[0],
            sides[b].keys[0],
            tuple(map(str, verdict.evidence)),
            round(verdict.probability, 6),
        )
        for (a, b), verdict in sorted(verdicts.items())
        if verdict.status != "different" and one_film[a] != one_film[b]
    ]


def _joined(count: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Returns the connected components of 0 … count - 1, each sorted."""
    group = {n: [n] for n in range(count)}
    for a, b in edges:
        if group[a] is not group[b]:
            both = group[a] + group[b]
            group |= dict.fromkeys(both, both)
    return [sorted(members) for members in {id(members): members for members in group.values()}.values()]


def _agree(one: Side, other: Side, verdict: match.Verdict | None, decided: Decided) -> bool:
    """Whether nothing contradicts joining two sides of one component."""
    apart = contradict(one.ids, other.ids) or one.galleries & other.galleries or decided.apart(one.keys, other.keys)
    return not apart and (verdict is None or verdict.status != "different")
