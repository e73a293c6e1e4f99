"""A repository in memory, which proves that the code above knows nothing of the storage. It enforces the same rules."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from operator import itemgetter
from typing import Any, Self

import orjson

from movie_db.movie_db_client.repository.base import RejectedRowError, Repository, Row, Shape, UnitOfWork
from movie_db.stitching.policy import DEFAULTS, Preferences

Rows = dict[tuple[Any, ...], Row]


class MemoryStore:
    """What outlives a unit of work: the rows of each collection by key, and the last numbers assigned."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = shapes
        self.rows: dict[str, Rows] = {collection: {} for collection in shapes}
        self.numbers = dict.fromkeys(shapes, 0)
        self.lock = threading.Lock()


def _kept(row: Row) -> Row:
    """Returns a copy of the row with JSON fragments parsed."""
    return {f: orjson.loads(orjson.dumps(v)) if isinstance(v, orjson.Fragment) else deepcopy(v) for f, v in row.items()}


class MemoryRepository(Repository):
    """Rows are replaced and never modified, so a copy of the dictionaries is a snapshot."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.rows = {collection: dict(rows) for collection, rows in store.rows.items()}

    def shape(self, collection: str) -> Shape:
        return self._store.shapes[collection]

    def read(self, collection: str, **where: Collection[Any]) -> list[Row]:
        accepted = {field: set(values) for field, values in where.items()}
        rows = self.rows[collection].items()
        return [deepcopy(r) for _, r in sorted(rows) if all(r[f] in values for f, values in accepted.items())]

    def insert(self, collection: str, rows: Sequence[Row]) -> list[int]:
        shape, keys = self.shape(collection), []
        empty = {**dict.fromkeys(shape.limits), **shape.defaults}
        for row in rows:
            new = {**empty, **_kept(row)}
            if shape.numbered:
                last = self._store.numbers[collection]
                number = new[shape.key[0]] = new[shape.key[0]] or last + 1
                self._store.numbers[collection] = max(last, number)
            key = tuple(new[field] for field in shape.key)
            if key in self.rows[collection]:
                raise RejectedRowError(f"{collection} has a row {key} already")
            self._put(collection, key, new)
            keys.append(key[0])
        return keys if shape.numbered else []

    def update(self, collection: str, rows: Iterable[Row]) -> None:
        for row in rows:
            key = tuple(row[field] for field in self.shape(collection).key)
            self._put(collection, key, {**self.rows[collection][key], **_kept(row)})

    def upsert(self, collection: str, rows: Sequence[Row], by: Sequence[str] = ()) -> list[int]:
        (fields, places), shape = self.places(collection, rows, by), self.shape(collection)
        existing = {itemgetter(*fields)(row): key for key, row in self.rows[collection].items()}
        numbers = []
        for place, row in zip(places, rows, strict=True):
            key = existing.get(place)
            if key is None:
                new_row = row if fields == shape.key else {name: row[name] for name in row.keys() - shape.key}
                given = self.insert(collection, [new_row])
                key = existing[place] = tuple(given) or tuple(row[field] for field in shape.key)
            else:
                self.update(collection, [{**row, **dict(zip(shape.key, key, strict=True))}])
            numbers.append(key[0])
        return numbers if shape.numbered else []

    def _put(self, collection: str, key: tuple[Any, ...], row: Row) -> None:
        if reason := self.rejection(collection, [row]):
            raise RejectedRowError(reason)
        for fields in self.shape(collection).unique:
            mine = [row[f] for f in fields]
            for other, existing in self.rows[collection].items():
                if other != key and [existing[f] for f in fields] == mine:
                    raise RejectedRowError(f"{collection} has a row with {', '.join(fields)} = {mine} already")
        self.rows[collection][key] = row

    def delete(self, collection: str, **where: Collection[Any]) -> None:
        key = self.shape(collection).key
        for row in self.read(collection, **where):
            del self.rows[collection][tuple(row[field] for field in key)]

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        before = {collection: dict(rows) for collection, rows in self.rows.items()}
        try:
            yield
        except BaseException:
            self.rows = before
            raise


class MemoryUnitOfWork(UnitOfWork):
    """A unit of work on a `MemoryStore`; one at a time."""

    def __init__(self, store: MemoryStore, preferences: Preferences = DEFAULTS) -> None:
        self._store = store
        self._preferences = preferences
        self._is_open = False

    def __enter__(self) -> Self:
        self._store.lock.acquire()
        self._is_open = True
        self.repository: MemoryRepository = MemoryRepository(self._store)
        self.repository.preferences = self._preferences
        return self

    def commit(self) -> None:
        self._store.rows = self.repository.rows
        self.rollback()

    def rollback(self) -> None:
        if self._is_open:
            self._is_open = False
            self._store.lock.release()
