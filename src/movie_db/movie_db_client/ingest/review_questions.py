"""Updates open questions whether an entry is the movie of a source's record."""

from collections.abc import Collection
from datetime import datetime

from movie_db.contract.clock import later
from movie_db.movie_db_client.ingest.stored_records import ENTRY
from movie_db.movie_db_client.repository import Repository, Row


def settle(repository: Repository, keys: Collection[str]) -> None:
    """Points the questions of these entries to their movies, and closes those that were answered.

    A question is `decided` by a person, or `settled` once the entry is linked to a newer record of that source.
    """
    questions = [row for row in repository.read("review_queue", entry_key=keys) if row["other_key"] is None]
    decided = {row["key"] for row in repository.read("decisions", key=[row["key"] for row in questions])}
    entries = _records(repository, {row["entry_key"] for row in questions})
    changed = []
    for row in questions:
        candidate = row["item"]["candidate"]
        records = entries.get(row["entry_key"], [])
        since = datetime.fromisoformat(candidate["retrieved_at"])
        linked = any(r["source"] == candidate["source"] and not later(since, r["retrieved_at"]) for r in records)
        state = {
            "movie_id": next((r["movie_id"] for r in records if r["movie_id"]), None),
            "status": "decided" if row["key"] in decided else "settled" if linked else "open",
        }
        if {**row, **state} != row:
            changed.append({"review_id": row["review_id"], **state})
    repository.update("review_queue", changed)


def _records(repository: Repository, keys: Collection[str]) -> dict[str, list[Row]]:
    """Returns the records of these entries, by entry key."""
    ties = repository.read("source_record_ids", entity=["movie"], namespace=[ENTRY], value=keys)
    rows = repository.read("source_records", record_id={tie["record_id"] for tie in ties})
    records = {row["record_id"]: row for row in rows}
    found: dict[str, list[Row]] = {}
    for tie in ties:
        found.setdefault(tie["value"], []).append(records[tie["record_id"]])
    return found
