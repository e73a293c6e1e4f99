"""People, companies and genres, their films; and the rows of `ratings` and `cast`."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.movie_db_client.api.endpoint import Call, Handler
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.tables import CastMemberRow, MovieRow, RatingRow
from movie_db.movie_db_client.reading import contributors, identifiers
from movie_db.movie_db_client.reading.contributors import KINDS, Kind
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.reading.pages import Cursor, Order, read_cursor

Row = dict[str, Any]


def handlers() -> dict[str, Handler]:
    """The operations on every kind of party, by their names."""
    found: dict[str, Handler] = {}
    for kind in KINDS.values():
        found[f"list_{kind.table}"] = _lists(kind)
        found[f"read_{kind.entity}"] = _reads(kind)
        found[f"list_movies_of_{kind.entity}"] = _lists_movies(kind)
    return found


def _lists(kind: Kind) -> Callable[[Call], Response]:
    def handle(call: Call) -> Response:
        limit, cursor = call.params["limit"], read_cursor(call.params)
        after = (str(cursor.value), cursor.number) if cursor else None
        with call.service.engine.connect() as connection:
            rows = contributors.listed(connection, kind, call.params.get("name"), after, limit + 1)
        page = rows[:limit]
        more = Cursor(page[-1]["name"], page[-1][kind.key]).written(call.params) if len(rows) > limit else None
        return json({kind.table: page, "next": more})

    return handle


def _reads(kind: Kind) -> Callable[[Call], Response]:
    def handle(call: Call) -> Response:
        with call.service.engine.connect() as connection:
            return json(row_of(connection, kind, call.params["id"]))

    return handle


def row_of(connection: Connection, kind: Kind, wanted: str | int) -> dict[str, Any]:
    """The row that a client means, as it is told.

    Raises:
        HTTPException: there is none.
    """
    number = wanted if isinstance(wanted, int) else identifiers.number_of(wanted)
    if number is None:
        number = identifiers.row(connection, kind.entity, str(wanted))
    if (row := contributors.one(connection, kind, number)) is None:
        raise HTTPException(404, f"There is no {kind.entity} {number}.")
    return row


def _lists_movies(kind: Kind) -> Callable[[Call], Response]:
    def handle(call: Call) -> Response:
        params, limit = call.params, call.params["limit"]
        told = parts(params.get("fields", ()), params.get("include", ()))
        with call.service.engine.connect() as connection:
            row = row_of(connection, kind, params["id"])
            films = select(MovieRow.movie_id).where(MovieRow.movie_id.in_(contributors.films_of(kind, row[kind.key])))
            found = Order(None, False).page(connection, films, MovieRow.movie_id, read_cursor(params), limit + 1)
            numbers = [number for _, number in found]
            shown = documents(connection, numbers[:limit], told)
        more = Cursor(None, numbers[limit - 1]).written(params) if len(numbers) > limit else None
        return json({"movies": shown, "next": more})

    return handle


_RATINGS: Final = select(
    *(RatingRow.rating_id, RatingRow.movie_id, RatingRow.source, RatingRow.score, RatingRow.votes, RatingRow.original)
)
_CAST: Final = select(
    *(CastMemberRow.cast_id, CastMemberRow.movie_id, CastMemberRow.actor_id, CastMemberRow.role),
    CastMemberRow.billing_order.label("billing"),
)


def list_ratings(call: Call) -> Response:
    asked = _RATINGS
    if "source" in call.params:
        asked = asked.where(RatingRow.source == call.params["source"])
    rows, more = _page(call, asked, RatingRow)
    return json({"ratings": [_rating(row) for row in rows], "next": more})


def read_rating(call: Call) -> Response:
    return json(_rating(_row(call, _RATINGS, RatingRow.rating_id, "rating")))


def list_cast(call: Call) -> Response:
    asked = _CAST
    if "actor_id" in call.params:
        asked = asked.where(CastMemberRow.actor_id == call.params["actor_id"])
    rows, more = _page(call, asked, CastMemberRow)
    return json({"cast": [_member(row) for row in rows], "next": more})


def read_cast_member(call: Call) -> Response:
    return json(_member(_row(call, _CAST, CastMemberRow.cast_id, "cast member")))


def _rating(row: Row) -> Row:
    return row | {"score": float(row["score"])}


def _member(row: Row) -> Row:
    return row | {"role": row["role"] or None}


def _row(call: Call, asked: Any, number: Any, what: str) -> Row:
    """The row of the number that a call names.

    Raises:
        HTTPException: there is none.
    """
    with call.service.engine.connect() as connection:
        row = connection.execute(asked.where(number == call.params["id"])).mappings().first()
    if row is None:
        raise HTTPException(404, f"There is no {what} {call.params['id']}.")
    return dict(row)


def _page(call: Call, asked: Any, table: type[RatingRow | CastMemberRow]) -> tuple[list[Row], str | None]:
    """A page of rows in the order of their numbers, of one film if one is named; and the cursor of the next."""
    limit, cursor = call.params["limit"], read_cursor(call.params)
    number = next(iter(table.__table__.primary_key))
    if "movie_id" in call.params:
        asked = asked.where(table.movie_id == call.params["movie_id"])
    if cursor is not None:
        asked = asked.where(number > cursor.number)
    with call.service.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(asked.order_by(number).limit(limit + 1)).mappings()]
    more = Cursor(None, rows[limit - 1][number.name]).written(call.params) if len(rows) > limit else None
    return rows[:limit], more
