"""Operations that export movies as one file, and the attribution its editions require."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import Select
from starlette.responses import Response, StreamingResponse

from movie_db.movie_db_client.api.definition import LINES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.exporting import editions
from movie_db.movie_db_client.exporting.export import MoviesToExport, stream_movies
from movie_db.movie_db_client.reading.filters import select_movies
from movie_db.movie_db_client.reading.searching import search_corrected, search_movies

_KINDS: Final = {
    "jsonl": LINES,
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}


async def export_movies(call: Call) -> Response:
    form, edition = call.params["format"], call.params["edition"]
    headers = {
        "Cache-Control": "no-store",  # generated while it is sent, so it has no ETag and is not cached
        "Content-Disposition": f'attachment; filename="movies.{form}"',
        "Link": f'</v1/credits?edition={edition}>; rel="license"',
    }
    if call.method == "HEAD":
        response = Response(None, 200, headers, _KINDS[form])
        del response.headers["content-length"]
        return response
    stream = stream_movies(await call.aside(_films, call), form)
    first = await call.aside(next, stream, b"")  # errors until here set the status

    async def body() -> AsyncIterator[bytes]:
        piece = first
        try:
            while piece:
                yield piece
                piece = await call.aside(next, stream, b"")
        finally:
            stream.close()

    return StreamingResponse(body(), 200, headers, _KINDS[form])


def _films(call: Call) -> MoviesToExport:
    service = call.service
    return MoviesToExport(service.engine, call.params["edition"], service.preferences, _chosen(call))


def _chosen(call: Call) -> Select[Any]:
    """Selects the movies that the list with this search and these filters has."""
    params = call.params
    if "q" not in params:
        return select_movies(params, None)
    with call.service.engine.connect() as connection:
        found = select_movies(params, search_movies(connection, params["q"]))
        if connection.execute(found.limit(1)).first() is None and (meant := search_corrected(connection, params["q"])):
            return select_movies(params, meant.found)
    return found


def list_credits(call: Call) -> Response:
    edition = call.params["edition"]
    credits = [one._asdict() for one in editions.attributions(call.service.engine, edition)]
    return json({"edition": edition, "credits": credits})
