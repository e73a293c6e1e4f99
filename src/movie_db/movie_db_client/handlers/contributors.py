"""Operations that read people, companies and genres with their movies, and the tables `ratings` and `cast`."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.movie_db_client.api.endpoint import Call, Handler
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.contributor_tables import CastMemberRow
from movie_db.movie_db_client.data_model.tables import MovieRow, RatingRow
from movie_db.movie_db_client.reading import contributors, identifiers
from movie_db.movie_db_client.reading.contributors import CONTRIBUTOR_KINDS, ContributorKind
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.reading.pages import Cursor, SortOrder, read_cursor

Row = dict[str, Any]


def handlers() -> dict[str, Handler]:
    """Returns the operations of all kinds by name."""
    found: dict[str, Handler] = {}
    for kind in CONTRIBUTOR_KINDS.values():
        found[f"list_{kind.table}"] = _lists(kind)
        found[f"read_{kind.entity}"] = _reads(kind)
        found[f"list_movies_of_{kind.entity}"] = _lists_movies(kind)
    return found


def _lists(kind: ContributorKind) -> Callable[[Call], Response]:
    def handle(call: Call) -> Response:
        limit, cursor = call.params["limit"], read_cursor(call.params)
        after = (str(cursor.value), cursor.number) if cursor else None
        with call.service.engine.connect() as connection:
            rows = contributors.listed(connection, kind, call.params.get("name"), after, limit + 1)
        page = rows[:limit]
        more = Cursor(page[-1]["name"], page[-1][kind.key]).written(call.params) if len(rows) > limit else None
        return json({kind.table: page, "next": more})

    return handle


def _reads(kind: ContributorKind) -> Callable[[Call], Response]:
    def handle(call: Call) -> Response:
        with call.service.engine.connect() as connection:
            return json(row_of(connection, kind, call.params["id"]))

    return handle


def row_of(connection: Connection, kind: ContributorKind, name: str | int) -> dict[str, Any]:
    """Returns the row with this number or id, as the API shows it.

    Raises:
        HTTPException: there is no such row.
    """
    number = name if isinstance(name, int) else identifiers.number_of(name)
    if number is None:
        number = identifiers.row(connection, kind.entity, str(name))
    if (row := contributors.one(connection, kind, number)) is None:
        raise HTTPException(404, f"There is no {kind.entity} {number}.")
    return row


def _lists_movies(kind: ContributorKind) -> Callable[[Call], Response]:
    def handle(call: Call) -> Response:
        params, limit = call.params, call.params["limit"]
        members = parts(params.get("fields", ()), params.get("include", ()))
        with call.service.engine.connect() as connection:
            row = row_of(connection, kind, params["id"])
            films = select(MovieRow.movie_id).where(MovieRow.movie_id.in_(contributors.films_of(kind, row[kind.key])))
            found = SortOrder(None, False).page(connection, films, MovieRow.movie_id, read_cursor(params), limit + 1)
            numbers = [number for _, number in found]
            shown = documents(connection, numbers[:limit], members)
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
    statement = _RATINGS
    if "source" in call.params:
        statement = statement.where(RatingRow.source == call.params["source"])
    rows, more = _page(call, statement, RatingRow)
    return json({"ratings": [_rating(row) for row in rows], "next": more})


def read_rating(call: Call) -> Response:
    return json(_rating(_row(call, _RATINGS, RatingRow.rating_id, "rating")))


def list_cast(call: Call) -> Response:
    statement = _CAST
    if "actor_id" in call.params:
        statement = statement.where(CastMemberRow.actor_id == call.params["actor_id"])
    rows, more = _page(call, statement, CastMemberRow)
    return json({"cast": [_member(row) for row in rows], "next": more})


def read_cast_member(call: Call) -> Response:
    return json(_member(_row(call, _CAST, CastMemberRow.cast_id, "cast member")))


def _rating(row: Row) -> Row:
    return row | {"score": float(row["score"])}


def _member(row: Row) -> Row:
    return row | {"role": row["role"] or None}


def _row(call: Call, statement: Any, number: Any, what: str) -> Row:
    """Returns the row with the number in the path.

    Raises:
        HTTPException: there is no such row.
    """
    with call.service.engine.connect() as connection:
        row = connection.execute(statement.where(number == call.params["id"])).mappings().first()
    if row is None:
        raise HTTPException(404, f"There is no {what} {call.params['id']}.")
    return dict(row)


def _page(call: Call, statement: Any, table: type[RatingRow | CastMemberRow]) -> tuple[list[Row], str | None]:
    """Returns a page of rows sorted by number, of one movie if the call names one, and the cursor of the next page."""
    limit, cursor = call.params["limit"], read_cursor(call.params)
    number = next(iter(table.__table__.primary_key))
    if "movie_id" in call.params:
        statement = statement.where(table.movie_id == call.params["movie_id"])
    if cursor is not None:
        statement = statement.where(number > cursor.number)
    with call.service.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(statement.order_by(number).limit(limit + 1)).mappings()]
    more = Cursor(None, rows[limit - 1][number.name]).written(call.params) if len(rows) > limit else None
    return rows[:limit], more
