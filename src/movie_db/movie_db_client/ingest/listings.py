"""Runs, galleries and their entries, rejected messages and pairs to review."""

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
                "coverage": None,
                "languages": None,
            },
        )
        if isinstance(message, RunStarted):
            # A resumed run opens a segment again: it began when it first began.
            began = row["started_at"] if row["gallery"] else None
            began = min(filter(None, (began, message.started_at)))
            languages = list(message.languages)
            row.update(gallery=message.gallery, film_limit=message.limit, started_at=began, languages=languages)
        else:
            if row["finished_at"] is None or not later(row["finished_at"], message.finished_at):
                sources = {name: c.model_dump(mode="json") for name, c in sorted(message.sources.items())}
                row.update(finished_at=message.finished_at, movies=message.movies, sources=sources)
            row["started_at"] = row["started_at"] or message.finished_at
    _save(repository, "runs", known, wanted)


def apply_failures(repository: Repository, messages: Sequence[RunFailed]) -> None:
    """Keeps why builds failed that the API was asked for."""
    numbers = {row["run"]: row["build_id"] for row in repository.read("builds", run=[m.run for m in messages])}
    told = [m for m in messages if m.run in numbers]
    rows = [{"build_id": numbers[m.run], "failed_at": m.failed_at, "reason": m.reason} for m in told]
    repository.update("builds", rows)


def started(repository: Repository, runs: Iterable[str]) -> dict[str, datetime]:
    """When runs began, of those that are known to have begun."""
    return {row["run"]: row["started_at"] for row in repository.read("runs", run=list(runs)) if row["gallery"]}


def languages(repository: Repository) -> tuple[str, ...]:
    """In which languages texts are wanted, best first: as the newest run says that knows."""
    runs = [row for row in repository.read("runs") if row["languages"]]
    newest = max(runs, key=lambda row: (rank(row["started_at"]), row["run"]), default=None)
    return tuple(newest["languages"]) if newest else repository.preferences.languages


def apply_galleries(repository: Repository, messages: Sequence[GalleryListed]) -> None:
    """Keeps each gallery's newest listing, once its entries are applied; what a whole one no longer has, has left."""
    times = started(repository, {m.run for m in messages})
    known = {row["gallery"]: row for row in repository.read("galleries", gallery=[m.gallery for m in messages])}
    wanted = {gallery: dict(row) for gallery, row in known.items()}
    for message in messages:
        row = wanted.setdefault(message.gallery, _gallery(message.gallery))
        listed = times.get(message.run) or row["listed_at"] or now()
        if row["listed_at"] is None or not later(row["listed_at"], listed):
            if row["listed_at"] and message.run not in _partial(repository, [message]):
                _part(repository, row, listed)
            told = message.model_dump(mode="json", include=set(row) - {"gallery_id"})
            row.update(told, listed_at=listed)
    _save(repository, "galleries", known, wanted)


def _partial(repository: Repository, messages: Sequence[GalleryListed]) -> set[str]:
    """The runs whose list is not the whole gallery: it was cut short, or not all of it was found, or nothing at all."""
    short = {row["run"] for row in repository.read("runs", run={m.run for m in messages}) if row["film_limit"]}
    return short | {m.run for m in messages if not m.found or (m.declared is not None and m.found < m.declared)}


def _part(repository: Repository, gallery: Row, listed: datetime) -> None:
    """Has the entries that the listing of that time lacks be gone since.

    A film that the gallery now lists under another key has neither left nor come.
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
    told = repository.read("changes", entry_key=[row["key"] for row in entries if row["last_seen"] >= listed])
    came = {
        change["entry_key"]: change["change_id"]
        for change in told
        if change["field"] == "gallery" and change["old"] is None and change["at"] == listed
        and change["source"] == address
    }  # fmt: skip
    renamed = same_films(gone, [row for row in entries if row["key"] in came])
    repository.delete("changes", change_id=[came[key] for key in renamed.values()])
    left = [row["key"] for row in gone if row["key"] not in renamed]
    repository.insert("changes", [changes.row("gallery", address, None, address, listed, entry_key=k) for k in left])


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
    whole = _listed_whole(repository, galleries)
    came: list[Row] = []
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
            wanted[place] = row | {"left_at": None, "position": entry.position, "entry": told}
            if entry.gallery in whole and later(seen, whole[entry.gallery]):
                came.append(_came(entry, seen))
            continue
        if row["left_at"] and not later(row["left_at"], seen):
            row["left_at"] = None
            came.append(_came(entry, seen))
        row["first_seen"] = min(row["first_seen"], seen)
        if later(seen, row["last_seen"]) or (seen == row["last_seen"] and _order(told) > _order(row["entry"])):
            row.update(position=entry.position, entry=told, last_seen=seen)
    _save(repository, "gallery_entries", known, wanted)
    repository.insert("changes", came)


def _came(entry: MovieListEntry, seen: datetime) -> Row:
    return changes.row("gallery", None, entry.gallery, entry.gallery, seen, entry_key=entry.key)


def _listed_whole(repository: Repository, galleries: Sequence[str]) -> dict[str, datetime]:
    """When galleries were listed last, if that listing was not cut short: who comes later, came."""
    listed = {r["gallery"]: r["listed_at"] for r in repository.read("galleries", gallery=galleries) if r["listed_at"]}
    runs = repository.read("runs", gallery=list(listed))
    short = {(run["gallery"], run["started_at"]) for run in runs if run["film_limit"]}
    return {gallery: at for gallery, at in listed.items() if (gallery, at) not in short}


def _order(told: Any) -> str:
    return json.dumps(told, sort_keys=True)


def find_movies(repository: Repository, keys: set[str]) -> None:
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
