"""Reads the ledger of a movie's offers for the API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from movie_db.contract.clock import moment
from movie_db.movie_db_client.data_model.tables import OfferRow

Json = dict[str, Any]
_OFFER: Final = (
    *(
        OfferRow.provider,
        OfferRow.country,
        OfferRow.kind,
        OfferRow.presentation,
        OfferRow.price,
        OfferRow.currency,
        OfferRow.url,
    ),
    *(OfferRow.available_to, OfferRow.source, OfferRow.first_seen, OfferRow.last_seen, OfferRow.left_at),
)


def offers(connection: Connection, number: int, at: datetime | None, countries: Sequence[str] = ()) -> list[Json]:
    """Returns a movie's offers at a time (None: all there ever were) in these countries (empty: all)."""
    query = select(*_OFFER).where(OfferRow.movie_id == number).order_by(OfferRow.offer_id)
    if countries:
        query = query.where(OfferRow.country.in_([country.upper() for country in countries]))
    if at is not None:
        query = query.where(OfferRow.first_seen <= at, or_(OfferRow.left_at.is_(None), OfferRow.left_at > at))
    return [_offer(dict(row)) for row in connection.execute(query).mappings()]


def _offer(row: Json) -> Json:
    moments = {name: moment(row[name]) for name in ("first_seen", "last_seen", "left_at")}
    return row | moments | {"price": None if row["price"] is None else float(row["price"])}
