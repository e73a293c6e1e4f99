"""Compression of responses with gzip or Brotli."""

import zlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import brotli
from starlette.types import Message

LEAST: Final = 1000
"""Bytes below which compression gains nothing."""
_JSON: Final = (b"application/json", b"application/problem+json", b"application/schema+json", b"application/x-ndjson")
_TEXTS: Final = (*_JSON, b"text/", b"application/yaml", b"application/rss+xml")
_GZIP: Final = 16 + zlib.MAX_WBITS


class Coding(NamedTuple):
    """A way to compress a complete body."""

    name: bytes
    pack: Callable[[bytes], bytes]


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=4))


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, 5, _GZIP)


def accepted(headers: Mapping[bytes, bytes]) -> set[bytes]:
    """Returns the codings that a client accepts."""
    listed = (one.partition(b";") for one in headers.get(b"accept-encoding", b"").split(b","))
    return {name.strip().lower() for name, _, weight in listed if _is_positive(weight)}


def choose(headers: Mapping[bytes, bytes]) -> Coding | None:
    """Returns the best coding that a client accepts, or None."""
    names = accepted(headers)
    if b"br" in names:
        return Coding(b"br", _brotli)
    return Coding(b"gzip", _gzip) if b"gzip" in names else None


def _is_positive(weight: bytes) -> bool:
    return weight.strip().rstrip(b"0.") != b"q="


def is_compressible(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a body with these headers gets smaller."""
    kind = headers.get(b"content-type", b"")
    if b"content-encoding" in headers or kind.startswith(b"text/event-stream"):
        return False
    return kind.startswith(_TEXTS)


class CompressedStream:
    """Compresses a body that arrives in pieces with gzip."""

    def __init__(self) -> None:
        self._packing = zlib.compressobj(5, zlib.DEFLATED, _GZIP)

    def more(self, message: Message) -> Message:
        """Returns a piece, compressed."""
        more = message.get("more_body", False)
        packed = self._packing.compress(message.get("body", b""))
        return {**message, "body": packed if more else packed + self._packing.flush()}
