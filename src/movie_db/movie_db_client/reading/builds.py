"""Builds requested through the API, and their progress as far as the log has been ingested."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from movie_db.contract.clock import moment
from movie_db.movie_db_client.data_model.bookkeeping import (
    BuildRow,
    GalleryEntryRow,
    GalleryRow,
    RunRow,
    SourceOutcomeRow,
)

Json = dict[str, Any]
UNDER_WAY: Final = BuildRow.cancelled_at.is_(None) & BuildRow.failed_at.is_(None) & RunRow.finished_at.is_(None)
"""Selects builds that are not over."""


def builds(connection: Connection, chosen: ColumnElement[bool], limit: int | None = None) -> list[Json]:
    """Returns up to `limit` of the chosen builds as JSON of the API, newest first."""
    query = (
        select(
            *(
                BuildRow.build_id,
                BuildRow.gallery,
                BuildRow.film_limit,
                BuildRow.languages,
                BuildRow.run,
                BuildRow.asked_at,
            ),
            *(
                BuildRow.cancelled_at,
                BuildRow.failed_at,
                BuildRow.reason,
                RunRow.started_at,
                RunRow.finished_at,
                RunRow.movies,
            ),
        )
        .outerjoin(RunRow, RunRow.run == BuildRow.run)
        .where(chosen)
        .order_by(BuildRow.build_id.desc())
        .limit(limit)
    )
    return [_build(connection, row) for row in connection.execute(query).all()]


def _build(connection: Connection, row: Any) -> Json:
    ends = {"cancelled": row.cancelled_at, "finished": row.finished_at, "failed": row.failed_at}
    status = next((status for status, at in ends.items() if at), "running" if row.started_at else "queued")
    return {
        "build_id": row.build_id,
        "gallery": row.gallery,
        "limit": row.film_limit,
        "languages": row.languages,
        "run": row.run,
        "status": status,
        "reason": row.reason if status == "failed" else None,
        "asked_at": moment(row.asked_at),
        "started_at": moment(row.started_at),
        "ended_at": moment(ends.get(status)),
        "progress": _progress(connection, row) if row.started_at else None,
    }


def _progress(connection: Connection, row: Any) -> Json:
    """Counts the movies that are listed, and those that are gathered and ingested."""
    gathered = exists().where(SourceOutcomeRow.movie_id == GalleryEntryRow.movie_id, SourceOutcomeRow.run == row.run)
    query = (
        select(func.count(GalleryEntryRow.key), func.count(case((gathered, 1))), func.max(GalleryRow.listed_at))
        .join(GalleryRow, GalleryRow.gallery_id == GalleryEntryRow.gallery_id)
        .where(GalleryRow.gallery == row.gallery)
        .where(GalleryEntryRow.first_seen <= row.started_at, GalleryEntryRow.last_seen >= row.started_at)
    )
    listed, films, listed_at = connection.execute(query).one()
    return {
        "listed": listed,
        "complete": listed_at is not None and listed_at >= row.started_at,
        "films": max(films, row.movies or 0),  # a later run may have updated their outcomes since
    }
