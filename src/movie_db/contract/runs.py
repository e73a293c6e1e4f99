"""Runs, as the log tells them: which are there, and whether one is to be gone on with.

A run of a gallery is two segments: `movie_list/<run>-list.jsonl`, closed by `gallery_listed`, and
`item_list/<run>-movies.jsonl`, closed by `run_finished`. What counts as done is what is written there.
"""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from movie_db.contract import log
from movie_db.contract.errors import ContractBroken
from movie_db.contract.messages import AnyMessage, GalleryListed, RunFinished, RunStarted, now, parse


class Run(NamedTuple):
    """One run over one gallery, and where its messages lie."""

    started: RunStarted
    data: Path

    @property
    def id(self) -> str:
        return self.started.run

    @property
    def list_segment(self) -> Path:
        return self.data / "movie_list" / f"{self.id}-list.jsonl"

    @property
    def item_segment(self) -> Path:
        return self.data / "item_list" / f"{self.id}-movies.jsonl"

    def listed(self) -> GalleryListed | None:
        """The end of the list, if it got there."""
        return next((m for m in last_messages(self.list_segment) if isinstance(m, GalleryListed)), None)

    def finished(self) -> RunFinished | None:
        """The end of the run, if it got there."""
        return next((m for m in last_messages(self.item_segment) if isinstance(m, RunFinished)), None)


def messages(segment: Path) -> Iterator[AnyMessage]:
    """The sound messages of a segment, none if there is no segment; broken ones are ingest's to reject."""
    if not segment.exists():
        return
    for line in log.read(segment):
        try:
            yield parse(line.raw)
        except ContractBroken:
            continue


def last_messages(segment: Path, within: int = 65536) -> list[AnyMessage]:
    """The messages in the last `within` bytes of a segment, the last first."""
    if not segment.exists():
        return []
    with open(segment, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - within))
        lines = file.read().split(b"\n")[:-1]
    found = []
    for line in reversed(lines):
        try:
            found.append(parse(line))
        except ContractBroken:
            continue
    return found


def newest(data: Path, gallery: str) -> Run | None:
    """The last run that was started over a gallery."""
    for segment in reversed(log.segments(data / "movie_list")):
        first = next(messages(segment), None)
        if isinstance(first, RunStarted) and first.gallery == gallery:
            return Run(first, data)
    return None


def start_or_go_on(data: Path, gallery: str, limit: int | None) -> tuple[Run, bool]:
    """The run to work on, and whether it goes on with one that was interrupted: same gallery, same limit, no end.

    One that found the gallery empty is not gone on with: the gallery may have films by now.
    """
    last = newest(data, gallery)
    if last and last.started.limit == limit and not last.finished():
        listed = last.listed()
        if listed is None or listed.found:
            return last, True
    run = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    return Run(RunStarted(run=run, gallery=gallery, started_at=now(), limit=limit), data), False
