"""What two databases differ in, row for row; surrogate ids, times and names of runs aside."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import MetaData, Table, select

from movie_db.movie_db_client.data_model.engine import make_engine

_NOT_COMPARED: Final = frozenset({"alembic_version", "ingest_progress"})
_INDEX: Final = "movie_fts"
"""SQLite's index of words: how it lies in its tables hangs on the batches that it was written in."""
_PASSING: Final = frozenset(
    """created_at updated_at retrieved_at first_seen last_seen left_at listed_at started_at finished_at decided_at
    pinned_at at run segment requests""".split()
)
"""Columns, and properties of JSON, that no two builds share: times, names of runs, and how often was asked."""
_PLURAL: Final = {
    "movie": "movies",
    "director": "directors",
    "writer": "writers",
    "actor": "actors",
    "studio": "studios",
    "distributor": "distributors",
}

Rows = dict[str, Counter[str]]


def snapshot(url: str) -> Rows:
    """All rows of all tables, each as text in which a row that it points to stands in the place of its id."""
    engine = make_engine(url)
    metadata = MetaData()
    metadata.reflect(engine)
    named_tables = (table for table in metadata.sorted_tables if not table.name.startswith(_INDEX))
    tables = [table for table in named_tables if table.name not in _NOT_COMPARED]
    with engine.connect() as connection:
        rows = {table.name: [dict(row._mapping) for row in connection.execute(select(table))] for table in tables}
    engine.dispose()
    named: dict[tuple[str, Any], str] = {}
    outside: dict[tuple[str, Any], list[str]] = {}
    for row in rows["external_ids"]:
        outside.setdefault((_PLURAL[row["entity"]], row["entity_id"]), []).append(f"{row['namespace']}:{row['value']}")
    found: Rows = {}
    # No foreign key says what external ids belong to, so they come when all others have their names.
    for table in sorted(tables, key=lambda t: t.name == "external_ids"):
        found[table.name] = Counter(_as_text(table, row, named, outside) for row in rows[table.name])
    return found


def differences(one: Rows, other: Rows) -> dict[str, tuple[list[str], list[str]]]:
    """By table: the rows that only the first has, and those that only the second has."""
    found = {}
    for name in sorted(one.keys() | other.keys()):
        here, there = one.get(name, Counter()), other.get(name, Counter())
        if here != there:
            found[name] = (sorted((here - there).elements()), sorted((there - here).elements()))
    return found


def _as_text(
    table: Table, row: Mapping[str, Any], named: dict[tuple[str, Any], str], outside: dict[tuple[str, Any], list[str]]
) -> str:
    """One row, and notes under its surrogate id what it says, for the rows that point to it."""
    surrogate = next(iter(table.primary_key.columns)).name if len(table.primary_key.columns) == 1 else None
    if surrogate and (not surrogate.endswith("_id") or table.name == "movie_redirects"):
        surrogate = None
    said: dict[str, Any] = {}
    for column in table.columns:
        value = row[column.name]
        if column.name in _PASSING or column.name == surrogate:
            continue
        if column.foreign_keys and value is not None:
            target = next(iter(column.foreign_keys)).column.table.name
            value = named[target, value]
        elif column.name == "entity_id":
            value = named[_PLURAL[row["entity"]], value]
        elif column.name == "position" and table.name == "rejected_items":
            continue
        said[column.name] = _lasting(value)
    if surrogate:
        said["ids"] = ids = sorted(outside.get((table.name, row[surrogate]), ()))
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    if surrogate:
        named[table.name, row[surrogate]] = " ".join(ids) or text
    return text


def _lasting(value: Any) -> Any:
    """A value without what passes in it."""
    if isinstance(value, dict):
        return {key: _lasting(inner) for key, inner in value.items() if key not in _PASSING}
    if isinstance(value, list):
        return [_lasting(inner) for inner in value]
    return value
