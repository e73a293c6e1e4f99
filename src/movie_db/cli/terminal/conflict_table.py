"""How often each source is outvoted, for `movie-db conflicts`."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table
from sqlalchemy import Engine, select

from movie_db.movie_db_client.data_model.bookkeeping import SourceRecordRow
from movie_db.movie_db_client.reading.conflicts import FIELDS, START, Conflict, ConflictFilter, Place, page
from movie_db.movie_db_client.repository import views


def conflicts(engine: Engine, selection: ConflictFilter) -> Iterator[Conflict]:
    """The conflicts of all movies, of which one page at a time is in memory.

    Raises:
        UsageError: there is no such field.
    """
    after: Place | None = START
    while after is not None:
        with engine.connect() as connection:
            found, after = page(connection, selection, after, views.PAGE)
        yield from found


@dataclass
class Tally:
    """How often each source has a value for a field, and how often another value won, by (field, source)."""

    given: Counter[tuple[str, str]] = field(default_factory=Counter)
    outvoted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, conflict: Conflict) -> None:
        """Counts the sources that this conflict outvotes."""
        self.outvoted.update({(conflict.field, one["source"]) for one in conflict.beaten})

    def count(self, engine: Engine, fields: Collection[str]) -> None:
        """Counts the sources that have values for these fields."""
        numbers = views.film_numbers(engine)
        for start in range(0, len(numbers), views.PAGE):
            films = SourceRecordRow.movie_id.in_(numbers[start : start + views.PAGE])
            given: set[tuple[int, str, str]] = set()
            with engine.connect() as connection:
                query = select(SourceRecordRow.movie_id, SourceRecordRow.source, SourceRecordRow.record).where(films)
                for number, source, record in connection.execute(query):
                    facts: Mapping[str, Any] = record.get("facts", {})
                    dated = {"release_date", "year"} if facts.keys() & {"release_date", "year"} else set()
                    given |= {(number, name, source) for name in set(fields) & (facts.keys() | dated)}
            self.given.update((name, source) for _, name, source in given)

    def table(self) -> Table:
        """The sources that are outvoted, by field, the most contradicted first."""
        shown = Table("field", "source", title="How often sources are outvoted", title_justify="left")
        for name in ("values", "outvoted", "share"):
            shown.add_column(name, justify="right")
        shares = {key: lost / max(self.given[key], lost) for key, lost in self.outvoted.items()}
        for key in sorted(shares, key=lambda k: (FIELDS.index(k[0]), -shares[k], k)):
            values = max(self.given[key], self.outvoted[key])
            shown.add_row(*key, f"{values:,}", f"{self.outvoted[key]:,}", f"{shares[key]:.1%}")
        return shown
