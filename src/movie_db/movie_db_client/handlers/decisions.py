"""What persons decided."""

from datetime import UTC
from typing import Final

from sqlalchemy import select
from starlette.responses import Response

from movie_db.movie_db_client.api.answers import json
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.data_model.bookkeeping import Decision

_PAIR: Final = (Decision.entry_key, Decision.other_key, Decision.source, Decision.source_id)


def list_decisions(call: Call) -> Response:
    asked = select(Decision.verdict, *_PAIR, Decision.note, Decision.decided_by, Decision.decided_at).order_by(
        Decision.decision_id
    )
    with call.service.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(asked).mappings()]
    told = [row | {"decided_at": row["decided_at"].astimezone(UTC).isoformat()} for row in rows]
    return json({"decisions": told}, 200, {"Cache-Control": "no-cache"})
