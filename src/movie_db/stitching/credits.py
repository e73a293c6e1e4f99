"""Merges the people and companies that several sources credit in one film.

Contributors are the same if they share an id, otherwise if their folded names are equal. Contradicting ids (two
Wikidata items) keep namesakes apart, and so does one source that gives an id to each of them. If a source names
somebody twice without ids, that is one person, perhaps with two spellings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from movie_db.contract.messages import Company, Credit
from movie_db.stitching import names
from movie_db.stitching.folding import fold_compact

AnyCredit = Credit | Company


@dataclass(slots=True, eq=False)
class MergedContributor:
    """One person or company of a film, merged from all sources. `ids` has one id per namespace."""

    name: str
    ids: dict[str, str] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)
    billing: int | None = None
    sources: set[int] = field(default_factory=set)
    """Indexes of the lists that name this contributor."""
    identified: set[int] = field(default_factory=set)
    """Indexes of the lists that give it an id."""
    roles_from: int | None = None


@lru_cache(maxsize=16_384)
def stem(name: str) -> str:
    """The folded name without spaces, `Jr.` and `Sr.`."""
    full = fold_compact(name)
    if not any(suffix in full for suffix in names.SUFFIXES):
        return full
    return names.fold_name(name).replace(" ", "") or name


def fuller_name(one: str, other: str) -> str:
    """The fuller of two spellings: the longer one, otherwise the one with accents and capitals. Symmetric."""
    if one == other:
        return one
    return max(one, other, key=lambda name: (len(name), sum(not c.isascii() for c in name), name.istitle(), name))


def contradict(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two sets of ids differ in a namespace that both have."""
    if one and other:
        for namespace, value in one.items():
            if other.get(namespace, value) != value:
                return True
    return False


class _Contributors:
    """The contributors found so far, in order, with indexes by id and name."""

    def __init__(self) -> None:
        self.all: list[MergedContributor] = []
        self._by_id: dict[tuple[str, str], MergedContributor] = {}
        self._by_name: dict[str, list[MergedContributor]] = {}
        self._by_stem: dict[str, list[MergedContributor]] = {}

    def find(self, credit: AnyCredit, source: int) -> MergedContributor | None:
        ids: Mapping[str, str] = credit.ids  # type: ignore[assignment]  # its keys are literals
        for pair in ids.items():
            if (found := self._by_id.get(pair)) and not contradict(found.ids, ids):
                return found
        name = fold_compact(credit.name)
        repeated: MergedContributor | None = None
        for namesake in self._by_name.get(name, ()):
            if contradict(namesake.ids, ids):
                continue
            if source not in namesake.sources:
                return namesake
            if repeated is None and not ids and source not in namesake.identified:
                repeated = namesake
        return repeated or self._by_suffix(credit, ids, source)

    def _by_suffix(self, credit: AnyCredit, ids: Mapping[str, str], source: int) -> MergedContributor | None:
        """The only contributor whose name differs by `Jr.` or `Sr.` alone."""
        name, root = fold_compact(credit.name), stem(credit.name)
        similar = [
            c
            for c in self._by_stem.get(root, ())
            if (fold_compact(c.name) == root) != (name == root)
            and source not in c.sources
            and not contradict(c.ids, ids)
        ]
        return similar[0] if len(similar) == 1 else None

    def add(self, credit: AnyCredit, source: int) -> MergedContributor:
        contributor = MergedContributor(credit.name)
        self.all.append(contributor)
        self._by_stem.setdefault(stem(credit.name), []).append(contributor)
        self.update(contributor, credit, source)
        return contributor

    def update(self, contributor: MergedContributor, credit: AnyCredit, source: int) -> None:
        contributor.name = fuller_name(contributor.name, credit.name)
        contributor.sources.add(source)
        if credit.ids:
            contributor.identified.add(source)
        namesakes = self._by_name.setdefault(fold_compact(credit.name), [])
        if contributor not in namesakes:
            namesakes.append(contributor)
        for namespace, value in credit.ids.items():
            contributor.ids.setdefault(namespace, value)
            self._by_id.setdefault((namespace, value), contributor)


def merge_credits(lists: Sequence[Sequence[AnyCredit]], *, everybody: bool) -> list[MergedContributor]:
    """Merges the credits of several sources, best source first.

    A person's roles come from the first list that gives any; billing from the first list that has a billing order.

    Args:
        everybody: keep the contributors of all lists. Otherwise only those of the first list are kept, with the ids
            and roles that the other lists add.
    """
    found = _Contributors()
    billing = next((n for n, credits in enumerate(lists) if any(_billed(c) for c in credits)), None)
    for number, credits in enumerate(lists):
        for credit in credits:
            contributor = found.find(credit, number)
            if contributor is not None:
                found.update(contributor, credit, number)
            elif number == 0 or everybody:
                contributor = found.add(credit, number)
            if contributor is not None and isinstance(credit, Credit):
                if number == billing and contributor.billing is None:
                    contributor.billing = credit.billing
                if credit.role and contributor.roles_from in (None, number) and credit.role not in contributor.roles:
                    contributor.roles_from = number
                    contributor.roles.append(credit.role)
    return found.all


def _billed(credit: AnyCredit) -> bool:
    return isinstance(credit, Credit) and credit.billing is not None


def roles_first(lists: Iterable[Sequence[AnyCredit]]) -> list[Sequence[AnyCredit]]:
    """The lists, those with roles before those without."""
    return sorted(lists, key=lambda credits: not any(isinstance(c, Credit) and c.role for c in credits))
