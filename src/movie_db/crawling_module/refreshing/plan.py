"""The plan of a refresh: what the database has, read from its API and stored until the refresh is over."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx2
from pydantic import ValidationError

from movie_db.contract.errors import UnavailableError
from movie_db.contract.files import make_folder, write_atomically
from movie_db.contract.messages import MovieListEntry
from movie_db.contract.runs import Run
from movie_db.contract.settings import Settings

logger = logging.getLogger(__name__)
_UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, ValidationError)
UNLISTED = "unlisted"
"""The run of an entry that may be missing from this refresh's list, so it dates nothing."""


class PlannedRecord(NamedTuple):
    """One source's record of a movie. `asked_by` is the key to request it by, `state` its revision or digest. The
    names are those of `/v1/jobs/plan`.
    """

    source: str
    source_id: str
    asked_by: str
    asked_at: datetime
    state: str
    due: bool


@dataclass(frozen=True, slots=True)
class PlannedMovie:
    """A movie of the gallery, or one that has left it. `search`: all sources are searched for it again."""

    entry: MovieListEntry
    left: bool
    records: tuple[PlannedRecord, ...]
    search: bool

    def of(self, source: str) -> PlannedRecord | None:
        """Return its record of one source."""
        return next((record for record in self.records if record.source == source), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """The movies by key; people and companies that are due, by Wikidata id, with their revisions."""

    films: Mapping[str, PlannedMovie]
    people: Mapping[str, str]
    companies: Mapping[str, str]


def read_plan(settings: Settings, run: Run) -> Plan:
    """Read the plan from the API at the start of a refresh, or from the file of an interrupted one.

    Raises:
        UnavailableError: The API doesn't answer, or has no such gallery.
    """
    path = _path(run)
    if path.exists():
        try:
            return plan_of(json.loads(path.read_text("utf-8")), run.started.gallery)
        except (OSError, *_UNREADABLE) as error:
            logger.warning("%s can't be read (%s): the plan is requested again.", path, type(error).__name__)
    data = _fetch_plan(settings, run)
    try:
        plan = plan_of(data, run.started.gallery)
    except _UNREADABLE as error:
        raise UnavailableError(
            f"The database's API returned a plan that can't be read ({type(error).__name__}): "
            "use the same version of movie_db for both."
        ) from None
    try:
        make_folder(path.parent)
    except OSError as error:
        raise UnavailableError(f"{path} can't be written: {error.strerror}.") from None
    write_atomically(path, json.dumps(data))
    return plan


def forget_plan(run: Run) -> None:
    """Delete the plan of a finished refresh."""
    _path(run).unlink(missing_ok=True)


def plan_of(data: Mapping[str, Any], gallery: str) -> Plan:
    """Parse a plan from the API's JSON."""
    films = {}
    for film in data["films"]:
        entry = MovieListEntry.model_validate(film["entry"] | {"run": UNLISTED, "gallery": gallery})
        records = tuple(
            PlannedRecord(**record | {"asked_at": datetime.fromisoformat(record["asked_at"])})
            for record in film["records"]
        )
        films[film["key"]] = PlannedMovie(entry, film["left"], records, film["search"])
    return Plan(films, data["people"], data["companies"])


def _path(run: Run) -> Path:
    return run.data / "due" / f"{run.id}.json"


def _fetch_plan(settings: Settings, run: Run) -> Any:
    client, started = settings.client_api, run.started
    if client is None:
        raise UnavailableError("A refresh needs the database's API: set MOVIE_DB_CLIENT_API to its address.")
    parameters = {"gallery": started.gallery, "how": started.refresh or "due", "at": started.started_at.isoformat()}
    try:
        answer = httpx2.get(f"{client}/v1/jobs/plan", params=parameters, timeout=300, trust_env=False)
        data = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise UnavailableError(f"The database's API at {client} returned no plan ({error}).") from None
    if answer.status_code != 200:
        raise UnavailableError(str(data.get("detail") or f"The database's API returned {answer.status_code}."))
    return data
