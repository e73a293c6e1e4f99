"""Ingests the log into the database: reads segments, applies lines in batches, and stores the position in the same
transaction.

A segment is synced to disk before its position is committed. A segment that was truncated nevertheless is set aside,
and blocks neither the other segments nor anybody waiting for them.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select

from movie_db.contract import log, service_log
from movie_db.contract.errors import ContractError, UnavailableError
from movie_db.contract.fitting import read
from movie_db.contract.log_id import log_id
from movie_db.contract.messages import (
    AnyMessage,
    CompanyItem,
    GalleryListed,
    MovieItem,
    MovieListEntry,
    PersonItem,
    RecordsUnchanged,
    RejectedItem,
    ReviewItem,
    RunFailed,
    RunFinished,
    RunStarted,
)
from movie_db.movie_db_client.data_model.bookkeeping import IngestProgressRow
from movie_db.movie_db_client.ingest import listings
from movie_db.movie_db_client.ingest.contributor_records import apply_contributor_items
from movie_db.movie_db_client.ingest.cut_segments import set_aside
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_movies
from movie_db.movie_db_client.ingest.review_questions import settle
from movie_db.movie_db_client.ingest.unchanged import apply_unchanged
from movie_db.movie_db_client.repository import RejectedRowError, Repository, Row, UnitOfWork

logger = logging.getLogger(__name__)
FOLDERS: Final = ("movie_list", "item_list")
LINES: Final = 2500
"""Lines per transaction: enough to spread its cost (a chunk of movies with its people), few enough for any memory."""
_RAW: Final = 100_000
_PARTS: Final = 20


@dataclass(slots=True)
class IngestCounts:
    """What an ingest did: `films` counts movies written, `rejected` messages rejected entirely or in part."""

    lines: int = 0
    films: int = 0
    rejected: int = 0
    messages: dict[str, int] = field(default_factory=dict)

    def add(self, other: "IngestCounts") -> None:
        self.lines += other.lines
        self.films += other.films
        self.rejected += other.rejected
        for kind, number in other.messages.items():
            self.messages[kind] = self.messages.get(kind, 0) + number


@dataclass(frozen=True, slots=True)
class _Placed:
    """A message with its line in the segment."""

    message: AnyMessage
    line: log.Line


def positions(engine: Engine, data: Path | None = None) -> dict[str, int]:
    """Returns how far each segment is ingested, in bytes.

    Args:
        data: return the segments of this folder's log, by path within the folder. None: those of all logs, by name in
            the database.
    """
    query, log = select(IngestProgressRow.segment, IngestProgressRow.position), ""
    if data is not None:
        log = f"{log_id(data).name}:"
        query = query.where(IngestProgressRow.segment.startswith(log, autoescape=True))
    with engine.connect() as connection:
        return {row.segment.removeprefix(log): row.position for row in connection.execute(query)}


ReportProgress = Callable[[IngestCounts], None]
"""Called after each transaction with the totals so far."""


def _no_progress(_: IngestCounts) -> None:
    return


def ingest_once(
    units: Callable[[], UnitOfWork],
    data: Path,
    progress: ReportProgress = _no_progress,
    stop: threading.Event | None = None,
) -> IngestCounts:
    """Ingests what the log has now, and returns what was done.

    Several calls may run at once: they take turns, and no line is applied twice.

    Args:
        units: makes a unit of work.
        data: the folder with `movie_list` and `item_list`.
        stop: when set, ends after the current transaction.

    Raises:
        UnavailableError: the database does not respond, or the log can't be synced. Committed batches remain.
    """
    done = IngestCounts()
    _ingest(units, data, _segments(data), done, progress, stop or threading.Event())
    return done


def follow(
    units: Callable[[], UnitOfWork],
    data: Path,
    stop: threading.Event,
    poll: float = 0.2,
    progress: ReportProgress = _no_progress,
) -> IngestCounts:
    """Repeats `ingest_once`, checking for new lines every `poll` seconds until `stop` is set.

    Checking costs one `stat` per segment. The database is used only when a segment has grown.
    """
    done, sizes = IngestCounts(), dict[Path, int]()
    for folder in FOLDERS:
        for message in log.left_out(data / folder):
            logger.warning("%s", message)
    while not stop.is_set():
        now = {segment: size for segment in _segments(data) if (size := _size(segment)) is not None}
        grown = [segment for segment, size in now.items() if sizes.get(segment) != size]
        _ingest(units, data, grown, done, progress, stop)
        sizes = now
        stop.wait(poll)
    return done


def _ingest(
    units: Callable[[], UnitOfWork],
    data: Path,
    segments: Iterable[Path],
    done: IngestCounts,
    progress: ReportProgress,
    stop: threading.Event,
) -> None:
    """Applies everything new in the segments, and adds it to `done`."""
    for segment in segments:
        with service_log.about(run=segment.stem.rpartition("-")[0]):
            while not stop.is_set() and (batch := _apply_next(units, data, segment)) is not None:
                done.add(batch)
                progress(done)


def _segments(data: Path) -> Iterator[Path]:
    """Yields all segments, lists before items."""
    for folder in FOLDERS:
        yield from log.segments(data / folder)


def _apply_next(units: Callable[[], UnitOfWork], data: Path, segment: Path) -> IngestCounts | None:
    """Applies the next lines of a segment in one transaction; None if there are none."""
    name = segment.relative_to(data).as_posix()
    with units() as unit:
        repository = unit.repository
        place = f"{log_id(data).name}:{name}"
        rows = repository.read("ingest_progress", segment=[place]) or _adopt(repository, data, segment, place)
        position = rows[0]["position"] if rows else 0
        try:
            lines = list(islice(log.read(segment, position), LINES))
        except FileNotFoundError:  # set aside by another process
            return None
        except log.SegmentCutError as error:
            logger.warning("%s", set_aside(segment, str(error)))
            repository.update("ingest_progress", [{"segment": place, "position": 0}])
            unit.commit()
            return IngestCounts()
        except OSError as error:
            raise UnavailableError(f"{segment} can't be read: {error.strerror or error}.") from None
        if not lines:
            unit.commit()
            return None
        log.sync(segment)  # otherwise a power cut might keep the position and lose the lines
        counts = apply_lines(repository, name, lines)
        row = {"segment": place, "position": lines[-1].end}
        if rows:
            repository.update("ingest_progress", [row])
        else:
            repository.insert("ingest_progress", [row])
        unit.commit()
    logger.info("%s: %d lines, %d movies, up to %d.", name, counts.lines, counts.films, lines[-1].end)
    return counts


def _size(segment: Path) -> int | None:
    """Returns the size of a segment in bytes; None if it is gone."""
    try:
        return segment.stat().st_size
    except FileNotFoundError:
        return None


def _adopt(repository: Repository, data: Path, segment: Path, place: str) -> list[Row]:
    """Takes over a position that was stored before logs had names, or before the folder was copied.

    Only a position at the end of a line is taken over. Any other segment is read from its start, which neither loses
    nor duplicates anything.
    """
    name, origin = segment.relative_to(data).as_posix(), log_id(data).copied_from
    for former in (name, *([f"{origin}:{name}"] if origin else [])):
        for row in repository.read("ingest_progress", segment=[former]):
            if not log.ends_line(segment, row["position"]):
                continue
            if former == name:  # so that no other folder takes it, too
                repository.delete("ingest_progress", segment=[name])
            taken = {"segment": place, "position": row["position"]}
            repository.insert("ingest_progress", [taken])
            return [taken]
    return []


def apply_lines(repository: Repository, segment: str, lines: Sequence[log.Line]) -> IngestCounts:
    """Applies lines of a segment. Lines that violate the contract are stored as rejected."""
    counts = IngestCounts(lines=len(lines))
    rejected: list[Row] = []
    placed: list[_Placed] = []
    for line in lines:
        try:
            message, left_out = read(line.raw)
        except ContractError as error:
            rejected.append(_rejected(segment, line, str(error)))
            continue
        if left_out:
            parts = "; ".join(part.reason for part in left_out[:_PARTS])
            more = f"; and {len(left_out) - _PARTS} more" if len(left_out) > _PARTS else ""
            counted = "1 part was" if len(left_out) == 1 else f"{len(left_out)} parts were"
            reason = f"{counted} left out, and the rest is stored: {parts}{more}"
            rejected.append(_rejected(segment, line, reason))
        counts.messages[message.type] = counts.messages.get(message.type, 0) + 1
        if isinstance(message, RejectedItem):
            rejected.append(_rejected(segment, line, message.reason, message.raw))
        else:
            placed.append(_Placed(message, line))
    counts.films = _apply_all(repository, segment, placed, rejected)
    listings.apply_rejected(repository, rejected)
    counts.rejected = len(rejected)
    return counts


def _apply_all(repository: Repository, segment: str, placed: Sequence[_Placed], rejected: list[Row]) -> int:
    """Applies messages together. If that fails, it applies them one by one, so that one bad movie never stops the
    others.
    """
    while True:
        try:
            with repository.savepoint():
                return _apply_messages(repository, [p.message for p in placed])
        except RejectedMoviesError as error:
            bad = [p for p in placed if isinstance(p.message, MovieItem) and p.message.entry.key in error.reasons]
            if not bad:  # stored movies: the database's rules changed since
                reason = "; ".join(sorted(set(error.reasons.values())))
                return _one_by_one(repository, segment, placed, rejected, reason)
            for p in bad:
                key = p.message.entry.key  # type: ignore[union-attr]
                with service_log.about(movie=key):
                    rejected.append(_rejected(segment, p.line, error.reasons[key]))
            placed = [p for p in placed if p not in bad]
        except RejectedRowError as error:
            return _one_by_one(repository, segment, placed, rejected, str(error))


def _one_by_one(
    repository: Repository, segment: str, placed: Sequence[_Placed], rejected: list[Row], reason: str
) -> int:
    if len(placed) == 1:
        rejected.append(_rejected(segment, placed[0].line, reason))
        return 0
    return sum(_apply_all(repository, segment, [one], rejected) for one in placed)


def _apply_messages(repository: Repository, messages: Sequence[AnyMessage]) -> int:
    """Applies validated messages in the order of their dependencies."""
    listings.apply_runs(repository, [m for m in messages if isinstance(m, RunStarted | RunFinished)])
    listings.apply_failures(repository, [m for m in messages if isinstance(m, RunFailed)])
    films = [m for m in messages if isinstance(m, MovieItem)]
    entries = [m for m in messages if isinstance(m, MovieListEntry)]
    listings.apply_entries(repository, [*entries, *(m.entry for m in films)])
    listings.apply_galleries(repository, [m for m in messages if isinstance(m, GalleryListed)])
    reviews = [m for m in messages if isinstance(m, ReviewItem)]
    listings.apply_reviews(repository, reviews)
    people = apply_contributor_items(repository, "person", [m for m in messages if isinstance(m, PersonItem)])
    companies = apply_contributor_items(repository, "company", [m for m in messages if isinstance(m, CompanyItem)])
    changed = apply_movies(repository, films, people, companies)
    apply_unchanged(repository, [m for m in messages if isinstance(m, RecordsUnchanged)])
    listings.find_movies(repository, {entry.key for entry in entries} - {m.entry.key for m in films})
    settle(repository, {m.entry.key for m in films} | {m.entry.key for m in reviews})
    return changed


def _rejected(segment: str, line: log.Line, reason: str, raw: str | None = None) -> Row:
    # PostgreSQL's text can't hold NUL.
    position = line.end - len(line.raw)
    logger.warning("%s at %d is rejected: %s", segment, position, reason)
    text = (line.raw.decode(errors="replace") if raw is None else raw).replace("\0", "\ufffd")
    return {"segment": segment, "position": position, "reason": reason, "raw": text[:_RAW]}
