"""The films that the database holds: lists of them, and one."""

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
from movie_db.movie_db_client.reading.filters import chosen
from movie_db.movie_db_client.reading.pages import Cursor, order_of, read_cursor
from movie_db.movie_db_client.reading.searching import as_meant, as_written


def list_movies(call: Call) -> Response:
    params = call.params
    told = parts(params.get("fields", ()), params.get("include", ()))
    body: dict[str, Any] = {}
    with call.service.engine.connect() as connection:
        found, films = _page(connection, params, as_written(connection, params["q"]) if "q" in params else None)
        if "q" in params:
            body["replaced"] = {}
            if not found and (meant := as_meant(connection, params["q"])):
                found, films = _page(connection, params, meant.found)
                body["replaced"] = meant.replaced
        page = found[: params["limit"]]
        body["movies"] = documents(connection, [number for _, number in page], told)
        body["next"] = Cursor(*_plain(*page[-1])).written(params) if len(found) > len(page) else None
        if names := params.get("facets"):
            numbers = None if films.whereclause is None and "q" not in params else films
            if "q" in params:  # a search is dear: it is not made anew for each facet
                numbers = select(numbers_among(connection, list(connection.execute(films).scalars())))
            counted = select(func.count()).select_from((films if numbers is None else numbers).subquery())
            body["total"] = connection.execute(counted).scalar_one()
            body["facets"] = facets(connection, numbers, names)
    return json(body)


def _page(
    connection: Connection, params: Mapping[str, Any], hits: Subquery | None
) -> tuple[list[tuple[Any, int]], Any]:
    """The films of a page, and of the next the first; and all films of the list, as a statement."""
    films, relevance = chosen(params, hits), None
    if hits is not None:
        # The place of the words counts first, then how many people know the film.
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
    told = parts(fields, call.params.get("include", () if fields else DEFAULT_PARTS))
    if "as_of" in call.params:
        return await run_in_threadpool(_read_past, call, told)
    if (way := call.service.shortcut.lookup) is not None:
        name, wanted = call.service.engine.dialect.name, call.params["id"]
        if (number := identifiers.number_of(wanted)) is not None:
            shown = await way.one(statement(name, told, "number_is"), number)
        else:
            shown = await way.one(statement(name, told, "id_is"), *identifiers.pair_of(wanted))
        if shown is not None:
            return Response(shown, media_type="application/json")
    return await run_in_threadpool(_read_movie, call, told)


def _read_movie(call: Call, told: tuple[str, ...]) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        found = documents(connection, [number], told)
    if not found:
        raise HTTPException(404, f"There is no film {number}.")
    return json(found[0])


def _read_past(call: Call, told: tuple[str, ...]) -> Response:
    at = moment_of("as_of", call.params["as_of"])
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        if (since := as_of.known_since(connection, number)) > at:
            raise HTTPException(404, f"Film {number} was not there at {moment(at)}: it is known since {moment(since)}.")
        return json(as_of.movie_at(connection, number, at, told, call.service.preferences))


def film_of(call: Call, connection: Any) -> int:
    """The number of the film that a call is about.

    Raises:
        HTTPException: there is none, or it is another one now, to which the answer leads.
    """
    wanted = call.params["id"]
    try:
        return identifiers.film(connection, wanted)
    except identifiers.MergedMovieError as moved:
        path = call.operation.path.replace("{id}", str(moved.number))
        query = f"?{call.query.decode('ascii')}" if call.query else ""
        told = f"Film {wanted} is film {moved.number} now."
        raise HTTPException(308, told, {"Location": quote(path, safe="/") + query}) from None
