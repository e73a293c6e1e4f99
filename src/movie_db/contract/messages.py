"""The messages that services hand to one another, one JSON object a line.

Every message bears its `type`, its version `v` and the `run` that wrote it. `parse` is the door: bytes in, a checked
message out, or `ContractError` with the reason. JSON Schemas of all of them are in `schemas/` (see `schema.py`).

Units: runtime in minutes, scores on 0 to 10, money in whole units of its currency (ISO 4217), times in UTC, countries
as ISO 3166-1 alpha-2 codes, languages as ISO 639 codes (two letters where there are two). A date is ISO 8601 cut to
what is known: `1982`, `1982-06` or `1982-06-25`.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from movie_db.contract.checked_ids import CompanyIds, MovieIds, PersonIds
from movie_db.contract.errors import ContractError
from movie_db.contract.kinds import WorkKind
from movie_db.contract.parts import LeftOut

Outcome = Literal["found", "not_found", "unsure", "blocked", "failed", "unreadable", "not_asked"]
"""What became of asking one source for one film: "nothing found" is another fact than "blocked" or "not asked"."""

Refresh = Literal["due", "all", "pages"]
"""What a refresh asks for: what is due; every film, due or not; and every page and item of theirs, too."""
Year = Annotated[int, Field(ge=1870, le=2100)]
Minutes = Annotated[int, Field(ge=1, le=6000)]
AgeRating = Annotated[str, Field(min_length=1, max_length=10)]
_OF_YEAR: Final = (
    r"(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?|-(0[13-9]|1[0-2])-(29|30)|-(0[13578]|1[02])-31)?"  # no leap day
)
PartialDate = Annotated[
    str,
    Field(
        max_length=10,
        pattern=rf"^([1-9][0-9]{{3}}{_OF_YEAR}"
        r"|([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)-02-29)$",
    ),
]
"""A day, month or year that there is."""
ShowingDate = Annotated[
    str,
    Field(
        max_length=10,
        pattern=rf"^((18[7-9][0-9]|19[0-9]{{2}}|20[0-9]{{2}}|2100){_OF_YEAR}"
        r"|(18(7[26]|8[048]|9[26])|19(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26]))-02-29)$",
    ),
]
"""A date in a `Year` of films."""
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Country = Annotated[str, Field(max_length=2, pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, Field(max_length=3, pattern=r"^[a-z]{2,3}$")]
Currency = Annotated[str, Field(max_length=3, pattern=r"^[A-Z]{3}$")]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)]
ShortUrl = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=255)]
Amount = Annotated[
    Decimal,
    Field(ge=0, le=Decimal("9999999999999.99"), decimal_places=2),
    PlainSerializer(lambda d: int(d) if d == d.to_integral_value() else float(d), when_used="json"),
]


def now() -> datetime:
    """The current time in UTC, to the second, as messages give it."""
    return datetime.now(UTC).replace(microsecond=0)


class Part(BaseModel):
    """A part of a message: closed (an unknown property breaks the contract) and unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LenientPart(Part):
    """A part that knows what was left out of it, as it could not be kept (see `fitting.py`); this is not published."""

    _left_out: tuple[LeftOut, ...] = PrivateAttr(default=())

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The bad parts of what it was made of."""
        return self._left_out


class Money(Part):
    amount: Amount
    currency: Currency | None = None


class Credit(Part):
    """One person in one film. `role` is the character's name, '' where nobody names it; `billing` counts from 1."""

    name: Name
    ids: PersonIds = {}
    role: Annotated[str, Field(max_length=255)] = ""
    billing: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Company(Part):
    name: Name
    ids: CompanyIds = {}


class Rating(Part):
    """`score` is on 0 to 10; `original` is the rating as its source writes it, such as `87 %`."""

    source: Name
    score: Annotated[float, Field(ge=0, le=10)]
    votes: Count | None = None
    original: Name | None = None


class Offer(Part):
    """Where a film can be seen, in one country. `kind` is the source's word in lower case: flatrate, rent, buy …"""

    provider: Name
    country: Country
    kind: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=30)]
    presentation: Annotated[str, Field(max_length=20)] | None = None
    price: Amount | None = None
    currency: Currency | None = None
    url: Url | None = None
    available_to: PartialDate | None = None


