"""Operations that write movies. With If-Match, a write succeeds only if the movie is unchanged."""

from typing import Final

import orjson
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UsageError
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.editing import bulk, movies
from movie_db.movie_db_client.editing.pins import unpin_movie
from movie_db.movie_db_client.handlers.lines import Json, line_answer, upserted
from movie_db.movie_db_client.handlers.movies import DEFAULT_PARTS, film_of
from movie_db.movie_db_client.handlers.preconditions import (
    now,
    refuse_changed,
    refuse_ids,
    shown,
    translated,
    with_id_of_path,
    with_valid_ids,
)
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.reading.identifiers import number_of

_PATH: Final = "/v1/movies"


def create_movie(call: Call) -> Response:
    fields = with_valid_ids(call.body, MOVIE_NAMESPACES)
    with call.service.units() as unit:
        number = translated(lambda: movies.create_movie(unit, fields, now()), _PATH)
    return _shown(call, number, 201)


def put_movie(call: Call) -> Response:
    if number_of(call.params["id"]) is not None:
        refuse_ids(call, "a movie")
        return patch_movie(call)
    fields = with_id_of_path(call, "movie", MOVIE_NAMESPACES)
    with call.service.units() as unit:
        if b"if-match" in call.headers:
            _unchanged(call)
        written = translated(lambda: bulk.upsert_movie(unit, fields, now()), _PATH)
    return _shown(call, written.number, 201 if written.created else 200)


def patch_movie(call: Call) -> Response:
    with call.service.units() as unit:
        number = _unchanged(call)
        translated(lambda: movies.patch_movie(unit, number, call.body, now()), _PATH)
    return _shown(call, number)


def delete_movie(call: Call) -> Response:
    with call.service.units() as unit:
        movies.delete_movie(unit, _unchanged(call))
    return Response(status_code=204)


async def upsert_movies(call: Call) -> Response:
    def write(films: list[Json]) -> list[Json]:
        with call.service.units() as unit:
            results = bulk.upsert_movies(unit, films, now)
        return [line_answer(result, "movie_id") for result in results]

    return upserted(call, MOVIE_NAMESPACES, write)


def delete_pin(call: Call) -> Response:
    with call.service.units() as unit:
        number = _film(call)
        try:
            unpin_movie(unit, str(number), [call.params["field"]])
        except UsageError as error:
            raise HTTPException(404, str(error)) from None
    return _shown(call, number)


def _film(call: Call) -> int:
    with call.service.engine.connect() as connection:
        return film_of(call, connection)


def _unchanged(call: Call) -> int:
    """Returns the number of the movie that a call names. Called within a unit of work, so nobody else writes meanwhile.

    Raises:
        HTTPException: there is no such movie, or it does not match the call's If-Match.
    """
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        refuse_changed(call, _document(connection, number), f"Movie {number}")
    return number


def _document(connection: Connection, number: int) -> bytes:
    return orjson.dumps(documents(connection, [number], parts((), DEFAULT_PARTS))[0])


def _shown(call: Call, number: int, status: int = 200) -> Response:
    with call.service.engine.connect() as connection:
        return shown(_document(connection, number), f"{_PATH}/{number}", status)
