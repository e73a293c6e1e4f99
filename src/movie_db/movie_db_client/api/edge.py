"""The outermost layer: CORS, request ids, rates, ETags and compression on every answer there is, errors too."""

import re
import secrets
from hashlib import blake2b
from typing import Final
from urllib.parse import unquote

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from movie_db.contract import service_log
from movie_db.movie_db_client.api import compression
from movie_db.movie_db_client.api.answers import problem
from movie_db.movie_db_client.api.limiter import Limiter

Headers = list[tuple[bytes, bytes]]
_ID: Final = re.compile(rb"[\w.:-]{1,100}", re.ASCII)
_METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_CORS: Final = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"*"))
_KEPT: Final = frozenset((b"etag", b"cache-control", b"vary", b"expires", b"content-location"))
"""Headers of an answer that go with a 304, too."""
_LARGE: Final = 100_000
"""Bytes from which on an answer is compressed aside, so that others need not wait."""


class Edge:
    """Wraps the whole application: whatever answers, answers through it."""

    def __init__(self, app: ASGIApp, limiter: Limiter) -> None:
        self._app = app
        self._limiter = limiter
        self._limit = str(limiter.limit).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked: dict[bytes, bytes] = dict(scope["headers"])
        given = asked.get(b"x-request-id", b"")
        name = given if _ID.fullmatch(given) else secrets.token_hex(8).encode()
        answer = OutgoingResponse(asked, scope["method"], send, [*_CORS, (b"x-request-id", name)])
        with service_log.about(request=name.decode()):
            if scope["method"] == "OPTIONS":
                await answer.preflight()
                return
            left, seconds = self._limiter.take(scope["client"][0] if scope.get("client") else "")
            answer.ours += (
                (b"ratelimit-limit", self._limit),
                (b"ratelimit-remaining", str(max(left, 0)).encode()),
                (b"ratelimit-reset", str(seconds).encode()),
            )
            if left < 0:
                told = f"That was more than {self._limiter.limit} requests a minute: go on in {seconds} seconds."
                await problem(429, told, {"Retry-After": str(seconds)})(scope, receive, answer.send)
                return
            raw: bytes = scope.get("raw_path") or b""
            if b"%2f" in raw or b"%2F" in raw:  # a slash within an id is none between steps
                scope["path"] = _path(raw)
            await self._app(scope, receive, answer.send)


def _path(raw: bytes) -> str:
    return unquote(re.sub(rb"%2[fF]", b"%252F", raw).decode("latin-1"))


class OutgoingResponse:
    """One answer on its way out. It is held until its first piece of body tells whether it is whole."""

    def __init__(self, asked: dict[bytes, bytes], method: str, send: Send, ours: Headers) -> None:
        self._asked = asked
        self._method = method
        self._send = send
        self._start: Message = {}
        self._stream: compression.CompressedStream | None = None
        self.ours = ours

    async def preflight(self) -> None:
        """Answers what a browser asks before it asks."""
        headers = [
            *self.ours,
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", self._asked.get(b"access-control-request-headers", b"*")),
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
            await self._onward(message)
        elif message.get("more_body", False):
            await self._begin(message)
        else:
            await self._whole(message.get("body", b""))

    async def _begin(self, message: Message) -> None:
        """The first piece of a stream."""
        start, self._start = self._start, {}
        headers: Headers = [*start["headers"], *self.ours, (b"vary", b"Accept-Encoding")]
        if compression.worth(dict(headers)) and b"gzip" in compression.taken(self._asked) and self._method != "HEAD":
            self._stream = compression.CompressedStream()
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers.append((b"content-encoding", b"gzip"))
        await self._send({**start, "headers": headers})
        await self._onward(message)

    async def _onward(self, message: Message) -> None:
        """A piece of a stream."""
        if self._stream is not None:
            pack, large = self._stream.more, len(message.get("body", b"")) > _LARGE
            message = await anyio.to_thread.run_sync(pack, message) if large else pack(message)
        await self._send(message)

    async def _whole(self, body: bytes) -> None:
        start, self._start = self._start, {}
        status, told = start["status"], dict(start["headers"])
        headers: Headers = [*start["headers"], *self.ours]
        coding = None
        if len(body) >= compression.LEAST and compression.worth(told):
            headers.append((b"vary", b"Accept-Encoding"))
            coding = compression.wanted(self._asked)
        if status == 200 and self._method in {"GET", "HEAD"} and told.get(b"cache-control") != b"no-store":
            tag = told.get(b"etag")
            if tag is None:
                tag = tag_of(body)
                headers.append((b"etag", tag))
            if (known := self._asked.get(b"if-none-match")) is not None and same(known, tag):
                kept = [pair for pair in headers if pair[0] in _KEPT or pair in self.ours]
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
    """A header as it is with a compressed body: of other length, and by its tag another representation."""
    if name == b"content-length":
        return name, str(length).encode()
    return (name, value[:-1] + b"-" + coding + b'"') if name == b"etag" else (name, value)


def tag_of(body: bytes) -> bytes:
    """The ETag of this body."""
    return b'"%b"' % blake2b(body, digest_size=9).hexdigest().encode()


def tags(header: bytes) -> set[bytes]:
    """The tags of an If-Match or If-None-Match, without what marks a weak one or one of a compressed body."""
    return {re.sub(rb'-(gzip|br)"$', b'"', one.strip().removeprefix(b"W/")) for one in header.split(b",")}


def same(header: bytes, tag: bytes) -> bool:
    """Whether an If-Match or If-None-Match names this tag."""
    return header.strip() == b"*" or tag in tags(header)
