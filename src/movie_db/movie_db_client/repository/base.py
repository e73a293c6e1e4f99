"""The storage interface: collections of rows behind two small classes."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from types import TracebackType
from typing import Any, Self

from movie_db.contract.errors import MovieDbError
from movie_db.stitching.policy import DEFAULTS, Preferences

Row = dict[str, Any]


class RejectedRowError(MovieDbError):
    """The storage rejects rows; the message says which rule they break."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a field accepts: text of up to `length` characters, numbers smaller than `below`."""

    required: bool = False
    length: int | None = None
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A collection: its key (assigned by the storage if `numbered`), its other unique sets, limits and defaults."""

    key: tuple[str, ...]
    numbered: bool
    unique: tuple[tuple[str, ...], ...]
    limits: Mapping[str, Limit]
    defaults: Mapping[str, Any]


class Repository(ABC):
    """Collections of rows within one unit of work. A row is a dictionary of the collection's fields.

    Rows have every field except `created_at` and `updated_at`, which the storage maintains. JSON fields also accept an
    `orjson.Fragment`. Every method takes many rows, so a batch of movies needs only a few calls. `preferences`
    determine how movies are stitched in this unit.
    """

    preferences: Preferences = DEFAULTS

    @abstractmethod
    def read(self, collection: str, **where: Collection[Any]) -> list[Row]:
        """Returns the rows in which each named field has one of the given values, sorted by key."""

    @abstractmethod
    def insert(self, collection: str, rows: Sequence[Row]) -> list[int]:
        """Inserts rows that have the same fields; returns the keys of a numbered collection, in the order of the rows.

        Raises:
            RejectedRowError: the rows break a rule of the storage.
        """

    @abstractmethod
    def update(self, collection: str, rows: Iterable[Row]) -> None:
        """Updates rows. Each has its key and the fields to change.

        Raises:
            RejectedRowError: the rows break a rule of the storage.
        """

    @abstractmethod
    def upsert(self, collection: str, rows: Sequence[Row], by: Sequence[str] = ()) -> list[int]:
        """Inserts rows that have the same fields, or updates existing ones with the same key or the same values in
        `by`.

        An existing row keeps its key and the fields that are not given. If nothing differs, it is not touched and keeps
        its `updated_at`. Of several equal rows, the last one counts. Rows of a numbered collection have their numbers
        unless `by` identifies them.

        Args:
            by: one of the collection's unique sets; default: the key.

        Returns:
            The keys of a numbered collection, in the order of the rows.

        Raises:
            RejectedRowError: the rows break a rule of the storage, such as another unique set.
            ValueError: `by` is not a unique set of the collection, or a row lacks one of its fields.
        """

    @abstractmethod
    def delete(self, collection: str, **where: Collection[Any]) -> None:
        """Deletes the rows that `read` would return. At least one field is required."""

    @abstractmethod
    def savepoint(self) -> AbstractContextManager[None]:
        """Undoes what happens inside if an exception leaves it."""

    @abstractmethod
    def shape(self, collection: str) -> Shape:
        """Returns the shape of the collection as it is in the storage now."""

    def places(self, collection: str, rows: Sequence[Row], by: Sequence[str]) -> tuple[tuple[str, ...], list[Any]]:
        """Returns the fields that identify rows in an upsert (`by`, or the key), and each row's values in them.

        Raises:
            ValueError: as for `upsert`.
        """
        shape = self.shape(collection)
        fields = tuple(by) or shape.key
        if fields != shape.key and fields not in shape.unique:
            unique_sets = "; ".join(", ".join(one) for one in (shape.key, *shape.unique))
            raise ValueError(f"rows of {collection} are identified by {unique_sets}, not by {', '.join(fields)}")
        try:
            places = list(map(itemgetter(*fields), rows))
        except KeyError:
            places = [None]
        if None in (places if len(fields) == 1 else chain.from_iterable(places)):
            raise ValueError(f"upserted rows of {collection} need all of {', '.join(fields)}")
        return fields, places

    def rejection(self, collection: str, rows: Iterable[Row]) -> str | None:
        """Returns why the storage would reject one of these rows, in one sentence; None if it would not."""
        limits = self.shape(collection).limits
        for field, value in chain.from_iterable(row.items() for row in rows):
            limit = limits.get(field)
            if limit is None:
                continue
            if value is None:
                if limit.required:
                    return f"{collection}.{field} is required and missing"
            elif limit.length is not None and isinstance(value, str) and len(value) > limit.length:
                problem = f"holds {limit.length} characters, and this has {len(value)}: {value[:60]!r}…"
                return f"{collection}.{field} {problem}"
            elif limit.below is not None and abs(value) >= limit.below:
                return f"{collection}.{field} holds numbers below {limit.below}, and this is {value}"
        return None


class UnitOfWork(ABC):
    """A transaction: `with unit: … unit.commit()`. Anything that is not committed is rolled back.

    If the storage allows only one writer, units take turns.

    Raises:
        UnavailableError: on entering, if the storage does not respond.
    """

    repository: Repository

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def commit(self) -> None:
        """Makes all changes durable and ends the transaction."""

    @abstractmethod
    def rollback(self) -> None:
        """Undoes everything that was not committed."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.rollback()