class Certificate(Part):
    """An age rating, and whose it is: `system` is as in `MPA` or `FSK`, where it is known."""

    rating: AgeRating
    system: Name | None = None
    country: Country | None = None


class Release(Part):
    """A showing: when, and where, as the source says it."""

    date: ShowingDate
    place: Name | None = None


class MovieFacts(Part):
    """What one source says about one film; what it does not say is absent (None or empty)."""

    title: Name | None = None
    original_title: Name | None = None
    alternative_titles: tuple[Name, ...] = ()
    year: Year | None = None
    release_date: ShowingDate | None = None
    runtime: Minutes | None = None
    plot: Text | None = None
    tagline: Name | None = None
    genres: tuple[Name, ...] = ()
    languages: tuple[Language, ...] = ()
    countries: tuple[Country, ...] = ()
    budget: Money | None = None
    box_office: Money | None = None
    age_rating: AgeRating | None = None
    ratings: tuple[Rating, ...] = ()
    directors: tuple[Credit, ...] = ()
    writers: tuple[Credit, ...] = ()
    cast: tuple[Credit, ...] = ()
    studios: tuple[Company, ...] = ()
    distributors: tuple[Company, ...] = ()
    poster_url: ShortUrl | None = None
    trailer_url: ShortUrl | None = None
    homepage: ShortUrl | None = None
    offers: tuple[Offer, ...] = ()

    @property
    def present(self) -> list[str]:
        """The names of the fields that are not absent."""
        return [name for name in MovieFacts.model_fields if getattr(self, name) not in (None, ())]


class Several(Part):
    """All that a source tells of what a film may have several of; the facts hold the one that its rule chose."""

    runtimes: tuple[Minutes, ...] = ()
    budgets: tuple[Money, ...] = ()
    box_offices: tuple[Money, ...] = ()
    releases: tuple[Release, ...] = ()
    certificates: tuple[Certificate, ...] = ()


class Origin(LenientPart):
    """Where a record comes from: one step from the bytes that said it.

    `revision` is the source's own name for this state of its page or item, `edited_at` when it came to that state:
    absent where the source tells neither.
    """

    source: Name
    source_id: Name
    url: Annotated[str, Field(pattern=r"^(https?|file)://\S+$", max_length=2000)]
    retrieved_at: AwareDatetime
    licence: Name
    language: Language | None = None
    revision: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    edited_at: AwareDatetime | None = None


class SourceRecord(Origin):
    """One source's record of one film, as the source says it.

    `kept` names fields that the source told before and tells no more, with the time when it did last.
    """

    kind: WorkKind | None = None
    ids: MovieIds = {}
    facts: MovieFacts = MovieFacts()
    kept: dict[str, AwareDatetime] = {}
    several: Several | None = None


class Link(Part):
    """Why a source's record was taken for this film: `probability` that they are the same, and the evidence."""

    source: Name
    source_id: Name
    probability: Annotated[float, Field(ge=0, le=1)]
    evidence: tuple[str, ...] = ()


class Message(Part):
    v: Literal[1] = 1
    run: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]


class RunStarted(Message):
    """Opens a segment: which gallery, under which settings. The same gallery unfinished means: go on with this run.

    Answers of the archive are taken from `answers_since` on: the run's start, or that of the run whose gaps it fills.
    `languages` are those in which texts are asked for, best first; English is told in any case.
    A run with `refresh` asks again for films that are there; without, it gathers all of the gallery's.
    """

    type: Literal["run_started"] = "run_started"
    gallery: str
    started_at: AwareDatetime
    answers_since: AwareDatetime | None = None
    limit: int | None = None
    languages: tuple[Language, ...] = ("en",)
    refresh: Refresh | None = None


class MovieListEntry(Message, LenientPart):
    """One film of a gallery, with what the gallery itself tells of it. `key` names the entry within all galleries."""

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
    """Closes a list: how many films the gallery declares, how many were found, and by which cuts."""

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
    """A film with everything the sources say of it. `outcomes` tells for each source what became of asking.

    A `record_item` adds to what was told of the film before: the records and outcomes of sources asked since.
    """

    type: Literal["movie_item", "record_item"] = "movie_item"
    entry: MovieListEntry
    records: tuple[SourceRecord, ...]
    links: tuple[Link, ...] = ()
    outcomes: dict[str, Outcome] = {}


