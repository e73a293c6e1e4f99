"""The tables of the live database, as they are rather than as the classes define them."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TextIO

from rich import box
from rich.console import Console, Group
from rich.table import Table as Box
from rich.text import Text
from sqlalchemy import CheckConstraint, Engine, ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from movie_db.contract.errors import UsageError

_WIDEST: Final = 32
"""Maximum width in characters of a column in a box, except the last, which takes the remaining space."""


@dataclass(frozen=True)
class ColumnInfo:
    name: str
    type: str
    nullable: bool
    default: str | None


@dataclass(frozen=True)
class ForeignKeyInfo:
    """`references` holds columns as `table.column`; `on_delete` is CASCADE, SET NULL … or None."""

    columns: tuple[str, ...]
    references: tuple[str, ...]
    on_delete: str | None


@dataclass(frozen=True)
class ConstraintInfo:
    """`kind` is UNIQUE, CHECK, UNIQUE INDEX or INDEX; `on` holds its columns or its condition."""

    name: str
    kind: str
    on: str


@dataclass(frozen=True)
class TableInfo:
    name: str
    columns: tuple[ColumnInfo, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKeyInfo, ...]
    constraints: tuple[ConstraintInfo, ...]


class Reflection:
    """Reads the tables of a database. `tables` maps names to SQLAlchemy Tables, without Alembic's own.

    Raises:
        UnavailableError: the database does not respond.
    """

    def __init__(self, engine: Engine) -> None:
        metadata = MetaData()
        metadata.reflect(engine, only=lambda name, _: name != "alembic_version" and not name.startswith("movie_fts"))
        self._dialect = engine.dialect
        self.tables: dict[str, Table] = dict(metadata.tables)

    def table_info(self, name: str) -> TableInfo:
        """Describes one table.

        Raises:
            UsageError: there is no such table. The message lists the tables.
        """
        if name not in self.tables:
            names = ", ".join(sorted(self.tables)) or "none, because the database was never migrated"
            raise UsageError(f"There is no table {name!r}; the tables are {names}.")
        table = self.tables[name]
        return TableInfo(
            name=name,
            columns=tuple(
                ColumnInfo(
                    name=column.name,
                    type=column.type.compile(self._dialect),
                    nullable=bool(column.nullable),
                    default=None if column.server_default is None else str(getattr(column.server_default, "arg", "")),
                )
                for column in table.columns
            ),
            primary_key=tuple(column.name for column in table.primary_key),
            foreign_keys=tuple(
                sorted(
                    (
                        ForeignKeyInfo(
                            columns=tuple(key.column_keys),
                            references=tuple(element.target_fullname for element in key.elements),
                            on_delete=key.ondelete,
                        )
                        for key in table.constraints
                        if isinstance(key, ForeignKeyConstraint)
                    ),
                    key=lambda key: key.columns,
                )
            ),
            constraints=_constraints(table),
        )

    def get_table_info(self, name: str, out: TextIO | None = None) -> TableInfo:
        """Prints a description of one table in a box to `out` or standard output, and returns it.

        The box is at most as wide as the terminal, or 80 columns if there is none.

        Raises:
            UsageError: there is no such table. The message lists the tables.
        """
        info = self.table_info(name)
        console = Console(file=out or sys.stdout, highlight=False, markup=False)
        if not console.is_terminal:
            console.width = 80
        console.print(_box(info))
        return info


def _constraints(table: Table) -> tuple[ConstraintInfo, ...]:
    found = [
        ConstraintInfo(str(c.name or ""), "UNIQUE", ", ".join(column.name for column in c.columns))
        for c in table.constraints
        if isinstance(c, UniqueConstraint)
    ]
    found += [
        ConstraintInfo(str(c.name or ""), "CHECK", str(c.sqltext))
        for c in table.constraints
        if isinstance(c, CheckConstraint)
    ]
    named = {constraint.name for constraint in found}
    found += [
        ConstraintInfo(str(i.name or ""), "UNIQUE INDEX" if i.unique else "INDEX", ", ".join(c.name for c in i.columns))
        for i in table.indexes
        if i.name not in named
    ]
    return tuple(sorted(found, key=lambda c: (c.kind, c.name)))


def _box(info: TableInfo) -> Box:
    """Returns a box with a section for each kind of information. Empty sections are left out."""
    columns = [(c.name, c.type, "yes" if c.nullable else "no", c.default or "") for c in info.columns]
    keys = [
        (", ".join(key.columns), ", ".join(key.references), f"ON DELETE {key.on_delete}" if key.on_delete else "")
        for key in info.foreign_keys
    ]
    constraints = [(c.kind, c.name, c.on) for c in info.constraints]
    outer = Box(box=box.SQUARE, show_header=False, show_lines=True)
    outer.add_column(overflow="fold")
    for title, part in (
        ("Table", info.name),
        ("Columns", _grid(columns, "NAME", "TYPE", "NULLABLE", "DEFAULT")),
        ("Primary Key", ", ".join(info.primary_key)),
        ("Foreign Keys", _grid(keys) if keys else ""),
        ("Constraints", _grid(constraints) if constraints else ""),
    ):
        if part:
            outer.add_row(Group(Text(title, style="bold"), part))
    return outer


def _grid(rows: Iterable[tuple[str, ...]], *headers: str) -> Box:
    """Returns rows as columns without lines. Long values wrap, those of the last column first."""
    rows = [headers, *rows] if headers else list(rows)
    grid = Box.grid(padding=(0, 2, 0, 0))
    for values in list(zip(*rows, strict=True))[:-1]:
        grid.add_column(overflow="fold", width=min(_WIDEST, max(map(len, values))))
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid
