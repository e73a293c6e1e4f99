"""How the service is."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from movie_db.movie_db_client.data_model.schema_version import current
from movie_db.movie_db_client.handlers.service import of
from movie_db.movie_db_client.ingest import positions


def read_health(request: Request) -> Response:
    service = of(request)
    return JSONResponse(
        {
            "status": "ok",
            "database": service.engine.dialect.name,
            "schema_version": current(service.engine) or "",
            "ingest": {"running": service.ingesting(), "positions": positions(service.engine)},
        },
        headers={"Cache-Control": "no-store"},
    )
