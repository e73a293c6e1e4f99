"""Builds movie documents with a single statement, in which the database generates the JSON."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine

from movie_db.movie_db_client.reading.dialects import DIALECTS, Dialect
from movie_db.movie_db_client.reading.movie_document import Json, MovieDocument, contract_movie
from movie_db.movie_db_client.repository import views

PLAIN: Final = (
    *("title", "original_title", "year", "release_date", "runtime", "plot", "tagline", "age_rating"),
    "age_rating_system",
    *("rating", "rating_count", "budget", "budget_currency", "box_office", "box_office_currency"),
    *("poster_url", "trailer_url", "homepage"),
)
LISTS: Final = ("genres", "languages", "countries", "directors", "writers", "studios", "distributors", "ratings", "ids")
CREDIT_IDS: Final = "credit_ids"
"""Not a member: adds external ids to contributors."""
EXTRA: Final = ("cast", "alternative_titles", "offers", "provenance", CREDIT_IDS)
"""Members returned only if `include` names them."""
ALWAYS: Final = (*PLAIN, *LISTS)
EVERYTHING: Final = (*ALWAYS, *EXTRA)
_MADE_BY: Final = {
    "directors": ("movie_directors", "director"),
    "writers": ("movie_writers", "writer"),
    "studios": ("movie_studios", "studio"),
    "distributors": ("movie_distributors", "distributor"),
}
_OF_FILM: Final = "WHERE l.movie_id = m.movie_id ORDER BY"


def parts(fields: Iterable[str], include: Iterable[str]) -> tuple[str, ...]:
    """Returns the members in order: those in `fields`, or the default ones, and those in `include`."""
    requested = {*(set(fields) or ALWAYS), *include}
    return tuple(name for name in (*ALWAYS, *EXTRA) if name in requested)


def documents(connection: Connection, numbers: Sequence[int], members: tuple[str, ...]) -> list[orjson.Fragment]:
    """Returns movies by id, in this order, as JSON. Missing ones are left out."""
    name = connection.dialect.name
    parameter: Any = list(numbers) if name == "postgresql" else orjson.dumps(list(numbers)).decode()
    rows = connection.exec_driver_sql(statement(name, members, "among"), (parameter,)).all()
    found = {number: orjson.Fragment(text) for number, text in rows}
    return [found[number] for number in numbers if number in found]


def movie_documents(
    connection: Connection, numbers: Sequence[int], members: tuple[str, ...] = EVERYTHING
) -> list[MovieDocument]:
    """Returns the same, parsed."""
    found: list[MovieDocument] = orjson.loads(orjson.dumps(documents(connection, numbers, members)))
    return found


def movies(connection: Connection, numbers: Sequence[int]) -> Iterator[Json]:
    """Returns movies by id, in this order, as lines of an export: the contract's `Movie`."""
    return map(contract_movie, movie_documents(connection, numbers))


def numbered_movies(engine: Engine) -> Iterator[tuple[int, Json]]:
    """Yields (movie_id, line) for all movies, sorted by title, year and smallest id. Memory holds one page."""
    with engine.connect() as connection:
        numbers = views.sorted_numbers(connection)
        for start in range(0, len(numbers), views.PAGE):
            for document in movie_documents(connection, numbers[start : start + views.PAGE]):
                yield document["movie_id"], contract_movie(document)


@cache
def statement(dialect: str, members: tuple[str, ...], which: str) -> str:
    """Returns the statement that selects `movie_id` and the JSON of movies.

    Args:
        which: `among` for a list of ids, `number_is` for one id, `id_is` for a namespace and an external id.
    """
    d, ids = DIALECTS[dialect], CREDIT_IDS in members
    shown = (f"'{name}', {_part(d, name, ids)}" for name in members if name != CREDIT_IDS)
    pairs = ", ".join(["'movie_id', m.movie_id", *shown])
    where = getattr(d, which).format("m.movie_id")
    return f"SELECT m.movie_id, {d.text.format(d.object.format(pairs))} FROM movies AS m WHERE {where}"


