"""What a refresh knows of the films that are there: told by the database's client, kept until the refresh is over."""

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
"""The run of an entry that this refresh's list need not have: so it dates nothing."""


class PlannedRecord(NamedTuple):
    """One source's record of a film. `asked_by` is what the source is asked by, `state` how it is known again."""

    source: str
    source_id: str
    asked_by: str
    asked_at: datetime
    state: str
    due: bool


@dataclass(frozen=True, slots=True)
class PlannedMovie:
    """A film of the gallery, or one that has left it. `search`: it is looked for anew at all sources."""

    entry: MovieListEntry
    left: bool
    records: tuple[PlannedRecord, ...]
    search: bool

    def of(self, source: str) -> PlannedRecord | None:
        """Its record of one source."""
        return next((record for record in self.records if record.source == source), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """The films by their keys; people and companies that are due, by their Wikidata ids, with their revisions."""

    films: Mapping[str, PlannedMovie]
    people: Mapping[str, str]
    companies: Mapping[str, str]


def read_plan(settings: Settings, run: Run) -> Plan:
    """What the client tells at the start of a refresh; one that goes on has the plan it began with.

    Raises:
        UnavailableError: the client does not answer, or knows no such gallery.
    """
    path = _path(run)
    if path.exists():
        try:
            return plan_of(json.loads(path.read_text("utf-8")), run.started.gallery)
        except (OSError, *_UNREADABLE) as error:
            logger.warning("%s can't be read (%s): what is due is asked again.", path, type(error).__name__)
    told = _ask(settings, run)
    try:
        plan = plan_of(told, run.started.gallery)
    except _UNREADABLE as error:
        raise UnavailableError(
            f"The database's client tells what is due in a form that can't be read ({type(error).__name__}): "
            "use the same version of movie_db for both."
        ) from None
    try:
        make_folder(path.parent)
    except OSError as error:
        raise UnavailableError(f"{path} can't be written: {error.strerror}.") from None
    write_atomically(path, json.dumps(told))
    return plan


def forget_plan(run: Run) -> None:
    """A refresh that is over needs its plan no more."""
    _path(run).unlink(missing_ok=True)


def plan_of(told: Mapping[str, Any], gallery: str) -> Plan:
    """A plan as the client tells it."""
    films = {}
    for film in told["films"]:
        entry = MovieListEntry.model_validate(film["entry"] | {"run": UNLISTED, "gallery": gallery})
        records = tuple(
            PlannedRecord(**record | {"asked_at": datetime.fromisoformat(record["asked_at"])})
            for record in film["records"]
        )
        films[film["key"]] = PlannedMovie(entry, film["left"], records, film["search"])
    return Plan(films, told["people"], told["companies"])


def _path(run: Run) -> Path:
    return run.data / "due" / f"{run.id}.json"


def _ask(settings: Settings, run: Run) -> Any:
    client, started = settings.client_api, run.started
    if client is None:
        raise UnavailableError("A refresh asks the database's client what is due: MOVIE_DB_CLIENT_API names it.")
    asked = {"gallery": started.gallery, "how": started.refresh or "due", "at": started.started_at.isoformat()}
    try:
        answer = httpx2.get(f"{client}/v1/jobs/plan", params=asked, timeout=300, trust_env=False)
        told = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise UnavailableError(f"The database's client at {client} does not tell what is due ({error}).") from None
    if answer.status_code != 200:
        raise UnavailableError(str(told.get("detail") or f"The database's client answers {answer.status_code}."))
    return told
