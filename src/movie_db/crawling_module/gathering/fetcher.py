"""How spiders ask: through the gateway, an answer or an error that says what to do."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response

from movie_db.contract.errors import (
    BlockedError,
    NotConfiguredError,
    NotFoundError,
    RetryLaterError,
    SourceError,
    UnavailableError,
    UnreadableError,
)
from movie_db.contract.messages import now
from movie_db.contract.service_log import RUN_HEADER
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest

logger = logging.getLogger(__name__)
T = TypeVar("T")
Download = Callable[[Request], Awaitable[Response]]

TRIES: Final = 3
"""How often an answer that can't be read is asked for; the gateway has its own tries for those that don't come."""
_LONGEST_WORD: Final = 10_000
CLOSED_AFTER: Final = 3
"""So many refusals in a row, and a host is left alone for the rest of the run."""


class Fetcher:
    """Asks for the spiders of one run.

    `since` is when the run started: answers that the archive holds from then on are as good as new. `run` is its name,
    for the logs of those who are asked. `requests` counts what was asked, by source.
    """

    def __init__(self, download: Download, gateway: str | None, since: datetime, run: str = "") -> None:
        self._download = download
        self._gateway = gateway
        self._since = since
        self._run = run
        self._refused: Counter[str] = Counter()
        self._closed: dict[str, SourceError] = {}
        self.requests: Counter[str] = Counter()
        self.notes: dict[str, str] = {}
        """Why a source was not asked to the end, by its name; of one with a daily quota, what is left of it."""
        self.spent: set[str] = set()
        """The sources whose daily quota is used up."""

    async def fetch(self, ask: SourceRequest) -> SourceAnswer:
        """The good answer to one request.

        Raises:
            SourceError: TryLater, Blocked, Gone or BadPage, as its status says.
        """
        host = urlsplit(ask.url).netloc
        if host in self._closed:
            raise self._closed[host]
        if self._refused[host] >= CLOSED_AFTER:
            raise BlockedError(f"{host} has refused {CLOSED_AFTER} requests in a row and is left alone in this run.")
        self.requests[ask.source] += 1
        try:
            response = await self._download(self._request(ask))
        except (DownloadFailedError, DownloadTimeoutError, DownloadConnectionRefusedError) as error:
            if isinstance(error, DownloadConnectionRefusedError):
                where = urlsplit(self._gateway or ask.url).netloc
                raise UnavailableError(
                    f"No service of ours answers at {where}: start it, or unset its setting."
                ) from None
            raise RetryLaterError(f"No answer came for {ask.url}: {error}.") from None
        closing = _CLOSING.get(response.headers.get("X-Gateway-Error"))
        if closing:
            reason = self._closed[host] = closing(_gateways_word(response))
            self.notes[ask.source] = str(reason)
            if response.headers.get("X-Gateway-Error") == b"quota":
                self.spent.add(ask.source)
            logger.warning("%s", reason)
            raise reason
        if (quota := response.headers.get("X-Quota")) and host not in self._closed:
            self.spent.discard(ask.source)  # of a day before, when the run was interrupted
            left, daily = map(int, quota.split(b"/"))
            self.notes[ask.source] = f"{daily - left:,} of today's {daily:,} requests are used, {left:,} are left."
        try:
            answer = _answer(ask, response)
        except BlockedError as error:
            logger.warning("%s", error)
            self._refused[host] += 1
            raise
        self._refused[host] = 0
        return answer

    async def read(self, ask: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T:
        """The parsed answer; one that can't be read is asked for again, past the archive.

        Raises:
            SourceError: it never came, or never could be read.
        """
        for attempt in range(TRIES):
            again = ask._replace(headers=(*ask.headers, ("Cache-Control", "no-cache"))) if attempt else ask
            try:
                return parse(await self.fetch(again))
            except (UnreadableError, RetryLaterError) as error:
                if attempt == TRIES - 1 or (isinstance(error, RetryLaterError) and attempt):
                    logger.warning("%s", error)
                    raise
        raise AssertionError("unreachable")

    async def read_all(
        self, asks: Iterable[SourceRequest], parse: Callable[[SourceAnswer], T]
    ) -> tuple[list[T], list[tuple[SourceRequest, SourceError]]]:
        """Many at once: what could be read, and what could not, with the reason."""
        wanted = list(asks)
        got = await asyncio.gather(*(self.read(ask, parse) for ask in wanted), return_exceptions=True)
        good: list[T] = []
        bad: list[tuple[SourceRequest, SourceError]] = []
        for ask, result in zip(wanted, got, strict=True):
            if isinstance(result, SourceError):
                bad.append((ask, result))
            elif isinstance(result, BaseException):
                raise result
            else:
                good.append(result)
        return good, bad

    def _request(self, ask: SourceRequest) -> Request:
        headers = dict(ask.headers)
        age = max(0, int((datetime.now(UTC) - self._since).total_seconds())) + 1
        headers.setdefault("Cache-Control", f"max-age={age}")
        if self._run:
            headers[RUN_HEADER] = self._run
        # A proxy is asked for http://…; it is the gateway that speaks https to the source.
        url = ask.url.replace("https://", "http://", 1) if self._gateway else ask.url
        meta = {"proxy": self._gateway, "handle_httpstatus_all": True} if self._gateway else {}
        method = "GET" if ask.body is None else "POST"
        return Request(url, method=method, body=ask.body or b"", headers=headers, meta=meta, dont_filter=True)


_CLOSING: Final[dict[bytes | None, type[SourceError]]] = {b"no-key": NotConfiguredError, b"quota": RetryLaterError}
"""What the gateway says of a host that is then not asked again in this run."""


def _gateways_word(response: Response) -> str:
    """Why the web gateway has no answer of the source to give; nothing if it has one."""
    code = response.headers.get("X-Gateway-Error")
    if code is None:
        return ""
    try:
        return str(json.loads(response.body)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The web gateway answers with {code.decode('ascii', 'replace')}."


def _sources_word(response: Response) -> str:
    """What a source says of its refusal in JSON, in brackets; nothing if it says nothing."""
    if response.status < 300 or len(response.body) > _LONGEST_WORD:
        return ""
    try:
        told = json.loads(response.body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "Error", "status_message", "message", "detail", "exception"):
        said = told.get(name) if isinstance(told, dict) else None
        said = said.get("info") or said.get("message") if isinstance(said, dict) else said
        if isinstance(said, str) and said.strip():
            return f" ({' '.join(said.split())[:200].rstrip('.')})"
    return ""


def _answer(ask: SourceRequest, response: Response) -> SourceAnswer:
    """Sorts an answer by its status."""
    where = ask.url.partition("?")[0]
    told, said = _gateways_word(response), _sources_word(response)
    if response.status == 202 and not response.body:
        raise BlockedError(f"{where} answers with an empty page: a wall.")
    if response.status in {401, 403, 451}:
        raise BlockedError(told or f"{where} does not let us in: {response.status}{said}.")
    if response.status in {404, 410}:
        raise NotFoundError(f"There is nothing at {where}.")
    if response.status in {408, 425, 429} or response.status >= 500:
        raise RetryLaterError(told or f"{where} has trouble: {response.status}{said}.")
    if response.status >= 300:
        raise UnreadableError(told or f"{where} answers with {response.status}{said}.")
    date = response.headers.get("Date")
    try:
        retrieved = parsedate_to_datetime(date.decode("ascii")) if date else now()
    except ValueError:
        retrieved = now()
    location = response.headers.get("Content-Location")
    return SourceAnswer(ask, location.decode("utf-8", "replace") if location else ask.url, retrieved, response.body)
