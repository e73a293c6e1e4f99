"""Counts the movies of a list by genre, year, country and so on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import ARRAY, Connection, Integer, Text, distinct, func, literal, select

from movie_db.movie_db_client.data_model.tables import (
    GenreRow,
    MovieCountryRow,
    MovieGenreRow,
    MovieLanguageRow,
    MovieRow,
    OfferRow,
)

MOST: Final = 100
"""Values per facet: those with the most movies."""
_PARTS: Final[Mapping[str, Any]] = {
    "genre": select(GenreRow.name, MovieGenreRow.movie_id).join(GenreRow, GenreRow.genre_id == MovieGenreRow.genre_id),
    "country": select(MovieCountryRow.country, MovieCountryRow.movie_id),
    "language": select(MovieLanguageRow.language, MovieLanguageRow.movie_id),
    "provider": select(OfferRow.provider, OfferRow.movie_id).where(OfferRow.left_at.is_(None)),
    "offer_country": select(OfferRow.country, OfferRow.movie_id).where(OfferRow.left_at.is_(None)),
    "offer_kind": select(OfferRow.kind, OfferRow.movie_id).where(OfferRow.left_at.is_(None)),
    "year": select(MovieRow.release_year, MovieRow.movie_id),
    "decade": select(MovieRow.release_year - MovieRow.release_year % 10, MovieRow.movie_id),
    "age_rating": select(MovieRow.age_rating, MovieRow.movie_id),
}
NAMES: Final = tuple(_PARTS)
_MANY: Final = frozenset(("provider", "offer_country", "offer_kind"))
"""Facets in which a movie may have the same value several times."""


def facets(connection: Connection, films: Any, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Returns the facets of these movies (None: of all): values with their number of movies, most first."""
    found = {}
    for name in names:
        query = _PARTS[name]
        value, number = query.selected_columns
        count = (func.count(distinct(number)) if name in _MANY else func.count()).label("films")
        counted = query.with_only_columns(value.label("value"), count).where(value.is_not(None)).group_by(value)
        if films is not None:
            counted = counted.where(number.in_(films))
        # Sorted here because databases compare letters differently.
        rows = sorted(connection.execute(counted).all(), key=lambda row: (-row.films, row.value))
        found[name] = [{"value": row.value, "films": row.films} for row in rows[:MOST]]
    return found


def numbers_among(connection: Connection, numbers: Sequence[int]) -> Any:
    """Returns these numbers as a column for use in a statement."""
    if connection.dialect.name == "postgresql":
        return func.unnest(literal(list(numbers), ARRAY(Integer)))
    return func.json_each(literal(orjson.dumps(list(numbers)).decode(), Text)).table_valued("value").c.value
