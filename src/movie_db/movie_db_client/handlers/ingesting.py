"""The operation that ingests messages from a crawler on another machine. Sending them again changes nothing."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.ingest.ingest import IngestCounts
from movie_db.movie_db_client.ingest.request_body import ingest_body

LARGEST: Final = 32 * 2**20
"""Bytes of one body: some thousand movies."""


async def ingest_messages(call: Call) -> Response:
    raw = bytearray()
    async for piece in call.pieces():
        raw += piece
        if len(raw) > LARGEST:
            raise HTTPException(413, f"A body has at most {LARGEST} bytes here: send the messages in several requests.")
    counts: IngestCounts = await call.in_turn(ingest_body, call.service.units, bytes(raw))
    body = {"lines": counts.lines, "films": counts.films, "rejected": counts.rejected, "messages": counts.messages}
    return json(body)
