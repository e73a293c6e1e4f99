"""People and companies: which credits are one row, what is known of them, and rows that turn out to be one.

A credit finds its row by an id. Who has none has a row of that film alone, until an id comes: to go by names is the
stitching's business, which sees all records of a film, and not what the film was before. A company without ids also
finds a row of its name: companies are brands, people are not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from movie_db.contract.messages import Company, Credit
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import biographies, contributor_pins
from movie_db.movie_db_client.ingest.biographies import BatchRecords
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.credits import fuller_name
from movie_db.stitching.folding import fold_compact

AnyCredit = Credit | Company


class Trade(NamedTuple):
    """One kind of party: where its rows are, where the films point to them, and what records tell of it."""

    field: str
    entity: str
    table: str
    key: str
    links: str
    kind: biographies.Kind


TRADES: Final = (
    Trade("directors", "director", "directors", "director_id", "movie_directors", "person"),
    Trade("writers", "writer", "writers", "writer_id", "movie_writers", "person"),
    Trade("cast", "actor", "actors", "actor_id", "cast", "person"),
    Trade("studios", "studio", "studios", "studio_id", "movie_studios", "company"),
    Trade("distributors", "distributor", "distributors", "distributor_id", "movie_distributors", "company"),
)
_ONE_ID: Final = ("wikidata", "imdb")
"""Who shares an id here is the same, whatever else differs: Wikidata has doubles. Who only shares one elsewhere, and
bears others here, is not: JustWatch and TMDB mix people up."""


@dataclass(slots=True, eq=False)
class ContributorState:
    """One row, as it is and as it shall be."""

    row: Row
    number: int | None = None
    ids: set[Pair] = field(default_factory=set)
    new_ids: set[Pair] = field(default_factory=set)
    wanted: Row = field(default_factory=dict)
    stale: bool = True
    """Whether what the records say of it must be looked at."""
    into: "ContributorState | None" = None
    """The row that this one turned out to be."""
    pins: contributor_pins.Pins = field(default_factory=dict)
    """What persons say of it. `wanted` is as the sources tell it."""

    @property
    def shown(self) -> Row:
        """The row as it shall be written."""
        return contributor_pins.shown(self.wanted, self.pins) if self.pins else self.wanted

    def before(self) -> tuple[str, dict[str, str]]:
        """Its name and the first id of each namespace, as they were before this batch; those of now for a new row."""
        return (self.row or self.shown)["name"], _first_ids(self.ids - self.new_ids if self.row else self.ids)

    def now(self) -> tuple[str, dict[str, str]]:
        """Its name and the first id of each namespace, as they are written by this batch."""
        kept = self.kept()
        return kept.shown["name"], _first_ids(kept.ids)

    def kept(self) -> "ContributorState":
        """The row itself, or the one that it turned out to be."""
        return self if self.into is None else self.into.kept()

    def bears(self, ids: Iterable[Pair]) -> None:
        fresh = set(ids) - self.ids
        self.ids |= fresh
        self.new_ids |= fresh
        self.stale = self.stale or bool(fresh)


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


class Registry:
    """The rows of one trade that a batch touches. Rows are chosen by `take`, then written by `save`."""

    def __init__(self, repository: Repository, trade: Trade, said: BatchRecords) -> None:
        self._repository = repository
        self._trade = trade
        self._said = said
        self._by_id: dict[Pair, ContributorState] = {}
        self._by_number: dict[int, ContributorState] = {}
        self._by_name: dict[str, list[ContributorState]] = {}
        self._by_film: dict[int, list[ContributorState]] = {}
        self._new: list[ContributorState] = []
        self._merged: list[ContributorState] = []
        self._known: set[Pair] = set()
        self.renamed: set[int] = set()
        """The rows that are called otherwise than before, and those that others turned out to be; told by `save`."""

    def load(self, credits: Iterable[AnyCredit], films: Iterable[int], touched: Iterable[Pair]) -> None:
        """Reads all rows that may be meant: by ids, by the films as they are now, and companies by name."""
        credits, touched = list(credits), set(touched)
        credited = {pair for c in credits for pair in c.ids.items()}
        pairs = credited | touched
        numbers = self._numbers(pairs)
        # Rows have the ids of their records already: only who is new may have more ids than the credit tells. And
        # what is said of who has no row in this trade can wait for one.
        self._said.load(credited - self._known | touched & self._known)
        numbers |= self._numbers({more for pair in pairs for more in self._said.ids_with(pair)} - pairs)
        linked = self._repository.read(self._trade.links, movie_id=list(films))
        numbers |= {row[self._trade.key] for row in linked}
        named = self._named({c.name for c in credits}) if self._trade.kind == "company" else {}
        numbers.update(*named.values())
        pins = contributor_pins.pins_of(self._repository, self._trade.entity, numbers)
        for row in self._repository.read(self._trade.table, **{self._trade.key: numbers}):
            number = row[self._trade.key]
            pinned = pins.get(number, {})
            self._by_number[number] = ContributorState(
                row, number, wanted=contributor_pins.told(row, pinned), stale=False, pins=pinned
            )
        for row in self._repository.read("external_ids", entity=[self._trade.entity], entity_id=numbers):
            party = self._by_number[row["entity_id"]]
            party.ids.add((row["namespace"], row["value"]))
            self._by_id[row["namespace"], row["value"]] = party
        for row in linked:
            self._by_film.setdefault(row["movie_id"], []).append(self._by_number[row[self._trade.key]])
        for name, called in named.items():
            self._by_name[name] = [self._by_number[number] for number in called]

    def _numbers(self, pairs: set[Pair]) -> set[int]:
        found = self._repository.read("external_ids", entity=[self._trade.entity], value={value for _, value in pairs})
        rows = {(r["namespace"], r["value"]): r["entity_id"] for r in found}
        self._known |= rows.keys() & pairs
        return {rows[pair] for pair in rows.keys() & pairs}

    def _named(self, names: set[str]) -> dict[str, list[int]]:
        """The rows that have these names, be it by the sources or by what persons say."""
        called = contributor_pins.numbers_by_told_name(self._repository, self._trade.entity, names)
        for row in self._repository.read(self._trade.table, name=names):
            called.setdefault(row["name"], []).append(row[self._trade.key])
        return called

    def tell(self, touched: Iterable[Pair]) -> None:
        """New records came for these ids: the rows that bear them are looked at again, and may turn out to be one."""
        for pair in sorted(touched):
            if (party := self._by_id.get(pair)) is not None:
                party.stale = True
                self._unite(party, self._said.ids_with(pair))

    def take(self, credits: Iterable[AnyCredit], films: Iterable[int]) -> list[ContributorState]:
        """The rows that a film's credits mean, one for each; new ones where there are none.

        Args:
            films: the films that have been this film: their rows without ids are its own.
        """
        own = [party for film in films for party in self._by_film.get(film, ())]
        return [self._take(credit, own) for credit in credits]

    def known(
        self, name: str, ids: Mapping[str, str], film: Iterable[ContributorState], was: Iterable[int]
    ) -> ContributorState | None:
        """The row that a credit means or meant; None if none is known.

        Args:
            film: the rows that its film names now.
            was: the films that have been this film.
        """
        own = [*(party for number in was for party in self._by_film.get(number, ())), *film]
        for pair in sorted(ids.items()):
            if (party := self._by_id.get(pair)) is not None:
                return next((one for one in own if one.kept() is party), party)
        named = fold_compact(name)
        return next((one for one in own if named in {fold_compact(t["name"]) for t in (one.row, one.shown) if t}), None)

    def _take(self, credit: AnyCredit, own: list[ContributorState]) -> ContributorState:
        ids: set[Pair] = set(credit.ids.items())
        for pair in tuple(ids):
            more = self._said.ids_with(pair)
            if not (more <= ids or _contradict(ids, more)):
                ids |= more
        party = self._find(credit, ids, own)
        if party is None:
            party = ContributorState({}, wanted={"name": credit.name})
            self._new.append(party)
            if self._trade.kind == "company" or not ids:
                own.append(party)
            if self._trade.kind == "company":
                self._by_name.setdefault(credit.name, []).append(party)
        elif not party.ids:
            party.wanted["name"] = credit.name
        party = self._unite(party, ids)
        if party.wanted["name"] != credit.name:
            party.stale = True
            party.wanted["name"] = fuller_name(party.wanted["name"], credit.name)
        return party

    def _find(self, credit: AnyCredit, ids: set[Pair], own: Iterable[ContributorState]) -> ContributorState | None:
        for pair in sorted(ids):
            party = self._by_id.get(pair)
            if party is not None and not _contradict(party.ids, ids):
                return party
        if self._trade.kind == "person":
            name = fold_compact(credit.name)
            without_id = (p for p in own if not p.kept().ids)
            return next(
                (p for p in without_id if name in {fold_compact(p.wanted["name"]), fold_compact(p.shown["name"])}), None
            )
        alike = {p.kept() for p in self._by_name.get(credit.name, ()) if self._fits(p.kept(), ids)}
        mine = {p.kept() for p in own}
        return min(alike, key=lambda p: (p not in mine, sorted(p.ids), p.number or 0), default=None)

    @staticmethod
    def _fits(party: ContributorState, ids: set[Pair]) -> bool:
        """Whether a name is enough: not if both have ids of the same namespaces, and other ones."""
        mine, theirs = {n for n, _ in party.ids}, {n for n, _ in ids}
        return not (mine & theirs) or not party.ids.isdisjoint(ids)

    def _unite(self, party: ContributorState, ids: Iterable[Pair]) -> ContributorState:
        """Gives the row these ids; a row that bears one of them already becomes one with it, unless they contradict."""
        ids = set(ids)
        strangers = [pair for pair in ids if (other := self._by_id.get(pair)) is not None and other is not party]
        for pair in sorted(strangers):
            other = self._by_id.get(pair)
            if other is None or other is party:
                continue
            if _contradict(party.ids | ids, other.ids):
                ids.discard(pair)
            else:
                party = self._merge(party, other)
        party.bears(ids)
        for pair in ids:
            self._by_id[pair] = party
        return party

    def _merge(self, one: ContributorState, other: ContributorState) -> ContributorState:
        kept, gone = sorted((one, other), key=lambda p: (p.number is None, p.number or 0))
        kept.bears(gone.ids)
        kept.stale = True
        kept.pins = {**gone.pins, **kept.pins}
        kept.wanted["name"] = fuller_name(kept.wanted["name"], gone.wanted["name"])
        for pair in gone.ids:
            self._by_id[pair] = kept
        gone.into = kept
        (self._new if gone.number is None else self._merged).append(gone)
        return kept

    def save(self) -> None:
        """Writes rows and their ids, and points the films of merged rows to the row that is kept."""
        self._describe()
        trade, repository = self._trade, self._repository
        new = [party for party in dict.fromkeys(self._new) if party.into is None]
        for party, number in zip(new, repository.insert(trade.table, [p.shown for p in new]), strict=True):
            party.number = number
        self._redirect()
        old = [party for party in self._by_number.values() if party.into is None]
        repository.update(trade.table, [party.shown for party in old if party.shown != party.row])
        self.renamed = {party.number or 0 for party in old if party.shown["name"] != party.row["name"]}
        self.renamed |= {party.kept().number or 0 for party in self._merged}
        contributor_pins.save(repository, [(p.wanted, p.pins) for p in old if p.pins], trade.entity, trade.key)
        repository.insert(
            "external_ids",
            [
                {"entity": trade.entity, "namespace": n, "value": v, "entity_id": party.number}
                for party in (*old, *new)
                for n, v in sorted(party.new_ids)
            ],
        )

    def _describe(self) -> None:
        """Fills in what the records say of the rows that changed."""
        stale = [p for p in (*self._by_number.values(), *self._new) if p.stale and p.into is None]
        self._said.load({pair for party in stale for pair in party.ids})
        for party in stale:
            party.wanted |= self._said.facts(party.ids, self._trade.table)

    def _redirect(self) -> None:
        """Films name the rows that are kept, as if these had been one row from the start."""
        if not self._merged:
            return
        trade, repository = self._trade, self._repository
        new = {party.number or 0: party.kept().number for party in self._merged}
        gone = list(new)
        films = {row["movie_id"] for row in repository.read(trade.links, **{trade.key: gone})}
        before = repository.read(trade.links, movie_id=films)
        now = [row | {trade.key: new.get(row[trade.key], row[trade.key])} for row in before]
        if trade.field == "cast":
            kept = {row["cast_id"]: row for row in one_each(sorted(now, key=lambda row: row["cast_id"]))}
            repository.delete("cast", cast_id={row["cast_id"] for row in before} - kept.keys())
            repository.update("cast", [row for row in kept.values() if row not in before])
        else:
            order: dict[int, dict[int, None]] = {}
            for row in sorted(now, key=lambda row: row["position"]):
                order.setdefault(row["movie_id"], {})[row[trade.key]] = None
            repository.delete(trade.links, movie_id=films)
            repository.insert(
                trade.links, [row for film, keys in order.items() for row in positions(trade, film, keys)]
            )
            named = repository.read("movies", **{trade.key: gone})
            repository.update("movies", [{"movie_id": f["movie_id"], trade.key: new[f[trade.key]]} for f in named])
        remove(repository, trade.entity, trade.table, gone)


def positions(trade: Trade, film: int, keys: Iterable[int]) -> list[Row]:
    """The rows by which a film names these parties, in their order, each once."""
    return [{"movie_id": film, trade.key: key, "position": n} for n, key in enumerate(dict.fromkeys(keys), 1)]


def one_each(cast: Sequence[Row]) -> list[Row]:
    """Rows of `cast` without those that say nothing new of an actor: a role once more, or none beside a role."""
    acting = {(row["movie_id"], row["actor_id"]) for row in cast if row["role"]}
    first: dict[tuple[int, int, str], Row] = {}
    for row in cast:
        actor = (row["movie_id"], row["actor_id"])
        if row["role"] or actor not in acting:
            first.setdefault((*actor, row["role"]), row)
    return list(first.values())


def forget(repository: Repository, trade: Trade, numbers: Iterable[int]) -> None:
    """Removes those of these rows that no film names any more, and of which no person says anything."""
    numbers = set(numbers)
    if not numbers:
        return
    numbers -= {row[trade.key] for row in repository.read(trade.links, **{trade.key: numbers})}
    numbers -= contributor_pins.pins_of(repository, trade.entity, numbers).keys()
    remove(repository, trade.entity, trade.table, numbers)


def remove(repository: Repository, entity: str, table: str, numbers: Collection[int]) -> None:
    """Removes these rows, with all that is known of them."""
    repository.delete("external_ids", entity=[entity], entity_id=numbers)
    repository.delete("party_pins", entity=[entity], entity_id=numbers)
    repository.delete(table, **{f"{entity}_id": numbers})
