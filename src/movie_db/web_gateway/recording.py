"""Reads WARC files (ISO 28500), our own and those of other programs, within bounded memory.

A record without a usable answer is skipped and counted. A file that is truncated, altered or not a WARC file is
rejected.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed

from movie_db.contract.errors import UsageError
from movie_db.web_gateway.addresses import admit
from movie_db.web_gateway.archive import Entry
from movie_db.web_gateway.bodies import LARGEST, DamagedBodyError, GarbageError, UnknownCodingError, decompress
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.exchange import KEPT_HEADERS, ProxyResponse

BLOCK: Final = 64 * 1024
LONGEST_HEAD: Final = 256 * 1024
"""Maximum size of a record's headers in bytes."""
LARGEST_REQUEST: Final = 1024 * 1024
"""Maximum size of a request's body in bytes, the same as the gateway accepts."""
_MAGIC: Final = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass
class Skipped:
    """Records that were skipped: their number, and the reason for the first."""

    count: int = 0
    first: str = ""

    def add(self, number: int, address: str, reason: str) -> None:
        self.count += 1
        self.first = self.first or f"record {number} ({address[:200]!r}): {reason}"


class _UnusableRecordError(Exception):
    """A record has no usable answer. The text says why."""


@dataclass(frozen=True)
class _Asked:
    """A request's method and body, compressed because many are in memory at once."""

    method: str = "GET"
    packed: bytes = field(default=zlib.compress(b""), repr=False)


def read_warc(path: Path, skipped: Skipped | None = None) -> Iterator[Entry]:
    """Yields the answers in a WARC file, plain or gzipped. A response without a request record counts as a GET.

    Args:
        skipped: counts the skipped records. Addresses that the gateway never requests are ignored silently.

    Raises:
        UsageError: it is not a WARC file, or a damaged one.
    """
    skipped = Skipped() if skipped is None else skipped
    try:
        requests = dict(_requests(path))
        for number, record in _records(path):
            if record.rec_type != "response" or not record.http_headers:
                continue
            address = _name(record, "WARC-Target-URI").strip("<>")
            try:
                url = admit(address).shown_url
            except GatewayError:
                continue
            ids = (_name(record, "WARC-Record-ID"), _name(record, "WARC-Concurrent-To"))
            asked = next((requests[id_] for id_ in ids if id_ in requests), _Asked())
            try:
                yield _entry(record, url, asked)
            except (DamagedBodyError, _UnusableRecordError) as error:
                skipped.add(number, address, str(error))
    except OSError as error:
        raise UsageError(f"The recording {path} can't be read: {error.strerror}.") from None
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        # warcio's messages have several lines; the first is enough.
        reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        told = reason[:300].rstrip(".")
        raise UsageError(f"{path} is not a readable WARC file, plain or gzipped: {told}.") from None


