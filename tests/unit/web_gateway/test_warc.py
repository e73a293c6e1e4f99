import asyncio
import gzip
import io
import re
import sys
import tracemalloc
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.web_gateway.archive import Archive, Entry
from movie_db.web_gateway.bodies import LARGEST
from movie_db.web_gateway.exchange import ProxyResponse
from movie_db.web_gateway.recording import Skipped, read_warc
from movie_db.web_gateway.replay import Replay
from movie_db.web_gateway.warc import export_warc, write_warc

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE, GRAPHQL = "https://en.wikipedia.org/wiki/A%C3%A9?x=a|b", "https://apis.justwatch.com/graphql"
HTML = (("Content-Type", "text/html; charset=iso-8859-1"),)
ENTRIES = [
    Entry("POST", GRAPHQL, b'{"q": 1}\xff\r\n\r\n', ProxyResponse(200, HTML, b"\xff\x00one", GRAPHQL, 1_800_000_000)),
    Entry("POST", GRAPHQL, b'{"q": 2}', ProxyResponse(200, HTML, b"two", GRAPHQL, 1_800_000_001)),
    Entry(
        "GET",
        PAGE,
        b"",
        ProxyResponse(200, HTML, b"caf\xe9" * 50_000, "https://en.wikipedia.org/wiki/B", 1_800_000_002),
    ),
    Entry("GET", PAGE + "&gone", b"", ProxyResponse(404, (), b"", PAGE + "&gone", 1_800_000_003)),
    Entry(
        "GET", "https://www.omdbapi.com/?i=tt1", b"", ProxyResponse(202, HTML, b"", "https://www.omdbapi.com/?i=tt1", 5)
    ),
]


def by_name(entries: Any) -> Any:
    return sorted(entries, key=lambda e: (e.url, e.method, e.request_body))


def write(path: Any, entries: Any = ENTRIES) -> Any:
    with open(path, "wb") as file:
        assert write_warc(file, entries) == len(entries)
    return path


def test_what_goes_out_comes_in_again(tmp_path: Path) -> None:
    assert by_name(read_warc(write(tmp_path / "a.warc.gz"))) == by_name(ENTRIES)


def test_the_same_archive_makes_the_same_file(tmp_path: Path) -> None:
    for name, order in (("one", ENTRIES), ("two", ENTRIES[::-1])):
        with Archive(tmp_path / f"{name}.sqlite") as archive:
            for entry in order:
                archive.store(entry)
        assert export_warc(tmp_path / f"{name}.sqlite", tmp_path / f"{name}.warc.gz") == len(ENTRIES)
    assert (tmp_path / "one.warc.gz").read_bytes() == (tmp_path / "two.warc.gz").read_bytes()
    assert by_name(read_warc(tmp_path / "one.warc.gz")) == by_name(ENTRIES)


def test_an_export_holds_only_what_was_used_since(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    with Archive(path) as archive:
        archive.store(ENTRIES[0])
    assert export_warc(path, tmp_path / "a.warc.gz", datetime(2000, 1, 1, tzinfo=UTC)) == 1
    assert export_warc(path, tmp_path / "b.warc.gz", datetime(2100, 1, 1, tzinfo=UTC)) == 0


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="There is no archive"):
        export_warc(tmp_path / "absent.sqlite", tmp_path / "a.warc.gz")
    with Archive(tmp_path / "archive.sqlite") as archive:
        archive.store(ENTRIES[0])
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        export_warc(tmp_path / "archive.sqlite", tmp_path / "folder")
    assert {p.name for p in tmp_path.iterdir() if not p.name.startswith("archive")} == {"folder"}


@pytest.mark.parametrize(("name", "start"), [("a.warc", b"WARC/1.0"), ("a.warc.gz", b"\x1f\x8b"), ("a", b"\x1f\x8b")])
def test_a_recording_is_packed_unless_its_name_says_otherwise(tmp_path: Path, name: Any, start: Any) -> None:
    with Archive(tmp_path / "archive.sqlite") as archive:
        archive.store(ENTRIES[0])
    assert export_warc(tmp_path / "archive.sqlite", tmp_path / name) == 1
    assert (tmp_path / name).read_bytes().startswith(start)
    assert list(read_warc(tmp_path / name)) == ENTRIES[:1]


def test_other_programs_can_read_our_recording(tmp_path: Path) -> None:
    with open(write(tmp_path / "a.warc.gz"), "rb") as file:
        records = [(r.rec_type, r.rec_headers["WARC-Target-URI"]) for r in ArchiveIterator(file, check_digests="raise")]
    assert records.count(("response", GRAPHQL)) == records.count(("request", GRAPHQL)) == 2