def _part(d: Dialect, name: str, ids: bool) -> str:
    match name:
        case "year":
            return "m.release_year"
        case "release_date":
            month = d.month.format("m.release_year", "m.release_month")
            day = d.day.format("m.release_date")
            return f"CASE WHEN m.release_date IS NOT NULL THEN {day} WHEN m.release_month IS NOT NULL THEN {month} END"
        case "rating" | "budget" | "box_office":
            return d.number.format(f"m.{name}")
        case "genres":
            # Without a position, the genre that was created first comes first.
            order = "coalesce(l.position, 9999), l.genre_id"
            return d.list.format(
                "SELECT g.name AS v FROM movie_genres AS l JOIN genres AS g ON g.genre_id = l.genre_id"
                f" {_OF_FILM} {order}"
            )
        case "languages" | "countries" | "alternative_titles":
            column = {"languages": "language", "countries": "country"}.get(name, "title")
            table = name if name == "alternative_titles" else f"movie_{name}"
            return d.list.format(f"SELECT l.{column} AS v FROM {table} AS l {_OF_FILM} l.position")
        case "directors" | "writers" | "studios" | "distributors":
            return d.objects.format(_credits(d, name, ids))
        case "cast":
            members = "'actor_id', l.actor_id, 'name', p.name, 'role', nullif(l.role, ''), 'billing', l.billing_order"
            members += _ids(d, ids, "actor")
            return d.objects.format(
                f'SELECT {d.object.format(members)} AS v FROM "cast" AS l JOIN actors AS p ON p.actor_id = l.actor_id'
                f" {_OF_FILM} coalesce(l.billing_order, 99999), l.cast_id"
            )
        case "ratings":
            score = d.number.format("l.score")
            members = f"'source', l.source, 'score', {score}, 'votes', l.votes, 'original', l.original"
            return d.objects.format(f"SELECT {d.object.format(members)} AS v FROM ratings AS l {_OF_FILM} l.rating_id")
        case "ids":
            return d.lists_by_name.format(
                "SELECT namespace AS name, value FROM external_ids"
                " WHERE entity = 'movie' AND entity_id = m.movie_id ORDER BY namespace || '', value"
            )
        case "offers":
            return d.objects.format(
                f"SELECT {offer(d)} AS v FROM offers AS l WHERE l.left_at IS NULL AND"
                " l.movie_id = m.movie_id ORDER BY l.offer_id"
            )
        case "provenance":
            at = d.moment.format("l.retrieved_at")
            members = (
                f"'field', l.field, 'source', l.source, 'source_id', l.source_id, 'url', l.url, 'retrieved_at', {at},"
                " 'licence', l.licence, 'language', r.language"
            )
            return d.objects.format(
                f"SELECT {d.object.format(members)} AS v FROM field_provenance AS l LEFT JOIN source_records AS r"
                f" ON r.entity = 'movie' AND r.source = l.source AND r.source_id = l.source_id {_OF_FILM} l.field"
            )
        case _:
            return f"m.{name}"


def _credits(d: Dialect, name: str, ids: bool) -> str:
    links, entity = _MADE_BY[name]
    key = f"{entity}_id"
    members = d.object.format(f"'{key}', l.{key}, 'name', p.name{_ids(d, ids, entity)}")
    return f"SELECT {members} AS v FROM {links} AS l JOIN {name} AS p ON p.{key} = l.{key} {_OF_FILM} l.position"


def _ids(d: Dialect, requested: bool, entity: str) -> str:
    """Returns the SQL of a credit's `ids` member, if requested."""
    return f", 'ids', {d.ids.format(entity, f'l.{entity}_id')}" if requested else ""


def offer(d: Dialect) -> str:
    """Returns the SQL of an offer in the row `l` as JSON."""
    members = ", ".join(
        [
            *(f"'{name}', l.{name}" for name in ("provider", "country", "kind", "presentation")),
            f"'price', {d.number.format('l.price')}",
            *(f"'{name}', l.{name}" for name in ("currency", "url", "available_to", "source")),
            *(f"'{name}', {d.moment.format(f'l.{name}')}" for name in ("first_seen", "last_seen", "left_at")),
        ]
    )
    return d.object.format(members)