class RecordsUnchanged(Message):
    """These records of one source say at `checked_at` what they said before: they are as good as asked anew then."""

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
    """A pair between certain and impossible: a person shall decide. Both sides are shown as the judge saw them."""

    type: Literal["review_item"] = "review_item"
    key: str
    entry: MovieListEntry
    candidate: SourceRecord
    probability: Annotated[float, Field(ge=0, le=1)]
    evidence: tuple[str, ...] = ()
    runner_up: str | None = None


class RejectedItem(Message):
    """A message that broke the contract at a door, word for word (cut at 100,000 characters), with the reason.

    If `part_of` is there, only a part was rejected: `raw` is that part; the record of this name was kept without it.
    """

    type: Literal["rejected_item"] = "rejected_item"
    reason: str
    part_of: Annotated[str, Field(min_length=1, max_length=600)] | None = None
    raw: Annotated[str, Field(max_length=100_000)]


class ChunkDone(Message):
    """A checkpoint: all films up to `position` (in the order of keys) are in the segment above this line.

    `notes` says by source why it was not asked so far, or what is left of its daily quota; `spent` names those whose
    quota is used up.
    """

    type: Literal["chunk_done"] = "chunk_done"
    position: Annotated[int, Field(ge=0)]
    notes: dict[Name, str] = {}
    spent: tuple[Name, ...] = ()


class SourceCount(Part):
    """What asking one source came to, in this run; `note` says why it was not asked (to the end), and what is left of
    a daily quota.

    `filled` counts, of the films that were found in it, those of which it tells a field. Of a refresh, `due` counts the
    records whose time had come, `unchanged` and `changed` what became of those asked.
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
    """A run that the API was asked for can't be done: `reason` says why, in a sentence for a person."""

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

_DOOR: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)


def parse(raw: bytes | str) -> AnyMessage:
    """Reads one line of the log.

    Raises:
        ContractError: says in one sentence which property is wrong and how.
    """
    try:
        return _DOOR.validate_json(raw)
    except ValidationError as error:
        raise ContractError(explain(error)) from None


def explain(error: ValidationError) -> str:
    """The first findings of a failed validation as one sentence."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'message'}: {e['msg']}" for e in found[:3])
    return told + (f"; and {len(found) - 3} more" if len(found) > 3 else "")


def dump(message: Message) -> bytes:
    """The message as one line of JSON, without what is absent, ended by a newline."""
    return message.model_dump_json(exclude_none=True, exclude_defaults=False).encode() + b"\n"


class ProvenanceOf(Part):
    """Where the value of one field comes from; `language` is that of the record which told it."""

    source: str
    url: str
    retrieved_at: AwareDatetime
    licence: str
    language: Language | None = None


class GoldenCredit(Part):
    name: Name
    role: Annotated[str, Field(max_length=255)] | None = None
    ids: dict[str, str] = {}


class Movie(Part):
    """The golden record: one film as the database holds it, and a line of an export."""

    title: Annotated[str, Field(min_length=1, max_length=255)]
    original_title: Name | None = None
    alternative_titles: list[Name] = []
    year: Year | None = None
    release_date: ShowingDate | None = None
    runtime: Minutes | None = None
    plot: str | None = None
    tagline: Name | None = None
    genres: list[Name] = []
    languages: list[str] = []
    countries: list[str] = []
    budget: Amount | None = None
    budget_currency: Currency | None = None
    box_office: Amount | None = None
    box_office_currency: Currency | None = None
    age_rating: Annotated[str, Field(max_length=10)] | None = None
    age_rating_system: Annotated[str, Field(max_length=50)] | None = None
    rating: Annotated[float, Field(ge=0, le=10)] | None = None
    rating_count: Count | None = None
    ratings: list[Rating] = []
    directors: list[GoldenCredit] = []
    writers: list[GoldenCredit] = []
    cast: list[GoldenCredit] = []
    studios: list[Company] = []
    distributors: list[Company] = []
    poster_url: ShortUrl | None = None
    trailer_url: ShortUrl | None = None
    homepage: ShortUrl | None = None
    offers: list[Offer] = []
    ids: dict[str, Any] = {}
    provenance: dict[str, ProvenanceOf] = {}
