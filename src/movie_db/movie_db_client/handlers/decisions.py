"""What persons decided."""

from datetime import UTC
from typing import Final

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from movie_db.movie_db_client.data_model.bookkeeping import Decision
from movie_db.movie_db_client.handlers.service import of

_PAIR: Final = (Decision.entry_key, Decision.other_key, Decision.source, Decision.source_id)


def list_decisions(request: Request) -> Response:
    asked = select(Decision.verdict, *_PAIR, Decision.note, Decision.decided_by, Decision.decided_at).order_by(
        Decision.decision_id
    )
    with of(request).engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(asked).mappings()]
    told = [row | {"decided_at": row["decided_at"].astimezone(UTC).isoformat()} for row in rows]
    return JSONResponse({"decisions": told}, headers={"Cache-Control": "no-cache"})
