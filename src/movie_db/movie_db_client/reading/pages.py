"""Sort orders and keyset pages: a page starts after the last row of the previous one, even if rows were added."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, literal, tuple_

from movie_db.movie_db_client.data_model.tables import MovieRow
from movie_db.movie_db_client.reading.errors import MissingResourceError

_NOT_PART: Final = frozenset(("cursor", "limit", "fields", "include", "facets"))
"""Parameters that may differ between pages."""


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: its value in the order (None if it has none) and its number."""

    value: Any
    number: int

    def written(self, params: Mapping[str, Any]) -> str:
        content = orjson.dumps([_digest(params), self.value, self.number])
        return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_cursor(params: Mapping[str, Any]) -> Cursor | None:
    """Returns the cursor of a request; None on the first page.

    Raises:
        MissingResourceError: it is not a cursor, or belongs to another list.
    """
    text = params.get("cursor")
    if text is None:
        return None
    try:
        digest, value, number = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (TypeError, ValueError, binascii.Error):
        digest, value, number = None, None, None
    if (
        digest != _digest(params)
        or not isinstance(number, int)
        or not 0 <= number < 2**31
        or not isinstance(value, str | int | float | None)
    ):
        problem = "There is no such page: cursor is the `next` of an earlier page with the same sort and filters."
        raise MissingResourceError(problem)
    return Cursor(value, number)


def _digest(params: Mapping[str, Any]) -> str:
    lasting = sorted((name, value) for name, value in params.items() if name not in _NOT_PART)
    return blake2b(orjson.dumps(lasting), digest_size=6).hexdigest()


@dataclass(frozen=True)
class SortOrder:
    """A sort order. Ties are sorted by number in the same direction, so that an index provides the order."""

    column: Any
    falling: bool

    def page(
        self,
        connection: Connection,
        films: Any,
        number: Any,
        cursor: Cursor | None,
        limit: int,
    ) -> list[tuple[Any, int]]:
        """Returns up to `limit` (value, number) pairs after the cursor. Rows without a value come last."""
        if self.column is None:
            query = films.with_only_columns(number).order_by(number).limit(limit)
            query = query if cursor is None else query.where(number > cursor.number)
            return [(None, found) for found in connection.execute(query).scalars()]
        rows: list[tuple[Any, int]] = []
        if cursor is None or cursor.value is not None:
            by = [one.desc() if self.falling else one for one in (self.column, number)]
            query = films.with_only_columns(self.column, number).where(self.column.is_not(None))
            if cursor is not None:
                value = Decimal(str(cursor.value)) if isinstance(cursor.value, float) else cursor.value
                # With the column's own type, because otherwise the database does not use its index.
                last = tuple_(literal(value, self.column.type), literal(cursor.number))
                place = tuple_(self.column, number)
                query = query.where(place < last if self.falling else place > last)
            rows = [(value, n) for value, n in connection.execute(query.order_by(*by).limit(limit))]
        if len(rows) < limit:
            query = films.with_only_columns(number).where(self.column.is_(None)).order_by(number)
            if cursor is not None and cursor.value is None:
                query = query.where(number > cursor.number)
            rows += [(None, n) for n in connection.execute(query.limit(limit - len(rows))).scalars()]
        return rows


def order_of(sort: str, dialect: str, relevance: ColumnElement[Any] | None) -> SortOrder:
    """Returns the order named by `sort`; `-` means descending. Relevance is always descending."""
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    match name:
        case "id" | "relevance":
            return SortOrder(relevance if name == "relevance" else None, name == "relevance")
        case "title":
            return SortOrder(MovieRow.title.collate("C") if dialect == "postgresql" else MovieRow.title, falling)
        case _:
            columns = {"year": MovieRow.release_year, "rating": MovieRow.rating, "votes": MovieRow.rating_count}
            return SortOrder(columns.get(name, MovieRow.runtime), falling)
