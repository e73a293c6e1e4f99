"""Sends requests through the gateway, and returns an answer or an error that says what to do."""

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
"""Attempts to get a readable answer. The gateway has its own retries for requests that fail."""
_LONGEST_REASON: Final = 10_000
CLOSED_AFTER: Final = 3
"""Consecutive refusals after which a host isn't requested again in this run."""


class Fetcher:
    """Sends the requests of one run's spiders.

    Archived answers since `since`, the start of the run, are accepted. `run` is sent along, for the logs of the
    services. `requests` counts requests by source.
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
        """By source: why it wasn't requested to the end, or what is left of its daily quota."""
        self.spent: set[str] = set()
        """The sources whose daily quota is used up."""

    async def fetch(self, request: SourceRequest) -> SourceAnswer:
        """Return the answer to one request.

        Raises:
            SourceError: The answer's status is an error. The class says whether to retry.
        """
        host = urlsplit(request.url).netloc
        if host in self._closed:
            raise self._closed[host]
        if self._refused[host] >= CLOSED_AFTER:
            raise BlockedError(f"{host} has refused {CLOSED_AFTER} requests in a row: this run skips it.")
        self.requests[request.source] += 1
        try:
            response = await self._download(self._request(request))
        except (DownloadFailedError, DownloadTimeoutError, DownloadConnectionRefusedError) as error:
            if isinstance(error, DownloadConnectionRefusedError):
                where = urlsplit(self._gateway or request.url).netloc
                raise UnavailableError(
                    f"The service at {where} isn't running: start it, or unset its setting."
                ) from None
            raise RetryLaterError(f"There was no answer to {request.url}: {error}.") from None
        closing = _CLOSING.get(response.headers.get("X-Gateway-Error"))
        if closing:
            reason = self._closed[host] = closing(_gateway_reason(response))
            self.notes[request.source] = str(reason)
            if response.headers.get("X-Gateway-Error") == b"quota":
                self.spent.add(request.source)
            logger.warning("%s", reason)
            raise reason
        if (quota := response.headers.get("X-Quota")) and host not in self._closed:
            self.spent.discard(request.source)  # from the day before, when the run was interrupted
            left, daily = map(int, quota.split(b"/"))
            self.notes[request.source] = f"{daily - left:,} of today's {daily:,} requests are used, {left:,} are left."
        try:
            answer = _answer(request, response)
        except BlockedError as error:
            logger.warning("%s", error)
            self._refused[host] += 1
            raise
        self._refused[host] = 0
        return answer

    async def read(self, request: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T:
        """Return the parsed answer. An unreadable answer is requested again, past the archive.

        Raises:
            SourceError: There was no readable answer.
        """
        for attempt in range(TRIES):
            again = request._replace(headers=(*request.headers, ("Cache-Control", "no-cache"))) if attempt else request
            try:
                return parse(await self.fetch(again))
            except (UnreadableError, RetryLaterError) as error:
                if attempt == TRIES - 1 or (isinstance(error, RetryLaterError) and attempt):
                    logger.warning("%s", error)
                    raise
        raise AssertionError("unreachable")

    async def read_all(
        self, requests: Iterable[SourceRequest], parse: Callable[[SourceAnswer], T]
    ) -> tuple[list[T], list[tuple[SourceRequest, SourceError]]]:
        """Send many requests at once. Return the parsed answers, and the requests that failed with their errors."""
        pending = list(requests)
        got = await asyncio.gather(*(self.read(request, parse) for request in pending), return_exceptions=True)
        good: list[T] = []
        bad: list[tuple[SourceRequest, SourceError]] = []
        for request, result in zip(pending, got, strict=True):
            if isinstance(result, SourceError):
                bad.append((request, result))
            elif isinstance(result, BaseException):
                raise result
            else:
                good.append(result)
        return good, bad

    def _request(self, request: SourceRequest) -> Request:
        headers = dict(request.headers)
        age = max(0, int((datetime.now(UTC) - self._since).total_seconds())) + 1
        headers.setdefault("Cache-Control", f"max-age={age}")
        if self._run:
            headers[RUN_HEADER] = self._run
        # Proxies receive http://…; the gateway uses https towards the source.
        url = request.url.replace("https://", "http://", 1) if self._gateway else request.url
        meta = {"proxy": self._gateway, "handle_httpstatus_all": True} if self._gateway else {}
        method = "GET" if request.body is None else "POST"
        return Request(url, method=method, body=request.body or b"", headers=headers, meta=meta, dont_filter=True)


_CLOSING: Final[dict[bytes | None, type[SourceError]]] = {b"no-key": NotConfiguredError, b"quota": RetryLaterError}
"""Codes of the gateway after which a host isn't requested again in this run."""


def _gateway_reason(response: Response) -> str:
    """Why the gateway has no answer of the source; empty if it has one."""
    code = response.headers.get("X-Gateway-Error")
    if code is None:
        return ""
    try:
        return str(json.loads(response.body)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The web gateway returned {code.decode('ascii', 'replace')}."


def _source_reason(response: Response) -> str:
    """The reason that a source gives in JSON, in brackets; empty if there is none."""
    if response.status < 300 or len(response.body) > _LONGEST_REASON:
        return ""
    try:
        reported = json.loads(response.body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "Error", "status_message", "message", "detail", "exception"):
        detail = reported.get(name) if isinstance(reported, dict) else None
        detail = detail.get("info") or detail.get("message") if isinstance(detail, dict) else detail
        if isinstance(detail, str) and detail.strip():
            return f" ({' '.join(detail.split())[:200].rstrip('.')})"
    return ""


def _answer(request: SourceRequest, response: Response) -> SourceAnswer:
    """Return the answer, or raise the error that its status means."""
    where = request.url.partition("?")[0]
    reported, detail = _gateway_reason(response), _source_reason(response)
    if response.status == 202 and not response.body:
        raise BlockedError(f"{where} returned an empty page: a bot check.")
    if response.status in {401, 403, 451}:
        raise BlockedError(reported or f"{where} refused access: {response.status}{detail}.")
    if response.status in {404, 410}:
        raise NotFoundError(f"There is nothing at {where}.")
    if response.status in {408, 425, 429} or response.status >= 500:
        raise RetryLaterError(reported or f"{where} has an outage: {response.status}{detail}.")
    if response.status >= 300:
        raise UnreadableError(reported or f"{where} returned {response.status}{detail}.")
    date = response.headers.get("Date")
    try:
        retrieved = parsedate_to_datetime(date.decode("ascii")) if date else now()
    except ValueError:
        retrieved = now()
    location = response.headers.get("Content-Location")
    return SourceAnswer(
        request, location.decode("utf-8", "replace") if location else request.url, retrieved, response.body
    )
