"""Runs, as the log tells them: which are there, and whether one is to be gone on with.

A run of a gallery is two segments: `movie_list/<run>-list.jsonl`, closed by `gallery_listed`, and
`item_list/<run>-movies.jsonl`, closed by `run_finished`. What counts as done is what is written there.
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
"""How long the answers of a run with gaps are good for filling them: also at a later hour of the next day."""


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

    @property
    def answers_since(self) -> datetime:
        """From when on an answer of the archive is as good as a new one."""
        return self.started.answers_since or self.started.started_at

    def gaps(self) -> dict[str, int]:
        """The sources that did not answer in the finished run, and for how many films."""
        finished = self.finished()
        counts = finished.sources.items() if finished else ()
        missed = {source: sum(count.outcomes.get(o, 0) for o in TROUBLE) for source, count in counts}
        return {source: films for source, films in missed.items() if films}

    def movies_with_gaps(self) -> Iterator[tuple[MovieListEntry, list[str]]]:
        """The films for which sources did not answer, and which sources those are."""
        for message in messages(self.item_segment):
            if isinstance(message, MovieItem):
                missed = sorted(source for source, outcome in message.outcomes.items() if outcome in TROUBLE)
                if missed:
                    yield message.entry, missed

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
        except ContractError:
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
        except ContractError:
            continue
    return found


def newest(data: Path, gallery: str, refresh: Refresh | None = None) -> Run | None:
    """The last run of this kind that was started over a gallery: a build's, or a refresh.

    A run that a clock dated into the future was before all others.
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
    """The run of this name, if it was started."""
    segment = data / "movie_list" / f"{name}-list.jsonl"
    first = next(messages(segment), None)
    return Run(first, data) if isinstance(first, RunStarted) else None


def is_recent(at: datetime) -> bool:
    """Whether it was at most `GOOD_FOR` ago; a time in the future was not."""
    return not is_ahead(at) and now() - at < GOOD_FOR


def new_name() -> str:
    """A name for a run; names sort as the runs began."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def start_or_resume(
    data: Path,
    gallery: str,
    limit: int | None,
    languages: tuple[str, ...] = ("en",),
    refresh: Refresh | None = None,
    name: str | None = None,
) -> tuple[Run, bool]:
    """The run to work on, and whether it goes on with one that was interrupted: same gallery, limit and languages, no
    end.

    One that found the gallery empty is not gone on with: the gallery may have films by now. After one in which sources
    failed, a new run takes the answers that came (for as long as `GOOD_FOR`), and so asks only for those that did not;
    a refresh takes none, since what failed is due still. Who gives the run a `name` goes on with that one only, and a
    new run of that name takes the answers of one that was interrupted.
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
