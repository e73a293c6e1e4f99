"""What sources said of films: the records that a batch touches, and all that share ids with them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from movie_db.contract.messages import Link, MovieItem, SourceRecord
from movie_db.movie_db_client.identity import Claimant, Pair
from movie_db.movie_db_client.repository import Repository, Row

ENTRY: Final = "entry"
"""The namespace that ties a record to the gallery entries it was linked to, by their keys."""


@dataclass(slots=True)
class Held:
    """One record, the ids it is found by, its film, and the entries linked to it: none, if none wants it any more."""

    record: SourceRecord
    record_id: int | None = None
    movie_id: int | None = None
    entries: set[str] = field(default_factory=set)
    ids: set[Pair] = field(default_factory=set)
    link: Link | None = None
    changed: bool = False

    @property
    def name(self) -> Pair:
        return self.record.source, self.record.source_id


class RecordBook:
    """The records around a batch of items, as they are once the batch is applied; `save` writes what changed."""

    def __init__(self, repository: Repository, items: Sequence[MovieItem]) -> None:
        self._repository = repository
        self._held: dict[Pair, Held] = {}
        self.seen: list[Held] = []
        """Every record of the items as it came, old ones too: for what is dated by being seen."""
        self.former: dict[str, set[int]] = {}
        """Films of records that an entry has no longer, by the entry's key."""
        self._of_entry: dict[str, dict[Pair, Held]] = {}
        self._load(items)
        for name, held in self._held.items():
            for key in held.entries:
                self._of_entry.setdefault(key, {})[name] = held
        self._before = {name: (h.entries.copy(), h.ids.copy(), h.movie_id) for name, h in self._held.items()}
        for item in items:
            self._absorb(item)

    def _load(self, items: Sequence[MovieItem]) -> None:
        """Reads the records that the items name, and those that share an id with these, until no more are found."""
        named = {(r.source, r.source_id) for item in items for r in item.records}
        sources, source_ids = {s for s, _ in named}, {i for _, i in named}
        rows = self._repository.read("source_records", entity=["movie"], source=sources, source_id=source_ids)
        wanted = {pair for item in items for pair in _ids(item)}
        asked: set[Pair] = set()
        known: set[int] = set()
        while rows or wanted - asked:
            rows = [row for row in rows if row["record_id"] not in known]
            known |= {row["record_id"] for row in rows}
            for row in rows:
                held = Held(SourceRecord.model_validate(row["record"]), row["record_id"], row["movie_id"])
                self._held[held.name] = held
            by_number = {h.record_id: h for h in self._held.values()}
            for row in self._repository.read("source_record_ids", record_id=[r["record_id"] for r in rows]):
                pair = (row["namespace"], row["value"])
                held = by_number[row["record_id"]]
                held.entries.add(row["value"]) if pair[0] == ENTRY else held.ids.add(pair)
                wanted.add(pair)
            fresh = wanted - asked
            asked |= fresh
            found = self._repository.read("source_record_ids", entity=["movie"], value={value for _, value in fresh})
            more = {r["record_id"] for r in found if (r["namespace"], r["value"]) in fresh} - known
            rows = self._repository.read("source_records", record_id=more)

    def _absorb(self, item: MovieItem) -> None:
        """Takes in one item: of each source, the newest answer for its entry counts."""
        key, links = item.entry.key, {(link.source, link.source_id): link for link in item.links}
        of_entry = self._of_entry.setdefault(key, {})
        for source in sorted({r.source for r in item.records}):
            told = {(r.source, r.source_id): r for r in item.records if r.source == source}
            mine = [h for h in of_entry.values() if h.record.source == source]
            outdated = bool(mine) and _answer(told.values()) < _answer(h.record for h in mine)
            for name, record in told.items():
                held = self._held.get(name)
                self.seen.append(Held(record, entries={key}))
                if held is None:
                    held = self._held[name] = Held(record, ids=_record_ids(record), link=links.get(name), changed=True)
                elif _newer(record, held.record):
                    held.ids = (held.ids - _record_ids(held.record)) | _record_ids(record)
                    held.record, held.link, held.changed = record, links.get(name), True
                if outdated and key not in held.entries:
                    continue
                ids: set[Pair] = {(n, value) for n, value in item.entry.ids.items()}
                held.changed = held.changed or key not in held.entries or not ids <= held.ids
                held.entries.add(key)
                held.ids |= ids
                of_entry[name] = held
            if not outdated:
                for held in mine:
                    if held.name not in told:
                        held.entries.discard(key)
                        del of_entry[held.name]
                        held.changed = True
                        self.former.setdefault(key, set()).update(filter(None, [held.movie_id]))

    def components(self) -> list[dict[str, list[Held]]]:
        """The sets of entries that share ids, each as key → its records, and only those in which anything changed."""
        by_entry = {key: [h for _, h in sorted(of.items())] for key, of in self._of_entry.items() if of}
        of_pair: dict[Pair, list[str]] = {}
        for key, records in by_entry.items():
            for held in records:
                for pair in self._ties(key, held):
                    of_pair.setdefault(pair, []).append(key)
        moved = {key for key, records in by_entry.items() if any(h.changed for h in records)} | set(self.former)
        found: list[dict[str, list[Held]]] = []
        done: set[str] = set()
        for first in sorted(moved & set(by_entry)):
            if first in done:
                continue
            component, open_keys = {first}, [first]
            while open_keys:
                key = open_keys.pop()
                pairs = {pair for held in by_entry[key] for pair in self._ties(key, held)}
                near = {other for pair in pairs for other in of_pair[pair]} - component
                component |= near
                open_keys += near
            done |= component
            found.append({k: by_entry[k] for k in sorted(component)})
        return found

    def _ties(self, key: str, held: Held) -> set[Pair]:
        """What an entry may share with others: ids, and the film that they were before, which only one can stay."""
        numbers = self.former.get(key, set()) | {held.movie_id}
        return held.ids | {("", str(number)) for number in numbers if number}

    def film_of(self, key: str) -> int | None:
        """The film that an entry's records belong to."""
        return next((h.movie_id for _, h in sorted(self._of_entry.get(key, {}).items()) if h.movie_id), None)

    def save(self) -> None:
        """Writes the records that are new or changed, their ids, and the films they belong to."""
        new = [h for _, h in sorted(self._held.items()) if h.record_id is None]
        numbers = self._repository.insert("source_records", [_row(h) for h in new])
        for held, number in zip(new, numbers, strict=True):
            held.record_id = number
        rows, ids, dropped = [], [(h, pair) for h in new for pair in _pairs(h)], set()
        for name, (entries, pairs, movie_id) in self._before.items():
            held = self._held[name]
            if held.changed or held.movie_id != movie_id:
                rows.append(_row(held) | {"record_id": held.record_id})
            if (held.entries, held.ids) != (entries, pairs):
                dropped.add(held.record_id)
                ids += [(held, pair) for pair in _pairs(held)]
        self._repository.update("source_records", rows)
        self._repository.delete("source_record_ids", record_id=dropped)
        self._repository.insert("source_record_ids", [_id_row(h, pair) for h, pair in ids])


