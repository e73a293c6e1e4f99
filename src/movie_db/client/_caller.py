"""How the client asks: what its operations, which are made of the API's definition, have in common."""

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

from movie_db.client.errors import ServiceUnavailableError, UnreachableError, problem

Page = TypeVar("Page")
Row = TypeVar("Row")
Match = str | Mapping[str, object]
"""An ETag, or what was read and bears one."""
JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
_KEPT: Final = 256
_SMALL: Final = 100_000
"""Answers that are kept with their ETags, and the most bytes of each."""
_AT_ONCE: Final = 1000
"""Lines a request: the service answers while it reads, and who only sends would not hear it."""
_AGAIN_AFTER: Final = 2.0
_PATIENCE: Final = 60.0
"""Seconds that an API may be gone in the middle of its events."""


class Body(dict[str, Any]):
    """What was read, and the ETag of that."""

    etag: str | None = None


def etag_of(told: Mapping[str, object]) -> str | None:
    """The ETag of what an operation returned, if the API gave it one."""
    return getattr(told, "etag", None)


def _tag(match: Match) -> str:
    tag = match if isinstance(match, str) else etag_of(match)
    if tag is None:
        raise ValueError("if_match takes an ETag, or what an operation returned with one")
    return tag


class Pages(Generic[Page, Row]):
    """A list that the API gives page by page. Iterating gives the rows of all pages, each asked for in its turn."""

    def __init__(self, ask: Callable[[str | None], Page], rows: str, cursor: str | None) -> None:
        self._ask = ask
        self._rows = rows
        self._cursor = cursor

    def page(self) -> Page:
        """The first page, with all that it tells beside its rows."""
        return self._ask(self._cursor)

    def pages(self) -> Iterator[Page]:
        """All pages."""
        cursor = self._cursor
        while True:
            page = self._ask(cursor)
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
        address: where it is, as `http://127.0.0.1:8200`.
        key: what opens writing, of `movie-db key create`.
        timeout: seconds that an answer may take.

    Raises:
        Problem: on any call, whatever the API refuses; see `errors`.
        UnreachableError: on any call, if the API does not answer.
    """

    def __init__(self, address: str, key: str | None = None, *, timeout: float = 60.0) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(base_url=address, headers=headers, timeout=timeout, follow_redirects=True)
        self._known: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _json(
        self, method: str, path: str, query: Mapping[str, object], body: object = None, match: Match | None = None
    ) -> Any:
        """What an operation answers. What was read before is not sent again, if it is still the same."""
        headers = {} if match is None else {"If-Match": _tag(match)}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = JSON
        where = f"{path}?{httpx2.QueryParams(_written(query))}"
        known = self._known.get(where) if method == "GET" else None
        if known:
            headers["If-None-Match"] = known[0]
        answer = self._asked(method, path, _written(query), headers, content)
        tag, raw = answer.headers.get("ETag"), answer.content
        if known and answer.status_code == 304:
            tag, raw = known
        elif method == "GET" and tag and len(raw) <= _SMALL:
            self._known[where] = tag, raw
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        if not raw:
            return None
        told = Body(json.loads(raw))
        told.etag = tag
        return told

    def _text(self, path: str, query: Mapping[str, object]) -> str:
        return self._asked("GET", path, _written(query)).text

    def _pages(self, path: str, query: Mapping[str, object], rows: str) -> Pages[Any, Any]:
        def ask(cursor: str | None) -> Any:
            return self._json("GET", path, {**query, "cursor": cursor})

        return Pages(ask, rows, cast(str | None, query.get("cursor")))

    def _sent(self, path: str, lines: Iterable[Mapping[str, object]]) -> Any:
        """What is answered to many lines."""
        return self._asked("POST", path, {}, {"Content-Type": LINES}, _lines(lines)).json()

    def _each(self, path: str, lines: Iterable[Mapping[str, object]]) -> Iterator[Any]:
        """What is answered to each of many lines; `line` counts them from 1."""
        for number, some in enumerate(_in_parts(lines)):
            answer = self._asked("POST", path, {}, {"Content-Type": LINES}, _lines(some))
            for told in map(json.loads, answer.text.splitlines()):
                yield {**told, "line": told["line"] + number * _AT_ONCE}

    def _bytes(self, path: str, query: Mapping[str, object]) -> Iterator[bytes]:
        with self._stream(path, _written(query), {}) as answer:
            yield from answer.iter_bytes()

    def _events(self, path: str) -> Iterator[Any]:
        """What events tell, until the last one. A stream that was open and breaks off is gone on with."""
        last, open_at = "", -math.inf
        while True:
            try:
                with self._stream(path, {}, {"Last-Event-ID": last} if last else {}) as answer:
                    if answer.status_code == 204:
                        return
                    open_at = math.inf
                    for event in httpx2.EventSource(answer, max_event_size=None):
                        last = event.id or last
                        if event.data:
                            yield json.loads(event.data)
                        if event.event == "end":
                            return
            except (UnreachableError, ServiceUnavailableError):
                open_at = min(open_at, time.monotonic())
                if time.monotonic() - open_at > _PATIENCE:
                    raise
            time.sleep(_AGAIN_AFTER)

    def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        with _reaching():
            answer = self._http.request(method, path, params=query, headers=headers, content=content)
        return _good(answer)

    @contextmanager
    def _stream(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
        with _reaching(), self._http.stream("GET", path, params=query, headers=headers) as answer:
            if answer.is_error:
                answer.read()
            yield _good(answer)


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except httpx2.TransportError as error:
        raise UnreachableError(f"The API does not answer: {error or type(error).__name__}.") from error


def _good(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_error:
        try:
            told = answer.json()
        except ValueError:
            told = None
        raise problem(answer.status_code, told, answer.headers)
    return answer


def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _in_parts(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    """The rows, so many as one request takes at a time."""
    coming = iter(rows)
    while part := list(islice(coming, _AT_ONCE)):
        yield part


def in_path(value: object) -> str:
    """A value as a step of a path."""
    return quote(str(value), safe="")


def _written(query: Mapping[str, object]) -> dict[str, str]:
    """Parameters as the API reads them: lists with commas between, moments in UTC; what is None is not asked."""
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
