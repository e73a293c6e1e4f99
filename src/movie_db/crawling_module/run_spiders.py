"""Runs all spiders, one after the other, over one gallery."""

import asyncio
import hashlib
import importlib
import logging
from collections.abc import Callable
from typing import Any, Final

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.reactor import install_reactor

from movie_db.contract import live, schema, service_log
from movie_db.contract.errors import UnavailableError
from movie_db.contract.lock import exclusive
from movie_db.contract.messages import Refresh
from movie_db.contract.runs import Run, start_or_resume
from movie_db.contract.schema import Schema
from movie_db.contract.service import relax_garbage_collection
from movie_db.contract.settings import Settings
from movie_db.crawling_module import galleries
from movie_db.crawling_module.gathering.database_api import Decisions, read_decisions, read_live_contract
from movie_db.crawling_module.settings import scrapy_settings
from movie_db.crawling_module.spiders.base import RunSpider

logger = logging.getLogger(__name__)

Say = Callable[[str], None]
KILL_GRACE: Final = 10.0
"""Seconds that the crawler of a killed build may need to exit."""


def crawl(
    address: str,
    settings: Settings,
    limit: int | None,
    only: str | None,
    say: Say,
    refresh: Refresh | None = None,
    name: str | None = None,
) -> Run:
    """Run the spiders (or the one named `only`) over the gallery at `address`; continue an interrupted run.

    `refresh` requests movies again that the database has. With a `name`, only the run of that name is continued.

    Raises:
        MovieDbError: What stopped it. Everything written until then stays, and the same call continues from there.
    """
    gallery = galleries.find(address)
    lock = settings.data / "locks" / f"{hashlib.sha256(gallery.address.encode()).hexdigest()[:16]}.lock"
    busy = f"Another build of {gallery.address} is running in {settings.data}: wait until it ends, or stop it."
    with exclusive(lock, busy, KILL_GRACE):
        run, again = start_or_resume(settings.data, gallery.address, limit, settings.languages, refresh, name)
        return run if run.finished() else _crawl(run, again, settings, only, say)


def _crawl(run: Run, again: bool, settings: Settings, only: str | None, say: Say) -> Run:
    live_contract = read_live_contract(settings)
    for difference in live.differences(schema.published(), live_contract) if live_contract else []:
        say(f"The live database's contract differs: {difference}.")
    decisions = read_decisions(settings)
    if again:
        say(f"Continuing run {run.id}.")
    elif run.started.answers_since:
        say("Requesting what the last run did not get; its other answers are reused.")
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    reactor: Any = importlib.import_module("twisted.internet.reactor")
    relax_garbage_collection()
    ended: list[BaseException | None] = []

    async def work() -> None:
        try:
            await _run_all(run, settings, live_contract, decisions, only, say)
            ended.append(None)
        except BaseException as error:
            ended.append(error)
        reactor.stop()

    reactor.callWhenRunning(lambda: asyncio.ensure_future(work()))
    with service_log.about(run=run.id):
        reactor.run()
    if not ended:
        raise KeyboardInterrupt
    if ended[0]:
        raise ended[0]
    return run


async def _run_all(
    run: Run,
    settings: Settings,
    live_contract: dict[str, Schema] | None,
    decisions: Decisions,
    only: str | None,
    say: Say,
) -> None:
    runner = AsyncCrawlerRunner(scrapy_settings(settings))
    for spider in spiders(runner.settings):
        if only not in {None, spider.name}:
            continue
        crawler = runner.create_crawler(spider)
        await runner.crawl(crawler, run=run, settings_=settings, live_contract=live_contract, decisions=decisions)
        ran = crawler.spider
        if isinstance(ran, RunSpider) and ran.error:
            raise ran.error
        listed = run.listed()
        if spider.name == "movie_list" and listed:
            declared = f" of {listed.declared:,} declared" if listed.declared is not None else ""
            say(f"{listed.found:,}{declared} movies listed.")
            if not listed.found:
                raise UnavailableError(f"The gallery {run.started.gallery} is empty: there is nothing to build.")


def spiders(settings: Any) -> list[type[RunSpider]]:
    """Return all spiders, in the order of the flow."""
    loader = SpiderLoader.from_settings(settings)
    found = [loader.load(name) for name in loader.list()]
    return sorted((s for s in found if issubclass(s, RunSpider)), key=lambda s: s.order)
