"""Ingests messages that a crawler on another machine sends in one request."""

from collections.abc import Callable
from hashlib import sha256

from movie_db.contract import log
from movie_db.movie_db_client.ingest.ingest import LINES, IngestCounts, apply_lines
from movie_db.movie_db_client.repository import UnitOfWork


def ingest_body(units: Callable[[], UnitOfWork], body: bytes) -> IngestCounts:
    """Ingests JSON Lines as a segment of its own, in several transactions, and returns what was done.

    The segment is named after its content, so sending the same body again changes nothing.
    """
    segment, done = f"api/{sha256(body).hexdigest()}", IngestCounts()
    lines, end = [], 0
    for raw in body.split(b"\n"):
        end += len(raw) + 1
        if raw.strip():
            lines.append(log.Line(raw + b"\n", end))
    for start in range(0, len(lines), LINES):
        with units() as unit:
            done.add(apply_lines(unit.repository, segment, lines[start : start + LINES]))
            unit.commit()
    return done
