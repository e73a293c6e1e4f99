"""Answers from a recording instead of the web."""

import logging
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.parse import urlsplit

from movie_db.web_gateway.addresses import follow
from movie_db.web_gateway.archive import Archive
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.exchange import ArchivedResponse, Freshness, ProxyRequest, ProxyResponse, ResponseStream
from movie_db.web_gateway.recording import Skipped, read_warc
from movie_db.web_gateway.robots import Robots
from movie_db.web_gateway.stats import HostStats
from movie_db.web_gateway.upstream import REDIRECTS
from movie_db.web_gateway.web import HOPS

log = logging.getLogger(__name__)


class Replay:
    """Answers from one WARC file (an `Answerer`), regardless of the freshness that the client wants.

    Raises:
        UsageError: it is not a WARC file.
    """

    def __init__(self, recording: Path) -> None:
        self._archive = Archive(None)
        self._stats: dict[str, HostStats] = {}
        self._robots = Robots(self._robots_txt)
        self._hosts: set[str | None] = set()
        skipped = Skipped()
        try:
            with self._archive.transaction():
                for entry in read_warc(recording, skipped):
                    self._hosts.add(urlsplit(entry.url).hostname)
                    self._archive.add(entry)
        except BaseException:
            self._archive.close()
            raise
        if skipped.count:
            log.warning("%d records of %s can't be used; the first is %s.", skipped.count, recording, skipped.first)

    async def answer(self, question: ProxyRequest, freshness: Freshness) -> ArchivedResponse:
        stats = self._stats.setdefault(question.address.host, HostStats())
        try:
            await self._robots.check(question.address)
            reply = ArchivedResponse(self._find(question), hit=True)
        except GatewayError as error:
            stats.errors[error.code] += 1
            raise
        stats.hits += 1
        return reply

    def stream(self, question: ProxyRequest) -> AbstractAsyncContextManager[ResponseStream]:
        """Refuses: recordings have no large files."""
        raise GatewayError("not-in-replay", f"{question.address.shown_url} is too large to be in a recording.")

    def _find(self, question: ProxyRequest) -> ProxyResponse:
        """Follows redirects, which recordings of other programs contain."""
        key = question.key
        for _ in range(HOPS + 1):
            answer = self._archive.find(key, any_answer=True)
            if answer is None:
                break
            location = answer.header("Location")
            if answer.status not in REDIRECTS or not location:
                return answer
            question = ProxyRequest("GET", follow(question.address, location))
            key = question.key
        host, row = question.address.host, question.address.policy
        if row.key and host not in self._hosts:
            raise GatewayError("no-key", f"The recording has no answers of {host}: it was made without a key for it.")
        told = (
            f"The recording has no answer to {key.method} {key.url}: it was made of another gallery, limit or language."
        )
        raise GatewayError("not-in-replay", told)

    async def _robots_txt(self, question: ProxyRequest) -> ProxyResponse:
        """Without a recorded robots.txt everything is allowed, since no host is contacted."""
        found = self._archive.find(question.key, any_answer=True)
        return found or ProxyResponse(404, (), b"", question.address.url, 0)

    async def stats(self) -> dict[str, dict[str, object]]:
        return {host: row.as_json() for host, row in sorted(self._stats.items())}

    async def close(self) -> None:
        self._archive.close()
