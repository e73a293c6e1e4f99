"""All storage behind two small classes. Whoever uses them knows collections of rows, not how they are kept."""

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
    """The storage does not take these rows: it says which rule they break."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What one field takes: text of `length` characters, numbers below `below` in size."""

    required: bool = False
    length: int | None = None
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One collection: its key (given by the storage, if `numbered`), its other unique fields, what its fields take."""

    key: tuple[str, ...]
    numbered: bool
    unique: tuple[tuple[str, ...], ...]
    limits: Mapping[str, Limit]
    defaults: Mapping[str, Any]


class Repository(ABC):
    """Collections of rows within one unit of work. A row is a dictionary of the collection's fields.

    Rows bear every field but `created_at` and `updated_at`, which are the storage's own. A field of JSON also takes an
    `orjson.Fragment`, JSON that is ready-made. Every method takes many rows at once, so that a batch of films costs a
    handful of calls. `preferences` are how films are stitched in this unit.
    """

    preferences: Preferences = DEFAULTS

    @abstractmethod
    def read(self, collection: str, **where: Collection[Any]) -> list[Row]:
        """The rows in which every field named has one of the values given, in the order of their keys."""

    @abstractmethod
    def insert(self, collection: str, rows: Sequence[Row]) -> list[int]:
        """Adds rows of equal fields; returns the keys of a numbered collection, in the order of the rows.

        Raises:
            RejectedRowError: a rule of the storage is broken.
        """

    @abstractmethod
    def update(self, collection: str, rows: Iterable[Row]) -> None:
        """Changes rows: each has its key and the fields to change.

        Raises:
            RejectedRowError: a rule of the storage is broken.
        """

    @abstractmethod
    def upsert(self, collection: str, rows: Sequence[Row], by: Sequence[str] = ()) -> list[int]:
        """Adds rows of equal fields, or changes those that are there: with the same key or, where `by` names one of the
        collection's unique sets, with the same fields of that.

        A row that is there keeps its key, and the fields that are not given; one that differs in nothing stays as it
        was, with the time of its last change. Of rows that are one and the same, the last counts. Rows of a numbered
        collection bear their numbers, unless `by` tells which they are. Returns the keys of a numbered collection, in
        the order of the rows.

        Raises:
            RejectedRowError: a rule of the storage is broken, such as another unique set.
            ValueError: `by` is no unique set of the collection, or a row lacks one of its fields.
        """

    @abstractmethod
    def delete(self, collection: str, **where: Collection[Any]) -> None:
        """Removes the rows that `read` would give; at least one field is named."""

    @abstractmethod
    def savepoint(self) -> AbstractContextManager[None]:
        """What happens inside is undone if an exception leaves it; what happened before stays."""

    @abstractmethod
    def shape(self, collection: str) -> Shape:
        """The collection as it is in the storage now."""

    def places(self, collection: str, rows: Sequence[Row], by: Sequence[str]) -> tuple[tuple[str, ...], list[Any]]:
        """The fields that tell an upsert which row is meant (`by`, or the key), and what each row has in them.

        Raises:
            ValueError: as `upsert` does.
        """
        shape = self.shape(collection)
        fields = tuple(by) or shape.key
        if fields != shape.key and fields not in shape.unique:
            unique_sets = "; ".join(", ".join(one) for one in (shape.key, *shape.unique))
            raise ValueError(f"rows of {collection} are told apart by {unique_sets}; not by {', '.join(fields)}")
        try:
            places = list(map(itemgetter(*fields), rows))
        except KeyError:
            places = [None]
        if None in (places if len(fields) == 1 else chain.from_iterable(places)):
            raise ValueError(f"rows of {collection} that are upserted have all of {', '.join(fields)}")
        return fields, places

    def rejection(self, collection: str, rows: Iterable[Row]) -> str | None:
        """Why the storage would refuse one of these rows, in one sentence; None if it would not."""
        limits = self.shape(collection).limits
        for field, value in chain.from_iterable(row.items() for row in rows):
            limit = limits.get(field)
            if limit is None:
                continue
            if value is None:
                if limit.required:
                    return f"{collection}.{field} is required, and nothing is known of it"
            elif limit.length is not None and isinstance(value, str) and len(value) > limit.length:
                problem = f"holds {limit.length} characters, and this has {len(value)}: {value[:60]!r}…"
                return f"{collection}.{field} {problem}"
            elif limit.below is not None and abs(value) >= limit.below:
                return f"{collection}.{field} holds numbers below {limit.below}, and this is {value}"
        return None


class UnitOfWork(ABC):
    """One transaction: `with unit: … unit.commit()`. Whatever was not committed at its end never happened.

    Units take turns where the storage demands it: only one of them writes at a time.

    Raises:
        Unavailable: on entering, if the storage does not answer.
    """

    repository: Repository

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def commit(self) -> None:
        """Makes everything done so far durable, and ends the transaction."""

    @abstractmethod
    def rollback(self) -> None:
        """Undoes what was not committed."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.rollback()
