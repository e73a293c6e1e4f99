"""The outermost layer: CORS, request ids, rate limits, ETags and compression of every response, errors included."""

import re
import secrets
from hashlib import blake2b
from typing import Final
from urllib.parse import unquote

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from movie_db.contract import service_log
from movie_db.movie_db_client.api import compression
from movie_db.movie_db_client.api.limiter import Limiter
from movie_db.movie_db_client.api.responses import problem

Headers = list[tuple[bytes, bytes]]
_ID: Final = re.compile(rb"[\w.:-]{1,100}", re.ASCII)
_METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_CORS: Final = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"*"))
_NOT_MODIFIED_HEADERS: Final = frozenset((b"etag", b"cache-control", b"vary", b"expires", b"content-location"))
"""Headers of a response that a 304 has too."""
_LARGE: Final = 100_000
"""Bytes from which a response is compressed in a thread, so that others need not wait."""


class Edge:
    """Wraps the application: every response passes through it."""

    def __init__(self, app: ASGIApp, limiter: Limiter) -> None:
        self._app = app
        self._limiter = limiter
        self._limit = str(limiter.limit).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        requested: dict[bytes, bytes] = dict(scope["headers"])
        given = requested.get(b"x-request-id", b"")
        name = given if _ID.fullmatch(given) else secrets.token_hex(8).encode()
        response = OutgoingResponse(requested, scope["method"], send, [*_CORS, (b"x-request-id", name)])
        with service_log.about(request=name.decode()):
            if scope["method"] == "OPTIONS":
                await response.preflight()
                return
            left, seconds = self._limiter.take(scope["client"][0] if scope.get("client") else "")
            response.ours += (
                (b"ratelimit-limit", self._limit),
                (b"ratelimit-remaining", str(max(left, 0)).encode()),
                (b"ratelimit-reset", str(seconds).encode()),
            )
            if left < 0:
                detail = f"More than {self._limiter.limit} requests in one minute: retry in {seconds} seconds."
                await problem(429, detail, {"Retry-After": str(seconds)})(scope, receive, response.send)
                return
            raw: bytes = scope.get("raw_path") or b""
            if b"%2f" in raw or b"%2F" in raw:  # a slash within an id does not separate path segments
                scope["path"] = _path(raw)
            await self._app(scope, receive, response.send)


def _path(raw: bytes) -> str:
    return unquote(re.sub(rb"%2[fF]", b"%252F", raw).decode("latin-1"))


class OutgoingResponse:
    """One response on its way out. Its headers wait for the first piece of the body, to see whether it is complete."""

    def __init__(self, requested: dict[bytes, bytes], method: str, send: Send, ours: Headers) -> None:
        self._requested = requested
        self._method = method
        self._send = send
        self._start: Message = {}
        self._stream: compression.CompressedStream | None = None
        self.ours = ours

    async def preflight(self) -> None:
        """Answers the preflight request of a browser."""
        headers = [
            *self.ours,
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", self._requested.get(b"access-control-request-headers", b"*")),
            (b"access-control-max-age", b"600"),
        ]
        await self._send({"type": "http.response.start", "status": 204, "headers": headers})
        await self._send({"type": "http.response.body", "body": b""})

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif not self._start:
            await self._send_piece(message)
        elif message.get("more_body", False):
            await self._start_stream(message)
        else:
            await self._send_complete(message.get("body", b""))

    async def _start_stream(self, message: Message) -> None:
        """Sends the headers and the first piece of a stream."""
        start, self._start = self._start, {}
        headers: Headers = [*start["headers"], *self.ours, (b"vary", b"Accept-Encoding")]
        if (
            compression.is_compressible(dict(headers))
            and b"gzip" in compression.accepted(self._requested)
            and self._method != "HEAD"
        ):
            self._stream = compression.CompressedStream()
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers.append((b"content-encoding", b"gzip"))
        await self._send({**start, "headers": headers})
        await self._send_piece(message)

    async def _send_piece(self, message: Message) -> None:
        """Sends a piece of a stream."""
        if self._stream is not None:
            pack, large = self._stream.more, len(message.get("body", b"")) > _LARGE
            message = await anyio.to_thread.run_sync(pack, message) if large else pack(message)
        await self._send(message)

    async def _send_complete(self, body: bytes) -> None:
        start, self._start = self._start, {}
        status, own = start["status"], dict(start["headers"])
        headers: Headers = [*start["headers"], *self.ours]
        coding = None
        if len(body) >= compression.LEAST and compression.is_compressible(own):
            headers.append((b"vary", b"Accept-Encoding"))
            coding = compression.choose(self._requested)
        if status == 200 and self._method in {"GET", "HEAD"} and own.get(b"cache-control") != b"no-store":
            tag = own.get(b"etag")
            if tag is None:
                tag = etag(body)
                headers.append((b"etag", tag))
            if (header := self._requested.get(b"if-none-match")) is not None and matches(header, tag):
                kept = [pair for pair in headers if pair[0] in _NOT_MODIFIED_HEADERS or pair in self.ours]
                await self._send({**start, "status": 304, "headers": kept})
                await self._send({"type": "http.response.body", "body": b""})
                return
        if coding is not None and self._method != "HEAD":
            large = len(body) > _LARGE
            body = await anyio.to_thread.run_sync(coding.pack, body) if large else coding.pack(body)
            headers = [_packed(name, value, coding.name, len(body)) for name, value in headers]
            headers.append((b"content-encoding", coding.name))
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _packed(name: bytes, value: bytes, coding: bytes, length: int) -> tuple[bytes, bytes]:
    """Returns a header as it is with a compressed body: with another length, and the ETag of another representation."""
    if name == b"content-length":
        return name, str(length).encode()
    return (name, value[:-1] + b"-" + coding + b'"') if name == b"etag" else (name, value)


def etag(body: bytes) -> bytes:
    """Returns the ETag of a body."""
    return b'"%b"' % blake2b(body, digest_size=9).hexdigest().encode()


def tags(header: bytes) -> set[bytes]:
    """Returns the tags in an If-Match or If-None-Match, without the marks of weak ETags and compressed bodies."""
    return {re.sub(rb'-(gzip|br)"$', b'"', one.strip().removeprefix(b"W/")) for one in header.split(b",")}


def matches(header: bytes, tag: bytes) -> bool:
    """Whether an If-Match or If-None-Match contains this tag."""
    return header.strip() == b"*" or tag in tags(header)
