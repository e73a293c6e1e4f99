"""Where the sources of the films disagree, and how often each of them is outvoted.

What is told otherwise, but is the same fact, is no conflict: see `stitching/agreement.py`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rich.table import Table
from sqlalchemy import Connection, Engine, select

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.repository import Row, views
from movie_db.stitching.agreement import keeps
from movie_db.stitching.policy import POLICY

WORDED: Final = frozenset({"plot", "tagline", "poster_url", "trailer_url", "homepage"})
"""Fields in which sources never say the same, nor contradict one another: told only when they are asked for."""
_NO_MATTER: Final = frozenset({"rating", "offers", "alternative_titles"})
"""Several raters, shops and titles are no conflict; `ratings` has what sources say of one rater."""
FIELDS: Final = tuple(name for name in (*POLICY, "year") if name not in _NO_MATTER)
_WIDTH: Final = 60


@dataclass(frozen=True)
class Conflict:
    """A field of a film, and who says otherwise than its golden record: `against` as in `field_provenance.beaten`."""

    movie: Row
    number: int
    field: str
    source: str
    value: Any
    against: tuple[Row, ...]

    def __str__(self) -> str:
        year = f" ({self.movie['year']})" if self.movie["year"] else ""
        who: dict[str, list[str]] = {}
        for one in self.against:
            who.setdefault(_shown(one["value"]), []).append(one["source"])
        others = ", ".join(f"{value} ({', '.join(sources)})" for value, sources in who.items())
        film = f"{self.movie['title']}{year}, film {self.number}"
        return f"{film}: {self.field} {_shown(self.value)} ({self.source}), not {others}"

    def json(self) -> str:
        """The same as a line of JSON."""
        told = {"movie_id": self.number, "title": self.movie["title"], "year": self.movie["year"], "field": self.field}
        told |= {"value": self.value, "source": self.source, "beaten": list(self.against)}
        return json.dumps(told, ensure_ascii=False)


@dataclass
class Tally:
    """How often each source told a field, and how often another value was taken: by (field, source)."""

    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    outvoted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def table(self) -> Table:
        """Who is outvoted, the field's most contradicted source first."""
        page = Table("field", "source", title="How often sources are outvoted", title_justify="left")
        for name in ("told", "outvoted", "share"):
            page.add_column(name, justify="right")
        shares = {key: lost / max(self.told[key], lost) for key, lost in self.outvoted.items()}
        for key in sorted(shares, key=lambda k: (FIELDS.index(k[0]), -shares[k], k)):
            told = max(self.told[key], self.outvoted[key])
            page.add_row(*key, f"{told:,}", f"{self.outvoted[key]:,}", f"{shares[key]:.1%}")
        return page


def conflicts(engine: Engine, tally: Tally, only: str | None = None, source: str | None = None) -> Iterator[Conflict]:
    """The conflicts of all films, a page of them in memory; `tally` has all sources' figures at the end.

    Args:
        only: this field alone.
        source: only where this source is outvoted.

    Raises:
        UsageError: there is no such field.
    """
    if only is not None and only not in FIELDS:
        raise UsageError(f"There is no field {only!r} to disagree on: the fields are {', '.join(FIELDS)}.")
    fields = {only} if only else set(FIELDS) - WORDED
    numbers = views.film_numbers(engine)
    with engine.connect() as connection:
        for start in range(0, len(numbers), views.PAGE):
            page = numbers[start : start + views.PAGE]
            _count(connection, page, fields, tally)
            movies = dict(zip(page, views.movies(connection, page), strict=True))
            for row in _beaten(connection, page, fields):
                found = _conflict(movies[row["movie_id"]], row)
                for loser in {one["source"] for one in found.against}:
                    tally.outvoted[found.field, loser] += 1
                if found.against and (source is None or any(one["source"] == source for one in found.against)):
                    yield found


def _beaten(connection: Connection, page: list[int], fields: set[str]) -> list[Row]:
    table = Base.metadata.tables["field_provenance"]
    statement = select(table).where(table.c.movie_id.in_(page), table.c.field.in_(fields))
    rows = connection.execute(statement.order_by(table.c.movie_id, table.c.field)).mappings()
    return [dict(row) for row in rows if row["beaten"]]


def _count(connection: Connection, page: list[int], fields: set[str], tally: Tally) -> None:
    table = Base.metadata.tables["source_records"]
    statement = select(table.c.movie_id, table.c.source, table.c.record).where(table.c.movie_id.in_(page))
    told: set[tuple[int, str, str]] = set()
    for number, source, record in connection.execute(statement):
        facts: Mapping[str, Any] = record.get("facts", {})
        told |= {(number, name, source) for name in fields & facts.keys()}
        if "release_date" in facts or "year" in facts:
            told |= {(number, name, source) for name in fields & {"release_date", "year"}}
    tally.told.update((name, source) for _, name, source in told)


def _conflict(movie: Row, row: Row) -> Conflict:
    value = _golden(movie, row["field"])
    own = (row["source"], row["source_id"])  # who tells two figures does not disagree with itself
    others = (one for one in row["beaten"] if "language" not in one and (one["source"], one["source_id"]) != own)
    against = [one for one in others if not _kept(row["field"], value, one["value"])]
    return Conflict(movie, row["movie_id"], row["field"], row["source"], value, tuple(against))


def _kept(name: str, golden: Any, said: Any) -> bool:
    return golden is not None and keeps(name, golden, said)


def _golden(movie: Row, name: str) -> Any:
    """The film's value as `beaten` has values: people and companies by name, sums with their currency."""
    value = movie[name]
    if name in {"budget", "box_office"} and value is not None:
        return {"amount": value, "currency": movie[f"{name}_currency"]}
    if isinstance(value, list) and name != "ratings":
        return [item["name"] if isinstance(item, dict) else item for item in value]
    return value


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        text = f"{value['amount']:,} {value.get('currency') or ''}".rstrip()
    elif isinstance(value, list):
        text = ", ".join(f"{i['source']} {i['score']}" if isinstance(i, dict) else str(i) for i in value) or "nothing"
    else:
        text = "nothing" if value is None else str(value)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
