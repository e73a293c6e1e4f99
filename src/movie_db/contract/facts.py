"""Facts of one film from one source, and the other parts of messages."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PrivateAttr

from movie_db.contract.checked_ids import CompanyIds, MovieIds, PersonIds
from movie_db.contract.fields import (
    AgeRating,
    Amount,
    Count,
    Country,
    Currency,
    Language,
    Minutes,
    Name,
    PartialDate,
    ShortUrl,
    ShowingDate,
    Text,
    Url,
    Year,
)
from movie_db.contract.kinds import WorkKind
from movie_db.contract.parts import LeftOut


class Part(BaseModel):
    """A part of a message: closed (unknown properties violate the contract) and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LenientPart(Part):
    """A part that records which invalid parts of it were left out (see `fitting.py`). This is not published."""

    _left_out: tuple[LeftOut, ...] = PrivateAttr(default=())

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The invalid parts that were left out."""
        return self._left_out


class Money(Part):
    amount: Amount
    currency: Currency | None = None


class Credit(Part):
    """One person in one film. `role` is the character's name, '' if unknown; `billing` is the billing order, from 1."""

    name: Name
    ids: PersonIds = {}
    role: Annotated[str, Field(max_length=255)] = ""
    billing: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Company(Part):
    name: Name
    ids: CompanyIds = {}


class Rating(Part):
    """`score` is from 0 to 10; `original` is the rating as its source writes it, such as `87 %`."""

    source: Name
    score: Annotated[float, Field(ge=0, le=10)]
    votes: Count | None = None
    original: Name | None = None


class Offer(Part):
    """Where a film can be watched in one country. `kind` is the source's word in lower case: flatrate, rent, buy …"""

    provider: Name
    country: Country
    kind: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=30)]
    presentation: Annotated[str, Field(max_length=20)] | None = None
    price: Amount | None = None
    currency: Currency | None = None
    url: Url | None = None
    available_to: PartialDate | None = None


class Certificate(Part):
    """An age rating. `system` is the rating system, such as `MPA` or `FSK`, if known."""

    rating: AgeRating
    system: Name | None = None
    country: Country | None = None


class Release(Part):
    """A release: the date, and the place as the source writes it."""

    date: ShowingDate
    place: Name | None = None


class MovieFacts(Part):
    """The facts that one source gives about one film. Others are absent (None or empty)."""

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
    """All values of fields of which a film may have several. The facts have one of them."""

    runtimes: tuple[Minutes, ...] = ()
    budgets: tuple[Money, ...] = ()
    box_offices: tuple[Money, ...] = ()
    releases: tuple[Release, ...] = ()
    certificates: tuple[Certificate, ...] = ()


class Origin(LenientPart):
    """Where a record comes from.

    `revision` is the source's own name for this state of its page or item, and `edited_at` the time of that edit, if
    the source gives them.
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
    """One source's record of one film, as the source gives it.

    `kept` names fields that the source no longer gives, with the time when it last gave them.
    """

    kind: WorkKind | None = None
    ids: MovieIds = {}
    facts: MovieFacts = MovieFacts()
    kept: dict[str, AwareDatetime] = {}
    several: Several | None = None


class Link(Part):
    """Why a source's record was linked to this film: the probability that they are the same, and the evidence."""

    source: Name
    source_id: Name
    probability: Annotated[float, Field(ge=0, le=1)]
    evidence: tuple[str, ...] = ()
