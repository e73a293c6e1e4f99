"""The repository on SQLAlchemy Core, with the same statements on SQLite and PostgreSQL."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Self

import orjson
import psycopg
from sqlalchemy import (
    ARRAY,
    INTEGER,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    TableValuedAlias,
    Text,
    UniqueConstraint,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DataError, IntegrityError, NoSuchTableError
from sqlalchemy.sql.elements import ColumnElement

from movie_db.contract.errors import UnavailableError
from movie_db.movie_db_client.data_model import Base, same_file
from movie_db.movie_db_client.data_model.engine import writing
from movie_db.movie_db_client.repository import bulk
from movie_db.movie_db_client.repository.base import Limit, RejectedRowError, Repository, Row, Shape, UnitOfWork
from movie_db.stitching.policy import DEFAULTS, Preferences

STAMPS: Final = frozenset({"created_at", "updated_at"})
_MANY: Final = 10_000
"""Values per statement, so that one result fits into memory."""
_INTEGER: Final = Decimal(2**31)
_TURN: Final = 0x6D6F766965  # an arbitrary number: "movie"


_SEQUENCE: Final = Table("sqlite_sequence", MetaData(), Column("name", String), Column("seq", Integer))
"""SQLite's table of the last number assigned in each table."""


def _series(count: int) -> TableValuedAlias:
    return func.generate_series(1, count).table_valued("n")


def shape_of(table: Table, live: Table) -> Shape:
    """Returns the shape of a collection: fields from the model, limits from the live table."""
    limits, defaults = {}, {}
    for column in table.columns:
        if column.name in STAMPS:
            continue
        now = live.columns[column.name]
        # Columns that the database fills in by number or default are not required.
        given = now.server_default is not None or column is table.autoincrement_column
        limits[column.name] = Limit(not now.nullable and not given, _length(now.type), _below(now.type))
        if column.server_default is not None:
            defaults[column.name] = str(getattr(column.server_default, "arg", ""))
    unique = [tuple(c.name for c in i.columns) for i in table.indexes if i.unique]
    unique += [tuple(c.name for c in u.columns) for u in table.constraints if isinstance(u, UniqueConstraint)]
    key = tuple(column.name for column in table.primary_key)
    return Shape(key, table.autoincrement_column is not None, tuple(sorted(unique)), limits, defaults)


def _length(kind: Any) -> int | None:
    return kind.length if isinstance(kind, String) else None


def _below(kind: Any) -> Decimal | None:
    if isinstance(kind, Numeric) and kind.precision is not None and kind.asdecimal:
        return Decimal(10) ** (kind.precision - (kind.scale or 0))
    return _INTEGER if type(kind) in (Integer, INTEGER) else None


def model_shapes() -> dict[str, Shape]:
    """Returns the shapes of all collections by the model alone, without a database."""
    return {name: shape_of(table, table) for name, table in Base.metadata.tables.items()}


