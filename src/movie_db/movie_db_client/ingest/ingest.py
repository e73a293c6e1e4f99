"""The log → the database: tails the segments, applies them in batches, and keeps its place in the same transaction.

A segment is synced before the position in it is committed. One that was cut all the same is set
aside: it stops neither the other segments nor whoever waits for them.
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
from movie_db.movie_db_client.ingest.biographies import apply_said
from movie_db.movie_db_client.ingest.cut_segments import set_aside
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_films
from movie_db.movie_db_client.ingest.review_questions import settle
from movie_db.movie_db_client.ingest.unchanged import apply_unchanged
from movie_db.movie_db_client.repository import RejectedRowError, Repository, Row, UnitOfWork

logger = logging.getLogger(__name__)
FOLDERS: Final = ("movie_list", "item_list")
LINES: Final = 2500
"""Lines a transaction: enough to share its costs (a chunk of films with its people), few enough for any memory."""
_RAW: Final = 100_000
_PARTS: Final = 20


@dataclass(slots=True)
class Counts:
    """What an ingest did. `films` counts films written or changed, `rejected` messages refused, whole or in part."""

    lines: int = 0
    films: int = 0
    rejected: int = 0
    messages: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Counts") -> None:
        self.lines += other.lines
        self.films += other.films
        self.rejected += other.rejected
        for kind, number in other.messages.items():
            self.messages[kind] = self.messages.get(kind, 0) + number


@dataclass(frozen=True, slots=True)
class _Placed:
    """A message, and where its line ends in its segment."""

    message: AnyMessage
    line: log.Line


def positions(engine: Engine, data: Path | None = None) -> dict[str, int]:
    """How far each segment is in the database, in bytes: by its path within the data folder, or, without a data folder,
    those of all logs, each as the database names it."""
    asked, log = select(IngestProgressRow.segment, IngestProgressRow.position), ""
    if data is not None:
        log = f"{log_id(data).name}:"
        asked = asked.where(IngestProgressRow.segment.startswith(log, autoescape=True))
    with engine.connect() as connection:
        return {row.segment.removeprefix(log): row.position for row in connection.execute(asked)}


Progress = Callable[[Counts], None]
"""Called after each transaction, with what was done since the start."""


def _no_progress(_: Counts) -> None:
    return


def ingest_once(
    units: Callable[[], UnitOfWork],
    data: Path,
    progress: Progress = _no_progress,
    stop: threading.Event | None = None,
) -> Counts:
    """Brings what the log has now into the database, and returns what was done.

    Any number of these may run at once: they take turns, and no line is applied twice.

    Args:
        units: makes a unit of work.
        data: the folder with `movie_list` and `item_list`.
        stop: when set, ends after the transaction that is under way.

    Raises:
        UnavailableError: the database does not answer, or the log can't be synced. What was done so far stays done.
    """
    done = Counts()
    _ingest(units, data, _segments(data), done, progress, stop or threading.Event())
    return done


def follow(
    units: Callable[[], UnitOfWork],
    data: Path,
    stop: threading.Event,
    poll: float = 0.2,
    progress: Progress = _no_progress,
) -> Counts:
    """As `ingest_once`, again and again, looking for new lines every `poll` seconds until `stop` is set.

    Looking costs one `stat` a segment; the database is asked only when a segment has grown.
    """
    done, sizes = Counts(), dict[Path, int]()
    for folder in FOLDERS:
        for told in log.left_out(data / folder):
            logger.warning("%s", told)
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
    done: Counts,
    progress: Progress,
    stop: threading.Event,
) -> None:
    """Applies all that is new in the segments, adding to `done`."""
    for segment in segments:
        with service_log.about(run=segment.stem.rpartition("-")[0]):
            while not stop.is_set() and (batch := _apply_next(units, data, segment)) is not None:
                done.add(batch)
                progress(done)


def _segments(data: Path) -> Iterator[Path]:
    """All segments; the lists before the items of the same folder's runs."""
    for folder in FOLDERS:
        yield from log.segments(data / folder)


