import gzip
import io
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from movie_db.contract.errors import Unavailable, UsageError
from movie_db.web_gateway.archive import Archive, Entry
from movie_db.web_gateway.exchange import Answer
from movie_db.web_gateway.warc import export_warc, read_warc, write_warc

PAGE, GRAPHQL = "https://en.wikipedia.org/wiki/A%C3%A9?x=a|b", "https://apis.justwatch.com/graphql"
HTML = (("Content-Type", "text/html; charset=iso-8859-1"),)
ENTRIES = [
    Entry("POST", GRAPHQL, b'{"q": 1}\xff\r\n\r\n', Answer(200, HTML, b"\xff\x00one", GRAPHQL, 1_800_000_000)),
    Entry("POST", GRAPHQL, b'{"q": 2}', Answer(200, HTML, b"two", GRAPHQL, 1_800_000_001)),
    Entry("GET", PAGE, b"", Answer(200, HTML, b"caf\xe9" * 50_000, "https://en.wikipedia.org/wiki/B", 1_800_000_002)),
    Entry("GET", PAGE + "&gone", b"", Answer(404, (), b"", PAGE + "&gone", 1_800_000_003)),
    Entry("GET", "https://www.omdbapi.com/?i=tt1", b"", Answer(202, HTML, b"", "https://www.omdbapi.com/?i=tt1", 5)),
]


def by_name(entries):
    return sorted(entries, key=lambda e: (e.url, e.method, e.request_body))


def write(path, entries=ENTRIES):
    with open(path, "wb") as file:
        assert write_warc(file, entries) == len(entries)
    return path


def test_what_goes_out_comes_in_again(tmp_path):
    assert by_name(read_warc(write(tmp_path / "a.warc.gz"))) == by_name(ENTRIES)


def test_the_same_archive_makes_the_same_file(tmp_path):
    for name, order in (("one", ENTRIES), ("two", ENTRIES[::-1])):
        with Archive(tmp_path / f"{name}.sqlite") as archive:
            for entry in order:
                archive.store(entry)
        assert export_warc(tmp_path / f"{name}.sqlite", tmp_path / f"{name}.warc.gz") == len(ENTRIES)
    assert (tmp_path / "one.warc.gz").read_bytes() == (tmp_path / "two.warc.gz").read_bytes()
    assert by_name(read_warc(tmp_path / "one.warc.gz")) == by_name(ENTRIES)


def test_an_export_holds_only_what_was_used_since(tmp_path):
    path = tmp_path / "archive.sqlite"
    with Archive(path) as archive:
        archive.store(ENTRIES[0])
    assert export_warc(path, tmp_path / "a.warc.gz", datetime(2000, 1, 1, tzinfo=UTC)) == 1
    assert export_warc(path, tmp_path / "b.warc.gz", datetime(2100, 1, 1, tzinfo=UTC)) == 0


def test_an_export_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(Unavailable, match="There is no archive"):
        export_warc(tmp_path / "absent.sqlite", tmp_path / "a.warc.gz")
    with Archive(tmp_path / "archive.sqlite") as archive:
        archive.store(ENTRIES[0])
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        export_warc(tmp_path / "archive.sqlite", tmp_path / "folder")
    assert {p.name for p in tmp_path.iterdir() if not p.name.startswith("archive")} == {"folder"}


@pytest.mark.parametrize(("name", "start"), [("a.warc", b"WARC/1.0"), ("a.warc.gz", b"\x1f\x8b"), ("a", b"\x1f\x8b")])
def test_a_recording_is_packed_unless_its_name_says_otherwise(tmp_path, name, start):
    with Archive(tmp_path / "archive.sqlite") as archive:
        archive.store(ENTRIES[0])
    assert export_warc(tmp_path / "archive.sqlite", tmp_path / name) == 1
    assert (tmp_path / name).read_bytes().startswith(start)
    assert list(read_warc(tmp_path / name)) == ENTRIES[:1]


def test_other_programs_can_read_our_recording(tmp_path):
    with open(write(tmp_path / "a.warc.gz"), "rb") as file:
        records = [(r.rec_type, r.rec_headers["WARC-Target-URI"]) for r in ArchiveIterator(file, check_digests="raise")]
    assert records.count(("response", GRAPHQL)) == records.count(("request", GRAPHQL)) == 2


@pytest.mark.parametrize("zipped", [True, False])
def test_recordings_of_other_programs_can_be_read(tmp_path, zipped):
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
    assert first == Entry("GET", url, b"", Answer(200, (("Content-Type", "text/html"),), b"<html>\xff</html>", url, at))
    assert second.url == "https://www.omdbapi.com/?i=tt1"


@pytest.mark.parametrize(
    "content",
    [b"", b"hello\n", b"\x1f\x8b\x08garbage", gzip.compress(b"hello", mtime=0), b"PK\x03\x04" * 100, bytes(1000)],
)
def test_what_is_no_warc_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"is no WARC file that can be read, plain or gzipped: .+\.$"):
        list(read_warc(path))


def test_a_warc_that_was_cut_off_or_altered_is_refused(tmp_path):
    path = write(tmp_path / "x.warc.gz", ENTRIES[2:3])
    whole = path.read_bytes()
    plain = gzip.decompress(whole)
    for damaged in (whole[:-30], whole[:200], plain[:-5000], plain.replace(b"caf\xe9caf", b"caf\xe8caf", 1)):
        path.write_bytes(damaged)
        with pytest.raises(UsageError, match="no WARC file that can be read"):
            list(read_warc(path))


def test_a_recording_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        list(read_warc(tmp_path / "absent.warc"))
    with pytest.raises(UsageError, match="directory"):
        list(read_warc(tmp_path))
