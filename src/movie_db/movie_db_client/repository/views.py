"""Direct reads from the tables: sorted movie ids, and external ids by page."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select

from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.repository.base import Row

PAGE: Final = 500
_T: Final = Base.metadata.tables
Groups = dict[int, list[Row]]


def film_numbers(engine: Engine) -> list[int]:
    """Returns the ids of all movies."""
    with engine.connect() as connection:
        return list(connection.execute(select(_T["movies"].c.movie_id).order_by("movie_id")).scalars())


def sorted_numbers(connection: Connection, chosen: Select[Any] | None = None) -> list[int]:
    """Returns the ids of all or the chosen movies by title, year and smallest external id, without loading the
    movies.
    """
    table, external = _T["movies"], _T["external_ids"]
    name = external.c.namespace + ":" + external.c.value
    least = select(func.min(_bytewise(connection, name)))
    least = least.where(external.c.entity == "movie", external.c.entity_id == table.c.movie_id)
    order = (func.coalesce(table.c.release_year, 0), func.coalesce(least.scalar_subquery(), ""), table.c.movie_id)
    query = select(table.c.movie_id).order_by(_bytewise(connection, table.c.title), *order)
    return list(connection.execute(query if chosen is None else query.where(table.c.movie_id.in_(chosen))).scalars())


def _bytewise(connection: Connection, text: ColumnElement[str]) -> ColumnElement[str]:
    """Makes both databases compare a text by its bytes."""
    return text.collate("C") if connection.dialect.name == "postgresql" else text


def ids_of(connection: Connection, entity: str, numbers: Sequence[int]) -> Groups:
    """Returns external ids by row number, with `namespace` and `value`."""
    table = _T["external_ids"]
    columns = (table.c.entity_id.label("movie_id"), table.c.namespace, table.c.value)
    statement = select(*columns).where(table.c.entity == entity, table.c.entity_id.in_(numbers))
    return _grouped(connection, statement, "namespace", "value")


def _grouped(connection: Connection, statement: Select[Any], *order: str) -> Groups:
    result = connection.execute(statement)
    names = list(result.keys())
    rows: list[Row] = [dict(zip(names, row, strict=True)) for row in result.all()]
    rows.sort(key=lambda r: (r["movie_id"], *((r[f] is None, r[f] if r[f] is not None else 0) for f in order)))
    return {number: list(group) for number, group in groupby(rows, key=lambda r: r["movie_id"])}
