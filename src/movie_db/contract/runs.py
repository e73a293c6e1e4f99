"""Runs, as the log records them: which exist, and which one to resume.

A run of a gallery has two segments: `movie_list/<run>-list.jsonl`, closed by `gallery_listed`, and
`item_list/<run>-movies.jsonl`, closed by `run_finished`. Only what is written there counts as done.
"""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from movie_db.contract import log
from movie_db.contract.clock import is_ahead
from movie_db.contract.errors import ContractError
from movie_db.contract.messages import (
    AnyMessage,
    GalleryListed,
    MovieItem,
    MovieListEntry,
    Outcome,
    Refresh,
    RunFinished,
    RunStarted,
    now,
    parse,
)

TROUBLE: Final[tuple[Outcome, ...]] = ("blocked", "failed", "unreadable")
GOOD_FOR: Final = timedelta(hours=36)
"""How long a run with gaps can be completed with its archived responses: until the evening of the next day."""


class Run(NamedTuple):
    """One run over one gallery, and the data folder of its segments."""

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

    @property
    def answers_since(self) -> datetime:
        """The earliest time at which an archived response counts as new."""
        return self.started.answers_since or self.started.started_at

    def gaps(self) -> dict[str, int]:
        """The sources that failed in the finished run, with the number of films."""
        finished = self.finished()
        counts = finished.sources.items() if finished else ()
        missed = {source: sum(count.outcomes.get(o, 0) for o in TROUBLE) for source, count in counts}
        return {source: films for source, films in missed.items() if films}

    def movies_with_gaps(self) -> Iterator[tuple[MovieListEntry, list[str]]]:
        """The films for which sources failed, with the names of these sources."""
        for message in messages(self.item_segment):
            if isinstance(message, MovieItem):
                missed = sorted(source for source, outcome in message.outcomes.items() if outcome in TROUBLE)
                if missed:
                    yield message.entry, missed

    def listed(self) -> GalleryListed | None:
        """The message that closes the list, if the list is complete."""
        return next((m for m in last_messages(self.list_segment) if isinstance(m, GalleryListed)), None)

    def finished(self) -> RunFinished | None:
        """The message that closes the run, if the run has finished."""
        return next((m for m in last_messages(self.item_segment) if isinstance(m, RunFinished)), None)


def messages(segment: Path) -> Iterator[AnyMessage]:
    """Yields the valid messages of a segment, if it exists. Invalid ones are skipped; ingest rejects them."""
    if not segment.exists():
        return
    for line in log.read(segment):
        try:
            yield parse(line.raw)
        except ContractError:
            continue


def last_messages(segment: Path, within: int = 65536) -> list[AnyMessage]:
    """The messages in the last `within` bytes of a segment, newest first."""
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
        except ContractError:
            continue
    return found


def newest(data: Path, gallery: str, refresh: Refresh | None = None) -> Run | None:
    """The latest run over a gallery: of builds, or of refreshes of this kind.

    A run that starts in the future ranks before all others (see `clock.py`).
    """
    ahead: Run | None = None
    for segment in reversed(log.segments(data / "movie_list")):
        first = next(messages(segment), None)
        if isinstance(first, RunStarted) and first.gallery == gallery and first.refresh == refresh:
            if not is_ahead(first.started_at):
                return Run(first, data)
            ahead = ahead or Run(first, data)
    return ahead


def named(data: Path, name: str) -> Run | None:
    """The run of this name, if it exists."""
    segment = data / "movie_list" / f"{name}-list.jsonl"
    first = next(messages(segment), None)
    return Run(first, data) if isinstance(first, RunStarted) else None


def is_recent(at: datetime) -> bool:
    """Whether a time is at most `GOOD_FOR` ago, and not in the future."""
    return not is_ahead(at) and now() - at < GOOD_FOR


def new_name() -> str:
    """A new name for a run. Names sort by the time they were made."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def start_or_resume(
    data: Path,
    gallery: str,
    limit: int | None,
    languages: tuple[str, ...] = ("en",),
    refresh: Refresh | None = None,
    name: str | None = None,
) -> tuple[Run, bool]:
    """The run to work on, and whether it resumes an unfinished one.

    - An unfinished run with the same gallery, limit and languages is resumed, unless it found the gallery empty.
    - If sources failed in the last run, a new run reuses its archived responses for `GOOD_FOR`, so that only the
      failed requests are repeated. A refresh does not, since what failed is still due.
    - With a `name`, only the run of this name is resumed. A new run of this name reuses the responses of an
      unfinished one.
    """
    if name and (mine := named(data, name)):
        return mine, True
    last = newest(data, gallery, refresh)
    since: datetime | None = None
    if last and (last.started.limit, last.started.languages) == (limit, languages):
        listed, finished = last.listed(), last.finished()
        if not finished and not name:
            if listed is None or listed.found:
                return last, True
        elif not refresh and (last.gaps() or not finished) and is_recent(last.answers_since):
            since = last.answers_since
    started = RunStarted(
        run=name or new_name(),
        gallery=gallery,
        started_at=now(),
        answers_since=since,
        limit=limit,
        languages=languages,
        refresh=refresh,
    )
    return Run(started, data), False
