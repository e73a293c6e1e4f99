"""Messages of the contract from a crawler on another machine: the same as from a log, and as often as one likes."""

from hashlib import sha256
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract import log
from movie_db.movie_db_client.api.answers import json
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.ingest.ingest import LINES, IngestCounts, apply_lines

LARGEST: Final = 32 * 2**20
"""Bytes of one body: some thousand films."""


async def ingest_messages(call: Call) -> Response:
    raw = bytearray()
    async for piece in call.pieces():
        raw += piece
        if len(raw) > LARGEST:
            raise HTTPException(413, f"A body has at most {LARGEST} bytes here: send the messages in several.")
    counts = await call.in_turn(_ingest, call, bytes(raw))
    told = {"lines": counts.lines, "films": counts.films, "rejected": counts.rejected, "messages": counts.messages}
    return json(told)


def _ingest(call: Call, body: bytes) -> IngestCounts:
    """Applies the lines as those of a segment that is named by what is in it: so the same body is the same segment."""
    segment, done = f"api/{sha256(body).hexdigest()}", IngestCounts()
    lines, end = [], 0
    for raw in body.split(b"\n"):
        end += len(raw) + 1
        if raw.strip():
            lines.append(log.Line(raw + b"\n", end))
    for start in range(0, len(lines), LINES):
        with call.service.unit() as unit:
            done.add(apply_lines(unit.repository, segment, lines[start : start + LINES]))
            unit.commit()
    return done