@pytest.mark.parametrize("zipped", [True, False])
def test_recordings_of_other_programs_can_be_read(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "other.warc"
    body = gzip.compress(b"<html>\xff</html>")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    headers = [("content-type", "text/html"), ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=zipped, warc_version="1.1")
        writer.write_record(writer.create_warcinfo_record("other.warc", {"software": "another"}))
        for url in ("http://en.wikipedia.org/wiki/A", "<https://www.omdbapi.com/?apikey=s3cret&i=tt1>"):
            head = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            given = {"WARC-Date": "2026-01-02T03:04:05.678901Z"}
            writer.write_record(
                writer.create_warc_record(
                    url, "response", io.BytesIO(chunked), len(chunked), http_headers=head, warc_headers_dict=given
                )
            )
    first, second = read_warc(path)
    at = int(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp())
    url = "https://en.wikipedia.org/wiki/A"
    assert first == Entry(
        "GET", url, b"", ProxyResponse(200, (("Content-Type", "text/html"),), b"<html>\xff</html>", url, at)
    )
    assert second.url == "https://www.omdbapi.com/?i=tt1"


@pytest.mark.parametrize(
    "content",
    [b"", b"hello\n", b"\x1f\x8b\x08garbage", gzip.compress(b"hello", mtime=0), b"PK\x03\x04" * 100, bytes(1000)],
)
def test_what_is_no_warc_is_said_to_be_none(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"is not a readable WARC file, plain or gzipped: .+\.$"):
        list(read_warc(path))


def test_a_warc_that_was_cut_off_or_altered_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x.warc.gz", ENTRIES[2:3])
    whole = path.read_bytes()
    plain = gzip.decompress(whole)
    for damaged in (whole[:-30], whole[:200], plain[:-5000], plain.replace(b"caf\xe9caf", b"caf\xe8caf", 1)):
        path.write_bytes(damaged)
        with pytest.raises(UsageError, match="not a readable WARC file"):
            list(read_warc(path))


def test_a_recording_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        list(read_warc(tmp_path / "absent.warc"))
    with pytest.raises(UsageError, match="directory"):
        list(read_warc(tmp_path))


def foreign(path: Any, *records: Any) -> Any:
    """A recording as another program makes it: each record a status line, HTTP headers, body and WARC headers."""
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for number, (line, head, body, given) in enumerate(records):
            told = {"WARC-Date": "2026-01-02T03:04:05Z"} | given
            url = told.pop("url", f"https://en.wikipedia.org/wiki/{number}")
            status = StatusAndHeaders(line, head, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url, "response", io.BytesIO(body), len(body), http_headers=status, warc_headers_dict=told
                )
            )
    return path


GOOD = ("200 OK", [("Content-Type", "text/html")], b"good", {"url": "https://en.wikipedia.org/wiki/Good"})


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("br", brotli.compress(b"caf\xe9")),
        ("zstd", zstd.compress(b"caf\xe9")),
        ("gzip, br", brotli.compress(gzip.compress(b"caf\xe9", mtime=0))),
        ("deflate", zlib.compress(b"caf\xe9")),
        ("gzip", b"caf\xe9"),  # plain beside the header of a packed one
        ("utf-8", b"caf\xe9"),
        ("BR", brotli.compress(b"caf\xe9")),
    ],
)
@pytest.mark.parametrize("chunked", [True, False])
def test_bodies_of_every_coding_of_the_web_are_read(tmp_path: Path, coding: Any, body: Any, chunked: bool) -> None:
    head = [("Content-Encoding", coding)] + [("Transfer-Encoding", "chunked")] * chunked
    if chunked:
        body = b"%x;x=y\r\n%s\r\n%X\r\n%s\r\n0\r\n\r\n" % (2, body[:2], len(body) - 2, body[2:])
    skipped = Skipped()
    (entry,) = read_warc(foreign(tmp_path / "x.warc.gz", ("200 OK", head, body, {})), skipped)
    assert entry.answer.body == b"caf\xe9"
    assert skipped.count == 0


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (
            ("200 OK", [("Content-Encoding", "br")], brotli.compress(bytes(LARGEST + 1), quality=1), {}),
            "larger than 64",
        ),
        (("200 OK", [("Content-Encoding", "gzip")], gzip.compress(bytes(LARGEST + 1), 1), {}), "larger than 64 MB"),
        (("200 OK", [], bytes(LARGEST + 1), {}), "larger than 64 MB"),
        (("200 OK", [("Content-Encoding", "gzip")], gzip.compress(b"x" * 99)[:-9], {}), "cut off"),
        (("200 OK", [("Content-Encoding", "br")], b"\xff\xfe\x00\x81", {}), "garbage"),
        (("200 OK", [("Transfer-Encoding", "chunked")], b"5\r\nab", {}), "chunks"),
        (("abc", [], b"x", {}), "'abc' is no status"),
        (("99999999999999999999 OK", [], b"x", {}), "no status"),
        (("-200 OK", [], b"x", {}), "no status"),
        (("200 OK", [], b"x", {"WARC-Date": "yesterday"}), "'yesterday' is no date"),
    ],
)
def test_a_record_without_a_usable_answer_is_left_out_and_counted(tmp_path: Path, bad: Any, reason: Any) -> None:
    skipped = Skipped()
    read = list(read_warc(foreign(tmp_path / "x.warc.gz", GOOD, bad, GOOD), skipped))
    assert [entry.answer.body for entry in read] == [b"good", b"good"]
    assert skipped.count == 1
    assert skipped.first.startswith("record 2 ('https://en.wikipedia.org/wiki/1'): ")
    assert reason in skipped.first


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1/",
        "https://[::1]/",
        "http://x:99999/",
        "https://example.org/",
        "https://a:b@en.wikipedia.org/",
    ],
)
def test_addresses_that_are_never_asked_are_left_out(tmp_path: Path, url: str) -> None:
    path = foreign(tmp_path / "x.warc.gz", ("200 OK", [], b"x", {"url": url}), GOOD)
    assert [entry.url for entry in read_warc(path)] == ["https://en.wikipedia.org/wiki/Good"]
    asyncio.run(Replay(path).close())


