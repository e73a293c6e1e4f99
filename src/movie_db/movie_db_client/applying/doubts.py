"""Films whose ids contradict: kept apart, and shown to a person."""

from collections.abc import Mapping, Sequence
from typing import Final

from movie_db.movie_db_client.applying.records import Held
from movie_db.movie_db_client.identity import Contradiction
from movie_db.movie_db_client.repository import Repository, Row

_PREFIX: Final = "ids:"


def queue_doubts(
    repository: Repository,
    doubts: Sequence[Contradiction],
    held: Mapping[str, Sequence[Held]],
    films: Mapping[str, int],
) -> None:
    """Queues what contradicts now, and takes back open pairs of these films that no longer do.

    Args:
        held: the records of each entry's film, by the entry's key.
        films: the film of each entry of all films that were looked at.
    """
    rows = repository.read("review_queue", movie_id=set(films.values()))
    known = {row["key"]: row for row in rows if row["key"].startswith(_PREFIX)}
    entries = {row["key"]: row["entry"] for row in repository.read("gallery_entries", key={d.one for d in doubts})}
    wanted: dict[str, Row] = {}
    for doubt in doubts:
        if doubt.one not in entries or not held[doubt.other]:
            continue
        key = f"{_PREFIX}{doubt.one} | {doubt.other}"
        candidate = min(held[doubt.other], key=lambda h: h.name).record
        wanted[key] = {
            "key": key,
            "movie_id": films[doubt.other],
            "probability": 0.5,
            "item": {
                "v": 1,
                "type": "review_item",
                "key": key,
                "entry": entries[doubt.one],
                "candidate": candidate.model_dump(mode="json", exclude_none=True),
                "probability": 0.5,
                "evidence": [doubt.reason],
            },
        }
    stale = [row["review_id"] for key, row in known.items() if key not in wanted and row["status"] == "open"]
    repository.delete("review_queue", review_id=stale)
    repository.insert("review_queue", [row | {"status": "open"} for key, row in wanted.items() if key not in known])
    changed = [(row, known[key]) for key, row in wanted.items() if key in known]
    repository.update(
        "review_queue",
        [row | {"review_id": old["review_id"]} for row, old in changed if {**old, **row} != old],
    )
