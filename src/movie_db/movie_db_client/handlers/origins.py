"""Operations on where values come from: provenance, source records, history, offers and conflicts."""

from datetime import UTC, datetime

from sqlalchemy import select
from starlette.responses import Response

from movie_db.contract.clock import moment
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import moment_of
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.bookkeeping import (
    ChangeRow,
    FieldProvenanceRow,
    SourceOutcomeRow,
    SourceRecordRow,
)
from movie_db.movie_db_client.handlers.movies import film_of
from movie_db.movie_db_client.history.change_texts import is_news, render
from movie_db.movie_db_client.reading.conflicts import START, ConflictFilter, page
from movie_db.movie_db_client.reading.offers import offers
from movie_db.movie_db_client.reading.pages import Cursor, read_cursor


def read_provenance(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        statement = (
            select(FieldProvenanceRow).where(FieldProvenanceRow.movie_id == number).order_by(FieldProvenanceRow.field)
        )
        rows = connection.execute(statement).mappings().all()
    names = ("field", "source", "source_id", "url", "licence", "beaten")
    provenance = [{name: row[name] for name in names} | {"retrieved_at": moment(row["retrieved_at"])} for row in rows]
    return json({"movie_id": number, "provenance": provenance})


def read_sources(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        statement = (
            select(SourceRecordRow).where(SourceRecordRow.movie_id == number).order_by(SourceRecordRow.record_id)
        )
        rows = connection.execute(statement).mappings().all()
        outcomes = select(SourceOutcomeRow.source, SourceOutcomeRow.outcome, SourceOutcomeRow.run)
        found = connection.execute(
            outcomes.where(SourceOutcomeRow.movie_id == number).order_by(SourceOutcomeRow.source)
        )
        of_movie = [dict(row) for row in found.mappings()]
    names = ("source", "source_id", "url", "licence", "language", "probability", "evidence", "record")
    records = [{name: row[name] for name in names} | {"retrieved_at": moment(row["retrieved_at"])} for row in rows]
    return json({"movie_id": number, "sources": records, "outcomes": of_movie})


def read_history(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        statement = select(ChangeRow).where(ChangeRow.movie_id == number).order_by(ChangeRow.at, ChangeRow.change_id)
        rows = connection.execute(statement).mappings().all()
    history = [
        {"at": moment(row["at"]), "field": row["field"]}
        | {name: render(row["field"], row[name]) for name in ("old", "new")}
        | {"source": row["source"]}
        for row in rows
        if is_news(row["field"], row["old"], row["new"])
    ]
    return json({"movie_id": number, "history": history})


def read_offers(call: Call) -> Response:
    params, as_of = call.params, call.params.get("as_of")
    at = moment_of("as_of", as_of) if as_of else None if params["left"] else datetime.now(UTC)
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        listed = offers(connection, number, at, params.get("country", ()))
    return json({"movie_id": number, "offers": listed})


def list_conflicts(call: Call) -> Response:
    params, cursor = call.params, read_cursor(call.params)
    selection = ConflictFilter(params.get("field"), params.get("source"), params.get("movie_id"))
    after = (cursor.number, str(cursor.value)) if cursor else START
    with call.service.engine.connect() as connection:
        found, more = page(connection, selection, after, params["limit"])
    following = Cursor(more[1], more[0]).written(params) if more else None
    return json({"conflicts": [one.as_json() for one in found], "next": following})
