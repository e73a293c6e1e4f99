"""Applies reports of unchanged records, which only update dates."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from movie_db.contract.clock import later, rank
from movie_db.contract.messages import RecordsUnchanged
from movie_db.movie_db_client.repository import Repository, Row


def apply_unchanged(repository: Repository, messages: Iterable[RecordsUnchanged]) -> None:
    """Updates the dates of records, of values that came from them, and of their offers."""
    ordered = sorted(messages, key=lambda m: (m.entity, m.source))
    for (entity, source), group in groupby(ordered, key=lambda m: (m.entity, m.source)):
        checked: dict[str, datetime] = {}
        for message in group:
            for source_id in message.source_ids:
                checked[source_id] = max(checked.get(source_id, message.checked_at), message.checked_at, key=rank)
        rows = repository.read("source_records", entity=[entity], source=[source], source_id=checked)
        older = [row for row in rows if later(checked[row["source_id"]], row["retrieved_at"])]
        repository.update("source_records", [_dated(row, checked[row["source_id"]]) for row in older])
        if entity == "movie":
            _date_values(repository, source, older, checked)


def _dated(row: Row, at: datetime) -> Row:
    record, timestamp = dict(row["record"]), at.isoformat().replace("+00:00", "Z")
    if "origin" in record:
        record["origin"] = record["origin"] | {"retrieved_at": timestamp}
    else:
        record["retrieved_at"] = timestamp
    return {"record_id": row["record_id"], "retrieved_at": at, "record": record}


def _date_values(repository: Repository, source: str, records: Iterable[Row], checked: dict[str, datetime]) -> None:
    """Updates the provenance of the movies' values and their current offers."""
    films: dict[Any, set[str]] = {}
    for row in records:
        films.setdefault(row["movie_id"], set()).add(row["source_id"])
    films.pop(None, None)
    repository.update(
        "field_provenance",
        [
            {"movie_id": row["movie_id"], "field": row["field"], "retrieved_at": checked[row["source_id"]]}
            for row in repository.read("field_provenance", movie_id=films, source=[source])
            if row["source_id"] in films[row["movie_id"]]
        ],
    )
    repository.update(
        "offers",
        [
            {"offer_id": row["offer_id"], "last_seen": max(checked[one] for one in films[row["movie_id"]])}
            for row in repository.read("offers", movie_id=films, source=[source])
            if row["left_at"] is None
        ],
    )
