"""The films that the database holds."""

from typing import Final

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from movie_db.movie_db_client.data_model.tables import Movie
from movie_db.movie_db_client.handlers.service import of
from movie_db.movie_db_client.repository import views

_DEFAULT_LIMIT: Final = 50
_GREATEST_LIMIT: Final = 500
_GREATEST_ID: Final = 2**31 - 1


def list_movies(request: Request) -> Response:
    limit = _whole_number(request, "limit", 1, _GREATEST_LIMIT, _DEFAULT_LIMIT)
    after = _whole_number(request, "cursor", 0, _GREATEST_ID, 0)
    following = select(Movie.movie_id).where(Movie.movie_id > after).order_by(Movie.movie_id).limit(limit + 1)
    with of(request).engine.connect() as connection:
        found = list(connection.execute(following).scalars())
        page = found[:limit]
        films = views.movies(connection, page)
        body = [{"movie_id": number} | film for number, film in zip(page, films, strict=True)]
    return JSONResponse({"movies": body, "next": str(page[-1]) if len(found) > limit else None})


def _whole_number(request: Request, name: str, least: int, greatest: int, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= greatest):
        raise HTTPException(400, f"{name} is a whole number from {least} to {greatest}, not {text[:40]!r}.")
    return int(text)
