"""The last stage of a run: looks up all its movies in IMDb's files at once, when their ids are known."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from functools import reduce
from operator import or_
from pathlib import Path

from movie_db.contract import log
from movie_db.contract.errors import ContractError, SourceError, UnreadableError
from movie_db.contract.messages import MovieItem, Outcome, PersonItem, SourceCount, SourceRecord, parse
from movie_db.crawling_module.imdb_files.files import DOWNLOAD, ImdbFiles
from movie_db.crawling_module.sources import imdb
from movie_db.crawling_module.sources.imdb import SOURCE
from movie_db.stitching import match

logger = logging.getLogger(__name__)


class ImdbStage:
    """Adds IMDb's records to the movies of a run's segment; continues an interrupted run.

    `files` is the folder, or `download`: then they are downloaded through the gateway into `data`.
    """

    def __init__(self, segment: Path, files: str, gateway: str | None, data: Path) -> None:
        self._segment = segment
        self._gateway = gateway if files == DOWNLOAD else None
        self._files = ImdbFiles(data / "imdb" if files == DOWNLOAD else Path(files))
        self._outcomes: Counter[Outcome] = Counter()
        self._filled: Counter[str] = Counter()
        self._note: str | None = None

    def count(self) -> SourceCount:
        """Return downloads and outcomes, for the report."""
        return SourceCount(
            requests=self._files.requests, note=self._note, outcomes=dict(self._outcomes), filled=dict(self._filled)
        )

    async def items(self) -> AsyncIterator[MovieItem | PersonItem]:
        """Yield a `record_item` for every movie of the run that has none yet, and the people in all movies."""
        ids: dict[int, str | None] = {}
        done: set[str] = set()
        run = ""
        for start, item in _items(self._segment):
            run = item.run
            if item.type == "record_item" and SOURCE in item.outcomes:
                done.add(item.entry.key)
                self._count(item.outcomes[SOURCE], item.records)
            elif item.type == "movie_item":
                ids[start] = _imdb_id(item)
        found, failed = await self._look_up({tconst for tconst in ids.values() if tconst})
        # People first: a run interrupted before the last movie writes all of them again.
        for row in self._files.people if len(done) < len(ids) else ():
            if person := imdb.person(row, run, self._files.at):
                yield person
        for start, item in _items(self._segment, ids):
            if item.entry.key not in done:
                tconst = ids[start]
                outcome_ = _outcome(item, found, tconst) if tconst else "not_asked"
                record = found[tconst] if tconst and outcome_ == "found" else None
                outcome = failed.outcome if failed and tconst else outcome_
                records = (record,) if record and outcome == "found" else ()
                self._count(outcome, records)
                yield MovieItem(
                    type="record_item",
                    run=item.run,
                    entry=item.entry,
                    records=records,
                    outcomes={SOURCE: outcome},
                )

    def _count(self, outcome: Outcome, records: Sequence[SourceRecord]) -> None:
        self._outcomes[outcome] += 1
        for record in records:
            self._filled.update(record.facts.present)

    async def _look_up(self, requested: Collection[str]) -> tuple[dict[str, SourceRecord | None], SourceError | None]:
        try:
            if self._gateway:
                await self._download(self._gateway)
            try:
                return await asyncio.to_thread(self._files.look_up, requested), None
            except UnreadableError:
                if not self._gateway or not await asyncio.to_thread(self._files.forget_damaged):
                    raise
                await self._download(self._gateway)
                return await asyncio.to_thread(self._files.look_up, requested), None
        except SourceError as error:
            logger.warning("%s", error)
            self._note = str(error)
            return {}, error

    async def _download(self, gateway: str) -> None:
        self._note = " ".join(await asyncio.to_thread(self._files.download, gateway)) or None


def _items(segment: Path, starts: Collection[int] | None = None) -> Iterator[tuple[int, MovieItem]]:
    """Yield the items in a segment, each with its start; or only those that begin at `starts`."""
    for line in log.read(segment):
        start = line.end - len(line.raw)
        if starts is not None and start not in starts:
            continue
        try:
            message = parse(line.raw)
        except ContractError:
            continue
        if isinstance(message, MovieItem):
            yield start, message


def _imdb_id(item: MovieItem) -> str | None:
    """Return the movie's IMDb id, if its sources agree on one."""
    imdb_ids = {ids["imdb"] for ids in (item.entry.ids, *(record.ids for record in item.records)) if "imdb" in ids}
    return imdb_ids.pop() if len(imdb_ids) == 1 else None


def _outcome(item: MovieItem, found: dict[str, SourceRecord | None], tconst: str) -> Outcome:
    """Return the outcome of looking up a movie. A record counts only if its other fields don't contradict."""
    if tconst not in found:
        return "not_found"
    record = found[tconst]
    if record is None:
        return "unreadable"
    film = reduce(or_, map(match.of_record, item.records), match.of_entry(item.entry))
    return "found" if match.judge(film, [match.of_record(record)]).status == "same" else "unsure"
