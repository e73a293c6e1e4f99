"""The source records that a batch touches, and all records that share ids with them."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from movie_db.contract.messages import MovieItem
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.entity_resolution.decisions import StoredDecisions
from movie_db.movie_db_client.ingest import retained_values
from movie_db.movie_db_client.ingest.stored_records import (
    ENTRY,
    StoredRecord,
    answer_rank,
    id_row,
    is_newer,
    link_rank,
    lookup_ids,
    read_row,
    record_ids,
    record_row,
)
from movie_db.movie_db_client.repository import Repository, Row

_PAGES: Final = frozenset(("wikidata", "wikipedia"))
"""Namespaces in which a movie has exactly one id."""
STAND_IN: Final = "gallery"
"""The source of a record made from the gallery's list. It is used until the list's own source answers."""
LIST_SOURCES: Final = frozenset(("justwatch", "justwatch_page"))


class RecordBook:
    """The records around a batch of items, as they will be once the batch is applied. `save` writes the changes.

    Args:
        again: keys of entries that are stitched again because of a decision, without new records.
        ties: entry key → the records that the entry is linked to from now on.
    """

    def __init__(
        self,
        repository: Repository,
        items: Sequence[MovieItem],
        again: Collection[str] = (),
        ties: Mapping[str, Collection[Pair]] = MappingProxyType({}),
    ) -> None:
        self._repository = repository
        self._stored: dict[Pair, StoredRecord] = {}
        self.seen: list[StoredRecord] = []
        """Every record of the items as it arrived, including old ones: each dates its offers."""
        self.former: dict[str, set[int]] = {}
        """Entry key → movie ids of records that the entry is no longer linked to."""
        self.decided = StoredDecisions()
        self._of_entry: dict[str, dict[Pair, StoredRecord]] = {}
        self._before: dict[Pair, tuple[set[str], set[Pair], int | None]] = {}
        self._loaded: set[Pair] = set()
        self._again = set(again)
        named = {(r.source, r.source_id) for item in items for r in item.records}
        named |= {name for names in ties.values() for name in names}
        self._load({pair for item in items for pair in _ids(item)} | {(ENTRY, key) for key in again}, named)
        for key, names in ties.items():
            self._link_exactly(key, names)
        for item in items:
            self._add(item)
        self._unlink_stand_ins()

    def load_films(self, numbers: Collection[int]) -> None:
        """Loads other movies and everything that shares ids with them."""
        self._load(self._pairs_of(numbers), set())

    def _pairs_of(self, numbers: Collection[int]) -> set[Pair]:
        rows = self._repository.read("external_ids", entity=["movie"], entity_id=numbers)
        return {(row["namespace"], row["value"]) for row in rows}

    def _load(self, requested: set[Pair], named: set[Pair]) -> None:
        """Reads the records with these ids and names, and repeatedly those that share an id or a movie."""
        numbers: set[int] = set()
        loaded: list[StoredRecord] = []
        while named or requested - self._loaded:
            rows = self._named(named)
            pairs = requested - self._loaded
            self._loaded |= pairs
            found = self._repository.read("source_record_ids", entity=["movie"], value={value for _, value in pairs})
            loaded_ids = {stored.record_id for stored in self._stored.values()} | {row["record_id"] for row in rows}
            more = {r["record_id"] for r in found if (r["namespace"], r["value"]) in pairs} - loaded_ids
            rows += self._repository.read("source_records", record_id=more)
            stored = {row["record_id"]: read_row(row) for row in rows}
            self._stored |= {h.name: h for h in stored.values()}
            for row in self._repository.read("source_record_ids", record_id=stored):
                pair = (row["namespace"], row["value"])
                one = stored[row["record_id"]]
                one.entries.add(row["value"]) if pair[0] == ENTRY else one.ids.add(pair)
                requested.add(pair)
            films = {h.movie_id for h in stored.values() if h.movie_id} - numbers
            numbers |= films
            requested |= self._pairs_of(films)
            entries, named = self.decided.load(self._repository, {value for n, value in pairs if n == ENTRY})
            requested |= {(ENTRY, key) for key in entries}
            loaded += stored.values()
        for one in loaded:
            self._before[one.name] = (one.entries.copy(), one.ids.copy(), one.movie_id)
            for key in one.entries:
                self._of_entry.setdefault(key, {})[one.name] = one
        self._apply_decisions()

    def _named(self, names: set[Pair]) -> list[Row]:
        """Reads the rows of these records, except those already loaded."""
        names = names - self._stored.keys()
        sources, source_ids = {s for s, _ in names}, {i for _, i in names}
        rows = self._repository.read("source_records", entity=["movie"], source=sources, source_id=source_ids)
        return [row for row in rows if (row["source"], row["source_id"]) in names]

    def _apply_decisions(self) -> None:
        """Links and unlinks records as decided."""
        loosened: set[Pair] = set()
        for key in self.decided.links:
            for name in self.decided.same(key):
                self._link(key, name)
            refused = {name for name in self._of_entry.get(key, {}) if not self.decided.allows(key, name)}
            for name in sorted(refused | self._contradicted(key)):
                self._unlink(key, self._stored[name])
                loosened.add(name)
        self._take_back_ids(loosened)

    def _link_exactly(self, key: str, names: Collection[Pair]) -> None:
        for name in names:
            self._link(key, name)
        loosened = self._of_entry.get(key, {}).keys() - set(names)
        for name in loosened:
            self._unlink(key, self._stored[name])
        self._take_back_ids(loosened)

    def _link(self, key: str, name: Pair) -> None:
        stored = self._stored.get(name)
        if stored and key not in stored.entries:
            stored.entries.add(key)
            stored.ids |= record_ids(stored.record)
            stored.changed = True
            self._of_entry.setdefault(key, {})[name] = stored

    def _contradicted(self, key: str) -> set[Pair]:
        """Returns an entry's judged records whose item or page contradicts a record confirmed by a decision."""
        of_entry = self._of_entry.get(key, {})
        confirmed = self.decided.same(key) & of_entry.keys()
        named = {pair for name in confirmed for pair in record_ids(of_entry[name].record) if pair[0] in _PAGES}
        return {
            name
            for name, stored in of_entry.items()
            if stored.link and name not in confirmed
            for namespace, value in record_ids(stored.record)
            if any(n == namespace and v != value for n, v in named)
        }

    def _unlink(self, key: str, stored: StoredRecord) -> None:
        stored.entries.discard(key)
        del self._of_entry[key][stored.name]
        stored.changed = True
        self.former.setdefault(key, set()).update(filter(None, [stored.movie_id]))

    def _take_back_ids(self, names: Collection[Pair]) -> None:
        """Reduces the ids of these records to their own and those of the entries that they are still linked to."""
        records = [self._stored[name] for name in sorted(names)]
        keys = {key for stored in records for key in stored.entries}
        ids: dict[str, set[Pair]] = {}
        for row in self._repository.read("gallery_entries", key=keys):
            ids.setdefault(row["key"], set()).update((row["entry"] or {}).get("ids", {}).items())
        for stored in records:
            stored.ids = record_ids(stored.record).union(*(ids.get(key, set()) for key in stored.entries))

    def _add(self, item: MovieItem) -> None:
        """Adds an item. For each source, the newest answer for the entry counts."""
        key, links = item.entry.key, {(link.source, link.source_id): link for link in item.links}
        of_entry = self._of_entry.setdefault(key, {})
        for source in sorted({r.source for r in item.records}):
            given = {(r.source, r.source_id): r for r in item.records if r.source == source}
            given = {name: r for name, r in given.items() if self.decided.allows(key, name)}
            if not given:
                continue
            confirmed = self.decided.same(key)
            mine = [h for h in of_entry.values() if h.record.source == source and h.name not in confirmed]
            outdated = bool(mine) and answer_rank(given.values()) < answer_rank(h.record for h in mine)
            for name, record in given.items():
                stored = self._stored.get(name)
                self.seen.append(StoredRecord(record, entries={key}))
                if stored is None:
                    stored = self._stored[name] = StoredRecord(
                        record, ids=record_ids(record), link=links.get(name), changed=True
                    )
                elif is_newer(record, last := retained_values.without_retained(stored.record)):
                    stored.ids = (stored.ids - record_ids(stored.record)) | record_ids(record)
                    same = stored.link if item.type == "record_item" else None
                    stored.record, stored.link = retained_values.retain(record, stored.record), links.get(name, same)
                    stored.changed = True
                elif record != last:
                    kept = retained_values.retain(stored.record, record)
                    stored.record, stored.changed = kept, stored.changed or kept is not stored.record
                elif link_rank(links.get(name)) > link_rank(stored.link):
                    stored.link, stored.changed = links[name], True
                if outdated and key not in stored.entries:
                    continue
                ids = set(item.entry.ids.items()) | record_ids(
                    stored.record
                )  # a record without entries has no ids stored
                stored.changed = stored.changed or key not in stored.entries or not ids <= stored.ids
                stored.entries.add(key)
                stored.ids |= ids
                of_entry[name] = stored
            if not outdated:
                for stored in mine:
                    if stored.name not in given:
                        self._unlink(key, stored)

    def _unlink_stand_ins(self) -> None:
        for key, of_entry in self._of_entry.items():
            if any(h.record.source in LIST_SOURCES for h in of_entry.values()):
                for stored in [h for h in of_entry.values() if h.record.source == STAND_IN]:
                    self._unlink(key, stored)

    def components(self, films: Collection[int] = ()) -> list[dict[str, list[StoredRecord]]]:
        """Returns the connected sets of entries in which anything changed, each as entry key → records.

        Args:
            films: if given, return the sets of these movies instead.
        """
        by_entry = {key: [h for _, h in sorted(of.items())] for key, of in self._of_entry.items() if of}
        of_pair: dict[Pair, list[str]] = {}
        for key, records in by_entry.items():
            for stored in records:
                for pair in self._ties(key, stored):
                    of_pair.setdefault(pair, []).append(key)
        if films:
            moved = {key for key, records in by_entry.items() if any(h.movie_id in films for h in records)}
        else:
            moved = {key for key, records in by_entry.items() if any(h.changed for h in records)}
            moved |= self.former.keys() | self._again
            moved |= {key for pair in self._released() for key in of_pair.get(pair, ())}
        decided = self.decided.pairs().partners()
        found: list[dict[str, list[StoredRecord]]] = []
        done: set[str] = set()
        for first in sorted(moved & set(by_entry)):
            if first in done:
                continue
            component, open_keys = {first}, [first]
            while open_keys:
                key = open_keys.pop()
                pairs = {pair for stored in by_entry[key] for pair in self._ties(key, stored)}
                near = {other for pair in pairs for other in of_pair[pair]}
                near = (near | (decided.get(key, set()) & by_entry.keys())) - component
                component |= near
                open_keys += near
            done |= component
            found.append({k: by_entry[k] for k in sorted(component)})
        return found

    def _released(self) -> set[Pair]:
        """Returns the ids that records no longer give to their movie. Another movie may have such an id, too."""
        return {
            pair
            for name, (entries, pairs, _) in self._before.items()
            for pair in (pairs if entries - self._stored[name].entries else pairs - self._stored[name].ids)
        }

    def _ties(self, key: str, stored: StoredRecord) -> set[Pair]:
        """Returns what connects an entry with others: ids, and former movie ids, which only one movie can keep."""
        numbers = self.former.get(key, set()) | {stored.movie_id}
        return stored.ids | {("", str(number)) for number in numbers if number}

    def names_of(self, key: str) -> list[Pair]:
        """Returns (source, source_id) of an entry's records."""
        return sorted(self._of_entry.get(key, {}))

    def film_of(self, key: str) -> int | None:
        """Returns the movie id of an entry's records."""
        return next((h.movie_id for _, h in sorted(self._of_entry.get(key, {}).items()) if h.movie_id), None)

    def save(self) -> None:
        """Writes new and changed records, their ids and their movies."""
        unused = {n for n, h in self._stored.items() if h.record.source == STAND_IN and not h.entries}
        new = [h for n, h in sorted(self._stored.items()) if h.record_id is None and n not in unused]
        numbers = self._repository.insert("source_records", [record_row(h) for h in new])
        for stored, number in zip(new, numbers, strict=True):
            stored.record_id = number
        rows, ids, dropped = [], [(h, pair) for h in new for pair in lookup_ids(h)], set()
        for name, (entries, pairs, movie_id) in self._before.items():
            stored = self._stored[name]
            if stored.changed or stored.movie_id != movie_id:
                rows.append(record_row(stored) | {"record_id": stored.record_id})
            if (stored.entries, stored.ids) != (entries, pairs):
                dropped.add(stored.record_id)
                ids += [(stored, pair) for pair in lookup_ids(stored)]
        self._repository.update("source_records", rows)
        self._repository.delete("source_record_ids", record_id=dropped)
        self._repository.delete("source_records", record_id={self._stored[n].record_id for n in unused} - {None})
        self._repository.insert("source_record_ids", [id_row(h, pair) for h, pair in ids])


def _ids(item: MovieItem) -> set[Pair]:
    pairs: set[Pair] = {(ENTRY, item.entry.key), *item.entry.ids.items()}
    for record in item.records:
        pairs |= record_ids(record)
    return pairs
