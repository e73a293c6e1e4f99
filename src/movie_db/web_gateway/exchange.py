"""Requests and responses as the modules of this service pass them around."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from movie_db.web_gateway.addresses import Address

KEPT_HEADERS: Final = (
    "Content-Type",
    "Content-Language",
    "Date",
    "ETag",
    "Last-Modified",
    "Location",
    "MediaWiki-API-Error",
    "Retry-After",
)
"""A source's headers that are stored and passed on."""


class Key(NamedTuple):
    """Method, address (without the user's key) and the body's SHA-256 in hexadecimal."""

    method: str
    url: str
    body_sha256: str

    @classmethod
    def of(cls, method: str, url: str, body: bytes) -> "Key":
        return cls(method, url, hashlib.sha256(body).hexdigest())


@dataclass(frozen=True, slots=True)
class ProxyRequest:
    """One request; `headers` are those sent to the source."""

    method: str
    address: Address
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> "Key":
        """Identifies equal requests."""
        return Key.of(self.method, self.address.shown_url, self.body)

    def header(self, name: str) -> str:
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True)
class ProxyResponse:
    """A source's response: `body` decompressed, `url` the final address, `retrieved_at` in seconds since 1970."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    url: str
    retrieved_at: int

    def header(self, name: str) -> str:
        """The header's value, '' if absent."""
        return _header(self.headers, name)


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Freshness:
    """The client's wishes about archived answers: `max_age` in seconds, None for a new request."""

    max_age: int | None = None
    only_if_cached: bool = False

    @classmethod
    def of(cls, cache_control: str) -> "Freshness":
        """Parses the request header Cache-Control (RFC 9111); invalid directives count as absent."""
        told = dict(part.strip().lower().partition("=")[::2] for part in cache_control.split(","))
        age = told.get("max-age", "").strip('"')
        max_age = int(age) if age.isdecimal() and "no-cache" not in told and "no-store" not in told else None
        return cls(max_age, "only-if-cached" in told)


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response, and whether it came from the archive.

    `quota`: for a host with a daily limit, today's remaining requests and the limit.
    """

    answer: ProxyResponse
    hit: bool
    quota: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ResponseStream:
    """A response that is streamed; `chunks` are its body as received."""

    status: int
    headers: tuple[tuple[str, str], ...]
    chunks: AsyncIterator[bytes]


class Answerer(Protocol):
    """What answers behind the proxy: the web with its archive, or a recording."""

    async def answer(self, question: ProxyRequest, freshness: Freshness) -> ArchivedResponse:
        """Raises GatewayError when there is no answer to give."""

    def stream(self, question: ProxyRequest) -> AbstractAsyncContextManager[ResponseStream]:
        """The response of a host whose policy is `streamed`, open while in the context.

        Raises GatewayError, also in the midst of the body.
        """

    async def stats(self) -> dict[str, dict[str, object]]:
        """Counts since the start, by host."""

    async def close(self) -> None: ...
