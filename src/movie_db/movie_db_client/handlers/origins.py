"""Where films' values come from: provenance, the sources' own records, what changed and is offered, and conflicts."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import or_, select
from starlette.responses import Response

from movie_db.movie_db_client.api.answers import json, moment
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, Invalid
from movie_db.movie_db_client.conflicts import START, Wanted, page
from movie_db.movie_db_client.data_model.bookkeeping import Change, FieldProvenance, SourceOutcome, SourceRecord
from movie_db.movie_db_client.data_model.tables import Offer
from movie_db.movie_db_client.handlers.movies import film_of
from movie_db.movie_db_client.reading.pages import Cursor, read_cursor

_OFFER: Final = (
    *(Offer.provider, Offer.country, Offer.kind, Offer.presentation, Offer.price, Offer.currency, Offer.url),
    *(Offer.available_to, Offer.source, Offer.first_seen, Offer.last_seen, Offer.left_at),
)


def moment_of(name: str, text: str) -> datetime:
    """The moment that a parameter names.

    Raises:
        Invalid: there is no such moment, as the 30th of February.
    """
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid([Fault(name, f"{name} is a moment such as 2026-03-01T12:00:00Z, not {text[:40]!r}.")]) from None


def read_provenance(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        asked = select(FieldProvenance).where(FieldProvenance.movie_id == number).order_by(FieldProvenance.field)
        rows = connection.execute(asked).mappings().all()
    names = ("field", "source", "source_id", "url", "licence", "beaten")
    told = [{name: row[name] for name in names} | {"retrieved_at": moment(row["retrieved_at"])} for row in rows]
    return json({"movie_id": number, "provenance": told})


def read_sources(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        asked = select(SourceRecord).where(SourceRecord.movie_id == number).order_by(SourceRecord.record_id)
        rows = connection.execute(asked).mappings().all()
        outcomes = select(SourceOutcome.source, SourceOutcome.outcome, SourceOutcome.run)
        told = connection.execute(outcomes.where(SourceOutcome.movie_id == number).order_by(SourceOutcome.source))
        asked_of = [dict(row) for row in told.mappings()]
    names = ("source", "source_id", "url", "licence", "language", "probability", "evidence", "record")
    records = [{name: row[name] for name in names} | {"retrieved_at": moment(row["retrieved_at"])} for row in rows]
    return json({"movie_id": number, "sources": records, "outcomes": asked_of})


def read_history(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        asked = select(Change).where(Change.movie_id == number).order_by(Change.at, Change.change_id)
        rows = connection.execute(asked).mappings().all()
    names = ("field", "old", "new", "source")
    told = [{"at": moment(row["at"])} | {name: row[name] for name in names} for row in rows]
    return json({"movie_id": number, "history": told})


def read_offers(call: Call) -> Response:
    params = call.params
    at = moment_of("as_of", params["as_of"]) if "as_of" in params else datetime.now(UTC)
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        asked = select(*_OFFER).where(Offer.movie_id == number).order_by(Offer.offer_id)
        if countries := params.get("country"):
            asked = asked.where(Offer.country.in_([country.upper() for country in countries]))
        if not params["left"] or "as_of" in params:
            asked = asked.where(Offer.first_seen <= at, or_(Offer.left_at.is_(None), Offer.left_at > at))
        rows = connection.execute(asked).mappings().all()
    return json({"movie_id": number, "offers": [_offer(dict(row)) for row in rows]})


def _offer(row: dict[str, Any]) -> dict[str, Any]:
    moments = {name: moment(row[name]) for name in ("first_seen", "last_seen", "left_at")}
    return row | moments | {"price": None if row["price"] is None else float(row["price"])}


def list_conflicts(call: Call) -> Response:
    params, cursor = call.params, read_cursor(call.params)
    wanted = Wanted(params.get("field"), params.get("source"), params.get("movie_id"))
    after = (cursor.number, str(cursor.value)) if cursor else START
    with call.service.engine.connect() as connection:
        found, more = page(connection, wanted, after, params["limit"])
    told = Cursor(more[1], more[0]).written(params) if more else None
    return json({"conflicts": [one.as_json() for one in found], "next": told})
