"""Operations that list what people decided: about pairs, and about fields."""

from datetime import UTC
from typing import Any, Final

from sqlalchemy import Connection, Select, literal, select, tuple_
from starlette.responses import Response

from movie_db.contract.clock import moment
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.bookkeeping import DecisionRow
from movie_db.movie_db_client.data_model.tables import MovieRow, PinRow
from movie_db.movie_db_client.handlers.movies import film_of
from movie_db.movie_db_client.reading.pages import Cursor, read_cursor
from movie_db.movie_db_client.repository import views

_PAIR: Final = (DecisionRow.entry_key, DecisionRow.other_key, DecisionRow.source, DecisionRow.source_id)
_PIN: Final = (PinRow.field, PinRow.value, PinRow.note, PinRow.pinned_at)


def list_decisions(call: Call) -> Response:
    statement = select(
        DecisionRow.verdict, *_PAIR, DecisionRow.note, DecisionRow.decided_by, DecisionRow.decided_at
    ).order_by(DecisionRow.decision_id)
    with call.service.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(statement).mappings()]
    decisions = [row | {"decided_at": row["decided_at"].astimezone(UTC).isoformat()} for row in rows]
    return json({"decisions": decisions}, 200, {"Cache-Control": "no-cache"})


def list_all_pins(call: Call) -> Response:
    cursor, limit = read_cursor(call.params), call.params["limit"]
    statement = select(PinRow.movie_id, MovieRow.title, MovieRow.release_year.label("year"), *_PIN)
    statement = (
        statement.join(MovieRow, MovieRow.movie_id == PinRow.movie_id)
        .order_by(PinRow.movie_id, PinRow.field)
        .limit(limit + 1)
    )
    if cursor is not None:
        last = tuple_(literal(cursor.number), literal(str(cursor.value)))
        statement = statement.where(tuple_(PinRow.movie_id, PinRow.field) > last)
    with call.service.engine.connect() as connection:
        rows = _pins(connection, statement)
        page, ids = rows[:limit], views.ids_of(connection, "movie", [row["movie_id"] for row in rows])
    for row in page:
        row["ids"] = {}
        for one in ids.get(row["movie_id"], ()):
            row["ids"].setdefault(one["namespace"], []).append(one["value"])
    more = Cursor(page[-1]["field"], page[-1]["movie_id"]).written(call.params) if len(rows) > limit else None
    return json({"pins": page, "next": more})


def list_pins(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        pins = _pins(connection, select(*_PIN).where(PinRow.movie_id == number).order_by(PinRow.field))
    return json({"movie_id": number, "pins": pins})


def _pins(connection: Connection, statement: Select[Any]) -> list[dict[str, Any]]:
    rows = connection.execute(statement).mappings()
    return [{**row, "pinned_at": moment(row["pinned_at"])} for row in rows]
