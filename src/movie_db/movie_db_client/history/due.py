"""Plans a refresh: what the database has about a gallery's movies, and what of it is due."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Select, case, func, or_, select

from movie_db.contract.clock import is_ahead, latest
from movie_db.contract.messages import Refresh
from movie_db.contract.runs import TROUBLE
from movie_db.contract.state import state_of_json
from movie_db.movie_db_client.data_model.bookkeeping import (
    GalleryEntryRow,
    GalleryRow,
    RunRow,
    SourceOutcomeRow,
    SourceRecordIdRow,
    SourceRecordRow,
)
from movie_db.movie_db_client.data_model.tables import MovieRow
from movie_db.movie_db_client.history.freshness import DAY, QUARTER, is_due, is_requested, minimum_age

Json = dict[str, Any]
PEOPLE: Final = ("person", "company")


class Listed(NamedTuple):
    """A gallery: when it was last listed, its limit of movies (None: all) and its languages."""

    gallery: str
    listed_at: datetime
    limit: int | None
    languages: tuple[str, ...] = ("en",)

    def due_at(self, how: Refresh) -> datetime:
        """Returns when to list it again: now, if it was listed in the future."""
        if is_ahead(self.listed_at):
            return datetime.now(UTC)
        return self.listed_at + (DAY if how == "due" else timedelta())


def galleries(engine: Engine) -> list[Listed]:
    """Returns the galleries that have been listed, sorted by address."""
    newest_start = func.max(case((RunRow.started_at <= latest(), RunRow.started_at)))
    newest = (
        select(RunRow.gallery, func.coalesce(newest_start, func.max(RunRow.started_at)).label("at"))
        .group_by(RunRow.gallery)
        .subquery()
    )
    query = (
        select(GalleryRow.gallery, GalleryRow.listed_at, RunRow.film_limit, RunRow.languages)
        .outerjoin(newest, newest.c.gallery == GalleryRow.gallery)
        .outerjoin(RunRow, (RunRow.gallery == GalleryRow.gallery) & (RunRow.started_at == newest.c.at))
        .where(GalleryRow.listed_at.is_not(None))
        .order_by(GalleryRow.gallery)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return [Listed(address, at, limit, tuple(languages or ("en",))) for address, at, limit, languages in rows if at]


def plan(engine: Engine, gallery: str, how: Refresh, at: datetime) -> Json | None:
    """Returns the movies of a gallery, including those that left, with their source records; None if there is none.

    Each record has its `state` and whether it is `due`. `search` marks movies to search for again, because a source
    failed or found nothing long ago. `people` and `companies` are those that are due, of any gallery, with their
    states.
    """
    with engine.connect() as connection:
        number = connection.execute(select(GalleryRow.gallery_id).where(GalleryRow.gallery == gallery)).scalar()
        if number is None:
            return None
        return {
            "gallery": gallery,
            "at": at.astimezone(UTC).isoformat(),
            "films": list(_films(connection, GalleryEntryRow.gallery_id == number, how, at)),
            "people": dict(_due_contributors(connection, "person", at)),
            "companies": dict(_due_contributors(connection, "company", at)),
        }


def _films(connection: Connection, chosen: ColumnElement[bool], how: Refresh, at: datetime) -> Iterator[Json]:
    entries = (
        select(
            GalleryEntryRow.key,
            GalleryEntryRow.entry,
            GalleryEntryRow.movie_id,
            GalleryEntryRow.left_at,
            MovieRow.release_year,
        )
        .join(MovieRow, MovieRow.movie_id == GalleryEntryRow.movie_id)
        .where(chosen)
        .order_by(GalleryEntryRow.key)
    )
    rows = connection.execute(entries).all()
    years = {row.key: row.release_year for row in rows}
    records = _records(connection, select(GalleryEntryRow.key).where(chosen), years, how, at)
    searched = set(_searched(connection, select(GalleryEntryRow.movie_id).where(chosen), how, at))
    for row in rows:
        if row.entry is None:
            continue
        yield {
            "key": row.key,
            "entry": row.entry,
            "left": row.left_at is not None,
            "records": records.get(row.key, []),
            "search": row.movie_id in searched,
        }


def _records(
    connection: Connection, keys: Select[Any], years: dict[str, int | None], how: Refresh, at: datetime
) -> dict[str, list[Json]]:
    query = (
        select(
            SourceRecordIdRow.value,
            SourceRecordRow.source,
            SourceRecordRow.source_id,
            SourceRecordRow.retrieved_at,
            SourceRecordRow.record,
        )
        .join(SourceRecordRow, SourceRecordRow.record_id == SourceRecordIdRow.record_id)
        .where(
            SourceRecordIdRow.entity == "movie",
            SourceRecordIdRow.namespace == "entry",
            SourceRecordIdRow.value.in_(keys),
        )
        .order_by(SourceRecordIdRow.value, SourceRecordRow.source, SourceRecordRow.source_id)
    )
    found: dict[str, list[Json]] = {}
    for key, source, source_id, retrieved_at, record in connection.execute(query):
        page = record.get("ids", {}).get("wikipedia") if source == "wikipedia" else None
        least = minimum_age(years.get(key), at)
        found.setdefault(key, []).append(
            {
                "source": source,
                "source_id": source_id,
                "asked_by": page or source_id,
                "asked_at": retrieved_at.isoformat(),
                "state": state_of_json(record),
                "due": is_requested(how, retrieved_at, at, least, _edited(record)),
            }
        )
    return found


def _searched(connection: Connection, films: Select[Any], how: Refresh, at: datetime) -> Iterator[int]:
    """Yields movies that a source failed on, and those that Wikidata was searched for in vain long ago."""
    query = (
        select(SourceOutcomeRow.movie_id, SourceOutcomeRow.outcome, RunRow.started_at, MovieRow.release_year)
        .join(MovieRow, MovieRow.movie_id == SourceOutcomeRow.movie_id)
        .outerjoin(RunRow, RunRow.run == SourceOutcomeRow.run)
        .where(SourceOutcomeRow.movie_id.in_(films))
        .where(
            SourceOutcomeRow.outcome.in_(TROUBLE)
            | ((SourceOutcomeRow.source == "wikidata") & SourceOutcomeRow.outcome.in_(("not_found", "unsure")))
        )
    )
    for number, outcome, then, year in connection.execute(query):
        if outcome in TROUBLE or then is None or is_requested(how, then, at, minimum_age(year, at)):
            yield number


def _due_contributors(connection: Connection, entity: str, at: datetime) -> Iterator[tuple[str, str]]:
    query = (
        select(SourceRecordRow.source_id, SourceRecordRow.retrieved_at, SourceRecordRow.record)
        .where(SourceRecordRow.entity == entity, SourceRecordRow.source == "wikidata")
        .where(or_(SourceRecordRow.retrieved_at <= at - QUARTER, SourceRecordRow.retrieved_at > latest()))
        .order_by(SourceRecordRow.source_id)
    )
    for source_id, retrieved_at, record in connection.execute(query):
        if is_due(retrieved_at, at, QUARTER, _edited(record["origin"])):
            yield source_id, record["origin"].get("revision", "")


def _edited(origin: Json) -> datetime | None:
    edited = origin.get("edited_at")
    return datetime.fromisoformat(edited) if edited else None