class SqlStore:
    """What outlives a unit of work: the engine, and the shapes of the live tables when this was created.

    Raises:
        UnavailableError: the database does not respond, or lacks tables of this version.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = writing(engine)
        self.tables = dict(Base.metadata.tables)
        live = MetaData()
        try:
            live.reflect(engine, only=list(self.tables))
        except Exception as error:
            if "requested table(s) not available" not in str(error) and not isinstance(error, NoSuchTableError):
                raise
            raise UnavailableError(
                "The database lacks tables of this version: run `movie-db db upgrade` first."
            ) from None
        try:
            self.shapes = {name: shape_of(table, live.tables[name]) for name, table in self.tables.items()}
        except KeyError as error:
            raise UnavailableError(
                f"The database lacks the column {error} of this version: run `movie-db db upgrade` first."
            ) from None
        self.columns = {n: [c for c in t.columns if c.name not in STAMPS] for n, t in self.tables.items()}


class SqlRepository(Repository):
    """Statements in the transaction of one connection."""

    def __init__(self, store: SqlStore, connection: Connection) -> None:
        self._store = store
        self._connection = connection

    def shape(self, collection: str) -> Shape:
        return self._store.shapes[collection]

    def read(self, collection: str, **where: Collection[Any]) -> list[Row]:
        table = self._store.tables[collection]
        columns = self._store.columns[collection]
        statement, names = select(*columns), [column.name for column in columns]
        rows: list[Row] = []
        for clause in self._clauses(table, where):
            found = self._connection.execute(statement.where(*clause)).all()
            rows += [dict(zip(names, row, strict=True)) for row in found]
        rows.sort(key=itemgetter(*self.shape(collection).key))
        return rows

    def _clauses(self, table: Table, where: dict[str, Collection[Any]]) -> Iterator[list[ColumnElement[bool]]]:
        """Yields the condition, split by its longest list; nothing if a list is empty."""
        lists = {field: list(dict.fromkeys(values)) for field, values in where.items()}
        if not all(lists.values()):
            return
        if not lists:
            yield []
            return
        longest = max(lists, key=lambda field: len(lists[field]))
        others = [self._among(table.c[field], values) for field, values in lists.items() if field != longest]
        for start in range(0, len(lists[longest]), _MANY):
            yield [self._among(table.c[longest], lists[longest][start : start + _MANY]), *others]

    def _among(self, column: Column[Any], values: list[Any]) -> ColumnElement[bool]:
        """Whether a column has one of the values. They are sent as one parameter, because IN binds each one
        separately.
        """
        if self._connection.dialect.name == "postgresql":
            kind = Text() if isinstance(column.type, String) else column.type  # VARCHAR(n) would truncate them
            return column == any_(literal(values, ARRAY(kind)))
        listed = func.json_each(literal(orjson.dumps(values).decode(), Text)).table_valued("value")
        return column.in_(select(listed.c.value))

    def insert(self, collection: str, rows: Sequence[Row]) -> list[int]:
        if not rows:
            return []
        table, shape = self._store.tables[collection], self.shape(collection)
        numbers = self._next_numbers(table, shape.key[0], len(rows)) if shape.numbered else []
        if numbers:
            rows = [{**row, shape.key[0]: number} for row, number in zip(rows, numbers, strict=True)]
        with _rejecting():
            bulk.insert(self._connection, table, rows)
        return numbers

    def upsert(self, collection: str, rows: Sequence[Row], by: Sequence[str] = ()) -> list[int]:
        (fields, places), shape = self.places(collection, rows, by), self.shape(collection)
        if not rows:
            return []
        table = self._store.tables[collection]
        if len(set(places)) < len(places):
            rows = list(dict(zip(places, rows, strict=True)).values())
        numbers: dict[Any, int] = {}
        if shape.numbered and fields != shape.key:
            numbers = self._numbers(table, shape.key[0], fields, rows)
            rows = [{**row, shape.key[0]: number} for row, number in zip(rows, numbers.values(), strict=True)]
        with _rejecting():
            bulk.upsert(self._connection, table, rows, fields)
        if shape.numbered and not numbers:
            self._advance_sequence(table, shape.key[0], max(places))
        return ([numbers[place] for place in places] if numbers else places) if shape.numbered else []

    def _numbers(self, table: Table, key: str, fields: Sequence[str], rows: Sequence[Row]) -> dict[Any, int]:
        """Returns the numbers of these rows by their values in these fields; new numbers for new rows."""
        query = select(table.c[key], *(table.c[field] for field in fields))
        place_of = itemgetter(*fields)
        stored: dict[Any, int] = {}
        for clause in self._clauses(table, {field: [row[field] for row in rows] for field in fields}):
            found = self._connection.execute(query.where(*clause)).mappings()
            stored |= {place_of(row): row[key] for row in found}
        places = list(map(place_of, rows))
        missing = [place for place in places if place not in stored]
        stored |= zip(missing, self._next_numbers(table, key, len(missing)) if missing else (), strict=True)
        return {place: stored[place] for place in places}

    def _advance_sequence(self, table: Table, key: str, number: int) -> None:
        """Makes the sequence continue after this number. SQLite does so by itself."""
        if self._connection.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', key)
            last = func.coalesce(func.pg_sequence_last_value(cast(sequence, REGCLASS)), 0)
            self._connection.execute(select(func.setval(sequence, number)).where(last < number))

    def _next_numbers(self, table: Table, key: str, count: int) -> list[int]:
        """Reserves numbers, because drivers return assigned numbers only row by row."""
        if self._connection.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', key)
            return list(self._connection.execute(select(func.nextval(sequence)).select_from(_series(count))).scalars())
        # Nobody else writes during this transaction.
        last = select(_SEQUENCE.c.seq).where(_SEQUENCE.c.name == table.name)
        first = (self._connection.execute(last).scalar() or 0) + 1
        return list(range(first, first + count))

    def update(self, collection: str, rows: Iterable[Row]) -> None:
        table, key = self._store.tables[collection], self.shape(collection).key
        ordered = sorted(rows, key=sorted)
        for fields, group in groupby(ordered, key=sorted):
            change = table.update().where(*(table.c[field] == bindparam(f"key_{field}") for field in key))
            change = change.values({field: bindparam(f"new_{field}") for field in fields if field not in key})
            values = [{f"{'key' if f in key else 'new'}_{f}": value for f, value in row.items()} for row in group]
            with _rejecting():
                self._connection.execute(change, values)

    def delete(self, collection: str, **where: Collection[Any]) -> None:
        if not where:
            raise ValueError("a deletion needs at least one field")
        table = self._store.tables[collection]
        for clause in self._clauses(table, where):
            with _rejecting():
                self._connection.execute(table.delete().where(*clause))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with self._connection.begin_nested():
            yield


@contextmanager
def _rejecting() -> Iterator[None]:
    try:
        yield
    except (IntegrityError, DataError) as error:
        raise RejectedRowError(f"the database rejects it: {str(error.orig).strip().splitlines()[0]}") from error
    except (psycopg.IntegrityError, psycopg.DataError) as error:
        raise RejectedRowError(f"the database rejects it: {str(error).strip().splitlines()[0]}") from error


class SqlUnitOfWork(UnitOfWork):
    """A transaction that writes. Writers take turns by SQLite's lock or an advisory lock of PostgreSQL."""

    def __init__(self, store: SqlStore, preferences: Preferences = DEFAULTS) -> None:
        self._store = store
        self._preferences = preferences
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        self._connection = self._store.engine.connect()
        self._connection.begin()
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
        self.repository = SqlRepository(self._store, self._connection)
        self.repository.preferences = self._preferences
        return self

    def commit(self) -> None:
        if self._connection is not None:
            self._connection.commit()
            same_file.check(self._connection)
            self.rollback()

    def rollback(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()
