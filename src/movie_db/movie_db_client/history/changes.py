"""Lists what changed since a time: movies that arrived in or left galleries, offers, and values that changed at the
source.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Engine, func, select

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.data_model.bookkeeping import ChangeRow, GalleryEntryRow
from movie_db.movie_db_client.data_model.tables import MovieRow
from movie_db.movie_db_client.history.change_texts import QUIET, is_news, render

What = Literal["came", "left", "changed"]


class ChangeEvent(NamedTuple):
    """One change, with the movie's current title. `key` is its entry's key in the gallery, if known."""

    at: datetime
    what: What
    movie_id: int | None
    title: str
    year: int | None
    key: str | None
    field: str
    old: Any
    new: Any
    source: str
    number: int

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"at": self.at.isoformat()}

    def __str__(self) -> str:
        name = f"{self.title} ({self.year})" if self.year else self.title
        if self.what == "changed":
            text = f"{self.field} {_difference(self.old, self.new)} ({self.source})"
        else:
            text = f"{self.what}: {_shown(self.new if self.what == 'came' else self.old)}"
        return f"{self.at:%Y-%m-%d %H:%M}  {name}: {text}"


def moment(text: str) -> datetime:
    """Parses a date or time as people write it; UTC if it has no zone.

    Raises:
        UsageError: it is neither.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date: --since takes 2026-03-01 or 2026-03-01T12:00.") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def changes(engine: Engine, since: datetime, after: int = 0) -> Iterator[ChangeEvent]:
    """Yields the changes from that time on in the order of their numbers, starting after the number `after`."""
    entries = select(GalleryEntryRow.key, func.max(GalleryEntryRow.movie_id).label("movie_id")).group_by(
        GalleryEntryRow.key
    )
    of_entry = entries.subquery()
    number = func.coalesce(ChangeRow.movie_id, of_entry.c.movie_id)
    query = (
        select(ChangeRow, number, MovieRow.title, MovieRow.release_year)
        .outerjoin(of_entry, of_entry.c.key == ChangeRow.entry_key)
        .outerjoin(MovieRow, MovieRow.movie_id == number)
        .where(ChangeRow.at >= since, ChangeRow.change_id > after, ChangeRow.field.not_in(QUIET))
        .order_by(ChangeRow.change_id)
    )
    with engine.connect() as connection:
        for row in connection.execute(query):
            if not is_news(row.field, row.old, row.new):
                continue
            counted = row.field in {"gallery", "offers"}
            what: What = "changed" if not counted else "came" if row.old is None else "left"
            title = row.title or row.entry_key or ""
            yield ChangeEvent(
                row.at,
                what,
                row[-3],
                title,
                row.release_year,
                row.entry_key,
                row.field,
                render(row.field, row.old),
                render(row.field, row.new),
                row.source,
                row.change_id,
            )


def _difference(old: Any, new: Any) -> str:
    """Describes a changed value; of lists, what was added (+) and removed (-)."""
    if not isinstance(old, list) or not isinstance(new, list):
        return f"{_shown(old)} → {_shown(new)}"
    parts = [f"+{one}" for one in new if one not in old] + [f"-{one}" for one in old if one not in new]
    return ", ".join(parts) or "in another order"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return " ".join(f"{name} {part}" if isinstance(part, float) else str(part) for name, part in value.items())
    return "nothing" if value is None else str(value)
