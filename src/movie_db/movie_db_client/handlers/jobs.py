"""Operations that a crawler calls at its start: which galleries are due, and the plan for one of them."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.clock import moment
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import moment_of
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.history import due


def list_jobs(call: Call) -> Response:
    how, at = call.params["how"], _at(call)
    jobs = [
        {
            "gallery": listed.gallery,
            "limit": listed.limit,
            "languages": listed.languages,
            "listed_at": moment(listed.listed_at),
            "due_at": moment(listed.due_at(how)),
            "due": listed.due_at(how) <= at,
        }
        for listed in due.galleries(call.service.engine)
    ]
    return json({"jobs": jobs}, 200, {"Cache-Control": "no-cache"})


def read_plan(call: Call) -> Response:
    gallery = call.params["gallery"]
    plan = due.plan(call.service.engine, gallery, call.params["how"], _at(call))
    if plan is None:
        raise HTTPException(404, f"The database has no gallery {gallery[:200]!r}: GET /v1/jobs lists all of them.")
    return json(plan, 200, {"Cache-Control": "no-cache"})


def _at(call: Call) -> datetime:
    at = call.params.get("at")
    return moment_of("at", at) if at else datetime.now(UTC)
