"""MovieSpider: the movie list in, items of all sources out."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from movie_db.contract.errors import UsageError
from movie_db.contract.messages import AnyMessage, ChunkDone, Message, RunFinished, now
from movie_db.contract.runs import last_messages, messages
from movie_db.crawling_module import galleries
from movie_db.crawling_module.gathering.gatherer import Gatherer
from movie_db.crawling_module.gathering.list_order import ListedFilms
from movie_db.crawling_module.imdb_files.stage import ImdbStage
from movie_db.crawling_module.refreshing.plan import forget_plan, read_plan
from movie_db.crawling_module.refreshing.refresh import Refresher
from movie_db.crawling_module.sources import imdb
from movie_db.crawling_module.spiders.base import RunSpider


class MovieSpider(RunSpider):
    """Gathers what the sources say about the listed movies into `item_list`; continues an interrupted run."""

    name = "movie"
    order = 2

    @property
    def segment(self) -> Path:
        return self.run.item_segment

    async def messages(self) -> AsyncIterator[Message]:
        if self.run.finished():
            return
        if not self.run.listed():
            raise UsageError(f"The movies of {self.run.started.gallery} aren't all listed yet: list them first.")
        fetcher, gallery = self.fetcher(self.settings_.gateway), galleries.find(self.run.started.gallery)
        gatherer = Gatherer(
            fetcher,
            self.fetcher(None),
            self.settings_.wiki_api,
            self.run.id,
            gallery.country,
            self.decisions,
            self.run.started.languages,
        )
        reached = self._remember(gatherer)
        films = ListedFilms(self.run.list_segment)
        refresher: Refresher | None = None
        if self.run.started.refresh:
            plan = read_plan(self.settings_, self.run)
            refresher = Refresher(fetcher, gatherer, gallery, self.run, plan, films)
        end: int | None = None
        async for message in refresher.messages(reached) if refresher else gatherer.gather(films, reached or 0):
            yield message
            if isinstance(message, ChunkDone):
                end = message.position
        counts = (refresher or gatherer).sources()
        if files := self.settings_.imdb_files:
            if end is not None:
                await self._wait_until_written(end)
            stage = ImdbStage(self.segment, files, self.settings_.gateway, self.run.data)
            async for item in stage.items():
                yield item
            counts[imdb.SOURCE] = stage.count()
        forget_plan(self.run)
        yield RunFinished(run=self.run.id, finished_at=now(), movies=gatherer.movies, sources=counts)

    async def _wait_until_written(self, position: int) -> None:
        """Wait until the checkpoint at this position is in the segment: messages are written with a delay."""
        while not self.error:
            if any(isinstance(m, ChunkDone) and m.position >= position for m in last_messages(self.segment)):
                return
            await asyncio.sleep(0.05)

    def _remember(self, gatherer: Gatherer) -> int | None:
        """Restore the gatherer's state from what this run wrote up to its last checkpoint. Return the position, if
        any.
        """
        position = None
        pending: list[AnyMessage] = []
        for message in messages(self.run.item_segment):
            pending.append(message)
            if isinstance(message, ChunkDone):
                position = message.position
                for counts in pending:
                    gatherer.remember(counts)
                pending.clear()
        return position
