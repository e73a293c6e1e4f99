"""Finds fields on which the sources of a movie disagree.

Different wordings of the same fact are no conflict; see `stitching/agreement.py`.
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
"""Fields where sources always differ without contradicting each other. They are listed only on request."""
_NO_MATTER: Final = frozenset({"rating", "offers", "alternative_titles"})
"""Several ratings, offers and titles are no conflict. `ratings` compares what sources say about the same rater."""
FIELDS: Final = tuple(name for name in (*POLICY, "year") if name not in _NO_MATTER)
_WIDTH: Final = 60
_ROWS: Final = 500
"""Values examined at a time."""
_LOOKS: Final = 10
"""Maximum number of rounds per page, so that a request ends even if nearly all sources agree."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of a movie and the sources that disagree with its golden record. `beaten` is as in `field_provenance`."""

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
        """Whether this source is among those that disagree."""
        return any(one["source"] == source for one in self.beaten)

    def __str__(self) -> str:
        year = f" ({self.year})" if self.year else ""
        who: dict[str, list[str]] = {}
        for one in self.beaten:
            who.setdefault(_shown(one["value"]), []).append(one["source"])
        others = ", ".join(f"{value} ({', '.join(sources)})" for value, sources in who.items())
        film = f"{self.title}{year}, movie {self.movie_id}"
        return f"{film}: {self.field} {_shown(self.value)} ({self.source}), not {others}"


class ConflictFilter(NamedTuple):
    """Selects conflicts by field, by a source that lost, or by movie. None selects all."""

    field: str | None = None
    source: str | None = None
    movie_id: int | None = None

    @property
    def fields(self) -> Collection[str]:
        """The fields to examine.

        Raises:
            UsageError: there is no such field.
        """
        if self.field is not None and self.field not in FIELDS:
            raise UsageError(f"There is no field {self.field!r} with conflicts: the fields are {', '.join(FIELDS)}.")
        return {self.field} if self.field else set(FIELDS) - WORDED


Place = tuple[int, str]
"""A movie id and a field, by which conflicts are sorted."""
START: Final[Place] = (0, "")


def page(
    connection: Connection, conflict_filter: ConflictFilter, after: Place, limit: int
) -> tuple[list[Conflict], Place | None]:
    """Returns up to `limit` conflicts after a place, and the place after which there may be more (None: no more).

    A page may be short or even empty although more follow: if nearly all sources agree, it ends before all movies are
    examined.

    Raises:
        UsageError: there is no such field.
    """
    found: list[Conflict] = []
    for _ in range(_LOOKS):
        rows = [dict(row) for row in connection.execute(_beaten(conflict_filter, after)).mappings()]
        found += _conflicts(connection, conflict_filter, rows)
        if len(found) > limit:
            last = found[limit - 1]
            return found[:limit], (last.movie_id, last.field)
        if len(rows) < _ROWS:
            return found, None
        after = (rows[-1]["movie_id"], rows[-1]["field"])
    return found, after


def _beaten(conflict_filter: ConflictFilter, after: Place) -> Select[Any]:
    """Selects values after a place that won over others."""
    provenance = FieldProvenanceRow
    names = (provenance.movie_id, provenance.field, provenance.source, provenance.source_id, provenance.beaten)
    text = cast(provenance.beaten, Text)
    query = select(*names).where(provenance.field.in_(conflict_filter.fields), func.length(text) > len("[]"))
    query = query.where(tuple_(provenance.movie_id, provenance.field) > tuple_(literal(after[0]), literal(after[1])))
    if conflict_filter.movie_id is not None:
        query = query.where(provenance.movie_id == conflict_filter.movie_id)
    if conflict_filter.source is not None:
        query = query.where(text.contains(orjson.dumps(conflict_filter.source).decode(), autoescape=True))
    return query.order_by(provenance.movie_id, provenance.field).limit(_ROWS)


def _conflicts(connection: Connection, conflict_filter: ConflictFilter, rows: Collection[Row]) -> Iterator[Conflict]:
    fields = parts({"title", "year", *conflict_filter.fields, *(f"{field}_currency" for field in SUMS)}, ())
    numbers = sorted({row["movie_id"] for row in rows})
    films = {film["movie_id"]: film for film in orjson.loads(orjson.dumps(documents(connection, numbers, fields)))}
    for row in rows:
        if (film := films.get(row["movie_id"])) is None:  # deleted in the meantime
            continue
        name, own = row["field"], (row["source"], row["source_id"])
        value = _golden(film, name)
        # A source with two figures does not disagree with itself, nor with its texts in another language.
        others = [b for b in row["beaten"] if "language" not in b and (b["source"], b["source_id"]) != own]
        beaten = tuple(b for b in others if not _agrees(name, value, b["value"]))
        found = Conflict(row["movie_id"], film["title"], film["year"], name, value, row["source"], beaten)
        if beaten and (conflict_filter.source is None or found.outvotes(conflict_filter.source)):
            yield found


def _agrees(name: str, golden: Any, other: Any) -> bool:
    return golden is not None and includes(name, golden, other)


def _golden(film: Mapping[str, Any], name: str) -> Any:
    """Returns the movie's value in the form of `beaten`: contributors by name, sums with currency."""
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
