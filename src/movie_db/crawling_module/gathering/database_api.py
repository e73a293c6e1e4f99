"""What the crawler asks the database's client before its first request; the last copy serves while that is down."""

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
"""The sources whose record is searched for, the one that leads to the other first."""


@dataclass(frozen=True)
class Decisions:
    """What persons decided of the entries of galleries: the item or page that is the film, and those that are not."""

    same: Mapping[str, str] = field(default_factory=dict)
    different: Mapping[str, frozenset[str]] = field(default_factory=dict)


_PATIENCE: Final = 600.0
"""Seconds: a client that brings a large database up to date first is long in answering, but it is not down."""


UNDECIDED: Final = Decisions()


def read_live_contract(settings: Settings) -> dict[str, Schema] | None:
    """The schemas that the database's client serves, by message.

    If the client is down, the last copy serves; without any (None), the published contract is all there is.
    """
    found: dict[str, Schema] | None = _read(settings, "contract", "schemas", dict)
    return found


def read_decisions(settings: Settings) -> Decisions:
    """The decisions that the database's client serves; if it is down, the last copy, or none."""
    return decisions_of(_read(settings, "decisions", "decisions", list) or ())


def decisions_of(rows: Iterable[Mapping[str, Any]]) -> Decisions:
    """The decisions on entries and their items and pages; an item counts before a page."""
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
    """The member of what the client serves at this path of its API, or in the last copy of it; None without one."""
    copy = settings.data / f"{path}.json"
    if settings.client_api:
        try:
            answer = httpx2.get(f"{settings.client_api}/v1/{path}", timeout=_PATIENCE, trust_env=False)
            answer.raise_for_status()
            told = answer.json()
            if not isinstance(told, dict) or not isinstance(told.get(member), kind):
                raise ValueError(f"its answer has no {member}")
            make_folder(copy.parent)
            write_atomically(copy, json.dumps(told))
            return told[member]
        except (httpx2.HTTPError, ValueError) as error:
            logger.warning("The client's %s can't be read (%s); the last copy serves.", path, error)
        except OSError as error:
            raise UnavailableError(f"{copy} can't be written: {error.strerror}.") from None
    return _read_copy(copy, member, kind)


def _read_copy(copy: Path, member: str, kind: type) -> Any:
    """The member of the last copy; None if there is no copy, or one that can't be read."""
    try:
        told = json.loads(copy.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        logger.warning("%s can't be read (%s) and counts as missing.", copy, error)
        return None
    if not isinstance(told, dict) or not isinstance(told.get(member), kind):
        logger.warning("%s has no %s and counts as missing.", copy, member)
        return None
    return told[member]
