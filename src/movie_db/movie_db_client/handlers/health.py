"""Operations that report on the service: health, readiness and metrics."""

from starlette.responses import Response

from movie_db.contract.errors import UnavailableError
from movie_db.movie_db_client.api import metrics
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.schema_version import current, newest
from movie_db.movie_db_client.ingest.ingest import positions


def read_health(call: Call) -> Response:
    engine = call.service.engine
    body = {
        "status": "ok",
        "database": engine.dialect.name,
        "schema_version": current(engine) or "",
        "ingest": {"running": call.service.ingesting(), "positions": positions(engine, call.service.data)},
    }
    return json(body, 200, {"Cache-Control": "no-store"})


def read_readiness(call: Call) -> Response:
    version = current(call.service.engine)
    if version != newest():
        raise UnavailableError(
            f"The database has the schema {version}, but this version needs {newest()}: run movie-db db upgrade."
        )
    return json({"ready": True}, 200, {"Cache-Control": "no-store"})


def read_metrics(call: Call) -> Response:
    return Response(call.service.metrics.exported(), 200, {"Cache-Control": "no-store"}, metrics.KIND)
