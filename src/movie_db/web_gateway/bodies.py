"""Bodies as they come over the wire: made plain, and looked at for damage."""

import sqlite3
import zlib
from contextlib import closing
from typing import Final

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a decompressed body, at most."""

ACCEPT_ENCODING: Final = "gzip, deflate"


class Damaged(Exception):
    """The body is not what its headers say. The text says how."""


def decompress(data: bytes, encoding: str) -> bytes:
    """The plain body for a Content-Encoding.

    Raises:
        Damaged: garbage, cut off, of an encoding that we did not ask for, or larger than `LARGEST`.
    """
    for coding in reversed([c.strip().lower() for c in encoding.split(",") if c.strip()]):
        if coding in {"gzip", "x-gzip"}:
            data = _inflate(data, 16 + zlib.MAX_WBITS)
        elif coding == "deflate":
            # RFC 9110 means the zlib format; some servers send raw deflate.
            is_zlib = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            data = _inflate(data, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        elif coding != "identity":
            raise Damaged(f"it is encoded as {coding!r}, which was not asked for")
    return data


def _inflate(data: bytes, window: int) -> bytes:
    plain = bytearray()
    while data:
        inflater = zlib.decompressobj(window)
        try:
            plain += inflater.decompress(data, LARGEST + 1 - len(plain))
        except zlib.error:
            raise Damaged("its compression is garbage") from None
        if len(plain) > LARGEST:
            raise Damaged(f"it is larger than {LARGEST >> 20} MB")
        if not inflater.eof:
            raise Damaged("its compressed body is cut off")
        data = inflater.unused_data
    return bytes(plain)


def damage(body: bytes, content_type: str, accept: str) -> str | None:
    """What is wrong with the body of a 200, None if nothing: JSON must be JSON where it is declared or was due."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        if not is_json(body):
            return "it is declared as JSON, and is none"
    elif kind == "text/html" and "json" in accept and "html" not in accept and "*/*" not in accept:
        return "it is HTML where JSON was due"
    return None


def is_json(body: bytes) -> bool:
    """Whether this is one JSON value in UTF-8. SQLite's check makes no objects: a tenth of the time of reading it."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    with closing(sqlite3.connect(":memory:")) as sqlite:
        return "\0" not in text and bool(sqlite.execute("SELECT json_valid(?)", (text,)).fetchone()[0])
