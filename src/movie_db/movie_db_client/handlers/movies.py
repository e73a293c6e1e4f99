"""Operations that read movies: lists, and single ones."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import BigInteger, Connection, Subquery, case, cast, func, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.clock import moment
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import moment_of
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.tables import MovieRow
from movie_db.movie_db_client.reading import as_of, identifiers
from movie_db.movie_db_client.reading.documents import documents, parts, statement
from movie_db.movie_db_client.reading.facets import facets, numbers_among
from movie_db.movie_db_client.reading.filters import select_movies
from movie_db.movie_db_client.reading.pages import Cursor, order_of, read_cursor
from movie_db.movie_db_client.reading.searching import search_corrected, search_movies


def list_movies(call: Call) -> Response:
    params = call.params
    members = parts(params.get("fields", ()), params.get("include", ()))
    body: dict[str, Any] = {}
    with call.service.engine.connect() as connection:
        found, films = _page(connection, params, search_movies(connection, params["q"]) if "q" in params else None)
        if "q" in params:
            body["replaced"] = {}
            if not found and (meant := search_corrected(connection, params["q"])):
                found, films = _page(connection, params, meant.found)
                body["replaced"] = meant.replaced
        page = found[: params["limit"]]
        body["movies"] = documents(connection, [number for _, number in page], members)
        body["next"] = Cursor(*_plain(*page[-1])).written(params) if len(found) > len(page) else None
        if names := params.get("facets"):
            numbers = None if films.whereclause is None and "q" not in params else films
            if "q" in params:  # a search is expensive, so it is not repeated for each facet
                numbers = select(numbers_among(connection, list(connection.execute(films).scalars())))
            counted = select(func.count()).select_from((films if numbers is None else numbers).subquery())
            body["total"] = connection.execute(counted).scalar_one()
            body["facets"] = facets(connection, numbers, names)
    return json(body)


def _page(
    connection: Connection, params: Mapping[str, Any], hits: Subquery | None
) -> tuple[list[tuple[Any, int]], Any]:
    """Returns the movies of a page and the first of the next, and a statement that selects all movies of the list."""
    films, relevance = select_movies(params, hits), None
    if hits is not None:
        # Where the words were found counts first, then the number of votes.
        votes = func.coalesce(MovieRow.rating_count, 0)
        relevance = cast(hits.c.tier, BigInteger) * 1_000_000_000 + case(
            (votes > 999_999_999, 999_999_999), else_=votes
        )
    sort = params.get("sort") or ("id" if hits is None else "relevance")
    order = order_of(sort, connection.dialect.name, relevance)
    return order.page(connection, films, MovieRow.movie_id, read_cursor(params), params["limit"] + 1), films


def _plain(value: Any, number: int) -> tuple[Any, int]:
    return (value if isinstance(value, str | int | None) else float(value)), number


DEFAULT_PARTS: Final = ("cast", "alternative_titles")


async def read_movie(call: Call) -> Response:
    fields = call.params.get("fields", ())
    members = parts(fields, call.params.get("include", () if fields else DEFAULT_PARTS))
    if "as_of" in call.params:
        return await run_in_threadpool(_read_past, call, members)
    if (lookup := call.service.shortcut.lookup) is not None:
        dialect, name = call.service.engine.dialect.name, call.params["id"]
        if (number := identifiers.number_of(name)) is not None:
            shown = await lookup.one(statement(dialect, members, "number_is"), number)
        else:
            shown = await lookup.one(statement(dialect, members, "id_is"), *identifiers.pair_of(name))
        if shown is not None:
            return Response(shown, media_type="application/json")
    return await run_in_threadpool(_read_movie, call, members)


def _read_movie(call: Call, members: tuple[str, ...]) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        found = documents(connection, [number], members)
    if not found:
        raise HTTPException(404, f"There is no movie {number}.")
    return json(found[0])


def _read_past(call: Call, members: tuple[str, ...]) -> Response:
    at = moment_of("as_of", call.params["as_of"])
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        if (since := as_of.known_since(connection, number)) > at:
            raise HTTPException(404, f"Movie {number} did not exist at {moment(at)}: first seen at {moment(since)}.")
        return json(as_of.movie_at(connection, number, at, members, call.service.preferences))


def film_of(call: Call, connection: Any) -> int:
    """Returns the number of the movie that a call names.

    Raises:
        HTTPException: there is no such movie, or it was merged into another, to which the response redirects.
    """
    name = call.params["id"]
    try:
        return identifiers.film(connection, name)
    except identifiers.MergedMovieError as moved:
        path = call.operation.path.replace("{id}", str(moved.number))
        query = f"?{call.query.decode('ascii')}" if call.query else ""
        detail = f"Movie {name} was merged into movie {moved.number}."
        raise HTTPException(308, detail, {"Location": quote(path, safe="/") + query}) from None
