"""The base of the spiders: they work on one run, send requests through the gateway, and report errors."""

import logging
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import scrapy

from movie_db.contract.errors import MovieDbError, UnavailableError
from movie_db.contract.messages import ChunkDone, GalleryListed, Message, RunFinished, RunStarted
from movie_db.contract.runs import Run
from movie_db.contract.schema import Schema
from movie_db.contract.settings import Settings
from movie_db.crawling_module.gathering.database_api import UNDECIDED, Decisions
from movie_db.crawling_module.gathering.fetcher import Fetcher

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class MessageBatch:
    """Consecutive messages: Scrapy's item, because each item takes a millisecond."""

    messages: tuple[Message, ...]


async def batched(messages: AsyncIterator[Message], size: int = 100) -> AsyncIterator[MessageBatch]:
    """Yield the messages in batches. A batch ends by size, or after a message that closes something."""
    batch: list[Message] = []
    async for message in messages:
        batch.append(message)
        if len(batch) >= size or isinstance(message, RunStarted | ChunkDone | RunFinished | GalleryListed):
            yield MessageBatch(tuple(batch))
            batch.clear()
    if batch:
        yield MessageBatch(tuple(batch))


class RunSpider(scrapy.Spider):
    """A spider that writes the messages of one run to the segment that its subclass names.

    `error` is what stopped it, if anything did; `run_spiders` reports it. `order` is its place in the flow.
    """

    order: ClassVar[int]

    def __init__(
        self,
        run: Run,
        settings_: Settings,
        live_contract: Mapping[str, Schema] | None = None,
        decisions: Decisions = UNDECIDED,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.decisions = decisions
        self.live_contract = live_contract or {}
        self.run = run
        self.run_id = run.id
        self.settings_ = settings_
        self.error: MovieDbError | None = None

    def fetcher(self, gateway: str | None) -> Fetcher:
        """Return a fetcher for the web through `gateway`, or for one of our services without one (None)."""
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("the spider is not running")
        return Fetcher(engine.download_async, gateway, self.run.answers_since, self.run.id)

    async def start(self) -> AsyncIterator[Any]:
        try:
            async for batch in batched(self.messages()):
                yield batch
                if self.error:
                    return
        except MovieDbError as error:
            self.error = error
        except Exception as error:
            logger.exception("The spider %s failed.", self.name)
            self.error = UnavailableError(f"The spider {self.name} failed ({type(error).__name__}: {error}).")

    @property
    @abstractmethod
    def segment(self) -> Path:
        """The segment for its messages."""

    @abstractmethod
    def messages(self) -> AsyncIterator[Message]:
        """Yield all messages of this spider."""
