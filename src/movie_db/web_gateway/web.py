"""Answers requests from the archive if the client allows it, otherwise from the sources, under each host's policy."""

import asyncio
import logging
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Final, TypeVar

from movie_db.contract.errors import UnavailableError
from movie_db.web_gateway.addresses import follow
from movie_db.web_gateway.archive import Archive, Entry
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.exchange import ArchivedResponse, Freshness, Key, ProxyRequest, ProxyResponse, ResponseStream
from movie_db.web_gateway.host_gate import Gate
from movie_db.web_gateway.host_policy import TABLE
from movie_db.web_gateway.retry import Trouble, pause, trouble_of
from movie_db.web_gateway.robots import FRESH, Robots
from movie_db.web_gateway.stats import HostStats
from movie_db.web_gateway.upstream import KEEPING_METHOD, REDIRECTS, Upstream

T = TypeVar("T")
HOPS: Final = 5
log = logging.getLogger(__name__)


class Web:
    """Answers from archive and sources (an `Answerer`); must be used within one event loop.

    Identical concurrent requests are sent once. A request that has started is finished and archived even if the client
    disconnects.
    """

    def __init__(
        self,
        archive: Archive,
        upstream: Upstream,
        *,
        paced: bool = True,
        keys: Mapping[str, str] | None = None,
        quotas: Mapping[str, int] | None = None,
    ) -> None:
        """`keys`: the user's API keys by host. `quotas`: requests per day, for hosts that have a daily limit."""
        self._keys = keys or {}
        self._quotas = quotas or {}
        self._archive = archive
        self._upstream = upstream
        self._gates = {row.host: Gate(row, paced=paced) for row in TABLE}
        self._robots = Robots(self._robots_txt)
        self._under_way: dict[Key, asyncio.Task[ProxyResponse]] = {}
        self._stats: defaultdict[str, HostStats] = defaultdict(HostStats)
        self._chance = random.Random()  # noqa: S311
        # SQLite has its own thread, so that a slow disk does not block other requests.
        self._archivist = ThreadPoolExecutor(1, "archivist")

    async def answer(self, question: ProxyRequest, freshness: Freshness) -> ArchivedResponse:
        stats = self._stats[question.address.host]
        try:
            reply = await self._answer(question, freshness)
        except GatewayError as error:
            stats.errors[error.code] += 1
            raise
        if reply.hit:
            stats.hits += 1
        else:
            stats.misses += 1
        host = question.address.policy.host
        quota = self._quotas.get(host)
        return replace(reply, quota=(await self._in_archive(lambda: self._left(host)), quota)) if quota else reply

    @asynccontextmanager
    async def stream(self, question: ProxyRequest) -> AsyncIterator[ResponseStream]:
        """Streams a large file. It is neither archived nor retried: the client stores it and knows how much it has."""
        gate, stats = self._gates[question.address.policy.host], self._stats[question.address.host]
        try:
            async with gate.place():
                stats.asked += 1
                stats.misses += 1
                async with self._upstream.stream(question) as stream:
                    yield stream
                gate.passed()
        except GatewayError as error:
            stats.errors[error.code] += 1
            raise

    async def _answer(self, question: ProxyRequest, freshness: Freshness) -> ArchivedResponse:
        key = question.key
        if freshness.max_age is not None or freshness.only_if_cached:
            oldest = 0.0 if freshness.max_age is None else time.time() - freshness.max_age
            if found := await self._in_archive(lambda: self._archive.find(key, oldest)):
                return ArchivedResponse(found, hit=True)
        if freshness.only_if_cached:
            raise GatewayError("not-in-archive", f"The archive has no fresh answer of {key.url}.")
        if (task := self._under_way.get(key)) is None:
            task = self._under_way[key] = asyncio.create_task(self._fetch(question))
            task.add_done_callback(lambda done: self._finished(key, done))
        return ArchivedResponse(await asyncio.shield(task), hit=False)

    def _finished(self, key: Key, task: asyncio.Task[ProxyResponse]) -> None:
        del self._under_way[key]
        if not task.cancelled() and (error := task.exception()):
            log.warning("%s", error)

    async def _fetch(self, question: ProxyRequest) -> ProxyResponse:
        """Follows redirects and retries until there is a final answer, and archives it if allowed."""
        now = self._with_key(question)
        for _ in range(HOPS + 1):
            if question.address.path != "/robots.txt":
                await self._robots.check(now.address)
            answer, is_final = await self._ask(now)
            location = answer.header("Location")
            if answer.status not in REDIRECTS or not location:
                break
            now = replace(now, address=follow(now.address, location))
            if answer.status not in KEEPING_METHOD:
                now = replace(now, method="GET", body=b"")
        else:
            raise GatewayError("redirect-refused", f"{question.address.shown_url} redirects more than {HOPS} times.")
        if is_final:
            entry = Entry(question.method, question.address.shown_url, question.body, answer)
            await self._in_archive(lambda: self._archive.store(entry))
        return answer

    def _with_key(self, question: ProxyRequest) -> ProxyRequest:
        address = question.address
        if address.has_key:
            return question
        if (key := self._keys.get(address.host)) is None:
            setting = f"MOVIE_DB_{(address.policy.setting or '').upper()}"
            raise GatewayError("no-key", f"{address.host} is asked with a key only: {setting} takes yours.")
        return replace(question, address=address.with_key(key))

    async def _ask(self, question: ProxyRequest) -> tuple[ProxyResponse, bool]:
        """Tries until there is a final answer (True), or returns the source's last error (False)."""
        row = question.address.policy
        gate, stats = self._gates[row.host], self._stats[question.address.host]
        loop, left = asyncio.get_running_loop(), row.patience
        for attempt in count(1):
            async with gate.place():
                started = loop.time()
                outcome = await self._try(question, min(row.timeout, left), row.silence(attempt))
                if isinstance(outcome, ProxyResponse):
                    gate.passed()
                    return outcome, True
                gate.failed()
                trouble = outcome
                elapsed = loop.time() - started
                wait = pause(attempt, trouble, elapsed, self._chance)
                left -= elapsed + wait
                if trouble.wait and trouble.wait > row.patience:
                    gate.shut(trouble.wait)
                elif trouble.everyone:
                    gate.pause(wait if trouble.wait is None else trouble.wait)
            stats.errors[str(trouble.answer.status) if trouble.answer else trouble.code] += 1
            stats.trouble = trouble.reason
            log.info("%s, try %d: %s", question.address.shown_url, attempt, trouble.reason)
            if attempt == row.tries or left < 1:
                break
            stats.retries += 1
            await asyncio.sleep(wait)
        if trouble.answer:
            return trouble.answer, False
        told = f"{question.address.shown_url} can't be had: {trouble.reason} (tries: {attempt})."
        raise GatewayError(trouble.code, told, trouble.wait)

    async def _try(self, question: ProxyRequest, seconds: float, silence: float) -> ProxyResponse | Trouble:
        row, today = question.address.policy, _today()
        quota = self._quotas.get(row.host)
        if quota is not None and not await self._in_archive(lambda: self._archive.take(row.host, today, quota)):
            raise GatewayError("quota", f"The {quota} requests a day to {row.host} are used up until 0:00 UTC.")
        stats = self._stats[question.address.host]
        stats.asked += 1
        outcome, received = await self._upstream.ask(question, seconds, silence)
        stats.bytes += received
        if quota is not None and isinstance(outcome, ProxyResponse) and row.says_spent(outcome.body):
            await self._in_archive(lambda: self._archive.exhaust(row.host, today, quota))
            raise GatewayError("quota", f"{row.host} says that the key's requests of today are used up.")
        return outcome if isinstance(outcome, Trouble) else (trouble_of(question, outcome) or outcome)

    async def _robots_txt(self, question: ProxyRequest) -> ProxyResponse:
        return (await self._answer(question, Freshness(max_age=FRESH))).answer

    async def _in_archive(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._archivist, work)
        except UnavailableError as error:
            raise GatewayError("archive", str(error)) from None

    async def stats(self) -> dict[str, dict[str, object]]:
        left = await self._in_archive(self._quotas_left)
        return {host: self._stats[host].as_json(left.get(host)) for host in sorted(self._stats.keys() | left.keys())}

    def _quotas_left(self) -> dict[str, int]:
        return {host: self._left(host) for host in self._quotas}

    def _left(self, host: str) -> int:
        return max(0, self._quotas[host] - self._archive.counted(host, _today()))

    async def close(self) -> None:
        """Cancels requests in progress; the archive stays open."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._archivist.shutdown()


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
