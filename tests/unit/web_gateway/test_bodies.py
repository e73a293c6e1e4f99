import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest

from movie_db.web_gateway.bodies import LARGEST, MOST_MEMBERS, DamagedBodyError, decompress, is_json

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY = b"The Third Man " * 200


def test_encodings_are_undone() -> None:
    assert decompress(BODY, "") == BODY
    assert decompress(gzip.compress(BODY), "gzip") == BODY
    assert decompress(zlib.compress(BODY), "deflate") == BODY
    raw = zlib.compressobj(wbits=-15)
    assert decompress(raw.compress(BODY) + raw.flush(), "deflate") == BODY
    assert decompress(gzip.compress(zlib.compress(BODY)), "deflate, gzip") == BODY
    assert decompress(gzip.compress(BODY) + gzip.compress(b"!"), "gzip") == BODY + b"!"
    assert decompress(b"", "gzip") == b""
    assert decompress(brotli.compress(BODY), "br") == BODY
    assert decompress(zstd.compress(BODY) + zstd.compress(b"!"), "zstd") == BODY + b"!"
    assert decompress(brotli.compress(gzip.compress(BODY)), "gzip, BR") == BODY


@pytest.mark.parametrize(
    ("data", "encoding", "reason"),
    [
        (b"not gzip at all", "gzip", "garbage"),
        (gzip.compress(BODY, mtime=0)[:-3], "gzip", "cut off"),
        (gzip.compress(BODY, mtime=0)[:40], "gzip", "cut off"),
        (gzip.compress(BODY, mtime=0)[:-8] + b"12345678", "gzip", "garbage"),
        (BODY, "compress", "'compress' is not known"),
        (gzip.compress(bytes(LARGEST + 1), 1, mtime=0), "gzip", "larger"),
        (BODY, "br", "garbage"),
        (brotli.compress(BODY)[:-4], "br", "cut off"),
        (brotli.compress(BODY) + b"more", "br", "garbage"),
        (BODY, "zstd", "garbage"),
        (zstd.compress(BODY)[:-4], "zstd", "cut off"),
        (gzip.compress(b"", mtime=0) * (MOST_MEMBERS + 1), "gzip", "more than 1,000 compressed pieces"),
        (zstd.compress(b"") * (MOST_MEMBERS + 1), "zstd", "more than 1,000 compressed pieces"),
        (BODY, "gzip, gzip, gzip, gzip, gzip", "more than 4 times"),
    ],
)
def test_damage_does_not_pass_unseen(data: Any, encoding: Any, reason: Any) -> None:
    with pytest.raises(DamagedBodyError, match=reason):
        decompress(data, encoding)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "gzip, br"])
def test_a_small_body_that_unpacks_to_gigabytes_takes_no_more_than_the_cap(coding: str) -> None:
    bomb = bytes(8 * LARGEST)
    for name in coding.split(", "):
        bomb = PACK[name](bomb)
    tracemalloc.start()
    with pytest.raises(DamagedBodyError, match="larger than 64 MB"):
        decompress(bomb, coding)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * LARGEST


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 1, mtime=0),
    "deflate": lambda data: zlib.compress(data, 1),
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b' [1, "\\u00e9\xc3\xa9", null]\n',
        b"0",
        b"\xef\xbb\xbf{}",
        b"[" * 500 + b"]" * 500,
        b'["\\ud800"]',
        b"1e999",
    ],
)
def test_this_is_json(body: Any) -> None:
    assert is_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1}"}]',
        b"{}{}",
        b"<html>",
        b'{"a": "\xe9"}',
        b"{}\0{",
        b"{'a': 1}",
        b"NaN",
        b"[-Infinity]",
        b'"\t"',
        b"[" * 100_000,
    ],
)
def test_this_is_none(body: bytes) -> None:
    assert not is_json(body)
