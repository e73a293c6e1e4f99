"""Decompresses response bodies within limits, and checks them for damage."""

import codecs
import json
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import brotli
import orjson

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a decompressed body, at most."""
MOST_MEMBERS: Final = 1000
"""Compressed pieces that one body may consist of, at most."""
MOST_CODINGS: Final = 4
"""Maximum number of codings applied to one body."""
ZSTD_WINDOW: Final = 23
"""zstd window as a power of two; RFC 9659 allows 8 MB on the web."""

ACCEPT_ENCODING: Final = "gzip, deflate"


class DamagedBodyError(Exception):
    """The body contradicts its headers. The text says how."""


class GarbageError(DamagedBodyError):
    """The body is not compressed as its headers say."""


class UnknownCodingError(DamagedBodyError):
    """The headers name a coding that is not HTTP's, or that is not supported."""


class _Piece(NamedTuple):
    """The content of one compressed piece; `rest` is what follows it, None if the piece is truncated."""

    plain: bytes
    rest: bytes | None


def decompress(data: bytes, encoding: str) -> bytes:
    """Decompresses a body by its Content-Encoding.

    Raises:
        DamagedBodyError: it is garbage, truncated, of an unknown encoding, or larger than `LARGEST` at any stage.
    """
    codings = [c.strip().lower() for c in encoding.split(",") if c.strip()]
    if len(codings) > MOST_CODINGS:
        raise DamagedBodyError(f"it is compressed more than {MOST_CODINGS} times over")
    for coding in reversed(codings):
        if coding == "identity":
            continue
        if coding not in _PIECES:
            raise UnknownCodingError(f"its encoding {coding[:40]!r} is not known")
        data = _unpack(data, _PIECES[coding])
    return data


def _unpack(data: bytes, piece: Callable[[bytes, int], _Piece]) -> bytes:
    plain = bytearray()
    for _ in range(MOST_MEMBERS):
        if not data:
            return bytes(plain)
        try:
            found = piece(data, LARGEST + 1 - len(plain))
        except (zlib.error, brotli.error, zstd.ZstdError):
            raise GarbageError("its compression is garbage") from None
        plain += found.plain
        if len(plain) > LARGEST:
            raise DamagedBodyError(f"it is larger than {LARGEST >> 20} MB")
        if found.rest is None:
            raise DamagedBodyError("its compressed body is cut off")
        data = found.rest
    raise DamagedBodyError(f"it consists of more than {MOST_MEMBERS:,} compressed pieces")


def _inflate(data: bytes, most: int, window: int) -> _Piece:
    inflater = zlib.decompressobj(window)
    plain = inflater.decompress(data, most)
    return _Piece(plain, inflater.unused_data if inflater.eof else None)


def _gzip(data: bytes, most: int) -> _Piece:
    return _inflate(data, most, 16 + zlib.MAX_WBITS)


def _deflate(data: bytes, most: int) -> _Piece:
    # RFC 9110 means the zlib format; some servers send raw deflate.
    is_zlib = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _inflate(data, most, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _brotli(data: bytes, most: int) -> _Piece:
    decompressor, plain = brotli.Decompressor(), bytearray()
    more = data
    while not decompressor.is_finished() and len(plain) < most:
        told = decompressor.process(more, output_buffer_limit=most - len(plain))
        plain += told
        if not told and not more:
            return _Piece(bytes(plain), None)
        more = b""
    return _Piece(bytes(plain), b"" if decompressor.is_finished() else None)


def _zstd(data: bytes, most: int) -> _Piece:
    decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW})
    plain = decompressor.decompress(data, most)
    return _Piece(plain, decompressor.unused_data if decompressor.eof else None)


_PIECES: Final[Mapping[str, Callable[[bytes, int], _Piece]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def damage(body: bytes, content_type: str, accept: str) -> str | None:
    """What is wrong with the body of a 200, or None: JSON must be valid where it is declared or was requested."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        if not is_json(body):
            return "it is declared as JSON, and is none"
    elif kind == "text/html" and "json" in accept and "html" not in accept and "*/*" not in accept:
        return "it is HTML where JSON was due"
    return None


def is_json(body: bytes) -> bool:
    """Whether the body is one JSON value in UTF-8, with or without a byte order mark."""
    raw = body.removeprefix(codecs.BOM_UTF8)
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _is_unusual_json(raw)
    return True


def _is_unusual_json(raw: bytes) -> bool:
    """Whether it is JSON that orjson rejects: escaped halves of surrogate pairs, and numbers beyond 64-bit floats."""
    try:
        json.loads(raw.decode(), parse_constant=_reject)
    except (ValueError, RecursionError):
        return False
    return True


def _reject(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
