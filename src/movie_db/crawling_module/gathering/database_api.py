"""Reads from the database's API before the first request. If the API is down, the last copy is used."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from movie_db.contract.errors import UnavailableError
from movie_db.contract.files import make_folder, write_atomically
from movie_db.contract.schema import Schema
from movie_db.contract.settings import Settings

logger = logging.getLogger(__name__)
_PAGES: Final = ("wikidata", "wikipedia")
"""The sources whose records are searched for; the one that leads to the other comes first."""


@dataclass(frozen=True)
class Decisions:
    """People's decisions on list entries: the item or page that is the movie, and those that are not."""

    same: Mapping[str, str] = field(default_factory=dict)
    different: Mapping[str, frozenset[str]] = field(default_factory=dict)


_PATIENCE: Final = 600.0
"""Seconds. A client that first upgrades a large database answers late, but isn't down."""


UNDECIDED: Final = Decisions()


def read_live_contract(settings: Settings) -> dict[str, Schema] | None:
    """Return the schemas that the API serves, by message.

    If the API is down, the last copy is used; None if there is none, and only the published contract applies.
    """
    found: dict[str, Schema] | None = _read(settings, "contract", "schemas", dict)
    return found


def read_decisions(settings: Settings) -> Decisions:
    """Return the decisions that the API serves; if it is down, the last copy, or none."""
    return decisions_of(_read(settings, "decisions", "decisions", list) or ())


def decisions_of(rows: Iterable[Mapping[str, Any]]) -> Decisions:
    """Return the decisions on entries and their items and pages. An item takes precedence over a page."""
    same: dict[str, str] = {}
    different: dict[str, set[str]] = {}
    for row in sorted(rows, key=lambda row: row["source"] == _PAGES[0]):
        if row["source"] not in _PAGES:
            continue
        if row["verdict"] == "same":
            same[row["entry_key"]] = row["source_id"]
        else:
            different.setdefault(row["entry_key"], set()).add(row["source_id"])
    return Decisions(same, {key: frozenset(pages) for key, pages in different.items()})


def _read(settings: Settings, path: str, member: str, kind: type) -> Any:
    """Return a member of what the API serves at this path, or of the last copy; None if there is neither."""
    copy = settings.data / f"{path}.json"
    if settings.client_api:
        try:
            answer = httpx2.get(f"{settings.client_api}/v1/{path}", timeout=_PATIENCE, trust_env=False)
            answer.raise_for_status()
            data = answer.json()
            if not isinstance(data, dict) or not isinstance(data.get(member), kind):
                raise ValueError(f"its answer has no {member}")
            make_folder(copy.parent)
            write_atomically(copy, json.dumps(data))
            return data[member]
        except (httpx2.HTTPError, ValueError) as error:
            logger.warning("The client's %s can't be read (%s); the last copy is used.", path, error)
        except OSError as error:
            raise UnavailableError(f"{copy} can't be written: {error.strerror}.") from None
    return _read_copy(copy, member, kind)


def _read_copy(copy: Path, member: str, kind: type) -> Any:
    """Return the member of the last copy; None if it is missing or unreadable."""
    try:
        data = json.loads(copy.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        logger.warning("%s can't be read (%s) and is ignored.", copy, error)
        return None
    if not isinstance(data, dict) or not isinstance(data.get(member), kind):
        logger.warning("%s has no %s and is ignored.", copy, member)
        return None
    return data[member]
