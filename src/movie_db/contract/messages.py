"""The messages that services exchange, one JSON object per line.

Every message has a `type`, a version `v` and the `run` that wrote it. `parse` turns bytes into a validated message, or
raises `ContractError` with the reason. The JSON Schemas are in `schemas/` (see `schema.py`). The parts of messages are
in `facts.py` and `golden.py`, their single values in `fields.py`; this module exports them, too.

Units: runtime in minutes, scores from 0 to 10, money in units of its currency (ISO 4217), times in UTC, countries as
ISO 3166-1 alpha-2 codes, languages as ISO 639 codes (two letters if possible). A date is ISO 8601 with the known
precision: `1982`, `1982-06` or `1982-06-25`.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from movie_db.contract.checked_ids import CompanyIds, MovieIds, PersonIds
from movie_db.contract.errors import ContractError
from movie_db.contract.facts import (
    Certificate,
    Company,
    Credit,
    LenientPart,
    Link,
    Money,
    MovieFacts,
    Offer,
    Origin,
    Part,
    Rating,
    Release,
    Several,
    SourceRecord,
)
from movie_db.contract.fields import (
    Count,
    Country,
    Language,
    Minutes,
    Name,
    PartialDate,
    ShowingDate,
    Text,
    Url,
    Year,
)
from movie_db.contract.golden import Movie

__all__ = [
    "AnyMessage",
    "Certificate",
    "ChunkDone",
    "Company",
    "CompanyItem",
    "Count",
    "Credit",
    "GalleryListed",
    "LenientPart",
    "Link",
    "Message",
    "Money",
    "Movie",
    "MovieFacts",
    "MovieItem",
    "MovieListEntry",
    "Offer",
    "Origin",
    "Outcome",
    "PartialDate",
    "PersonItem",
    "Rating",
    "RecordsUnchanged",
    "Refresh",
    "RejectedItem",
    "Release",
    "ReviewItem",
    "RunFailed",
    "RunFinished",
    "RunStarted",
    "Several",
    "ShowingDate",
    "SourceCount",
    "SourceRecord",
    "dump",
    "explain",
    "now",
    "parse",
]

Outcome = Literal["found", "not_found", "unsure", "blocked", "failed", "unreadable", "not_asked"]
"""The result of requesting one film from one source. "Not found" differs from "blocked" and from "not asked"."""

Refresh = Literal["due", "all", "pages"]
"""What a refresh requests: what is due; every film; or every film with all its pages and items."""


def now() -> datetime:
    """The current time in UTC, to the second, as messages have it."""
    return datetime.now(UTC).replace(microsecond=0)


class Message(Part):
    v: Literal[1] = 1
    run: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]


class RunStarted(Message):
    """Opens a segment: the gallery and the settings of a run. An unfinished run of the same gallery is resumed.

    Archived responses since `answers_since` are reused: the start of this run, or of the run whose gaps it fills.
    `languages` are the languages of texts, by preference; English is always included.
    A run with `refresh` updates films that are in the database; otherwise it gathers all films of the gallery.
    """

    type: Literal["run_started"] = "run_started"
    gallery: str
    started_at: AwareDatetime
    answers_since: AwareDatetime | None = None
    limit: int | None = None
    languages: tuple[Language, ...] = ("en",)
    refresh: Refresh | None = None


class MovieListEntry(Message, LenientPart):
    """One film of a gallery, with the facts that the gallery gives. `key` is unique among all galleries."""

    type: Literal["movie_list_entry"] = "movie_list_entry"
    gallery: str
    key: Annotated[str, Field(min_length=1, max_length=300)]
    position: Annotated[int, Field(ge=1)]
    title: Name
    original_title: Name | None = None
    year: Year | None = None
    runtime: Minutes | None = None
    directors: tuple[Name, ...] = ()
    ids: MovieIds = {}
    url: Url | None = None


class GalleryListed(Message):
    """Closes a list: the number of films that the gallery declares, the number found, and the slices of the list."""

    type: Literal["gallery_listed"] = "gallery_listed"
    gallery: str
    provider: str | None = None
    country: Country | None = None
    declared: Annotated[int, Field(ge=0)] | None = None
    found: Annotated[int, Field(ge=0)]
    slices: tuple[str, ...] = ()
    door: str
    note: str | None = None


class MovieItem(Message):
    """A film with the records of all sources. `outcomes` has the result of the request to each source.

    A `record_item` adds records and outcomes of further sources to an earlier `movie_item`.
    """

    type: Literal["movie_item", "record_item"] = "movie_item"
    entry: MovieListEntry
    records: tuple[SourceRecord, ...]
    links: tuple[Link, ...] = ()
    outcomes: dict[str, Outcome] = {}


class RecordsUnchanged(Message):
    """Records of one source that were unchanged at `checked_at`. They count as retrieved then."""

    type: Literal["records_unchanged"] = "records_unchanged"
    entity: Literal["movie", "person", "company"] = "movie"
    source: Name
    source_ids: Annotated[tuple[Name, ...], Field(min_length=1)]
    checked_at: AwareDatetime


class PersonItem(Message, LenientPart):
    """One source's record of a person. `bio` is a description or the lead of an article."""

    type: Literal["person_item"] = "person_item"
    origin: Origin
    name: Name
    ids: PersonIds
    born: PartialDate | None = None
    died: PartialDate | None = None
    nationality: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    bio: Text | None = None


