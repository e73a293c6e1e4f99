"""Sends the client's requests: what all operations, which are generated from `openapi.yaml`, have in common."""

import json
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, Generic, Self, TypeVar, cast
from urllib.parse import quote

import httpx2

from movie_db.client.errors import ServiceUnavailableError, UnreachableError, error_of

Page = TypeVar("Page")
Row = TypeVar("Row")
Match = str | Mapping[str, object]
"""An ETag, or a document that was read and has one."""
JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
_CACHED: Final = 256
"""The number of responses that are cached with their ETags."""
_LARGEST: Final = 100_000
"""The largest response in bytes that is cached."""
_BATCH: Final = 1000
"""Lines per request. The service responds while it reads, so a single request with all lines could block both."""
_RETRY_AFTER: Final = 2.0
_PATIENCE: Final = 60.0
"""Seconds for which a broken stream of events is retried."""


class Body(dict[str, Any]):
    """A JSON document with its ETag."""

    etag: str | None = None


def etag_of(document: Mapping[str, object]) -> str | None:
    """The ETag of a document that an operation returned, if the API gave it one."""
    return getattr(document, "etag", None)


def _tag(match: Match) -> str:
    tag = match if isinstance(match, str) else etag_of(match)
    if tag is None:
        raise ValueError("if_match takes an ETag, or a document that was returned with one")
    return tag


class Pages(Generic[Page, Row]):
    """A list that the API returns in pages. Iterating gives the rows of all pages, which are requested one by one."""

    def __init__(self, request: Callable[[str | None], Page], rows: str, cursor: str | None) -> None:
        self._request = request
        self._rows = rows
        self._cursor = cursor

    def page(self) -> Page:
        """The first page, with its rows and everything else."""
        return self._request(self._cursor)

    def pages(self) -> Iterator[Page]:
        """All pages."""
        cursor = self._cursor
        while True:
            page = self._request(cursor)
            yield page
            cursor = cast(dict[str, Any], page)["next"]
            if cursor is None:
                return

    def __iter__(self) -> Iterator[Row]:
        for page in self.pages():
            yield from cast(dict[str, Any], page)[self._rows]


class Caller:
    """A connection to the API; a context manager closes it.

    Args:
        address: the API's address, such as `http://127.0.0.1:8200`.
        key: an API key, which writing requires. `movie-db key create` makes one.
        timeout: seconds that a response may take.

    Raises:
        ApiError: any call, if the API refuses the request; see `errors`.
        UnreachableError: any call, if the API does not response.
    """

    def __init__(self, address: str, key: str | None = None, *, timeout: float = 60.0) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(base_url=address, headers=headers, timeout=timeout, follow_redirects=True)
        self._cache: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _json(
        self, method: str, path: str, query: Mapping[str, object], body: object = None, match: Match | None = None
    ) -> Any:
        """Sends a request and returns the JSON of the response. Unchanged documents come from the cache."""
        headers = {} if match is None else {"If-Match": _tag(match)}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = JSON
        where = f"{path}?{httpx2.QueryParams(_encoded(query))}"
        cached = self._cache.get(where) if method == "GET" else None
        if cached:
            headers["If-None-Match"] = cached[0]
        response = self._send(method, path, _encoded(query), headers, content)
        tag, raw = response.headers.get("ETag"), response.content
        if cached and response.status_code == 304:
            tag, raw = cached
        elif method == "GET" and tag and len(raw) <= _LARGEST:
            self._cache[where] = tag, raw
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        if not raw:
            return None
        document = Body(json.loads(raw))
        document.etag = tag
        return document

    def _text(self, path: str, query: Mapping[str, object]) -> str:
        return self._send("GET", path, _encoded(query)).text

    def _pages(self, path: str, query: Mapping[str, object], rows: str) -> Pages[Any, Any]:
        def request(cursor: str | None) -> Any:
            return self._json("GET", path, {**query, "cursor": cursor})

        return Pages(request, rows, cast(str | None, query.get("cursor")))

    def _send_lines(self, path: str, lines: Iterable[Mapping[str, object]]) -> Any:
        """Sends many lines and returns the JSON of the response."""
        return self._send("POST", path, {}, {"Content-Type": LINES}, _lines(lines)).json()

    def _send_each(self, path: str, lines: Iterable[Mapping[str, object]]) -> Iterator[Any]:
        """Sends many lines and yields the result of each; `line` counts them from 1."""
        for number, batch in enumerate(_batches(lines)):
            response = self._send("POST", path, {}, {"Content-Type": LINES}, _lines(batch))
            for result in map(json.loads, response.text.splitlines()):
                yield {**result, "line": result["line"] + number * _BATCH}

    def _bytes(self, path: str, query: Mapping[str, object]) -> Iterator[bytes]:
        with self._stream(path, _encoded(query), {}) as response:
            yield from response.iter_bytes()

    def _events(self, path: str) -> Iterator[Any]:
        """Yields the data of events until the last one. Reconnects if an open stream breaks."""
        last, open_at = "", -math.inf
        while True:
            try:
                with self._stream(path, {}, {"Last-Event-ID": last} if last else {}) as response:
                    if response.status_code == 204:
                        return
                    open_at = math.inf
                    for event in httpx2.EventSource(response, max_event_size=None):
                        last = event.id or last
                        if event.data:
                            yield json.loads(event.data)
                        if event.event == "end":
                            return
            except (UnreachableError, ServiceUnavailableError):
                open_at = min(open_at, time.monotonic())
                if time.monotonic() - open_at > _PATIENCE:
                    raise
            time.sleep(_RETRY_AFTER)

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        with _translated_errors():
            response = self._http.request(method, path, params=query, headers=headers, content=content)
        return _checked(response)

    @contextmanager
    def _stream(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
        with _translated_errors(), self._http.stream("GET", path, params=query, headers=headers) as response:
            if response.is_error:
                response.read()
            yield _checked(response)


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except httpx2.TransportError as error:
        raise UnreachableError(f"The API does not response: {error or type(error).__name__}.") from error


def _checked(response: httpx2.Response) -> httpx2.Response:
    if response.is_error:
        try:
            document = response.json()
        except ValueError:
            document = None
        raise error_of(response.status_code, document, response.headers)
    return response


def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _batches(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    """The rows in batches of the size of one request."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def in_path(value: object) -> str:
    """A value as a segment of a path."""
    return quote(str(value), safe="")


def _encoded(query: Mapping[str, object]) -> dict[str, str]:
    """Parameters in the form that the API reads: lists joined by commas, times in UTC, and None left out."""
    return {name: _text(value) for name, value in query.items() if value is not None}


def _text(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return value.astimezone(UTC).isoformat()
        case str():
            return value
        case Iterable():
            return ",".join(map(str, value))
        case _:
            return str(value)
