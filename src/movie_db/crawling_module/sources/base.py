"""The interface of source modules: requests to send, answers to parse. No I/O happens here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, runtime_checkable
from urllib.parse import quote

from movie_db.contract.messages import (
    Certificate,
    CompanyItem,
    Money,
    MovieListEntry,
    PersonItem,
    Release,
    Several,
    SourceRecord,
)
from movie_db.contract.parts import LeftOut

Reads = Mapping[str, str]
"""The fields that a parser reads of an answer: each field's path, and its kind (`text`, `number`, `flag`, `list`,
`object` or `any`).

In a path, `[]` stands for each entry of a list and `*` for each key of an object. A `?` after the kind marks a field
that is often null or absent. Tests compare each declaration with what its parser reads; `movie-db doctor --live`
compares it with real answers.
"""


class SourceRequest(NamedTuple):
    """One request. `body` is deterministic, so that the archive recognizes an equal request."""

    source: str
    url: str
    body: bytes | None = None
    """None sends GET, anything else POST."""
    headers: tuple[tuple[str, str], ...] = ()


JSON: Final = (("Accept", "application/json"),)
"""Headers of a request to an API. They tell the gateway that a web page in its place is an error."""


class SourceAnswer(NamedTuple):
    """A successful answer (2xx). `url` is the address after redirects, `retrieved_at` the time of the answer (UTC)."""

    request: SourceRequest
    url: str
    retrieved_at: datetime
    body: bytes


Record: TypeAlias = SourceRecord | PersonItem | CompanyItem | MovieListEntry
SAVED_RUN: Final = "parse"
"""The run in messages that are parsed from saved answers."""


class SavedAnswer(NamedTuple):
    """A saved answer or page. `name` is the name of its file: some pages don't contain what it says."""

    name: str
    body: bytes
    retrieved_at: datetime

    def answer(self, source: str) -> SourceAnswer:
        """The same as an answer to a request."""
        url = f"file:///{quote(self.name)}"
        return SourceAnswer(SourceRequest(source, url), url, self.retrieved_at, self.body)


@runtime_checkable
class Source(Protocol):
    """A source module. `SOURCE` is its name in records."""

    SOURCE: str
    HOSTS: tuple[str, ...]
    """The hosts that serve it. `*` matches any part of a name."""


@runtime_checkable
class ReadableSource(Source, Protocol):
    """A source whose saved answers can be read, by `movie-db parse`."""

    def recognizes(self, saved: SavedAnswer) -> bool:
        """Whether a saved answer looks like one of this source."""

    def parse_saved(self, saved: SavedAnswer) -> Iterable[Record]:
        """Parse a saved answer.

        Raises:
            UsageError: Something is missing that the user can provide.
            SourceError: The answer can't be read.
        """


def left_out(path: str, reason: str, value: Any) -> LeftOut:
    """A part of an answer that can't be used, with the first 1,000 characters of its JSON."""
    return LeftOut(path, f"{path}: {reason}", json.dumps(value, ensure_ascii=False)[:1000])


def several(
    *,
    runtimes: Sequence[int] = (),
    budgets: Sequence[Money] = (),
    box_offices: Sequence[Money] = (),
    releases: Sequence[Release] = (),
    certificates: Sequence[Certificate] = (),
) -> Several | None:
    """The values that a source gives beyond those in its facts, or None if there are none."""
    found = Several(
        runtimes=tuple(runtimes) if len(runtimes) > 1 else (),
        budgets=tuple(budgets) if len(budgets) > 1 else (),
        box_offices=tuple(box_offices) if len(box_offices) > 1 else (),
        releases=tuple(dict.fromkeys(releases)) if len(releases) > 1 or any(r.place for r in releases) else (),
        certificates=tuple(dict.fromkeys(certificates)),
    )
    return found if found != _NOTHING_MORE else None


_NOTHING_MORE: Final = Several()


@runtime_checkable
class KeyedSource(Source, Protocol):
    """A source that is requested by the ids of movies, after these have been identified.

    `BATCH` is the number of movies per request. A source with `SPEAKS = True` is requested again in each language the
    user wants; texts that differ from the English ones are translations.
    """

    BATCH: int

    def key_of(self, ids: Mapping[str, str]) -> str | None:
        """Return the key to request a movie by, given its ids (namespace → value); None if it can't be requested."""

    def plan(self, keys: Sequence[str], language: str = "en") -> list[SourceRequest]:
        """Return the requests for these movies, at most `BATCH` of them."""

    def parse(self, answer: SourceAnswer) -> dict[str, SourceRecord]:
        """Return the records of one answer, by requested key.

        Raises:
            SourceError: The answer can't be read. The message says why.
        """