@pytest.mark.parametrize(
    "location", ["https://[::1/", "https://example.org/", "https://en.wikipedia.org/a\rb", "http://x/"]
)
def test_an_answers_own_address_is_taken_only_if_it_is_one(tmp_path: Path, location: str) -> None:
    (entry,) = read_warc(foreign(tmp_path / "x.warc.gz", ("200 OK", [("Content-Location", location)], b"x", {})))
    assert entry.answer.url == "https://en.wikipedia.org/wiki/0"


@pytest.mark.parametrize("length", [b"9" * 30, b"9" * 5000, b"-1", b"many", b"1e3", b"", b"99999999", b"3"])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_record_that_lies_about_its_length_is_named(
    tmp_path: Path, length: Any, zipped: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    path = foreign(tmp_path / "x.warc.gz", GOOD, GOOD, GOOD)
    records = gzip.decompress(path.read_bytes()).split(b"WARC/1.1\r\n")[1:]
    records = [b"WARC/1.1\r\n" + record for record in records]
    records[1] = re.sub(rb"(?m)^Content-Length: \d+", b"Content-Length: " + length, records[1], count=1)
    records[1] = re.sub(rb"WARC-\w+-Digest: .*\r\n", b"", records[1])
    path.write_bytes(b"".join(map(gzip.compress, records) if zipped else records))
    with pytest.raises(UsageError, match=r"plain or gzipped: it.* record 2") as told:
        list(read_warc(path))
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 500
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("where", ["WARC/1.1\r\nWARC-Type: ", "WARC/1.1\r\nWARC-Type: response\r\nX: a\r\n", ""])
def test_headers_without_end_are_refused_before_they_fill_the_memory(tmp_path: Path, where: str) -> None:
    path = tmp_path / "x.warc.gz"
    endless = b"Y: b\r\n" * 10**7 if where.endswith("\n") else bytes([65]) * 10**8
    path.write_bytes(gzip.compress(where.encode() + endless, 1))
    tracemalloc.start()
    with pytest.raises(UsageError, match=r"headers are longer than 256 KB|not a readable WARC file"):
        list(read_warc(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


def test_many_large_answers_are_held_one_at_a_time(tmp_path: Path) -> None:
    body = gzip.compress(bytes(LARGEST), 1)
    path = foreign(tmp_path / "x.warc.gz", *[("200 OK", [("Content-Encoding", "gzip")], body, {})] * 4)
    tracemalloc.start()
    assert sum(len(entry.answer.body) for entry in read_warc(path)) == 4 * LARGEST
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * LARGEST


def test_a_record_without_an_address_is_no_traceback(tmp_path: Path) -> None:
    path = foreign(tmp_path / "x.warc.gz", GOOD)
    plain = re.sub(rb"WARC-Target-URI: .*\r\n", b"", gzip.decompress(path.read_bytes()))
    path.write_bytes(plain)
    with pytest.raises(UsageError, match=r"its record 1 can't be read"):
        list(read_warc(path))
