"""How the service is."""

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from movie_db.movie_db_client.data_model.bookkeeping import IngestProgress
from movie_db.movie_db_client.data_model.schema_version import current
from movie_db.movie_db_client.handlers.service import of


def read_health(request: Request) -> Response:
    service = of(request)
    with service.engine.connect() as connection:
        rows = connection.execute(select(IngestProgress.segment, IngestProgress.position))
        positions = {row.segment: row.position for row in rows}
    return JSONResponse(
        {
            "status": "ok",
            "database": service.engine.dialect.name,
            "schema_version": current(service.engine) or "",
            "ingest": {"running": service.ingesting(), "positions": positions},
        },
        headers={"Cache-Control": "no-store"},
    )
