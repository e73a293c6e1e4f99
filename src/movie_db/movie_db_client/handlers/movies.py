"""The films that the database holds."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from movie_db.movie_db_client.handlers.service import of

DEFAULT_LIMIT, GREATEST_LIMIT = 50, 500


def list_movies(request: Request) -> Response:
    limit = _whole_number(request, "limit", 1, GREATEST_LIMIT, DEFAULT_LIMIT)
    after = _whole_number(request, "cursor", 0, 2**31 - 1, 0)
    found = of(request).movies_after(after, limit + 1)
    movies = [{"movie_id": movie_id} | movie.model_dump(mode="json") for movie_id, movie in found[:limit]]
    return JSONResponse({"movies": movies, "next": str(movies[-1]["movie_id"]) if len(found) > limit else None})


def _whole_number(request: Request, name: str, least: int, greatest: int, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= greatest):
        raise HTTPException(400, f"{name} is a whole number from {least} to {greatest}, not {text[:40]!r}.")
    return int(text)
