"""WARC files (ISO 28500): the archive's answers out, recordings of ours and of other programs in."""

import contextlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from movie_db.contract.errors import UsageError
from movie_db.contract.files import whole
from movie_db.web_gateway.addresses import admit
from movie_db.web_gateway.archive import Archive, Entry
from movie_db.web_gateway.exchange import KEPT_HEADERS, Answer
from movie_db.web_gateway.problems import GatewayError

_IDS: Final = uuid.UUID("6d6f7669-655f-5462-8000-776172632e31")
"""Record ids are made from what they name, so that the same answers make the same file."""


def export_warc(archive_path: Path, target: Path, used_since: datetime | None = None) -> int:
    """Writes the answers used since then (None: all) as a WARC, gzipped unless its name ends in `.warc`; how many.

    It is there whole or not at all.

    Raises:
        UsageError: the path is a folder, or in none.
        Unavailable: there is no such archive, or the file can't be written.
    """
    with Archive(archive_path, must_exist=True) as archive, whole(target) as part, part.open("wb") as file:
        entries = archive.used_since(used_since.timestamp() if used_since else 0)
        return write_warc(file, entries, packed=target.suffix != ".warc")


def write_warc(file: BinaryIO, entries: Iterable[Entry], *, packed: bool = True) -> int:
    """Writes a request and a response record for each entry; how many entries."""
    writer, count = WARCWriter(file, gzip=packed, warc_version="1.0"), 0
    for count, entry in enumerate(entries, 1):  # noqa: B007
        answer = entry.answer
        head = list(answer.headers)
        if answer.url != entry.url:
            head.append(("Content-Location", answer.url))
        head.append(("Content-Length", str(len(answer.body))))
        status = StatusAndHeaders(f"{answer.status} {responses.get(answer.status, '')}", head, protocol="HTTP/1.1")
        response = _record(writer, "response", entry, status, answer.body)
        host, _, path = entry.url.removeprefix("https://").partition("/")
        asked = [("Host", host)]
        if entry.request_body:
            asked.append(("Content-Length", str(len(entry.request_body))))
        line = StatusAndHeaders(f"{entry.method} /{path} HTTP/1.1", asked, is_http_request=True)
        writer.write_request_response_pair(_record(writer, "request", entry, line, entry.request_body), response)
    return count


def _record(writer: WARCWriter, kind: str, entry: Entry, head: StatusAndHeaders, body: bytes) -> Any:
    at = datetime.fromtimestamp(entry.answer.retrieved_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = f"{kind} {at} {entry.method} {entry.url} {entry.request_body.hex()}"
    return writer.create_warc_record(
        entry.url,
        kind,
        payload=BytesIO(body),
        length=len(body),
        http_headers=head,
        warc_headers_dict={"WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(_IDS, name)}>", "WARC-Date": at},
    )


def read_warc(path: Path) -> Iterator[Entry]:
    """The answers in a WARC file, plain or gzipped. A response without its request record counts as a GET.

    Raises:
        UsageError: it is no WARC file, or a damaged one.
    """
    try:
        requests = dict(_requests(_records(path)))
        for record in _records(path):
            if record.rec_type == "response" and record.http_headers:
                number, other = _name(record, "WARC-Record-ID"), _name(record, "WARC-Concurrent-To")
                yield _entry(record, *(requests.get(number) or requests.get(other) or ("GET", b"")))
    except OSError as error:
        raise UsageError(f"The recording {path} can't be read: {error.strerror}.") from None
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        # warcio explains at length over several lines; the first one says it.
        reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise UsageError(f"{path} is no WARC file that can be read, plain or gzipped: {reason.rstrip('.')}.") from None


def _records(path: Path) -> Iterator[Any]:
    count = 0
    with open(path, "rb") as file:
        for count, record in enumerate(ArchiveIterator(file, check_digests="raise"), 1):  # noqa: B007
            if record.format != "warc":  # a line of five words passes for an ARC record
                raise ArchiveLoadFailed("it has lines of something else")
            yield record
            record.raw_stream.read()
            if getattr(record.raw_stream, "limit", 1) > 0:  # without any, its length is cut off, too
                raise ArchiveLoadFailed("it is cut off within a record")
    if not count:
        raise ArchiveLoadFailed("it has no record")


def _requests(records: Iterable[Any]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Method and body under the record's own id and under its response's: programs differ in which names which."""
    for record in records:
        if record.rec_type == "request" and record.http_headers:
            asked = (record.http_headers.protocol.upper(), record.content_stream().read())
            yield _name(record, "WARC-Record-ID"), asked
            if other := _name(record, "WARC-Concurrent-To"):
                yield other, asked


def _name(record: Any, header: str) -> str:
    return record.rec_headers.get_header(header) or ""


def _entry(record: Any, method: str, request_body: bytes) -> Entry:
    head = record.http_headers
    asked = _name(record, "WARC-Target-URI").strip("<>")
    with contextlib.suppress(GatewayError):
        asked = admit(asked).shown_url
    at = datetime.fromisoformat(_name(record, "WARC-Date")).replace(tzinfo=UTC)
    headers = tuple((name, head.get_header(name)) for name in KEPT_HEADERS if head.get_header(name))
    url = head.get_header("Content-Location") or ""
    answer = Answer(
        status=int(head.get_statuscode()),
        headers=headers,
        body=record.content_stream().read(),
        url=url if url.startswith("https://") else asked,
        retrieved_at=int(at.timestamp()),
    )
    return Entry(method, asked, request_body, answer)
