"""Queues pairs of movies that may be the same for review. Until decided, they stay separate."""

from collections.abc import Mapping

from movie_db.movie_db_client.entity_resolution.decisions import pair_key
from movie_db.movie_db_client.ingest.batch_movies import BatchMovies
from movie_db.movie_db_client.repository import Repository, Row


def queue_doubts(repository: Repository, found: BatchMovies, numbers: Mapping[str, int | None]) -> None:
    """Queues doubtful pairs, and removes open pairs of these movies that are no longer in doubt.

    Args:
        numbers: entry key → movie id, for every entry that was considered.
    """
    looked = [key for film in found.films for key in film.keys]
    rows = repository.read("review_queue", entry_key=looked) + repository.read("review_queue", other_key=looked)
    doubtful = {pair_key(d.one, d.other): d for d in found.doubts if found.records_by_entry.get(d.other)}
    rows += repository.read("review_queue", key=doubtful)
    queued = {row["key"]: row for row in rows if row["other_key"] is not None}
    listed = repository.read("gallery_entries", key={d.one for d in doubtful.values()})
    entries = {row["key"]: row["entry"] for row in reversed(listed)}
    current: dict[str, Row] = {}
    for key, doubt in doubtful.items():
        if doubt.one not in entries:
            continue
        candidate = min(found.records_by_entry[doubt.other], key=lambda h: h.name).record
        current[key] = {
            "key": key,
            "entry_key": doubt.one,
            "other_key": doubt.other,
            "movie_id": numbers[doubt.one],
            "probability": doubt.probability,
            "item": {
                "v": 1,
                "type": "review_item",
                "key": key,
                "entry": entries[doubt.one],
                "candidate": candidate.model_dump(mode="json", exclude_none=True),
                "probability": doubt.probability,
                "evidence": list(doubt.evidence),
            },
        }
    stale = [row["review_id"] for key, row in queued.items() if key not in current and row["status"] == "open"]
    repository.delete("review_queue", review_id=stale)
    repository.insert("review_queue", [row | {"status": "open"} for key, row in current.items() if key not in queued])
    changed = [(row, queued[key]) for key, row in current.items() if key in queued]
    repository.update(
        "review_queue",
        [row | {"review_id": old["review_id"]} for row, old in changed if {**old, **row} != old],
    )
