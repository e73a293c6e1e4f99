"""Store changes as JSON of the contract: credits as objects, sums as amount and currency.

Old values were texts. `Ann Lee as Ripley` may be an actor with a role, or a name. It is split only where the stored
names of actors leave one reading. What can't be read exactly becomes `{"text": …}`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_CHANGES = sa.table(
    "changes",
    sa.column("change_id", sa.Integer),
    sa.column("movie_id", sa.Integer),
    sa.column("field", sa.String),
    sa.column("old", _JSON),
    sa.column("new", _JSON),
)
_PEOPLE = {"directors": "directors", "writers": "writers", "cast": "actors"}
_COMPANIES = ("studios", "distributors")
_SUMS = ("budget", "box_office")
_QUIET = ("rating_count", "age_rating_system")
_OFFER = ("provider", "country", "kind", "presentation")
_SUM = re.compile(r"(\d+(?:\.\d+)?)(?: ([A-Z]{3}))?")
_BATCH = 1000
Row = Mapping[str, Any]
Changed = Callable[[list[Row]], Iterator[tuple[int, Any, Any]]]


def upgrade() -> None:
    _rewrite((*_PEOPLE, *_COMPANIES, *_SUMS), _as_contract)


def downgrade() -> None:
    op.execute(_CHANGES.delete().where(_CHANGES.c.field.in_(_QUIET)))
    _rewrite((*_PEOPLE, *_COMPANIES, *_SUMS, "ratings", "offers"), _as_texts)


def _rewrite(fields: Collection[str], changed: Changed) -> None:
    """Converts the changes of these fields in batches, and deletes those whose values are equal afterwards."""
    connection = op.get_bind()
    table, last = _CHANGES.c, 0
    while True:
        query = sa.select(table.change_id, table.field, table.old, table.new)
        query = query.where(table.field.in_(fields), table.change_id > last).order_by(table.change_id).limit(_BATCH)
        rows: list[Row] = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        last = rows[-1]["change_id"]
        values = [{"number": number, "before": old, "after": new} for number, old, new in changed(rows)]
        kept = [value for value in values if value["before"] != value["after"]]
        if kept:
            update = _CHANGES.update().where(table.change_id == sa.bindparam("number"))
            update = update.values(old=sa.bindparam("before", type_=_JSON), new=sa.bindparam("after", type_=_JSON))
            connection.execute(update, kept)
        gone = [value["number"] for value in values if value["before"] == value["after"]]
        if gone:
            connection.execute(_CHANGES.delete().where(table.change_id.in_(gone)))


def _as_contract(rows: list[Row]) -> Iterator[tuple[int, Any, Any]]:
    names = {field: _names(field, rows) for field in _PEOPLE}
    for row in rows:
        field = row["field"]
        if field in _SUMS:
            old, new = _sum(row["old"]), _sum(row["new"])
        else:
            old, new = (_credits(field, row[side], names.get(field, frozenset())) for side in ("old", "new"))
        yield row["change_id"], old, new


def _names(field: str, rows: list[Row]) -> frozenset[str]:
    """Returns those names in these texts that a stored person of that role has."""
    texts = [text for row in rows if row["field"] == field for side in ("old", "new") for text in row[side] or ()]
    named = {name for text in texts if isinstance(text, str) and " as " in text for name, _ in _readings(text)}
    people = sa.table(_PEOPLE[field], sa.column("name", sa.String))
    found: set[str] = set()
    ordered = sorted(named)
    for start in range(0, len(ordered), _BATCH):
        query = sa.select(people.c.name).where(people.c.name.in_(ordered[start : start + _BATCH]))
        found.update(op.get_bind().execute(query).scalars())
    return frozenset(found)


def _readings(text: str) -> list[tuple[str, str]]:
    """Returns every (name, role) that a text may stand for, including the whole text as a name."""
    parts = text.split(" as ")
    cuts = [(" as ".join(parts[:n]), " as ".join(parts[n:])) for n in range(1, len(parts))]
    return [(text, ""), *(cut for cut in cuts if all(cut))]


def _credits(field: str, value: Any, names: frozenset[str]) -> Any:
    if not isinstance(value, list):
        return value
    return [_credit(field, one, names) if isinstance(one, str) else one for one in value]


def _credit(field: str, text: str, names: frozenset[str]) -> Any:
    readings = _readings(text) if field in _PEOPLE else [(text, "")]
    if len(readings) > 1:
        readings = [reading for reading in readings if reading[0] in names]
    if len(readings) != 1:
        return {"text": text}
    ((name, role),) = readings
    return {"name": name, "role": role} if role else {"name": name}


def _sum(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    read = _SUM.fullmatch(value)
    if read is None:
        return {"text": value}
    amount = float(read[1])
    return {"amount": int(amount) if amount.is_integer() else amount, "currency": read[2]}


def _as_texts(rows: list[Row]) -> Iterator[tuple[int, Any, Any]]:
    for row in rows:
        yield row["change_id"], _text(row["field"], row["old"]), _text(row["field"], row["new"])


def _text(field: str, value: Any) -> Any:
    if value is None:
        return None
    if field == "offers":
        return {name: value[name] for name in _OFFER if value.get(name)}
    if field == "ratings":
        if isinstance(value, dict):
            return value
        others = {one["source"]: one["score"] for one in value if not one.get("counts")}
        return dict(sorted(others.items())) or None
    if field in _SUMS:
        return value.get("text") or f"{value['amount']} {value.get('currency') or ''}".rstrip()
    return list(dict.fromkeys(map(_line, value)))


def _line(one: Any) -> str:
    if isinstance(one, str) or "text" in one:
        return one if isinstance(one, str) else str(one["text"])
    return f"{one['name']} as {one['role']}" if one.get("role") else str(one["name"])