class CompanyItem(Message, LenientPart):
    """One source's record of a studio or distributor."""

    type: Literal["company_item"] = "company_item"
    origin: Origin
    name: Name
    ids: CompanyIds
    location: Name | None = None
    founded: PartialDate | None = None


class ReviewItem(Message):
    """A pair for review by a person, with both sides as the judge compared them."""

    type: Literal["review_item"] = "review_item"
    key: str
    entry: MovieListEntry
    candidate: SourceRecord
    probability: Annotated[float, Field(ge=0, le=1)]
    evidence: tuple[str, ...] = ()
    runner_up: str | None = None


class RejectedItem(Message):
    """A message that violated the contract, unchanged (cut at 100,000 characters), with the reason.

    With `part_of`, only a part was rejected: `raw` is that part, and the record of this name was kept without it.
    """

    type: Literal["rejected_item"] = "rejected_item"
    reason: str
    part_of: Annotated[str, Field(min_length=1, max_length=600)] | None = None
    raw: Annotated[str, Field(max_length=100_000)]


class ChunkDone(Message):
    """A checkpoint: all films up to `position` (in the order of keys) precede this line in the segment.

    `notes` has, by source, the reason why it was not requested, or the rest of its daily quota. `spent` names the
    sources whose quota is used up.
    """

    type: Literal["chunk_done"] = "chunk_done"
    position: Annotated[int, Field(ge=0)]
    notes: dict[Name, str] = {}
    spent: tuple[Name, ...] = ()


class SourceCount(Part):
    """The requests to one source in a run, and their results. `note` says why requests are missing, and what is left
    of a daily quota.

    `filled` counts, for each field, the found films for which the source gives it. In a refresh, `due` counts the
    records that were due, `unchanged` and `changed` the results for them.
    """

    requests: int = 0
    note: Text | None = None
    outcomes: dict[Outcome, int] = {}
    filled: dict[str, int] = {}
    due: int = 0
    unchanged: int = 0
    changed: int = 0


class RunFinished(Message):
    """Closes a run. `sources` counts requests and outcomes by source."""

    type: Literal["run_finished"] = "run_finished"
    finished_at: AwareDatetime
    movies: int
    sources: dict[str, SourceCount] = {}


class RunFailed(Message):
    """A run that was requested through the API can't be done. `reason` is one sentence for people."""

    type: Literal["run_failed"] = "run_failed"
    failed_at: AwareDatetime
    reason: Text


AnyMessage = Annotated[
    RunStarted
    | MovieListEntry
    | GalleryListed
    | MovieItem
    | RecordsUnchanged
    | PersonItem
    | CompanyItem
    | ReviewItem
    | RejectedItem
    | ChunkDone
    | RunFinished
    | RunFailed,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)


def parse(raw: bytes | str) -> AnyMessage:
    """Parses one line of the log.

    Raises:
        ContractError: names the invalid properties in one sentence.
    """
    try:
        return _ADAPTER.validate_json(raw)
    except ValidationError as error:
        raise ContractError(explain(error)) from None


def explain(error: ValidationError) -> str:
    """The first errors of a failed validation as one sentence."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    text = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'message'}: {e['msg']}" for e in found[:3])
    return text + (f"; and {len(found) - 3} more" if len(found) > 3 else "")


def dump(message: Message) -> bytes:
    """The message as one line of JSON with a newline, without absent values."""
    return message.model_dump_json(exclude_none=True, exclude_defaults=False).encode() + b"\n"
