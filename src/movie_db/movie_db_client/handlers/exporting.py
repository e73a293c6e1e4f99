"""The films as one file, piece by piece; and whom its editions owe thanks."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import Select
from starlette.responses import Response, StreamingResponse

from movie_db.movie_db_client.api.definition import LINES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.exporting import editions
from movie_db.movie_db_client.exporting.export import MoviesToExport, pieces
from movie_db.movie_db_client.reading.filters import chosen
from movie_db.movie_db_client.reading.searching import as_meant, as_written

_KINDS: Final = {
    "jsonl": LINES,
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}


async def export_movies(call: Call) -> Response:
    form, edition = call.params["format"], call.params["edition"]
    headers = {
        "Cache-Control": "no-store",  # what is made as it is sent has no tag, and is kept by nobody on the way
        "Content-Disposition": f'attachment; filename="movies.{form}"',
        "Link": f'</v1/credits?edition={edition}>; rel="license"',
    }
    if call.method == "HEAD":
        answer = Response(None, 200, headers, _KINDS[form])
        del answer.headers["content-length"]
        return answer
    made = pieces(await call.aside(_films, call), form)
    first = await call.aside(next, made, b"")  # what fails until here is told by the status

    async def told() -> AsyncIterator[bytes]:
        piece = first
        try:
            while piece:
                yield piece
                piece = await call.aside(next, made, b"")
        finally:
            made.close()

    return StreamingResponse(told(), 200, headers, _KINDS[form])


def _films(call: Call) -> MoviesToExport:
    service = call.service
    return MoviesToExport(service.engine, call.params["edition"], service.preferences, _chosen(call))


def _chosen(call: Call) -> Select[Any]:
    """The films that the list of this search and these filters has."""
    params = call.params
    if "q" not in params:
        return chosen(params, None)
    with call.service.engine.connect() as connection:
        found = chosen(params, as_written(connection, params["q"]))
        if connection.execute(found.limit(1)).first() is None and (meant := as_meant(connection, params["q"])):
            return chosen(params, meant.found)
    return found


def list_credits(call: Call) -> Response:
    edition = call.params["edition"]
    told = [one._asdict() for one in editions.credits(call.service.engine, edition)]
    return json({"edition": edition, "credits": told})
