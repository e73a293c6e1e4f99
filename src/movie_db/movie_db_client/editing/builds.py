"""Builds: people request and cancel them, and a build worker that watches the list carries them out."""

from collections.abc import Sequence
from datetime import datetime

from movie_db.contract.errors import MovieDbError
from movie_db.contract.runs import new_name
from movie_db.movie_db_client.repository import Repository, Row, UnitOfWork


class BuildUnderWayError(MovieDbError):
    """A build of this gallery is under way; `number` is its number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Build {number} of this gallery is under way: wait until it ends, or cancel it.")
        self.number = number


class UnknownBuildError(MovieDbError):
    """There is no such build."""


class BuildEndedError(MovieDbError):
    """The build has ended, so it cannot be cancelled."""


def start_build(
    unit: UnitOfWork, gallery: str, at: datetime, *, limit: int | None = None, languages: Sequence[str] | None = None
) -> int:
    """Requests a build of a gallery and returns the build's number.

    Args:
        gallery: the address, as `canonical_gallery` returns it.
        limit: the number of movies to build; None for all.
        languages: codes of the languages of titles, plots and names, best first; None for the worker's settings.

    Raises:
        BuildUnderWayError: a build of this gallery is under way.
    """
    repository = unit.repository
    rows = [row for row in repository.read("builds", gallery=[gallery]) if _end_of(repository, row) is None]
    if rows:
        raise BuildUnderWayError(max(row["build_id"] for row in rows))
    row = {"gallery": gallery, "film_limit": limit, "languages": languages and list(languages), "run": new_name()}
    empty = dict.fromkeys(("cancelled_at", "failed_at", "reason"))
    (number,) = repository.insert("builds", [{**row, **empty, "asked_at": at}])
    unit.commit()
    return number


def cancel_build(unit: UnitOfWork, number: int, at: datetime) -> None:
    """Cancels a build. Cancelling it again changes nothing.

    Raises:
        UnknownBuildError: there is no such build.
        BuildEndedError: it has finished or failed.
    """
    rows = unit.repository.read("builds", build_id=[number])
    if not rows:
        raise UnknownBuildError(f"There is no build {number}.")
    end = _end_of(unit.repository, rows[0])
    if end in {"finished", "failed"}:
        raise BuildEndedError(f"Build {number} has {end} already.")
    if end is None:
        unit.repository.update("builds", [{"build_id": number, "cancelled_at": at}])
    unit.commit()


def _end_of(repository: Repository, build: Row) -> str | None:
    """Returns how a build ended (cancelled, finished or failed), or None if it is under way."""
    if build["cancelled_at"]:
        return "cancelled"
    if any(run["finished_at"] for run in repository.read("runs", run=[build["run"]])):
        return "finished"
    return "failed" if build["failed_at"] else None
