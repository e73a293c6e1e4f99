"""Applies runs, galleries and their entries, rejected messages and reviews."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from movie_db.contract.clock import later, rank
from movie_db.contract.messages import (
    GalleryListed,
    MovieListEntry,
    ReviewItem,
    RunFailed,
    RunFinished,
    RunStarted,
    now,
)
from movie_db.movie_db_client.ingest import changes
from movie_db.movie_db_client.ingest.renamed import same_films
from movie_db.movie_db_client.repository import Repository, Row


def apply_runs(repository: Repository, messages: Sequence[RunStarted | RunFinished]) -> None:
    """Opens and closes runs. A `run_finished` that arrives first also opens its run."""
    stored = {row["run"]: row for row in repository.read("runs", run=[m.run for m in messages])}
    rows = {run: dict(row) for run, row in stored.items()}
    for message in sorted(messages, key=lambda m: m.type, reverse=True):
        row = rows.setdefault(
            message.run,
            {
                "run": message.run,
                "gallery": "",
                "film_limit": None,
                "started_at": None,
                "finished_at": None,
                "movies": None,
                "sources": None,
                "coverage": None,
                "languages": None,
            },
        )
        if isinstance(message, RunStarted):
            # A resumed run opens another segment; it started when it first started.
            began = row["started_at"] if row["gallery"] else None
            began = min(filter(None, (began, message.started_at)))
            languages = list(message.languages)
            row.update(gallery=message.gallery, film_limit=message.limit, started_at=began, languages=languages)
        else:
            if row["finished_at"] is None or not later(row["finished_at"], message.finished_at):
                sources = {name: c.model_dump(mode="json") for name, c in sorted(message.sources.items())}
                row.update(finished_at=message.finished_at, movies=message.movies, sources=sources)
            row["started_at"] = row["started_at"] or message.finished_at
    _save(repository, "runs", stored, rows)


def apply_failures(repository: Repository, messages: Sequence[RunFailed]) -> None:
    """Stores why builds that were requested through the API failed."""
    numbers = {row["run"]: row["build_id"] for row in repository.read("builds", run=[m.run for m in messages])}
    relevant = [m for m in messages if m.run in numbers]
    rows = [{"build_id": numbers[m.run], "failed_at": m.failed_at, "reason": m.reason} for m in relevant]
    repository.update("builds", rows)


def started(repository: Repository, runs: Iterable[str]) -> dict[str, datetime]:
    """Returns when runs started, for those with a known start."""
    return {row["run"]: row["started_at"] for row in repository.read("runs", run=list(runs)) if row["gallery"]}


def languages(repository: Repository) -> tuple[str, ...]:
    """Returns the preferred languages of texts, best first, from the newest run that has them."""
    runs = [row for row in repository.read("runs") if row["languages"]]
    newest = max(runs, key=lambda row: (rank(row["started_at"]), row["run"]), default=None)
    return tuple(newest["languages"]) if newest else repository.preferences.languages


def apply_galleries(repository: Repository, messages: Sequence[GalleryListed]) -> None:
    """Stores each gallery's newest listing, after its entries. Entries missing from a complete listing have left."""
    times = started(repository, {m.run for m in messages})
    stored = {row["gallery"]: row for row in repository.read("galleries", gallery=[m.gallery for m in messages])}
    rows = {gallery: dict(row) for gallery, row in stored.items()}
    for message in messages:
        row = rows.setdefault(message.gallery, _gallery(message.gallery))
        listed = times.get(message.run) or row["listed_at"] or now()
        if row["listed_at"] is None or not later(row["listed_at"], listed):
            if row["listed_at"] and message.run not in _partial(repository, [message]):
                _mark_left(repository, row, listed)
            listing = message.model_dump(mode="json", include=set(row) - {"gallery_id"})
            row.update(listing, listed_at=listed)
    _save(repository, "galleries", stored, rows)


def _partial(repository: Repository, messages: Sequence[GalleryListed]) -> set[str]:
    """Returns the runs whose listing is incomplete: limited, fewer movies than declared, or empty."""
    short = {row["run"] for row in repository.read("runs", run={m.run for m in messages}) if row["film_limit"]}
    return short | {m.run for m in messages if not m.found or (m.declared is not None and m.found < m.declared)}


def _mark_left(repository: Repository, gallery: Row, listed: datetime) -> None:
    """Marks the entries that a listing lacks as gone since then.

    A movie that the gallery now lists under another key has neither left nor arrived.
    """
    entries = repository.read("gallery_entries", gallery_id=[gallery["gallery_id"]])
    gone = [row for row in entries if row["left_at"] is None and later(listed, row["last_seen"])]
    if not gone:
        return
    repository.update(
        "gallery_entries",
        [{"gallery_id": row["gallery_id"], "key": row["key"], "left_at": listed} for row in gone],
    )
    address = gallery["gallery"]
    gallery_changes = repository.read(
        "changes", entry_key=[row["key"] for row in entries if row["last_seen"] >= listed]
    )
    arrivals = {
        change["entry_key"]: change["change_id"]
        for change in gallery_changes
        if change["field"] == "gallery" and change["old"] is None and change["at"] == listed
        and change["source"] == address
    }  # fmt: skip
    renamed = same_films(gone, [row for row in entries if row["key"] in arrivals])
    repository.delete("changes", change_id=[arrivals[key] for key in renamed.values()])
    left = [row["key"] for row in gone if row["key"] not in renamed]
    repository.insert("changes", [changes.row("gallery", address, None, address, listed, entry_key=k) for k in left])


