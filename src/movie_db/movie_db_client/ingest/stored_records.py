"""Source records as stored: conversion to and from rows, and which of two records, links or answers counts."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import orjson

from movie_db.contract.clock import later, rank
from movie_db.contract.fitting import fit
from movie_db.contract.messages import Link, SourceRecord
from movie_db.movie_db_client.entity_resolution.by_id import Claimant, Pair
from movie_db.movie_db_client.repository import Repository, Row

ENTRY: Final = "entry"
"""The namespace that links a record to gallery entries, by their keys."""


@dataclass(slots=True)
class StoredRecord:
    """One record with its ids, its movie and the entries linked to it. Without entries, it is unused."""

    record: SourceRecord
    record_id: int | None = None
    movie_id: int | None = None
    entries: set[str] = field(default_factory=set)
    ids: set[Pair] = field(default_factory=set)
    link: Link | None = None
    changed: bool = False
    was: SourceRecord | None = None
    """The record as stored in the database; None if it is new."""

    @property
    def name(self) -> Pair:
        return self.record.source, self.record.source_id


def keep_record(repository: Repository, record: SourceRecord) -> None:
    """Stores a record that has no entry yet, unless it is already stored."""
    stored = StoredRecord(record)
    if not repository.read("source_records", entity=["movie"], source=[record.source], source_id=[record.source_id]):
        repository.insert("source_records", [record_row(stored)])


def claimant(key: str, records: Iterable[StoredRecord]) -> Claimant:
    """Returns the entry with all ids of its records."""
    return Claimant(key, frozenset(pair for stored in records for pair in stored.ids))


def read_row(row: Row) -> StoredRecord:
    record = fit(SourceRecord, row["record"])
    return StoredRecord(record, row["record_id"], row["movie_id"], link=_link(row), was=record)


def _link(row: Row) -> Link | None:
    if row["probability"] is None:
        return None
    given = {name: row[name] for name in ("source", "source_id", "probability")}
    return Link.model_validate(given | {"evidence": row["evidence"] or ()})


def record_ids(record: SourceRecord) -> set[Pair]:
    return {(namespace, value) for namespace, value in record.ids.items()}


def is_newer(one: SourceRecord, other: SourceRecord) -> bool:
    """Whether a record is newer. Ties are broken by content, so the order of arrival does not matter."""
    if one.retrieved_at != other.retrieved_at or one == other:
        return later(one.retrieved_at, other.retrieved_at)
    return _content(one) > _content(other)


def link_rank(link: Link | None) -> tuple[int, float, tuple[str, ...]]:
    """Ranks links to the same record: more evidence wins, whatever arrives first."""
    return (len(link.evidence), link.probability, link.evidence) if link else (-1, 0.0, ())


def _content(record: SourceRecord) -> str:
    return json.dumps(record.model_dump(mode="json"), sort_keys=True)


def answer_rank(records: Iterable[SourceRecord]) -> tuple[tuple[bool, datetime], list[str]]:
    """Ranks one source's answers for an entry: by time, then by the records in it."""
    given = list(records)
    return max(rank(r.retrieved_at) for r in given), sorted(r.source_id for r in given)


def lookup_ids(stored: StoredRecord) -> list[Pair]:
    """Returns the ids by which a record is found; none if it has no entries."""
    return sorted(stored.ids | {(ENTRY, key) for key in stored.entries}) if stored.entries else []


def id_row(stored: StoredRecord, pair: Pair) -> Row:
    return {"entity": "movie", "namespace": pair[0], "value": pair[1], "record_id": stored.record_id}


def record_row(stored: StoredRecord) -> Row:
    record = stored.record
    return {
        "entity": "movie",
        "movie_id": stored.movie_id if stored.entries else None,
        "source": record.source,
        "source_id": record.source_id,
        "url": record.url,
        "retrieved_at": record.retrieved_at,
        "licence": record.licence,
        "language": record.language,
        "probability": stored.link.probability if stored.link else None,
        "evidence": list(stored.link.evidence) if stored.link else None,
        "record": orjson.Fragment(record.model_dump_json(exclude_defaults=True)),
    }
