"""Finds the rows that past credits refer to: by ids, otherwise by name among the movie's current credits."""

from collections.abc import Iterable
from typing import Any, Final, cast

from sqlalchemy import Connection, select

from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.tables import ExternalIdRow
from movie_db.movie_db_client.reading.movie_document import KEYS, CreditDocument, Json, MovieDocument
from movie_db.movie_db_client.repository import views

_ENTITY: Final = {field: key.removesuffix("_id") for field, key in KEYS.items()}


class CreditRows:
    """The rows of one movie's credits. `now` is the current document."""

    def __init__(self, connection: Connection, now: MovieDocument) -> None:
        self._connection = connection
        self._now = cast(Json, now)
        self._numbers: dict[tuple[str, str, str], int] = {}

    def load(self, credits: Iterable[Json]) -> None:
        """Reads the rows that have an id of these credits."""
        pairs = {pair for one in credits for pair in (one.get("ids") or {}).items()}
        if not pairs:
            return
        query = select(ExternalIdRow.entity, ExternalIdRow.namespace, ExternalIdRow.value, ExternalIdRow.entity_id)
        query = query.where(
            ExternalIdRow.entity.in_(set(_ENTITY.values())), ExternalIdRow.value.in_({value for _, value in pairs})
        )
        for entity, namespace, value, number in self._connection.execute(query):
            self._numbers[entity, namespace, value] = number

    def number(self, field: str, one: Json) -> int | None:
        """Returns the number of a credit's row; None if it no longer exists."""
        for namespace, value in sorted((one.get("ids") or {}).items()):
            if (number := self._numbers.get((_ENTITY[field], namespace, value))) is not None:
                return number
        current: CreditDocument | None = next((now for now in self._now[field] if self._is(now, one)), None)
        return None if current is None else cast(dict[str, Any], current)[KEYS[field]]

    def completed(self, field: str, credits: Iterable[Json]) -> list[Json]:
        """Returns credits with the names and ids of their rows, if they have one."""
        entity, table = _ENTITY[field], Base.metadata.tables[f"{_ENTITY[field]}s"]
        numbered = [(one, self.number(field, one)) for one in credits]
        numbers = [number for _, number in numbered if number is not None]
        key = table.c[KEYS[field]]
        query = select(key, table.c.name).where(key.in_(numbers))
        names: dict[int, str] = dict(map(tuple, self._connection.execute(query)))
        ids = views.ids_of(self._connection, entity, numbers)
        found = []
        for one, number in numbered:
            if number is not None:
                first = {row["namespace"]: row["value"] for row in reversed(ids.get(number, []))}
                found.append(one | {"name": names[number], "ids": dict(sorted(first.items()))})
            else:
                found.append(one)
        return found

    @staticmethod
    def _is(now: CreditDocument, one: Json) -> bool:
        """Whether a credit without ids has the same name as a current one."""
        return now["name"] == one["name"] and not one.get("ids")
