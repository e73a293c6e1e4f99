"""The parts of JustWatch's GraphQL answers that are read."""

from typing import Annotated, Final, Required

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from movie_db.contract.ids import MOVIE_NAMESPACES


class Package(TypedDict):
    clearName: str


class Offer(TypedDict, total=False):
    package: Required[Package]
    monetizationType: Required[str]
    presentationType: str | None
    retailPriceValue: float | str | None
    currency: str | None
    standardWebURL: str | None
    availableTo: str | None


class Credit(TypedDict, total=False):
    role: Required[str]
    name: Required[str]
    characterName: str | None
    billing: int
    personId: Annotated[str, Field(coerce_numbers_to_str=True)] | None


class Genre(TypedDict):
    translation: str


class Clip(TypedDict, total=False):
    externalId: str | None


class Scoring(TypedDict, total=False):
    imdbScore: float | None
    imdbVotes: float | None
    tmdbScore: float | None
    tomatoMeter: int | None
    jwRating: float | None


class Outside(TypedDict, total=False):
    imdbId: str | None
    tmdbId: Annotated[str, Field(coerce_numbers_to_str=True)] | None
    wikidataId: str | None


class Content(TypedDict, total=False):
    title: str | None
    originalTitle: str | None
    fullPath: str | None
    originalReleaseYear: int | None
    originalReleaseDate: str | None
    runtime: int | None
    shortDescription: str | None
    ageCertification: str | None
    productionCountries: list[str] | None
    posterUrl: str | None
    genres: list[Genre] | None
    externalIds: Outside | None
    scoring: Scoring | None
    clips: list[Clip] | None
    credits: list[Credit] | None


class Title(TypedDict, total=False):
    """The fields that are read of a title; each except id and content may be missing."""

    id: Required[Annotated[str, Field(pattern=f"^(?:{MOVIE_NAMESPACES['justwatch'].pattern})$")]]
    offers: list[Offer] | None
    content: Required[Content]


TITLE: Final[TypeAdapter[Title]] = TypeAdapter(Title)
