"""Runs, galleries and their entries, rejected messages and pairs to review."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from movie_db.contract.messages import GalleryListed, MovieListEntry, ReviewItem, RunFinished, RunStarted, now
from movie_db.movie_db_client.repository import Repository, Row


def apply_runs(repository: Repository, messages: Sequence[RunStarted | RunFinished]) -> None:
    """Opens and closes runs. A run that is closed before it is opened is opened by that."""
    known = {row["run"]: row for row in repository.read("runs", run=[m.run for m in messages])}
    wanted = {run: dict(row) for run, row in known.items()}
    for message in sorted(messages, key=lambda m: m.type, reverse=True):
        row = wanted.setdefault(
            message.run,
            {
                "run": message.run,
                "gallery": "",
                "film_limit": None,
                "started_at": None,
                "finished_at": None,
                "movies": None,
                "sources": None,
            },
        )
        if isinstance(message, RunStarted):
            # A resumed run opens a segment again: it began when it first began.
            began = row["started_at"] if row["gallery"] else None
            began = min(filter(None, (began, message.started_at)))
            row.update(gallery=message.gallery, film_limit=message.limit, started_at=began)
        else:
            if row["finished_at"] is None or message.finished_at >= row["finished_at"]:
                sources = {name: c.model_dump(mode="json") for name, c in sorted(message.sources.items())}
                row.update(finished_at=message.finished_at, movies=message.movies, sources=sources)
            row["started_at"] = row["started_at"] or message.finished_at
    _save(repository, "runs", known, wanted)


def started(repository: Repository, runs: Iterable[str]) -> dict[str, datetime]:
    """When runs began, of those that are known to have begun."""
    return {row["run"]: row["started_at"] for row in repository.read("runs", run=list(runs)) if row["gallery"]}


def apply_galleries(repository: Repository, messages: Sequence[GalleryListed]) -> None:
    """Keeps each gallery's newest listing."""
    times = started(repository, {m.run for m in messages})
    known = {row["gallery"]: row for row in repository.read("galleries", gallery=[m.gallery for m in messages])}
    wanted = {gallery: dict(row) for gallery, row in known.items()}
    for message in messages:
        row = wanted.setdefault(message.gallery, _gallery(message.gallery))
        listed = times.get(message.run) or row["listed_at"] or now()
        if row["listed_at"] is None or listed >= row["listed_at"]:
            told = message.model_dump(mode="json", include=set(row) - {"gallery_id"})
            row.update(told, listed_at=listed)
    _save(repository, "galleries", known, wanted)


def _gallery(gallery: str) -> Row:
    empty: Row = dict.fromkeys(("provider", "country", "declared", "found", "slices", "door", "note", "listed_at"))
    return {"gallery": gallery, **empty}


def apply_entries(repository: Repository, entries: Sequence[MovieListEntry]) -> None:
    """Keeps each entry's place in its gallery, first and last seen by the start of the runs that listed it."""
    if not entries:
        return
    galleries = sorted({e.gallery for e in entries})
    known_galleries = repository.read("galleries", gallery=galleries)
    missing = set(galleries) - {row["gallery"] for row in known_galleries}
    repository.insert("galleries", [_gallery(g) for g in sorted(missing)])
    numbers = {row["gallery"]: row["gallery_id"] for row in repository.read("galleries", gallery=galleries)}
    times = started(repository, {e.run for e in entries})
    rows = repository.read("gallery_entries", gallery_id=list(numbers.values()), key=[e.key for e in entries])
    known = {(row["gallery_id"], row["key"]): row for row in rows}
    wanted = {key: dict(row) for key, row in known.items()}
    for entry in entries:
        place = (numbers[entry.gallery], entry.key)
        row = wanted.get(place, {})
        seen = times.get(entry.run) or row.get("last_seen") or now()
        told = entry.model_dump(mode="json", exclude_none=True, exclude={"run"})
        if not row:
            row = {"gallery_id": place[0], "key": place[1], "movie_id": None, "first_seen": seen, "last_seen": seen}
            wanted[place] = row | {"position": entry.position, "entry": told}
            continue
        row["first_seen"] = min(row["first_seen"], seen)
        if seen > row["last_seen"] or (seen == row["last_seen"] and _order(told) > _order(row["entry"])):
            row.update(position=entry.position, entry=told, last_seen=seen)
    _save(repository, "gallery_entries", known, wanted)


def _order(told: Any) -> str:
    return json.dumps(told, sort_keys=True)


def find_films(repository: Repository, keys: set[str]) -> None:
    """Points entries that were listed after their film came, by another gallery perhaps, to it."""
    found = repository.read("source_record_ids", entity=["movie"], namespace=["entry"], value=keys)
    records = {r["record_id"]: r for r in repository.read("source_records", record_id={r["record_id"] for r in found})}
    point_entries(repository, {row["value"]: records[row["record_id"]]["movie_id"] for row in reversed(found)})


def point_entries(repository: Repository, films: Mapping[str, int | None]) -> None:
    """Points the entries of all galleries to their films: key → movie_id."""
    rows = repository.read("gallery_entries", key=list(films))
    repository.update(
        "gallery_entries",
        [
            {"gallery_id": row["gallery_id"], "key": row["key"], "movie_id": films[row["key"]]}
            for row in rows
            if row["movie_id"] != films[row["key"]]
        ],
    )


def apply_reviews(repository: Repository, messages: Sequence[ReviewItem]) -> None:
    """Queues pairs for a person. What was decided stays decided; an open pair shows its latest evidence."""
    known = {row["key"]: row for row in repository.read("review_queue", key=[m.key for m in messages])}
    wanted = {key: dict(row) for key, row in known.items()}
    for message in messages:
        item = message.model_dump(mode="json", exclude_none=True, exclude={"run"})
        row = wanted.setdefault(
            message.key,
            {
                "key": message.key,
                "movie_id": None,
                "entry_key": message.entry.key,
                "other_key": None,
                "probability": 0.0,
                "status": "open",
                "item": None,
            },
        )
        if row["item"] is None or _asked(item) > _asked(row["item"]):
            row.update(item=item, probability=message.probability)
    _save(repository, "review_queue", known, wanted)


def _asked(item: Any) -> tuple[str, str]:
    return item["candidate"]["retrieved_at"], _order(item)


def apply_rejected(repository: Repository, rows: Sequence[Row]) -> None:
    """Keeps rejected messages by where they stood in the log."""
    places = {(row["segment"], row["position"]): row for row in rows}
    known = repository.read("rejected_items", segment=[s for s, _ in places], position=[p for _, p in places])
    for row in known:
        places.pop((row["segment"], row["position"]), None)
    repository.insert("rejected_items", list(places.values()))


def _save(repository: Repository, collection: str, known: dict[Any, Row], wanted: dict[Any, Row]) -> None:
    """Inserts the rows that are new, and updates those that differ."""
    repository.insert(collection, [row for key, row in wanted.items() if key not in known])
    repository.update(collection, [row for key, row in wanted.items() if key in known and row != known[key]])
