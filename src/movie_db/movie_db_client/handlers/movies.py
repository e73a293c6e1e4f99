"""The films that the database holds: lists of them, and one."""

from typing import Any
from urllib.parse import quote

from sqlalchemy import BigInteger, case, cast, func, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.movie_db_client.api.answers import json
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.data_model.tables import Movie
from movie_db.movie_db_client.reading import naming
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.reading.facets import facets
from movie_db.movie_db_client.reading.filters import conditions
from movie_db.movie_db_client.reading.pages import Cursor, order_of, read_cursor
from movie_db.movie_db_client.reading.searching import search


def list_movies(call: Call) -> Response:
    params, limit = call.params, call.params["limit"]
    cursor = read_cursor(params)
    told = parts(params.get("fields", ()), params.get("include", ()))
    films = select(Movie.movie_id)
    body: dict[str, Any] = {}
    with call.service.engine.connect() as connection:
        relevance = None
        if "q" in params:
            hits = search(connection, params["q"])
            films = films.join(hits.found, hits.found.c.movie_id == Movie.movie_id)
            # The place of the words counts first, then how many people know the film.
            votes = func.coalesce(Movie.rating_count, 0)
            relevance = cast(hits.found.c.tier, BigInteger) * 1_000_000_000 + case(
                (votes > 999_999_999, 999_999_999), else_=votes
            )
            body["replaced"] = hits.replaced
        filtered = list(conditions(params))
        films = films.where(*filtered)
        sort = params.get("sort") or ("relevance" if "q" in params else "id")
        order = order_of(sort, connection.dialect.name, relevance)
        found = order.page(connection, films, Movie.movie_id, cursor, limit + 1)
        page = found[:limit]
        body["movies"] = documents(connection, [number for _, number in page], told)
        body["next"] = Cursor(*_plain(*page[-1])).written(params) if len(found) > limit else None
        if names := params.get("facets"):
            body["total"] = connection.execute(films.with_only_columns(func.count(Movie.movie_id))).scalar_one()
            body["facets"] = facets(connection, films if filtered or "q" in params else None, names)
    return json(body)


def _plain(value: Any, number: int) -> tuple[Any, int]:
    return (value if isinstance(value, str | int | None) else float(value)), number


def read_movie(call: Call) -> Response:
    told = parts(call.params.get("fields", ()), call.params["include"])
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        found = documents(connection, [number], told)
    if not found:
        raise HTTPException(404, f"There is no film {number}.")
    return json(found[0], 200, {"Content-Location": f"/v1/movies/{number}"})


def film_of(call: Call, connection: Any) -> int:
    """The number of the film that a call is about.

    Raises:
        HTTPException: there is none, or it is another one now, to which the answer leads.
    """
    wanted = call.params["id"]
    try:
        return naming.film(connection, wanted)
    except naming.Moved as moved:
        path = call.operation.path.replace("{id}", str(moved.number))
        query = f"?{call.query.decode('ascii')}" if call.query else ""
        told = f"Film {wanted} is film {moved.number} now."
        raise HTTPException(308, told, {"Location": quote(path, safe="/") + query}) from None
