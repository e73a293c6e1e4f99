"""Reads straight from the tables: golden records as the contract's `Movie`, a page of films at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, func, select

from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.repository.base import Row

PAGE: Final = 500
_T: Final = Base.metadata.tables
_MADE_BY: Final = (
    ("directors", "director", "director_id", "movie_directors"),
    ("writers", "writer", "writer_id", "movie_writers"),
    ("studios", "studio", "studio_id", "movie_studios"),
    ("distributors", "distributor", "distributor_id", "movie_distributors"),
)
_PLAIN: Final = (
    "title",
    "original_title",
    "runtime",
    "plot",
    "tagline",
    "age_rating",
    "age_rating_system",
    "rating_count",
    "budget_currency",
    "box_office_currency",
    "poster_url",
    "trailer_url",
    "homepage",
)
Groups = dict[int, list[Row]]


def film_numbers(engine: Engine) -> list[int]:
    """The numbers of all films."""
    with engine.connect() as connection:
        return list(connection.execute(select(_T["movies"].c.movie_id).order_by("movie_id")).scalars())


def all_movies(engine: Engine) -> Iterator[Row]:
    """All films as `Movie` objects for JSON, sorted by title, year and smallest id; memory holds a page of them."""
    return (movie for _, movie in numbered_movies(engine))


def numbered_movies(engine: Engine) -> Iterator[tuple[int, Row]]:
    """The same, each behind its `movie_id`."""
    with engine.connect() as connection:
        numbers = sorted_numbers(connection)
        for start in range(0, len(numbers), PAGE):
            page = numbers[start : start + PAGE]
            yield from zip(page, movies(connection, page), strict=True)


def sorted_numbers(connection: Connection, chosen: Select[Any] | None = None) -> list[int]:
    """The numbers of all films, or of those chosen, by title, year and smallest id: nothing else of them in memory."""
    table, external = _T["movies"], _T["external_ids"]
    name = external.c.namespace + ":" + external.c.value
    least = select(func.min(_bytewise(connection, name)))
    least = least.where(external.c.entity == "movie", external.c.entity_id == table.c.movie_id)
    order = (func.coalesce(table.c.release_year, 0), func.coalesce(least.scalar_subquery(), ""), table.c.movie_id)
    asked = select(table.c.movie_id).order_by(_bytewise(connection, table.c.title), *order)
    return list(connection.execute(asked if chosen is None else asked.where(table.c.movie_id.in_(chosen))).scalars())


def _bytewise(connection: Connection, text: ColumnElement[str]) -> ColumnElement[str]:
    """A text as both databases compare it alike: by its bytes."""
    return text.collate("C") if connection.dialect.name == "postgresql" else text


def movies(connection: Connection, numbers: Sequence[int]) -> Iterator[Row]:
    """The films of these numbers, in their order: `Movie` objects for JSON, by a fixed number of statements."""
    table = _T["movies"]
    found = {
        r["movie_id"]: r for r in connection.execute(select(table).where(table.c.movie_id.in_(numbers))).mappings()
    }

    def of(name: str, *order: str) -> Groups:
        part = _T[name]
        return _grouped(connection, select(part).where(part.c.movie_id.in_(numbers)), *order)

    parts: dict[str, Groups] = {
        "genres": _genres(connection, numbers),
        "languages": of("movie_languages", "position"),
        "countries": of("movie_countries", "position"),
        "alternative_titles": of("alternative_titles", "position"),
        "ratings": of("ratings", "source"),
        "offers": of("offers", "source", "provider", "country", "kind", "presentation"),
        "provenance": _provenance(connection, numbers),
        "ids": ids_of(connection, "movie", numbers),
        "cast": _cast(connection, numbers),
    }
    for field, entity, key, links in _MADE_BY:
        parts[field] = _linked(connection, numbers, field, entity, key, links)
    for number in numbers:
        if number in found:
            yield movie(dict(found[number]), lambda part, n=number: parts[part].get(n, []))  # type: ignore[misc]


def _grouped(connection: Connection, statement: Select[Any], *order: str) -> Groups:
    result = connection.execute(statement)
    names = list(result.keys())
    rows: list[Row] = [dict(zip(names, row, strict=True)) for row in result.all()]
    rows.sort(key=lambda r: (r["movie_id"], *((r[f] is None, r[f] if r[f] is not None else 0) for f in order)))
    return {number: list(group) for number, group in groupby(rows, key=lambda r: r["movie_id"])}


def _genres(connection: Connection, numbers: Sequence[int]) -> Groups:
    link, genre = _T["movie_genres"], _T["genres"]
    statement = select(link.c.movie_id, link.c.position, genre.c.name).join(genre, genre.c.genre_id == link.c.genre_id)
    return _grouped(connection, statement.where(link.c.movie_id.in_(numbers)), "position", "name")


def _provenance(connection: Connection, numbers: Sequence[int]) -> Groups:
    """Where values come from, with the language of the record that told them."""
    told, record = _T["field_provenance"], _T["source_records"]
    same = (record.c.entity == "movie", record.c.source == told.c.source, record.c.source_id == told.c.source_id)
    statement = select(told, record.c.language).outerjoin(record, and_(*same)).where(told.c.movie_id.in_(numbers))
    return _grouped(connection, statement, "field")


def ids_of(connection: Connection, entity: str, numbers: Sequence[int]) -> Groups:
    """The ids elsewhere of the rows of these numbers: `namespace` and `value`."""
    table = _T["external_ids"]
    columns = (table.c.entity_id.label("movie_id"), table.c.namespace, table.c.value)
    statement = select(*columns).where(table.c.entity == entity, table.c.entity_id.in_(numbers))
    return _grouped(connection, statement, "namespace", "value")


def _cast(connection: Connection, numbers: Sequence[int]) -> Groups:
    cast, actor = _T["cast"], _T["actors"]
    columns = (cast.c.movie_id, cast.c.actor_id.label("party"), cast.c.role, cast.c.billing_order, actor.c.name)
    statement = select(*columns).join(actor, actor.c.actor_id == cast.c.actor_id).where(cast.c.movie_id.in_(numbers))
    return _with_ids(connection, "actor", _grouped(connection, statement, "billing_order", "name", "role", "party"))


def _linked(connection: Connection, numbers: Sequence[int], field: str, entity: str, key: str, links: str) -> Groups:
    link, party = _T[links], _T[field]
    columns = (link.c.movie_id, link.c.position, link.c[key].label("party"), party.c.name)
    statement = select(*columns).join(party, party.c[key] == link.c[key]).where(link.c.movie_id.in_(numbers))
    return _with_ids(connection, entity, _grouped(connection, statement, "position"))


def _with_ids(connection: Connection, entity: str, groups: Groups) -> Groups:
    parties = sorted({row["party"] for rows in groups.values() for row in rows})
    ids: dict[int, Row] = {}
    for start in range(0, len(parties), 10_000):
        found = ids_of(connection, entity, parties[start : start + 10_000])
        ids |= {number: _first_of_each(rows) for number, rows in found.items()}
    for rows in groups.values():
        for row in rows:
            row["ids"] = ids.get(row["party"], {})
    return groups


def _first_of_each(rows: Sequence[Row]) -> Row:
    return {row["namespace"]: row["value"] for row in reversed(rows)}


def movie(row: Row, part: Callable[[str], Sequence[Row]]) -> Row:
    """A film as `Movie` for JSON, of its row and those of its parts, by the names of their fields, in their order."""
    told: Row = {field: row[field] for field in _PLAIN}
    told |= {
        "year": row["release_year"],
        "release_date": _date(row),
        "budget": _number(row["budget"]),
        "box_office": _number(row["box_office"]),
        "rating": _number(row["rating"]),
        "genres": [r["name"] for r in part("genres")],
        "languages": [r["language"] for r in part("languages")],
        "countries": [r["country"] for r in part("countries")],
        "alternative_titles": [r["title"] for r in part("alternative_titles")],
        "ratings": [
            {"source": r["source"], "score": float(r["score"]), "votes": r["votes"], "original": r["original"]}
            for r in part("ratings")
        ],
        "cast": [{"name": r["name"], "role": r["role"] or None, "ids": r["ids"]} for r in part("cast")],
        "offers": [_offer(r) for r in part("offers") if r["left_at"] is None],
        "ids": _id_lists(part("ids")),
        "provenance": {
            r["field"]: {
                "source": r["source"],
                "url": r["url"],
                "retrieved_at": _moment(r["retrieved_at"]),
                "licence": r["licence"],
                "language": r["language"],
            }
            for r in part("provenance")
        },
    }
    for field, *_ in _MADE_BY:
        told[field] = [{"name": r["name"], "ids": r["ids"]} for r in part(field)]
    return told


def _date(row: Row) -> str | None:
    """The release date, cut to what is known; a year alone is in `year`."""
    if row["release_date"] is not None:
        return str(row["release_date"].isoformat())
    return f"{row['release_year']:04}-{row['release_month']:02}" if row["release_month"] else None


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _offer(row: Row) -> Row:
    fields = ("provider", "country", "kind", "presentation", "currency", "url", "available_to")
    return {field: row[field] for field in fields} | {"price": _number(row["price"])}


def _id_lists(rows: Sequence[Row]) -> Row:
    """One id as it is, several of a namespace as a list."""
    lists: dict[str, list[str]] = {}
    for row in rows:
        lists.setdefault(row["namespace"], []).append(row["value"])
    return {namespace: values[0] if len(values) == 1 else values for namespace, values in sorted(lists.items())}
