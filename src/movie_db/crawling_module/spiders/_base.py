"""What our spiders have in common: they work on one run, ask through the gateway, and may fail with a clear word."""

import logging
from abc import abstractmethod
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import scrapy

from movie_db.contract.errors import MovieDbError, Unavailable
from movie_db.contract.runs import Run
from movie_db.contract.settings import Settings
from movie_db.crawling_module.asking import Asker

logger = logging.getLogger(__name__)


class RunSpider(scrapy.Spider):
    """A spider that writes messages of one run to the segment that its subclass names.

    `error` is what stopped it, if anything did; `run_spiders` tells it. `order` is its place in the flow.
    """

    order: ClassVar[int]

    def __init__(self, run: Run, settings_: Settings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.run_id = run.id
        self.settings_ = settings_
        self.error: MovieDbError | None = None

    def asker(self, gateway: str | None) -> Asker:
        """Asks the web through `gateway`, or a service of ours without one (None)."""
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("the spider is not running")
        return Asker(engine.download_async, gateway, self.run.started.started_at)

    async def start(self) -> AsyncIterator[Any]:
        try:
            async for message in self.messages():
                yield message
                if self.error:
                    return
        except MovieDbError as error:
            self.error = error
        except Exception as error:
            logger.exception("The spider %s broke.", self.name)
            self.error = Unavailable(f"The spider {self.name} broke ({type(error).__name__}: {error}).")

    @property
    @abstractmethod
    def segment(self) -> Path:
        """Where its messages go."""

    @abstractmethod
    def messages(self) -> AsyncIterator[Any]:
        """All that this spider has to say."""