def claimant(key: str, records: Iterable[Held]) -> Claimant:
    """The entry with all ids that its records bear."""
    return Claimant(key, frozenset(pair for held in records for pair in held.ids))


def _ids(item: MovieItem) -> set[Pair]:
    pairs: set[Pair] = {(ENTRY, item.entry.key), *item.entry.ids.items()}
    for record in item.records:
        pairs |= _record_ids(record)
    return pairs


def _record_ids(record: SourceRecord) -> set[Pair]:
    return {(namespace, value) for namespace, value in record.ids.items()}


def _newer(one: SourceRecord, other: SourceRecord) -> bool:
    """Whether a record is newer; between equal times the content decides, so that the order of arrival never does."""
    if one.retrieved_at != other.retrieved_at or one == other:
        return one.retrieved_at > other.retrieved_at
    return _content(one) > _content(other)


def _content(record: SourceRecord) -> str:
    return json.dumps(record.model_dump(mode="json"), sort_keys=True)


def _answer(records: Iterable[SourceRecord]) -> tuple[datetime, list[str]]:
    """What makes one source's answer for an entry newer than another: its time, then which records it names."""
    told = list(records)
    return max(r.retrieved_at for r in told), sorted(r.source_id for r in told)


def _pairs(held: Held) -> list[Pair]:
    """The ids by which a record is found; none, when no entry wants it any more."""
    return sorted(held.ids | {(ENTRY, key) for key in held.entries}) if held.entries else []


def _id_row(held: Held, pair: Pair) -> Row:
    return {"entity": "movie", "namespace": pair[0], "value": pair[1], "record_id": held.record_id}


def _row(held: Held) -> Row:
    record = held.record
    return {
        "entity": "movie",
        "movie_id": held.movie_id if held.entries else None,
        "source": record.source,
        "source_id": record.source_id,
        "url": record.url,
        "retrieved_at": record.retrieved_at,
        "licence": record.licence,
        "language": record.language,
        "probability": held.link.probability if held.link else None,
        "evidence": list(held.link.evidence) if held.link else None,
        "record": json.loads(record.model_dump_json(exclude_defaults=True)),
    }
