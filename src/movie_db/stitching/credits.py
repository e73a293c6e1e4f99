"""Who is who within one film: people and companies that several sources name, brought together.

People match by an id, else by their folded name, within one film only; ids that contradict (two Wikidata items) keep
two people of one name apart, and so does one source that gives an id to either. A source that names someone twice and
gives no ids names one person, spelt in two ways perhaps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from movie_db.contract.messages import Company, Credit
from movie_db.stitching import names

AnyCredit = Credit | Company


@dataclass(slots=True, eq=False)
class MergedContributor:
    """One person or company of a film, as all sources together name it. `ids` has one id a namespace."""

    name: str
    ids: dict[str, str] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)
    billing: int | None = None
    sources: set[int] = field(default_factory=set)
    """Which of the lists given name it."""
    identified: set[int] = field(default_factory=set)
    """Which of these gave it an id."""
    roles_from: int | None = None


@lru_cache(maxsize=16_384)
def fold(name: str) -> str:
    """The name without case, accents, punctuation and spaces: `J.J. Abrams` is `J. J. Abrams`. Never empty."""
    return names.fold(name).replace(" ", "") or name


@lru_cache(maxsize=16_384)
def stem(name: str) -> str:
    """The folded name without `Jr.` and `Sr.`."""
    whole = fold(name)
    if not any(suffix in whole for suffix in names.SUFFIXES):
        return whole
    return names.fold_name(name).replace(" ", "") or name


def fuller(one: str, other: str) -> str:
    """The fuller of two ways to write a name: longer, else with accents and capitals. Their order does not matter."""
    if one == other:
        return one
    return max(one, other, key=lambda name: (len(name), sum(not c.isascii() for c in name), name.istitle(), name))


def contradict(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two sets of ids name a different thing in some namespace."""
    if one and other:
        for namespace, value in one.items():
            if other.get(namespace, value) != value:
                return True
    return False


class _Parties:
    """The parties met so far, in order, and where to find them."""

    def __init__(self) -> None:
        self.all: list[MergedContributor] = []
        self._by_id: dict[tuple[str, str], MergedContributor] = {}
        self._by_fold: dict[str, list[MergedContributor]] = {}
        self._by_stem: dict[str, list[MergedContributor]] = {}

    def find(self, credit: AnyCredit, source: int) -> MergedContributor | None:
        ids: Mapping[str, str] = credit.ids  # type: ignore[assignment]  # its keys are literals
        for pair in ids.items():
            if (known := self._by_id.get(pair)) and not contradict(known.ids, ids):
                return known
        name = fold(credit.name)
        again: MergedContributor | None = None
        for known in self._by_fold.get(name, ()):
            if contradict(known.ids, ids):
                continue
            if source not in known.sources:
                return known
            if again is None and not ids and source not in known.identified:
                again = known
        if again is not None:
            return again
        root = stem(credit.name)
        rooted = self._by_stem.get(root)
        if not rooted:
            return None
        alike = [
            p
            for p in rooted
            if (fold(p.name) == root) != (name == root) and source not in p.sources and not contradict(p.ids, ids)
        ]
        return alike[0] if len(alike) == 1 else None

    def add(self, credit: AnyCredit, source: int) -> MergedContributor:
        party = MergedContributor(credit.name)
        self.all.append(party)
        self._by_stem.setdefault(stem(credit.name), []).append(party)
        self.tell(party, credit, source)
        return party

    def tell(self, party: MergedContributor, credit: AnyCredit, source: int) -> None:
        party.name = fuller(party.name, credit.name)
        party.sources.add(source)
        if credit.ids:
            party.identified.add(source)
        namesakes = self._by_fold.setdefault(fold(credit.name), [])
        if party not in namesakes:
            namesakes.append(party)
        for namespace, value in credit.ids.items():
            party.ids.setdefault(namespace, value)
            self._by_id.setdefault((namespace, value), party)


def united(lists: Sequence[Sequence[AnyCredit]], *, everybody: bool) -> list[MergedContributor]:
    """The parties of several sources' lists, best source first.

    Roles come from the first list that names any of that person; billing from the first list that bills anybody.

    Args:
        everybody: keep the parties of all lists; else those of the first list, with what the others know of them.
    """
    met = _Parties()
    billing = next((n for n, credits in enumerate(lists) if any(_billed(c) for c in credits)), None)
    for number, credits in enumerate(lists):
        for credit in credits:
            party = met.find(credit, number)
            if party is not None:
                met.tell(party, credit, number)
            elif number == 0 or everybody:
                party = met.add(credit, number)
            if party is not None and isinstance(credit, Credit):
                if number == billing and party.billing is None:
                    party.billing = credit.billing
                if credit.role and party.roles_from in (None, number) and credit.role not in party.roles:
                    party.roles_from = number
                    party.roles.append(credit.role)
    return met.all


def _billed(credit: AnyCredit) -> bool:
    return isinstance(credit, Credit) and credit.billing is not None


def roles_first(lists: Iterable[Sequence[AnyCredit]]) -> list[Sequence[AnyCredit]]:
    """The lists, those that name roles before those that name none."""
    return sorted(lists, key=lambda credits: not any(isinstance(c, Credit) and c.role for c in credits))
