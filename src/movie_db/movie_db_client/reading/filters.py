"""Translates the parameters of `list_movies` into conditions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, Table, exists, func, or_, select

from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.tables import ExternalIdRow, GenreRow, MovieGenreRow, MovieRow, OfferRow
from movie_db.movie_db_client.reading.identifiers import number_of
from movie_db.movie_db_client.repository.coverage import PARTS

_T: Final = Base.metadata.tables
_RANGES: Final = {
    "year": MovieRow.release_year,
    "runtime": MovieRow.runtime,
    "rating": MovieRow.rating,
    "votes": MovieRow.rating_count,
}
CONTRIBUTORS: Final = {
    "director": ("directors", "movie_directors"),
    "writer": ("writers", "movie_writers"),
    "actor": ("actors", "cast"),
    "studio": ("studios", "movie_studios"),
    "distributor": ("distributors", "movie_distributors"),
}
"""Entity → its table, and the table that links it to movies."""
_PEOPLE: Final = ("director", "writer", "actor")
_COLUMNS: Final = {
    "year": "release_year",
    **{name: name for name in ("title", "original_title", "runtime", "plot", "tagline", "age_rating", "rating")},
    **{name: name for name in ("budget", "box_office", "poster_url", "trailer_url", "homepage")},
}
_TABLES: Final = {field: table for field, table in PARTS.items() if field != "offers"}  # only current offers count
FIELDS: Final = (*_COLUMNS, "release_date", *_TABLES, "offers", "imdb", "tmdb", "wikidata", "wikipedia", "justwatch")
"""Fields by which `has` and `lacks` filter."""


def select_movies(params: Mapping[str, Any], hits: Subquery | None) -> Select[Any]:
    """Selects the ids of the movies that match the parameters and, if there is a search, are among its hits."""
    films = select(MovieRow.movie_id)
    if hits is not None:
        films = films.join(hits, hits.c.movie_id == MovieRow.movie_id)
    filtered = list(_conditions(params))
    return films.where(*filtered) if filtered else films


def _conditions(params: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """Yields the conditions of the parameters. All have to hold."""
    for name, column in _RANGES.items():
        if (least := params.get(f"{name}_min")) is not None:
            yield column >= least
        if (most := params.get(f"{name}_max")) is not None:
            yield column <= most
    for name, condition in _LISTED.items():
        if values := params.get(name):
            yield condition(values)
    if (offered := _offered(params)) is not None:
        yield offered
    for entity in CONTRIBUTORS:
        if (value := params.get(entity)) is not None:
            yield _made_by(entity, value)
    if (value := params.get("person")) is not None:
        yield or_(*(_made_by(entity, value) for entity in _PEOPLE))
    yield from (_has(field) for field in params.get("has", ()))
    yield from (~_has(field) for field in params.get("lacks", ()))


def _in_part(table: str, column: str, values: Sequence[str]) -> ColumnElement[bool]:
    part = _T[table]
    return MovieRow.movie_id.in_(select(part.c.movie_id).where(part.c[column].in_(values)))


def _of_genres(values: Sequence[str]) -> ColumnElement[bool]:
    named = select(GenreRow.genre_id).where(func.lower(GenreRow.name).in_([value.lower() for value in values]))
    return MovieRow.movie_id.in_(select(MovieGenreRow.movie_id).where(MovieGenreRow.genre_id.in_(named)))


def _from_sources(values: Sequence[str]) -> ColumnElement[bool]:
    record = _T["source_records"]
    movies = select(record.c.movie_id).where(record.c.entity == "movie", record.c.source.in_(values))
    return MovieRow.movie_id.in_(movies.where(record.c.movie_id.is_not(None)))


_LISTED: Final[Mapping[str, Callable[[Sequence[str]], ColumnElement[bool]]]] = {
    "genre": _of_genres,
    "country": lambda values: _in_part("movie_countries", "country", [value.upper() for value in values]),
    "language": lambda values: _in_part("movie_languages", "language", [value.lower() for value in values]),
    "age_rating": MovieRow.age_rating.in_,
    "source": _from_sources,
}


def _offered(params: Mapping[str, Any]) -> ColumnElement[bool] | None:
    """Returns the condition that a current offer matches all offer parameters."""
    fits = []
    if providers := params.get("provider"):
        fits.append(func.lower(OfferRow.provider).in_([value.lower() for value in providers]))
    if countries := params.get("offer_country"):
        fits.append(OfferRow.country.in_([value.upper() for value in countries]))
    if kinds := params.get("offer_kind"):
        fits.append(OfferRow.kind.in_(kinds))
    return MovieRow.movie_id.in_(select(OfferRow.movie_id).where(OfferRow.left_at.is_(None), *fits)) if fits else None


def _made_by(entity: str, value: str) -> ColumnElement[bool]:
    """Matches movies by a contributor's number, external id or name."""
    table, links = CONTRIBUTORS[entity]
    return MovieRow.movie_id.in_(_films_of(_T[table], _T[links], entity, value))


def _films_of(table: Table, links: Table, entity: str, text: str) -> Select[Any]:
    key = links.c[f"{entity}_id"]
    films = select(links.c.movie_id)
    number = number_of(text) if text.isdigit() else None
    if number is not None:
        return films.where(key == number)
    namespace, _, value = text.partition(":")
    if value and namespace in {"imdb", "wikidata", "tmdb", "justwatch"}:
        same = (ExternalIdRow.entity == entity, ExternalIdRow.namespace == namespace, ExternalIdRow.value == value)
        return films.where(key.in_(select(ExternalIdRow.entity_id).where(*same)))
    return films.where(key.in_(select(table.c[f"{entity}_id"]).where(table.c.name == text)))


def _has(field: str) -> ColumnElement[bool]:
    if field == "release_date":
        return or_(MovieRow.release_date.is_not(None), MovieRow.release_month.is_not(None))
    if field == "offers":
        return exists().where(OfferRow.movie_id == MovieRow.movie_id, OfferRow.left_at.is_(None))
    if (column := _COLUMNS.get(field)) is not None:
        return _T["movies"].c[column].is_not(None)
    if (table := _TABLES.get(field)) is not None:
        return exists().where(_T[table].c.movie_id == MovieRow.movie_id)
    same = (
        ExternalIdRow.entity == "movie",
        ExternalIdRow.namespace == field,
        ExternalIdRow.entity_id == MovieRow.movie_id,
    )
    return exists().where(*same)
