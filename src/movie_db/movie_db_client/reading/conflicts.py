"""Where the sources of the films disagree.

What is told otherwise, but is the same fact, is no conflict: see `stitching/agreement.py`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, Select, Text, cast, func, literal, select, tuple_

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.data_model.bookkeeping import FieldProvenanceRow
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.repository import Row
from movie_db.stitching.agreement import includes
from movie_db.stitching.pin_values import SUMS
from movie_db.stitching.policy import POLICY

WORDED: Final = frozenset({"plot", "tagline", "poster_url", "trailer_url", "homepage"})
"""Fields in which sources never say the same, nor contradict one another: told only when they are asked for."""
_NO_MATTER: Final = frozenset({"rating", "offers", "alternative_titles"})
"""Several raters, shops and titles are no conflict; `ratings` has what sources say of one rater."""
FIELDS: Final = tuple(name for name in (*POLICY, "year") if name not in _NO_MATTER)
_WIDTH: Final = 60
_ROWS: Final = 500
"""Values that are looked at together."""
_LOOKS: Final = 10
"""So many times at most for one page, so that it ends though nearly all agree."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of a film, and who says otherwise than its golden record: `beaten` as in `field_provenance`."""

    movie_id: int
    title: str
    year: int | None
    field: str
    value: Any
    source: str
    beaten: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def outvotes(self, source: str) -> bool:
        """Whether this source is among those that say otherwise."""
        return any(one["source"] == source for one in self.beaten)

    def __str__(self) -> str:
        year = f" ({self.year})" if self.year else ""
        who: dict[str, list[str]] = {}
        for one in self.beaten:
            who.setdefault(_shown(one["value"]), []).append(one["source"])
        others = ", ".join(f"{value} ({', '.join(sources)})" for value, sources in who.items())
        film = f"{self.title}{year}, film {self.movie_id}"
        return f"{film}: {self.field} {_shown(self.value)} ({self.source}), not {others}"


class ConflictFilter(NamedTuple):
    """Which conflicts: of one field, where one source is outvoted, of one film; None: of all."""

    field: str | None = None
    source: str | None = None
    movie_id: int | None = None

    @property
    def fields(self) -> Collection[str]:
        """The fields that are looked at.

        Raises:
            UsageError: there is no such field.
        """
        if self.field is not None and self.field not in FIELDS:
            raise UsageError(f"There is no field {self.field!r} to disagree on: the fields are {', '.join(FIELDS)}.")
        return {self.field} if self.field else set(FIELDS) - WORDED


Place = tuple[int, str]
"""A film's number and a field: conflicts are in the order of these."""
START: Final[Place] = (0, "")


def page(
    connection: Connection, wanted: ConflictFilter, after: Place, limit: int
) -> tuple[list[Conflict], Place | None]:
    """At most so many conflicts behind a place, and behind which place there may be more; None if there are no more.

    There may be fewer, even none, though more come: where nearly all agree, it ends before it has looked at all films.

    Raises:
        UsageError: there is no such field.
    """
    found: list[Conflict] = []
    for _ in range(_LOOKS):
        rows = [dict(row) for row in connection.execute(_beaten(wanted, after)).mappings()]
        found += _conflicts(connection, wanted, rows)
        if len(found) > limit:
            last = found[limit - 1]
            return found[:limit], (last.movie_id, last.field)
        if len(rows) < _ROWS:
            return found, None
        after = (rows[-1]["movie_id"], rows[-1]["field"])
    return found, after


def _beaten(wanted: ConflictFilter, after: Place) -> Select[Any]:
    """The values behind a place that beat others."""
    told = FieldProvenanceRow
    names = (told.movie_id, told.field, told.source, told.source_id, told.beaten)
    text = cast(told.beaten, Text)
    asked = select(*names).where(told.field.in_(wanted.fields), func.length(text) > len("[]"))
    asked = asked.where(tuple_(told.movie_id, told.field) > tuple_(literal(after[0]), literal(after[1])))
    if wanted.movie_id is not None:
        asked = asked.where(told.movie_id == wanted.movie_id)
    if wanted.source is not None:
        asked = asked.where(text.contains(orjson.dumps(wanted.source).decode(), autoescape=True))
    return asked.order_by(told.movie_id, told.field).limit(_ROWS)


def _conflicts(connection: Connection, wanted: ConflictFilter, rows: Collection[Row]) -> Iterator[Conflict]:
    told = parts({"title", "year", *wanted.fields, *(f"{field}_currency" for field in SUMS)}, ())
    numbers = sorted({row["movie_id"] for row in rows})
    films = {film["movie_id"]: film for film in orjson.loads(orjson.dumps(documents(connection, numbers, told)))}
    for row in rows:
        if (film := films.get(row["movie_id"])) is None:  # it went just now
            continue
        name, own = row["field"], (row["source"], row["source_id"])
        value = _golden(film, name)
        # Who tells two figures does not disagree with itself, nor does who says it in another language.
        others = [b for b in row["beaten"] if "language" not in b and (b["source"], b["source_id"]) != own]
        beaten = tuple(b for b in others if not _kept(name, value, b["value"]))
        found = Conflict(row["movie_id"], film["title"], film["year"], name, value, row["source"], beaten)
        if beaten and (wanted.source is None or found.outvotes(wanted.source)):
            yield found


def _kept(name: str, golden: Any, said: Any) -> bool:
    return golden is not None and includes(name, golden, said)


def _golden(film: Mapping[str, Any], name: str) -> Any:
    """The film's value as `beaten` has values: people and companies by name, sums with their currency."""
    value = film[name]
    if name in SUMS and value is not None:
        return {"amount": value, "currency": film[f"{name}_currency"]}
    if isinstance(value, list) and name != "ratings":
        return list(dict.fromkeys(item["name"] if isinstance(item, dict) else item for item in value))
    return value


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        text = f"{value['amount']:,} {value.get('currency') or ''}".rstrip()
    elif isinstance(value, list):
        text = ", ".join(f"{i['source']} {i['score']}" if isinstance(i, dict) else str(i) for i in value) or "nothing"
    else:
        text = "nothing" if value is None else str(value)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
