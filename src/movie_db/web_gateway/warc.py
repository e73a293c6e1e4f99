"""Writes the archive's answers as a WARC file (ISO 28500). `recording.py` reads such files."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from movie_db.contract.files import atomic_file
from movie_db.web_gateway.archive import Archive, Entry

_IDS: Final = uuid.UUID("6d6f7669-655f-5462-8000-776172632e31")
"""Record ids are derived from the content, so the same answers give the same file."""


def export_warc(archive_path: Path, target: Path, used_since: datetime | None = None) -> int:
    """Writes the answers used since then (None: all) as a WARC file and returns their number.

    The file is gzipped unless its name ends in `.warc`, and appears complete or not at all.

    Raises:
        UsageError: the path is a folder, or its folder does not exist.
        UnavailableError: there is no such archive, or the file can't be written.
    """
    with Archive(archive_path, must_exist=True) as archive, atomic_file(target) as part, part.open("wb") as file:
        entries = archive.used_since(used_since.timestamp() if used_since else 0)
        return write_warc(file, entries, packed=target.suffix != ".warc")


def write_warc(file: BinaryIO, entries: Iterable[Entry], *, packed: bool = True) -> int:
    """Writes a request and a response record for each entry, and returns the number of entries."""
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
