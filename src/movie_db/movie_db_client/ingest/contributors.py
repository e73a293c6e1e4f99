"""Maps credits to rows of people and companies, and merges rows that turn out to be the same.

A credit finds its row by an id. A person without ids gets a row for that movie alone until an id arrives, because
matching by name is left to the stitching, which sees all records of a movie. A company without ids also matches a row
with the same name: company names are brands, people's names are not unique.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from movie_db.contract.messages import Company, Credit
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import contributor_pins, contributor_records
from movie_db.movie_db_client.ingest.contributor_records import ContributorRecords
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.credits import fuller_name
from movie_db.stitching.folding import fold_compact

AnyCredit = Credit | Company


class ContributorRole(NamedTuple):
    """One role of contributors: its table, its links to movies, and the kind of records that describe it."""

    field: str
    entity: str
    table: str
    key: str
    links: str
    kind: contributor_records.RecordKind


ROLES: Final = (
    ContributorRole("directors", "director", "directors", "director_id", "movie_directors", "person"),
    ContributorRole("writers", "writer", "writers", "writer_id", "movie_writers", "person"),
    ContributorRole("cast", "actor", "actors", "actor_id", "cast", "person"),
    ContributorRole("studios", "studio", "studios", "studio_id", "movie_studios", "company"),
    ContributorRole("distributors", "distributor", "distributors", "distributor_id", "movie_distributors", "company"),
)
_ONE_ID: Final = ("wikidata", "imdb")
"""Two rows that share one of these ids are the same, whatever else differs: Wikidata has duplicates. Rows that share
only other ids and differ in these are not the same: JustWatch and TMDB mix people up."""


@dataclass(slots=True, eq=False)
class ContributorState:
    """One row, as stored and as it will be written."""

    row: Row
    number: int | None = None
    ids: set[Pair] = field(default_factory=set)
    new_ids: set[Pair] = field(default_factory=set)
    source_values: Row = field(default_factory=dict)
    stale: bool = True
    """Whether the row has to be recomputed from its records."""
    into: "ContributorState | None" = None
    """The row that this one was merged into."""
    pins: contributor_pins.Pins = field(default_factory=dict)
    """Pins on this row. `source_values` holds the values without pins."""

    @property
    def shown(self) -> Row:
        """The row as it will be written."""
        return contributor_pins.with_pins(self.source_values, self.pins) if self.pins else self.source_values

    def before(self) -> tuple[str, dict[str, str]]:
        """Returns the name and the first id of each namespace before this batch; for a new row, the current ones."""
        return (self.row or self.shown)["name"], _first_ids(self.ids - self.new_ids if self.row else self.ids)

    def now(self) -> tuple[str, dict[str, str]]:
        """Returns the name and the first id of each namespace as this batch writes them."""
        kept = self.kept()
        return kept.shown["name"], _first_ids(kept.ids)

    def kept(self) -> "ContributorState":
        """Returns this row, or the one that it was merged into."""
        return self if self.into is None else self.into.kept()

    def add_ids(self, ids: Iterable[Pair]) -> None:
        added = set(ids) - self.ids
        self.ids |= added
        self.new_ids |= added
        self.stale = self.stale or bool(added)


def _first_ids(ids: Iterable[Pair]) -> dict[str, str]:
    found: dict[str, str] = {}
    for namespace, value in sorted(ids):
        found.setdefault(namespace, value)
    return found


def _contradict(one: AbstractSet[Pair], other: AbstractSet[Pair]) -> bool:
    mine = [pair for pair in one if pair[0] in _ONE_ID]
    theirs = [pair for pair in other if pair[0] in _ONE_ID] if mine else []
    if not theirs or any(pair in other for pair in mine):
        return False
    names = [namespace for namespace, _ in theirs]
    return any(namespace in names for namespace, _ in mine)


class ContributorRegistry:
    """The rows of one role that a batch touches. `take` chooses rows, `save` writes them."""

    def __init__(self, repository: Repository, role: ContributorRole, records: ContributorRecords) -> None:
        self._repository = repository
        self._role = role
        self._records = records
        self._by_id: dict[Pair, ContributorState] = {}
        self._by_number: dict[int, ContributorState] = {}
        self._by_name: dict[str, list[ContributorState]] = {}
        self._by_film: dict[int, list[ContributorState]] = {}
        self._new: list[ContributorState] = []
        self._merged: list[ContributorState] = []
        self._existing_ids: set[Pair] = set()
        self.renamed: set[int] = set()
        """Numbers of rows whose name changed, and of rows that others were merged into. Set by `save`."""

    def load(self, credits: Iterable[AnyCredit], films: Iterable[int], touched: Iterable[Pair]) -> None:
        """Reads all candidate rows: by ids, by the movies' current links, and companies also by name."""
        credits, touched = list(credits), set(touched)
        credited = {pair for c in credits for pair in c.ids.items()}
        pairs = credited | touched
        numbers = self._numbers(pairs)
        # Stored rows already have the ids of their records, so only new ids need a look at the records.
        # Records of somebody without a row in this role can wait until there is one.
        self._records.load(credited - self._existing_ids | touched & self._existing_ids)
        numbers |= self._numbers({more for pair in pairs for more in self._records.ids_with(pair)} - pairs)
        linked = self._repository.read(self._role.links, movie_id=list(films))
        numbers |= {row[self._role.key] for row in linked}
        named = self._named({c.name for c in credits}) if self._role.kind == "company" else {}
        numbers.update(*named.values())
        pins = contributor_pins.pins_of(self._repository, self._role.entity, numbers)
        for row in self._repository.read(self._role.table, **{self._role.key: numbers}):
            number = row[self._role.key]
            pinned = pins.get(number, {})
            self._by_number[number] = ContributorState(
                row, number, source_values=contributor_pins.without_pins(row, pinned), stale=False, pins=pinned
            )
        for row in self._repository.read("external_ids", entity=[self._role.entity], entity_id=numbers):
            contributor = self._by_number[row["entity_id"]]
            contributor.ids.add((row["namespace"], row["value"]))
            self._by_id[row["namespace"], row["value"]] = contributor
        for row in linked:
            self._by_film.setdefault(row["movie_id"], []).append(self._by_number[row[self._role.key]])
        for name, called in named.items():
            self._by_name[name] = [self._by_number[number] for number in called]

    def _numbers(self, pairs: set[Pair]) -> set[int]:
        found = self._repository.read("external_ids", entity=[self._role.entity], value={value for _, value in pairs})
        rows = {(r["namespace"], r["value"]): r["entity_id"] for r in found}
        self._existing_ids |= rows.keys() & pairs
        return {rows[pair] for pair in rows.keys() & pairs}

    def _named(self, names: set[str]) -> dict[str, list[int]]:
        """Returns the rows with these names, either from the sources or pinned."""
        called = contributor_pins.numbers_by_source_name(self._repository, self._role.entity, names)
        for row in self._repository.read(self._role.table, name=names):
            called.setdefault(row["name"], []).append(row[self._role.key])
        return called

    def refresh(self, touched: Iterable[Pair]) -> None:
        """Marks the rows with these ids as stale after new records arrived, and merges rows that turn out to be the
        same.
        """
        for pair in sorted(touched):
            if (contributor := self._by_id.get(pair)) is not None:
                contributor.stale = True
                self._unite(contributor, self._records.ids_with(pair))

    def take(self, credits: Iterable[AnyCredit], films: Iterable[int]) -> list[ContributorState]:
        """Returns one row per credit of a movie, creating rows where needed.

        Args:
            films: ids of the movies that were merged into this one; their rows without ids belong to it.
        """
        own = [contributor for film in films for contributor in self._by_film.get(film, ())]
        return [self._take(credit, own) for credit in credits]

    def lookup(
        self, name: str, ids: Mapping[str, str], film: Iterable[ContributorState], was: Iterable[int]
    ) -> ContributorState | None:
        """Returns the row of a credit; None if there is none.

        Args:
            film: rows that the movie links to now.
            was: ids of the movies that were merged into this one.
        """
        own = [*(contributor for number in was for contributor in self._by_film.get(number, ())), *film]
        for pair in sorted(ids.items()):
            if (contributor := self._by_id.get(pair)) is not None:
                return next((one for one in own if one.kept() is contributor), contributor)
        named = fold_compact(name)
        return next((one for one in own if named in {fold_compact(t["name"]) for t in (one.row, one.shown) if t}), None)

    def _take(self, credit: AnyCredit, own: list[ContributorState]) -> ContributorState:
        ids: set[Pair] = set(credit.ids.items())
        for pair in tuple(ids):
            more = self._records.ids_with(pair)
            if not (more <= ids or _contradict(ids, more)):
                ids |= more
        contributor = self._find(credit, ids, own)
        if contributor is None:
            contributor = ContributorState({}, source_values={"name": credit.name})
            self._new.append(contributor)
            if self._role.kind == "company" or not ids:
                own.append(contributor)
            if self._role.kind == "company":
                self._by_name.setdefault(credit.name, []).append(contributor)
        elif not contributor.ids:
            contributor.source_values["name"] = credit.name
        contributor = self._unite(contributor, ids)
        if contributor.source_values["name"] != credit.name:
            contributor.stale = True
            contributor.source_values["name"] = fuller_name(contributor.source_values["name"], credit.name)
        return contributor

    def _find(self, credit: AnyCredit, ids: set[Pair], own: Iterable[ContributorState]) -> ContributorState | None:
        for pair in sorted(ids):
            contributor = self._by_id.get(pair)
            if contributor is not None and not _contradict(contributor.ids, ids):
                return contributor
        if self._role.kind == "person":
            name = fold_compact(credit.name)
            without_id = (p for p in own if not p.kept().ids)
            return next(
                (
                    p
                    for p in without_id
                    if name in {fold_compact(p.source_values["name"]), fold_compact(p.shown["name"])}
                ),
                None,
            )
        candidates = {p.kept() for p in self._by_name.get(credit.name, ()) if self._fits(p.kept(), ids)}
        mine = {p.kept() for p in own}
        return min(candidates, key=lambda p: (p not in mine, sorted(p.ids), p.number or 0), default=None)

    @staticmethod
    def _fits(contributor: ContributorState, ids: set[Pair]) -> bool:
        """Whether a matching name is enough: not if both have ids in the same namespace and share none."""
        mine, theirs = {n for n, _ in contributor.ids}, {n for n, _ in ids}
        return not (mine & theirs) or not contributor.ids.isdisjoint(ids)

    def _unite(self, contributor: ContributorState, ids: Iterable[Pair]) -> ContributorState:
        """Adds ids to a row. A row that already has one of them is merged with it, unless their ids contradict."""
        ids = set(ids)
        strangers = [pair for pair in ids if (other := self._by_id.get(pair)) is not None and other is not contributor]
        for pair in sorted(strangers):
            other = self._by_id.get(pair)
            if other is None or other is contributor:
                continue
            if _contradict(contributor.ids | ids, other.ids):
                ids.discard(pair)
            else:
                contributor = self._merge(contributor, other)
        contributor.add_ids(ids)
        for pair in ids:
            self._by_id[pair] = contributor
        return contributor

    def _merge(self, one: ContributorState, other: ContributorState) -> ContributorState:
        kept, gone = sorted((one, other), key=lambda p: (p.number is None, p.number or 0))
        kept.add_ids(gone.ids)
        kept.stale = True
        kept.pins = {**gone.pins, **kept.pins}
        kept.source_values["name"] = fuller_name(kept.source_values["name"], gone.source_values["name"])
        for pair in gone.ids:
            self._by_id[pair] = kept
        gone.into = kept
        (self._new if gone.number is None else self._merged).append(gone)
        return kept

    def save(self) -> None:
        """Writes rows and ids, and links movies of merged rows to the row that remains."""
        self._describe()
        role, repository = self._role, self._repository
        new = [contributor for contributor in dict.fromkeys(self._new) if contributor.into is None]
        for contributor, number in zip(new, repository.insert(role.table, [p.shown for p in new]), strict=True):
            contributor.number = number
        self._redirect()
        old = [contributor for contributor in self._by_number.values() if contributor.into is None]
        repository.update(
            role.table, [contributor.shown for contributor in old if contributor.shown != contributor.row]
        )
        self.renamed = {
            contributor.number or 0 for contributor in old if contributor.shown["name"] != contributor.row["name"]
        }
        self.renamed |= {contributor.kept().number or 0 for contributor in self._merged}
        contributor_pins.save(repository, [(p.source_values, p.pins) for p in old if p.pins], role.entity, role.key)
        repository.insert(
            "external_ids",
            [
                {"entity": role.entity, "namespace": n, "value": v, "entity_id": contributor.number}
                for contributor in (*old, *new)
                for n, v in sorted(contributor.new_ids)
            ],
        )

    def _describe(self) -> None:
        """Recomputes stale rows from their records."""
        stale = [p for p in (*self._by_number.values(), *self._new) if p.stale and p.into is None]
        self._records.load({pair for contributor in stale for pair in contributor.ids})
        for contributor in stale:
            contributor.source_values |= self._records.facts(contributor.ids, self._role.table)

    def _redirect(self) -> None:
        """Links movies to the remaining rows, as if the merged rows had always been one."""
        if not self._merged:
            return
        role, repository = self._role, self._repository
        new = {contributor.number or 0: contributor.kept().number for contributor in self._merged}
        gone = list(new)
        films = {row["movie_id"] for row in repository.read(role.links, **{role.key: gone})}
        before = repository.read(role.links, movie_id=films)
        now = [row | {role.key: new.get(row[role.key], row[role.key])} for row in before]
        if role.field == "cast":
            kept = {row["cast_id"]: row for row in one_each(sorted(now, key=lambda row: row["cast_id"]))}
            repository.delete("cast", cast_id={row["cast_id"] for row in before} - kept.keys())
            repository.update("cast", [row for row in kept.values() if row not in before])
        else:
            order: dict[int, dict[int, None]] = {}
            for row in sorted(now, key=lambda row: row["position"]):
                order.setdefault(row["movie_id"], {})[row[role.key]] = None
            repository.delete(role.links, movie_id=films)
            repository.insert(role.links, [row for film, keys in order.items() for row in positions(role, film, keys)])
            named = repository.read("movies", **{role.key: gone})
            repository.update("movies", [{"movie_id": f["movie_id"], role.key: new[f[role.key]]} for f in named])
        remove(repository, role.entity, role.table, gone)