class _Reader(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
    """Decompresses the file, with a limit on the length of a line."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, block_size=BLOCK)
        self._head = 0

    def read(self, length: int | None = None) -> bytes:
        self._head = 0
        found: bytes = super().read(length)
        return found

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(LONGEST_HEAD if length is None else min(length, LONGEST_HEAD))
        self._head += len(line)
        if self._head > LONGEST_HEAD:
            raise ArchiveLoadFailed(f"it has a record whose headers are longer than {LONGEST_HEAD >> 10} KB")
        return line


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    """Yields the file's records with their numbers, counted from 1."""
    number = 0
    with open(path, "rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        records.reader = _Reader(file)
        while (record := _next(records, number + 1)) is not None:
            number += 1
            if record.format != "warc":  # warcio takes a line of five words for an ARC record
                raise ArchiveLoadFailed("it has lines of something else")
            length = _name(record, "Content-Length")
            if not re.fullmatch(r"\s*\d{1,15}\s*", length, re.ASCII):
                raise ArchiveLoadFailed(f"its record {number} gives {length[:40]!r} as its length")
            yield number, record
            while record.raw_stream.read(BLOCK):
                pass
            if record.raw_stream.limit > 0:
                raise ArchiveLoadFailed(f"it is cut off within its record {number}")
    if not number:
        raise ArchiveLoadFailed("it has no record")


def _next(records: Any, number: int) -> Any:
    """The next record, None at the end."""
    try:
        with redirect_stderr(StringIO()):  # warcio prints warnings
            record = next(records, None)
    except (EOFError, OSError):
        raise
    except Exception as error:  # warcio lets every kind of exception through
        if not records.err_count:
            if isinstance(error, ArchiveLoadFailed):
                raise
            raise ArchiveLoadFailed(f"its record {number} can't be read ({type(error).__name__})") from None
    if records.err_count:
        raise ArchiveLoadFailed(f"its record {number - 1} is longer than it says")
    return record


def _requests(path: Path) -> Iterator[tuple[str, _Asked]]:
    """Stores requests under their own id and their response's, because programs differ in which refers to which."""
    for _, record in _records(path):
        if record.rec_type == "request" and record.http_headers:
            try:
                body = _body(record, LARGEST_REQUEST)
            except DamagedBodyError:
                continue
            asked = _Asked(record.http_headers.protocol.upper(), zlib.compress(body))
            yield _name(record, "WARC-Record-ID"), asked
            if other := _name(record, "WARC-Concurrent-To"):
                yield other, asked


def _name(record: Any, header: str) -> str:
    return record.rec_headers.get_header(header) or ""


def _entry(record: Any, url: str, asked: _Asked) -> Entry:
    head = record.http_headers
    status = head.get_statuscode() or ""
    if not re.fullmatch(r"[2-5]\d\d", status, re.ASCII):
        raise _UnusableRecordError(f"{status[:40]!r} is no status of an answer")
    date = _name(record, "WARC-Date")
    try:
        at = datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        raise _UnusableRecordError(f"{date[:40]!r} is no date") from None
    headers = tuple((name, told) for name in KEPT_HEADERS if (told := _told(head, name)))
    answer = ProxyResponse(
        int(status), headers, _body(record, LARGEST), _final(_told(head, "Content-Location"), url), int(at.timestamp())
    )
    return Entry(asked.method, url, zlib.decompress(asked.packed), answer)


def _told(head: Any, name: str) -> str:
    """A header's value without characters that are not allowed in headers."""
    return _CONTROLS.sub(" ", head.get_header(name) or "").strip()


def _final(location: str, url: str) -> str:
    """The final address that a response names, if it is valid; otherwise the requested one."""
    if not location.startswith("https://"):
        return url
    try:
        return admit(location).shown_url
    except GatewayError:
        return url


def _body(record: Any, most: int) -> bytes:
    """A record's decompressed body.

    Raises:
        DamagedBodyError: it contradicts the headers, or has more than `most` bytes.
    """
    raw = bytearray()
    while block := record.raw_stream.read(BLOCK):
        raw += block
        if len(raw) > most:
            raise DamagedBodyError(f"it is larger than {most >> 20} MB")
    head = record.http_headers
    body = bytes(raw)
    if (head.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        body = _dechunk(body)
    coding = (head.get_header("Content-Encoding") or "").strip().lower()
    if (magic := _MAGIC.get(coding)) and not body.startswith(magic):
        return body  # some programs store the decompressed body with the original header
    try:
        plain = decompress(body, coding)
    except UnknownCodingError:
        return body
    except GarbageError:
        if _is_text(body):
            return body
        raise
    if len(plain) > most:
        raise DamagedBodyError(f"it is larger than {most >> 20} MB")
    return plain


def _is_text(body: bytes) -> bool:
    try:
        return "\0" not in body.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _dechunk(body: bytes) -> bytes:
    """Joins the chunks of a chunked body. A body without chunks, as some programs store it, is returned as it is.

    Raises:
        DamagedBodyError: it ends within a chunk.
    """
    plain, at = bytearray(), 0
    while True:
        end = body.find(b"\r\n", at, at + 200)
        size = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
            if at == 0:
                return body
            raise DamagedBodyError("its chunks are cut off or garbage")
        if not (length := int(size, 16)):
            return bytes(plain)
        start = end + 2
        if len(body) < start + length:
            raise DamagedBodyError("its chunks are cut off or garbage")
        plain += body[start : start + length]
        at = start + length + (2 if body[start + length : start + length + 2] == b"\r\n" else 0)
