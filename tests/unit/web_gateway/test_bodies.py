import gzip
import zlib

import pytest

from movie_db.web_gateway.bodies import LARGEST, Damaged, decompress, is_json

BODY = b"The Third Man " * 200


def test_encodings_are_undone():
    assert decompress(BODY, "") == BODY
    assert decompress(gzip.compress(BODY), "gzip") == BODY
    assert decompress(zlib.compress(BODY), "deflate") == BODY
    raw = zlib.compressobj(wbits=-15)
    assert decompress(raw.compress(BODY) + raw.flush(), "deflate") == BODY
    assert decompress(gzip.compress(zlib.compress(BODY)), "deflate, gzip") == BODY
    assert decompress(gzip.compress(BODY) + gzip.compress(b"!"), "gzip") == BODY + b"!"
    assert decompress(b"", "gzip") == b""


@pytest.mark.parametrize(
    ("data", "encoding", "reason"),
    [
        (b"not gzip at all", "gzip", "garbage"),
        (gzip.compress(BODY, mtime=0)[:-3], "gzip", "cut off"),
        (gzip.compress(BODY, mtime=0)[:40], "gzip", "cut off"),
        (gzip.compress(BODY, mtime=0)[:-8] + b"12345678", "gzip", "garbage"),
        (BODY, "br", "not asked for"),
        (gzip.compress(bytes(LARGEST + 1), 1, mtime=0), "gzip", "larger"),
    ],
)
def test_damage_does_not_pass_unseen(data, encoding, reason):
    with pytest.raises(Damaged, match=reason):
        decompress(data, encoding)


@pytest.mark.parametrize(
    "body", [b"{}", b' [1, "\\u00e9\xc3\xa9", null]\n', b"0", b"\xef\xbb\xbf{}", b"[" * 500 + b"]" * 500]
)
def test_this_is_json(body):
    assert is_json(body)


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"a": 1}"}]', b"{}{}", b"<html>", b'{"a": "\xe9"}', b"{}\0{", b"{'a': 1}", b"NaN"]
)
def test_this_is_none(body):
    assert not is_json(body)
