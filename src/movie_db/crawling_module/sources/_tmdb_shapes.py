"""The parts of TMDB's JSON that are read."""

from typing import Annotated, Final, NotRequired, Required

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from movie_db.contract.ids import MOVIE_NAMESPACES

Id = Annotated[str, Field(coerce_numbers_to_str=True, pattern=f"^(?:{MOVIE_NAMESPACES['tmdb'].pattern})$")]


class Named(TypedDict):
    name: str
    id: NotRequired[Id | None]


class Person(Named):
    job: NotRequired[str | None]
    character: NotRequired[str | None]
    billing: NotRequired[int]


class Credits(TypedDict, total=False):
    cast: list[Person] | None
    crew: list[Person] | None


class Title(TypedDict):
    title: str


class Titles(TypedDict, total=False):
    titles: list[Title] | None


class Country(TypedDict):
    iso_3166_1: str


class Language(TypedDict):
    iso_639_1: str


class Showing(TypedDict, total=False):
    certification: str | None
    release_date: str | None


class Showings(TypedDict, total=False):
    iso_3166_1: str | None
    release_dates: list[Showing] | None


class ReleaseDates(TypedDict, total=False):
    results: list[Showings] | None


class Clip(TypedDict, total=False):
    key: Required[str]
    type: Required[str]
    site: Required[str]
    official: bool | None


class Videos(TypedDict, total=False):
    results: list[Clip] | None


class Outside(TypedDict, total=False):
    imdb_id: str | None
    wikidata_id: str | None


class Film(TypedDict, total=False):
    """The fields that are read of a movie; each may be missing."""

    id: Id | None
    imdb_id: str | None
    external_ids: Outside | None
    title: str | None
    original_title: str | None
    alternative_titles: Titles | None
    original_language: str | None
    spoken_languages: list[Language] | None
    overview: str | None
    tagline: str | None
    release_date: str | None
    release_dates: ReleaseDates | None
    runtime: int | None
    budget: int | None
    revenue: int | None
    vote_average: float | None
    vote_count: int | None
    genres: list[Named] | None
    production_countries: list[Country] | None
    production_companies: list[Named] | None
    credits: Credits | None
    poster_path: str | None
    videos: Videos | None
    homepage: str | None


FILM: Final[TypeAdapter[Film]] = TypeAdapter(Film)