def _gallery(gallery: str) -> Row:
    empty: Row = dict.fromkeys(("provider", "country", "declared", "found", "slices", "door", "note", "listed_at"))
    return {"gallery": gallery, **empty}


def apply_entries(repository: Repository, entries: Sequence[MovieListEntry]) -> None:
    """Stores each entry's place in its gallery. First and last seen are the start times of the runs that listed it."""
    if not entries:
        return
    galleries = sorted({e.gallery for e in entries})
    existing_galleries = repository.read("galleries", gallery=galleries)
    missing = set(galleries) - {row["gallery"] for row in existing_galleries}
    repository.insert("galleries", [_gallery(g) for g in sorted(missing)])
    numbers = {row["gallery"]: row["gallery_id"] for row in repository.read("galleries", gallery=galleries)}
    times = started(repository, {e.run for e in entries})
    complete = _complete_listings(repository, galleries)
    arrivals: list[Row] = []
    found = repository.read("gallery_entries", gallery_id=list(numbers.values()), key=[e.key for e in entries])
    stored = {(row["gallery_id"], row["key"]): row for row in found}
    rows = {key: dict(row) for key, row in stored.items()}
    for entry in entries:
        place = (numbers[entry.gallery], entry.key)
        row = rows.get(place, {})
        seen = times.get(entry.run) or row.get("last_seen") or now()
        content = entry.model_dump(mode="json", exclude_none=True, exclude={"run"})
        if not row:
            row = {"gallery_id": place[0], "key": place[1], "movie_id": None, "first_seen": seen, "last_seen": seen}
            rows[place] = row | {"left_at": None, "position": entry.position, "entry": content}
            if entry.gallery in complete and later(seen, complete[entry.gallery]):
                arrivals.append(_arrival(entry, seen))
            continue
        if row["left_at"] and not later(row["left_at"], seen):
            row["left_at"] = None
            arrivals.append(_arrival(entry, seen))
        row["first_seen"] = min(row["first_seen"], seen)
        if later(seen, row["last_seen"]) or (seen == row["last_seen"] and _order(content) > _order(row["entry"])):
            row.update(position=entry.position, entry=content, last_seen=seen)
    _save(repository, "gallery_entries", stored, rows)
    repository.insert("changes", arrivals)


def _arrival(entry: MovieListEntry, seen: datetime) -> Row:
    return changes.row("gallery", None, entry.gallery, entry.gallery, seen, entry_key=entry.key)


def _complete_listings(repository: Repository, galleries: Sequence[str]) -> dict[str, datetime]:
    """Returns when galleries were last listed without a limit. Entries that appear later have arrived."""
    listed = {r["gallery"]: r["listed_at"] for r in repository.read("galleries", gallery=galleries) if r["listed_at"]}
    runs = repository.read("runs", gallery=list(listed))
    short = {(run["gallery"], run["started_at"]) for run in runs if run["film_limit"]}
    return {gallery: at for gallery, at in listed.items() if (gallery, at) not in short}


def _order(content: Any) -> str:
    return json.dumps(content, sort_keys=True)


def find_movies(repository: Repository, keys: set[str]) -> None:
    """Points entries to a movie that was stored before they were listed, for example from another gallery."""
    found = repository.read("source_record_ids", entity=["movie"], namespace=["entry"], value=keys)
    records = {r["record_id"]: r for r in repository.read("source_records", record_id={r["record_id"] for r in found})}
    point_entries(repository, {row["value"]: records[row["record_id"]]["movie_id"] for row in reversed(found)})


def point_entries(repository: Repository, films: Mapping[str, int | None]) -> None:
    """Points the entries of all galleries to their movies: key → movie_id."""
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
    """Queues pairs for review. Decided pairs stay decided; open ones show the latest evidence."""
    stored = {row["key"]: row for row in repository.read("review_queue", key=[m.key for m in messages])}
    rows = {key: dict(row) for key, row in stored.items()}
    for message in messages:
        item = message.model_dump(mode="json", exclude_none=True, exclude={"run"})
        row = rows.setdefault(
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
        if row["item"] is None or _retrieved(item) > _retrieved(row["item"]):
            row.update(item=item, probability=message.probability)
    _save(repository, "review_queue", stored, rows)


def _retrieved(item: Any) -> tuple[str, str]:
    return item["candidate"]["retrieved_at"], _order(item)


def apply_rejected(repository: Repository, rows: Sequence[Row]) -> None:
    """Stores rejected messages by segment and position."""
    places = {(row["segment"], row["position"]): row for row in rows}
    stored = repository.read("rejected_items", segment=[s for s, _ in places], position=[p for _, p in places])
    for row in stored:
        places.pop((row["segment"], row["position"]), None)
    repository.insert("rejected_items", list(places.values()))


def _save(repository: Repository, collection: str, stored: dict[Any, Row], rows: dict[Any, Row]) -> None:
    """Inserts new rows and updates those that differ."""
    repository.insert(collection, [row for key, row in rows.items() if key not in stored])
    repository.update(collection, [row for key, row in rows.items() if key in stored and row != stored[key]])
