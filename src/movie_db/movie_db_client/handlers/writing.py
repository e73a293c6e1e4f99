"""Films are written: by one who bears a key, and, if an If-Match says so, only what has not changed meanwhile."""

from typing import Final

import orjson
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UsageError
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.editing import bulk, movies
from movie_db.movie_db_client.editing.pins import unpin
from movie_db.movie_db_client.handlers.lines import Json, line_answer, upserted
from movie_db.movie_db_client.handlers.movies import BESIDE, film_of
from movie_db.movie_db_client.handlers.preconditions import (
    now,
    obeyed,
    refuse_changed,
    refuse_ids,
    shown,
    with_fit_ids,
    with_id_of_path,
)
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.reading.identifiers import number_of

_PATH: Final = "/v1/movies"


def create_movie(call: Call) -> Response:
    told = with_fit_ids(call.body, MOVIE_NAMESPACES)
    with call.service.unit() as unit:
        number = obeyed(lambda: movies.create(unit.repository, told, now()), _PATH)
        unit.commit()
    return _shown(call, number, 201)


def put_movie(call: Call) -> Response:
    if number_of(call.params["id"]) is not None:
        refuse_ids(call, "a film")
        return patch_movie(call)
    told = with_id_of_path(call, "movie", MOVIE_NAMESPACES)
    with call.service.unit() as unit:
        if b"if-match" in call.headers:
            _unchanged(call)
        written = obeyed(lambda: bulk.upsert(unit.repository, told, now()), _PATH)
        unit.commit()
    return _shown(call, written.number, 201 if written.created else 200)


def patch_movie(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _unchanged(call)
        obeyed(lambda: movies.patch(unit.repository, number, call.body, now()), _PATH)
        unit.commit()
    return _shown(call, number)


def delete_movie(call: Call) -> Response:
    with call.service.unit() as unit:
        movies.delete(unit.repository, _unchanged(call))
        unit.commit()
    return Response(status_code=204)


async def upsert_movies(call: Call) -> Response:
    def write(films: list[Json]) -> list[Json]:
        with call.service.unit() as unit:
            results = bulk.upsert_all(unit.repository, films, now)
            unit.commit()
        return [line_answer(result, "movie_id") for result in results]

    return upserted(call, MOVIE_NAMESPACES, write)


def delete_pin(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _film(call)
        try:
            unpin(unit.repository, str(number), [call.params["field"]])
        except UsageError as error:
            raise HTTPException(404, str(error)) from None
        unit.commit()
    return _shown(call, number)


def _film(call: Call) -> int:
    with call.service.engine.connect() as connection:
        return film_of(call, connection)


def _unchanged(call: Call) -> int:
    """The number of the film that a call is about. It is asked within the unit of work: no one else writes meanwhile.

    Raises:
        HTTPException: there is none, or it is not as the call's If-Match says.
    """
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        refuse_changed(call, _document(connection, number), f"Film {number}")
    return number


def _document(connection: Connection, number: int) -> bytes:
    return orjson.dumps(documents(connection, [number], parts((), BESIDE))[0])


def _shown(call: Call, number: int, status: int = 200) -> Response:
    with call.service.engine.connect() as connection:
        return shown(_document(connection, number), f"{_PATH}/{number}", status)
