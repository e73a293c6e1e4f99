"""The golden record: one film as the database holds it."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from movie_db.contract.facts import Company, Offer, Part, Rating
from movie_db.contract.fields import (
    Amount,
    Count,
    Currency,
    Language,
    Minutes,
    Name,
    ShortUrl,
    ShowingDate,
    Year,
)


class ProvenanceOf(Part):
    """The record that a field's value comes from, with its language."""

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
