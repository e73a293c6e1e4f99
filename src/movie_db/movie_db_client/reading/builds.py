"""Builds that the API was asked for, and how far each is, by what the log has brought into the database."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from movie_db.contract.clock import moment
from movie_db.movie_db_client.data_model.bookkeeping import Build, Gallery, GalleryEntry, Run, SourceOutcome

Json = dict[str, Any]
UNDER_WAY: Final = Build.cancelled_at.is_(None) & Build.failed_at.is_(None) & Run.finished_at.is_(None)
"""The builds that are not over."""


def builds(connection: Connection, chosen: ColumnElement[bool], limit: int | None = None) -> list[Json]:
    """So many of the builds chosen, as the API tells them, the newest first."""
    asked = (
        select(
            *(Build.build_id, Build.gallery, Build.film_limit, Build.languages, Build.run, Build.asked_at),
            *(Build.cancelled_at, Build.failed_at, Build.reason, Run.started_at, Run.finished_at, Run.movies),
        )
        .outerjoin(Run, Run.run == Build.run)
        .where(chosen)
        .order_by(Build.build_id.desc())
        .limit(limit)
    )
    return [_told(connection, row) for row in connection.execute(asked).all()]


def _told(connection: Connection, row: Any) -> Json:
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
    """Films that are listed, and those of them that are gathered and here."""
    told = exists().where(SourceOutcome.movie_id == GalleryEntry.movie_id, SourceOutcome.run == row.run)
    asked = (
        select(func.count(GalleryEntry.key), func.count(case((told, 1))), func.max(Gallery.listed_at))
        .join(Gallery, Gallery.gallery_id == GalleryEntry.gallery_id)
        .where(Gallery.gallery == row.gallery)
        .where(GalleryEntry.first_seen <= row.started_at, GalleryEntry.last_seen >= row.started_at)
    )
    listed, films, listed_at = connection.execute(asked).one()
    return {
        "listed": listed,
        "complete": listed_at is not None and listed_at >= row.started_at,
        "films": max(films, row.movies or 0),  # a later run may have told of them since
    }
