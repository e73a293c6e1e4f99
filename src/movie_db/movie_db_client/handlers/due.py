"""What a refresh of a gallery asks for."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.movie_db_client import due
from movie_db.movie_db_client.api.answers import json
from movie_db.movie_db_client.api.endpoint import Call


def read_due(call: Call) -> Response:
    gallery, at = call.params["gallery"], call.params.get("at")
    moment = datetime.fromisoformat(at) if at else datetime.now(UTC)
    told = due.plan(call.service.engine, gallery, call.params["how"], moment)
    if told is None:
        raise HTTPException(404, f"The database knows no gallery {gallery[:200]!r}.")
    return json(told, 200, {"Cache-Control": "no-cache"})