def _apply_next(units: Callable[[], UnitOfWork], data: Path, segment: Path) -> Counts | None:
    """Applies the next lines of a segment in one transaction; None if there are none."""
    name = segment.relative_to(data).as_posix()
    with units() as unit:
        repository = unit.repository
        place = f"{log_id(data).name}:{name}"
        rows = repository.read("ingest_progress", segment=[place]) or _adopt(repository, data, segment, place)
        position = rows[0]["position"] if rows else 0
        try:
            lines = list(islice(log.read(segment, position), LINES))
        except FileNotFoundError:  # another process has set it aside
            return None
        except log.SegmentCutError as error:
            logger.warning("%s", set_aside(segment, str(error)))
            repository.update("ingest_progress", [{"segment": place, "position": 0}])
            unit.commit()
            return Counts()
        except OSError as error:
            raise UnavailableError(f"{segment} can't be read: {error.strerror or error}.") from None
        if not lines:
            unit.commit()
            return None
        log.sync(segment)  # else a power cut might keep the position, and lose the lines
        counts = apply_lines(repository, name, lines)
        row = {"segment": place, "position": lines[-1].end}
        if rows:
            repository.update("ingest_progress", [row])
        else:
            repository.insert("ingest_progress", [row])
        unit.commit()
    logger.info("%s: %d lines, %d films, up to %d.", name, counts.lines, counts.films, lines[-1].end)
    return counts


def _size(segment: Path) -> int | None:
    """Bytes of a segment; None if it is gone."""
    try:
        return segment.stat().st_size
    except FileNotFoundError:
        return None


def _adopt(repository: Repository, data: Path, segment: Path, place: str) -> list[Row]:
    """Takes over the position of a segment that was read before logs had names, or before its folder was copied.

    It is only taken where a line of this segment ends there. Any other segment is read from its start, which loses
    nothing and doubles nothing.
    """
    name, origin = segment.relative_to(data).as_posix(), log_id(data).copied_from
    for former in (name, *([f"{origin}:{name}"] if origin else [])):
        for row in repository.read("ingest_progress", segment=[former]):
            if not log.ends_line(segment, row["position"]):
                continue
            if former == name:  # no other folder may take it, too
                repository.delete("ingest_progress", segment=[name])
            taken = {"segment": place, "position": row["position"]}
            repository.insert("ingest_progress", [taken])
            return [taken]
    return []


def apply_lines(repository: Repository, segment: str, lines: Sequence[log.Line]) -> Counts:
    """Applies lines of a segment; what breaks the contract is kept as rejected, by where it stands there."""
    counts = Counts(lines=len(lines))
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
            reason = f"{len(left_out)} parts were left out, the rest is kept: {parts}{more}"
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
    """Applies the messages together; those that can't be, one by one, so that one bad film never stops the others."""
    while True:
        try:
            with repository.savepoint():
                return _apply_messages(repository, [p.message for p in placed])
        except RejectedMoviesError as unfit:
            bad = [p for p in placed if isinstance(p.message, MovieItem) and p.message.entry.key in unfit.reasons]
            if not bad:  # films that were there before: a rule of theirs changed since
                reason = "; ".join(sorted(set(unfit.reasons.values())))
                return _one_by_one(repository, segment, placed, rejected, reason)
            for p in bad:
                key = p.message.entry.key  # type: ignore[union-attr]
                with service_log.about(movie=key):
                    rejected.append(_rejected(segment, p.line, unfit.reasons[key]))
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
    """Applies checked messages, whatever their order: what others need comes first."""
    listings.apply_runs(repository, [m for m in messages if isinstance(m, RunStarted | RunFinished)])
    listings.apply_failures(repository, [m for m in messages if isinstance(m, RunFailed)])
    films = [m for m in messages if isinstance(m, MovieItem)]
    entries = [m for m in messages if isinstance(m, MovieListEntry)]
    listings.apply_entries(repository, [*entries, *(m.entry for m in films)])
    listings.apply_galleries(repository, [m for m in messages if isinstance(m, GalleryListed)])
    reviews = [m for m in messages if isinstance(m, ReviewItem)]
    listings.apply_reviews(repository, reviews)
    people = apply_said(repository, "person", [m for m in messages if isinstance(m, PersonItem)])
    companies = apply_said(repository, "company", [m for m in messages if isinstance(m, CompanyItem)])
    changed = apply_films(repository, films, people, companies)
    apply_unchanged(repository, [m for m in messages if isinstance(m, RecordsUnchanged)])
    listings.find_movies(repository, {entry.key for entry in entries} - {m.entry.key for m in films})
    settle(repository, {m.entry.key for m in films} | {m.entry.key for m in reviews})
    return changed


def _rejected(segment: str, line: log.Line, reason: str, raw: str | None = None) -> Row:
    # NUL is the one character that PostgreSQL's text can't hold.
    position = line.end - len(line.raw)
    logger.warning("%s at %d is rejected: %s", segment, position, reason)
    told = (line.raw.decode(errors="replace") if raw is None else raw).replace("\0", "\ufffd")
    return {"segment": segment, "position": position, "reason": reason, "raw": told[:_RAW]}