def positions(role: ContributorRole, film: int, keys: Iterable[int]) -> list[Row]:
    """Returns the rows that link a movie to these contributors in order, without duplicates."""
    return [{"movie_id": film, role.key: key, "position": n} for n, key in enumerate(dict.fromkeys(keys), 1)]


def one_each(cast: Sequence[Row]) -> list[Row]:
    """Removes rows of `cast` that add nothing: a repeated role, or an empty role next to a named one."""
    acting = {(row["movie_id"], row["actor_id"]) for row in cast if row["role"]}
    first: dict[tuple[int, int, str], Row] = {}
    for row in cast:
        actor = (row["movie_id"], row["actor_id"])
        if row["role"] or actor not in acting:
            first.setdefault((*actor, row["role"]), row)
    return list(first.values())


def forget(repository: Repository, role: ContributorRole, numbers: Iterable[int]) -> None:
    """Deletes the rows among these that no movie links to and that have no pins."""
    numbers = set(numbers)
    if not numbers:
        return
    numbers -= {row[role.key] for row in repository.read(role.links, **{role.key: numbers})}
    numbers -= contributor_pins.pins_of(repository, role.entity, numbers).keys()
    remove(repository, role.entity, role.table, numbers)


def remove(repository: Repository, entity: str, table: str, numbers: Collection[int]) -> None:
    """Deletes these rows with their ids and pins."""
    repository.delete("external_ids", entity=[entity], entity_id=numbers)
    repository.delete("party_pins", entity=[entity], entity_id=numbers)
    repository.delete(table, **{f"{entity}_id": numbers})
