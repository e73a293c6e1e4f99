"""The JSON documents that the API takes and returns. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from typing import Any, Literal, NotRequired, TypedDict

Known = Literal[
    "title",
    "original_title",
    "year",
    "release_date",
    "runtime",
    "plot",
    "tagline",
    "age_rating",
    "rating",
    "budget",
    "box_office",
    "poster_url",
    "trailer_url",
    "homepage",
    "genres",
    "countries",
    "languages",
    "directors",
    "writers",
    "cast",
    "studios",
    "distributors",
    "ratings",
    "alternative_titles",
    "offers",
    "imdb",
    "tmdb",
    "wikidata",
    "wikipedia",
    "justwatch",
]


SortParameter = Literal[
    "relevance", "title", "-title", "year", "-year", "rating", "-rating", "votes", "-votes", "runtime", "-runtime", "id"
]


FacetsParameter = Literal[
    "genre", "country", "language", "provider", "offer_country", "offer_kind", "year", "decade", "age_rating"
]


FieldsParameter = Literal[
    "title",
    "original_title",
    "year",
    "release_date",
    "runtime",
    "plot",
    "tagline",
    "age_rating",
    "age_rating_system",
    "rating",
    "rating_count",
    "budget",
    "budget_currency",
    "box_office",
    "box_office_currency",
    "poster_url",
    "trailer_url",
    "homepage",
    "genres",
    "languages",
    "countries",
    "directors",
    "writers",
    "studios",
    "distributors",
    "ratings",
    "ids",
    "cast",
    "alternative_titles",
    "offers",
    "provenance",
]


class DirectorNamed(TypedDict):
    """Attributes:
    director_id: Null only with `as_of`, if the row no longer exists
    name: The name
    """

    director_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class WriterNamed(TypedDict):
    """Attributes:
    writer_id: Null only with `as_of`, if the row no longer exists
    name: The name
    """

    writer_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class StudioNamed(TypedDict):
    """Attributes:
    studio_id: Null only with `as_of`, if the row no longer exists
    name: The name
    """

    studio_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class DistributorNamed(TypedDict):
    """Attributes:
    distributor_id: Null only with `as_of`, if the row no longer exists
    name: The name
    """

    distributor_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class MovieRatings(TypedDict):
    """Attributes:
    source: The rater: imdb, tmdb, rottentomatoes, metacritic …
    score: On a scale from 0 to 10
    votes: Number of votes
    original: The rating in the rater's own notation, such as `87 %`
    """

    source: str
    score: float
    votes: int | None
    original: str | None


class MovieCast(TypedDict):
    """Attributes:
    actor_id: Null only with `as_of`, if the row no longer exists
    name: The name in the movie's credits, or the one most sources use
    role: The character; null if no source names it
    billing: Billing position, starting at 1
    """

    actor_id: int | None
    name: str
    role: str | None
    billing: int | None
    ids: NotRequired[dict[str, str]]


class Offer(TypedDict):
    """Attributes:
    provider: The provider's display name
    country: ISO 3166-1 alpha-2
    kind: flatrate, rent, buy, free, ads …
    presentation: sd, hd, 4k …
    price: In whole units of its currency; null if there is no charge beyond a subscription
    currency: ISO 4217
    url: The movie's page at the provider
    available_to: The last day, as precise as known: `2026`, `2026-03` or `2026-03-31`
    source: The source of the offer
    first_seen: When a source first listed it
    last_seen: When a source last listed it
    left_at: When it was found to be gone; null if it is current
    """

    provider: str
    country: str
    kind: str
    presentation: str | None
    price: float | None
    currency: str | None
    url: str | None
    available_to: str | None
    source: str
    first_seen: str
    last_seen: str
    left_at: str | None


class MovieProvenance(TypedDict):
    """Attributes:
    field: The movie's field that has the value
    source: The source's name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The record's id at the source
    url: A page that shows it to people
    retrieved_at: When the source was requested
    licence: The licence of the source's data, by SPDX identifier if there is one
    language: The language of the source's record, ISO 639
    """

    field: str
    source: str
    source_id: str
    url: str
    retrieved_at: str
    licence: str
    language: NotRequired[str | None]


class Movie(TypedDict):
    """A movie's golden record. A member is null if its value is unknown, and absent if it was not
    requested.

        movie_id: The movie's number in this database; numbers are never reused
        title: The title in the first of the requested languages that has one, English by default
        original_title: The title in the movie's own language
        year: Year of the first release
        release_date: Day or month of the first release: `1982-06-25` or `1982-06`
        runtime: In minutes
        plot: What happens in the movie, or what it is about; some sentences or paragraphs
        tagline: The line on its posters
        age_rating: Certification, such as `PG-13`
        age_rating_system: The certification's system: `MPA`, `FSK` …
        rating: On a scale from 0 to 10
        rating_count: Number of votes behind the rating
        budget: In whole units of its currency
        budget_currency: ISO 4217
        box_office: Worldwide, in whole units of its currency
        box_office_currency: ISO 4217
        poster_url: The address of an image
        trailer_url: The address of a page or a video
        homepage: The movie's own website
        genres: English names, most specific first
        languages: ISO 639, with two letters if the language has such a code
        countries: ISO 3166-1 alpha-2
        directors: In order of their credits
        writers: In order of their credits
        studios: Production companies, in order of their credits
        distributors: Companies that released it to cinemas or home video
        ratings: The rating by each rater
        cast: In billing order
        alternative_titles: Other titles, including those in other countries
        offers: Current offers
        provenance: Where the values come from
    """

    movie_id: int
    title: NotRequired[str]
    original_title: NotRequired[str | None]
    year: NotRequired[int | None]
    release_date: NotRequired[str | None]
    runtime: NotRequired[int | None]
    plot: NotRequired[str | None]
    tagline: NotRequired[str | None]
    age_rating: NotRequired[str | None]
    age_rating_system: NotRequired[str | None]
    rating: NotRequired[float | None]
    rating_count: NotRequired[int | None]
    budget: NotRequired[float | None]
    budget_currency: NotRequired[str | None]
    box_office: NotRequired[float | None]
    box_office_currency: NotRequired[str | None]
    poster_url: NotRequired[str | None]
    trailer_url: NotRequired[str | None]
    homepage: NotRequired[str | None]
    genres: NotRequired[list[str]]
    languages: NotRequired[list[str]]
    countries: NotRequired[list[str]]
    directors: NotRequired[list[DirectorNamed]]
    writers: NotRequired[list[WriterNamed]]
    studios: NotRequired[list[StudioNamed]]
    distributors: NotRequired[list[DistributorNamed]]
    ratings: NotRequired[list[MovieRatings]]
    ids: NotRequired[dict[str, list[str]]]
    cast: NotRequired[list[MovieCast]]
    alternative_titles: NotRequired[list[str]]
    offers: NotRequired[list[Offer]]
    provenance: NotRequired[list[MovieProvenance]]


class ListMoviesFacets(TypedDict):
    """Attributes:
    value: The value
    films: Number of these movies that have it
    """

    value: str | int
    films: int


class ListMovies(TypedDict):
    """Attributes:
    movies: The movies of this page, in the requested order
    replaced: For a search: words of `q` that do not occur anywhere, and the words that were
        searched for instead
    total: Movies on all pages, if facets are requested
    facets: The requested facets by name
    """

    movies: list[Movie]
    next: str | None
    replaced: NotRequired[dict[str, list[str]]]
    total: NotRequired[int]
    facets: NotRequired[dict[str, list[ListMoviesFacets]]]


class ProvenancesProvenance(TypedDict):
    """Attributes:
    field: The movie's field that has the value
    source: The source's name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The record's id at the source
    url: A page that shows it to people
    licence: The licence of the source's data, by SPDX identifier if there is one
    beaten: The values that lost, with their sources
    retrieved_at: When the source was requested
    """

    field: str
    source: str
    source_id: str
    url: str
    licence: str
    beaten: list[Any]
    retrieved_at: str


class Provenances(TypedDict):
    """Attributes:
    movie_id: The movie's number in this database
    provenance: One item per value, ordered by field name
    """

    movie_id: int
    provenance: list[ProvenancesProvenance]


class SourcesSources(TypedDict):
    """Attributes:
    source: The source's name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The record's id at the source
    url: A page that shows it to people
    licence: The licence of the source's data, by SPDX identifier if there is one
    language: The language of its texts, ISO 639; null if it has none
    probability: The probability that it is this movie; null if it was matched by id
    evidence: The reasons for the match
    record: As described by `SourceRecord` in /v1/contract/movie_item
    retrieved_at: When the source was requested
    """

    source: str
    source_id: str
    url: str
    licence: str
    language: str | None
    probability: float | None
    evidence: list[Any] | None
    record: dict[str, Any]
    retrieved_at: str


SourcesOutcomesOutcome = Literal["found", "unsure", "not_found", "unreadable", "blocked", "failed", "not_asked"]


class SourcesOutcomes(TypedDict):
    """Attributes:
    source: The source's name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    outcome: The outcome; `unsure` means that the match is in the review queue
    run: The run that made the request
    """

    source: str
    outcome: SourcesOutcomesOutcome
    run: str


class Sources(TypedDict):
    """Attributes:
    movie_id: The movie's number in this database
    sources: One item per record, as the source gave it
    outcomes: The outcome of the last request to each source
    """

    movie_id: int
    sources: list[SourcesSources]
    outcomes: list[SourcesOutcomes]


class HistoryHistory(TypedDict):
    """Attributes:
    at: When it was recorded
    field: A field of the movie, or `offers`
    old: The previous value; null for additions
    new: The new value; null for removals
    source: The source that changed
    """

    at: str
    field: str
    old: Any
    new: Any
    source: str


class History(TypedDict):
    """Attributes:
    movie_id: The movie's number in this database
    history: Newest first
    """

    movie_id: int
    history: list[HistoryHistory]


class Offers(TypedDict):
    """Attributes:
    movie_id: The movie's number in this database
    offers: Current offers first, then past ones
    """

    movie_id: int
    offers: list[Offer]


FieldParameter = Literal[
    "title",
    "original_title",
    "release_date",
    "runtime",
    "plot",
    "tagline",
    "genres",
    "languages",
    "countries",
    "budget",
    "box_office",
    "age_rating",
    "ratings",
    "directors",
    "writers",
    "cast",
    "studios",
    "distributors",
    "poster_url",
    "trailer_url",
    "homepage",
    "year",
]


class ConflictBeaten(TypedDict):
    """Attributes:
    source: The source's name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The record's id at the source
    value: As `value` is written
    """

    source: str
    source_id: str
    value: Any


class Conflict(TypedDict):
    """Attributes:
    movie_id: The movie's number in this database
    title: The movie's title
    year: The movie's year of release
    field: The field whose values differ
    value: The golden record's, people and companies by their names, sums as amount and currency;
        null where a person emptied the field
    source: The source whose value won; `pin` if a person set it
    beaten: The sources whose values lost, with their values
    """

    movie_id: int
    title: str
    year: int | None
    field: str
    value: Any
    source: str
    beaten: list[ConflictBeaten]


class ListConflicts(TypedDict):
    """Attributes:
    conflicts: The rows of this page
    """

    conflicts: list[Conflict]
    next: str | None


class Rating(TypedDict):
    """Attributes:
    rating_id: The row's number in this database; numbers are never reused
    movie_id: The movie's number in this database
    source: The rater: imdb, tmdb, rottentomatoes, metacritic …
    score: On a scale from 0 to 10
    votes: Number of votes
    original: The rating in the rater's own notation, such as `87 %`
    """

    rating_id: int
    movie_id: int
    source: str
    score: float
    votes: int | None
    original: str | None


class ListRatings(TypedDict):
    """Attributes:
    ratings: The rows of this page
    """

    ratings: list[Rating]
    next: str | None


class CastMember(TypedDict):
    """Attributes:
    cast_id: The row's number in this database; numbers are never reused
    movie_id: The movie's number in this database
    actor_id: The actor's number in this database
    role: The character; null if no source names it
    billing: Billing position, starting at 1
    """

    cast_id: int
    movie_id: int
    actor_id: int
    role: str | None
    billing: int | None


class ListCast(TypedDict):
    """Attributes:
    cast: The rows of this page
    """

    cast: list[CastMember]
    next: str | None


class Director(TypedDict):
    """A person in this role; a person with several roles has one row per role.

    director_id: The row's number in this database; numbers are never reused
    name: The name
    dob: Date of birth, ISO 8601, if the day is known
    birth_year: Year of birth
    death_date: Date of death, ISO 8601, if the day is known
    death_year: Year of death
    nationality: Countries, as written by the source
    bio: Some sentences from an encyclopedia
    films: Number of movies in which they have this role
    """

    director_id: int
    name: str
    dob: NotRequired[str | None]
    birth_year: NotRequired[int | None]
    death_date: NotRequired[str | None]
    death_year: NotRequired[int | None]
    nationality: NotRequired[str | None]
    bio: NotRequired[str | None]
    films: int
    ids: dict[str, list[str]]


class ListDirectors(TypedDict):
    """Attributes:
    directors: The rows of this page
    """

    directors: list[Director]
    next: str | None


class MoviePage(TypedDict):
    """Attributes:
    movies: The movies of this page, in the requested order
    """

    movies: list[Movie]
    next: str | None


class Writer(TypedDict):
    """A person in this role; a person with several roles has one row per role.

    writer_id: The row's number in this database; numbers are never reused
    name: The name
    dob: Date of birth, ISO 8601, if the day is known
    birth_year: Year of birth
    death_date: Date of death, ISO 8601, if the day is known
    death_year: Year of death
    nationality: Countries, as written by the source
    bio: Some sentences from an encyclopedia
    films: Number of movies in which they have this role
    """

    writer_id: int
    name: str
    dob: NotRequired[str | None]
    birth_year: NotRequired[int | None]
    death_date: NotRequired[str | None]
    death_year: NotRequired[int | None]
    nationality: NotRequired[str | None]
    bio: NotRequired[str | None]
    films: int
    ids: dict[str, list[str]]


class ListWriters(TypedDict):
    """Attributes:
    writers: The rows of this page
    """

    writers: list[Writer]
    next: str | None


class Actor(TypedDict):
    """A person in this role; a person with several roles has one row per role.

    actor_id: The row's number in this database; numbers are never reused
    name: The name
    dob: Date of birth, ISO 8601, if the day is known
    birth_year: Year of birth
    death_date: Date of death, ISO 8601, if the day is known
    death_year: Year of death
    nationality: Countries, as written by the source
    bio: Some sentences from an encyclopedia
    films: Number of movies in which they have this role
    """

    actor_id: int
    name: str
    dob: NotRequired[str | None]
    birth_year: NotRequired[int | None]
    death_date: NotRequired[str | None]
    death_year: NotRequired[int | None]
    nationality: NotRequired[str | None]
    bio: NotRequired[str | None]
    films: int
    ids: dict[str, list[str]]


class ListActors(TypedDict):
    """Attributes:
    actors: The rows of this page
    """

    actors: list[Actor]
    next: str | None


class Studio(TypedDict):
    """Attributes:
    studio_id: The row's number in this database; numbers are never reused
    name: The name
    location: Headquarters
    founded: Founding date, ISO 8601, if the day is known
    founded_year: Founding year
    films: Number of movies in which it has this role
    """

    studio_id: int
    name: str
    location: NotRequired[str | None]
    founded: NotRequired[str | None]
    founded_year: NotRequired[int | None]
    films: int
    ids: dict[str, list[str]]


class ListStudios(TypedDict):
    """Attributes:
    studios: The rows of this page
    """

    studios: list[Studio]
    next: str | None


class Distributor(TypedDict):
    """Attributes:
    distributor_id: The row's number in this database; numbers are never reused
    name: The name
    location: Headquarters
    films: Number of movies in which it has this role
    """

    distributor_id: int
    name: str
    location: NotRequired[str | None]
    films: int
    ids: dict[str, list[str]]


class ListDistributors(TypedDict):
    """Attributes:
    distributors: The rows of this page
    """

    distributors: list[Distributor]
    next: str | None


class Genre(TypedDict):
    """Attributes:
    genre_id: The row's number in this database; numbers are never reused
    name: In English
    films: Number of movies with this genre
    """

    genre_id: int
    name: str
    films: int


class ListGenres(TypedDict):
    """Attributes:
    genres: The rows of this page
    """

    genres: list[Genre]
    next: str | None


class CreditsCredits(TypedDict):
    """Attributes:
    source: The source's name in provenance
    name: The source's display name
    url: The source's home page
    licence: The source's name in provenance
    licence_url: The address of the licence's text
    open: Whether it allows anyone to use the data for any purpose
    attribution: The text to show with the data
    """

    source: str
    name: str
    url: str | None
    licence: str
    licence_url: str | None
    open: bool
    attribution: str | None


class Credits(TypedDict):
    """Attributes:
    edition: The edition that needs this attribution
    credits: One item per source and licence
    """

    edition: Literal["all", "open"]
    credits: list[CreditsCredits]


class Change(TypedDict):
    """Attributes:
    number: Increases with each recorded change
    at: When it was recorded
    what: `came` for an added movie or offer, `left` for a removed one, `changed` for a value
    movie_id: The movie's number in this database; null if it is no longer there
    title: The movie's current title
    year: The movie's year of release
    key: The list entry's key in its gallery
    field: A field of the movie, `offers` or `gallery`
    old: The previous value; null for additions
    new: The new value; null for removals
    source: The source, or the address of the gallery
    """

    number: int
    at: str
    what: Literal["came", "left", "changed"]
    movie_id: int | None
    title: str
    year: int | None
    key: str | None
    field: str
    old: Any
    new: Any
    source: str


class ListChanges(TypedDict):
    """Attributes:
    changes: The rows of this page
    """

    changes: list[Change]
    next: str | None


class ListRunsRuns(TypedDict):
    """Attributes:
    run: The run's name
    gallery: The gallery's address
    film_limit: The maximum number of movies of the gallery; null means all
    started_at: When it started
    finished_at: When it finished; null if it has not finished
    movies: Movies in its messages
    sources: Requests and outcomes by source
    """

    run: str
    gallery: str
    film_limit: int | None
    started_at: str
    finished_at: str | None
    movies: int | None
    sources: dict[str, Any] | None


class ListRuns(TypedDict):
    """Attributes:
    runs: Newest first
    """

    runs: list[ListRunsRuns]


class PersonIds(TypedDict):
    """External ids of a person, one per namespace.

    imdb: An IMDb name id
    tmdb: A TMDB person id
    wikidata: A Wikidata item id
    justwatch: A JustWatch person id
    """

    imdb: NotRequired[str]
    tmdb: NotRequired[str]
    wikidata: NotRequired[str]
    justwatch: NotRequired[str]
    wikipedia: NotRequired[str]


class MovieWriteDirectors(TypedDict):
    name: str
    ids: NotRequired[PersonIds]


class MovieWriteWriters(TypedDict):
    name: str
    ids: NotRequired[PersonIds]


class CompanyIds(TypedDict):
    """External ids of a company, one per namespace.

    tmdb: A TMDB company id
    wikidata: A Wikidata item id
    """

    tmdb: NotRequired[str]
    wikidata: NotRequired[str]
    wikipedia: NotRequired[str]


class MovieWriteStudios(TypedDict):
    name: str
    ids: NotRequired[CompanyIds]


class MovieWriteDistributors(TypedDict):
    name: str
    ids: NotRequired[CompanyIds]


class MovieWriteCast(TypedDict):
    """Attributes:
    role: The character
    billing: Billing position, starting at 1
    """

    name: str
    ids: NotRequired[PersonIds]
    role: NotRequired[str]
    billing: NotRequired[int]


class MovieWriteIds(TypedDict):
    """External ids, one per namespace.

    imdb: An IMDb title id
    tmdb: A TMDB movie id
    wikidata: A Wikidata item id
    justwatch: A JustWatch movie id
    """

    imdb: NotRequired[str]
    tmdb: NotRequired[str]
    wikidata: NotRequired[str]
    justwatch: NotRequired[str]


class MovieWrite(TypedDict):
    """Fields of a movie, and its ids; null or an empty list clears a field.

    original_title: The title in the movie's own language
    alternative_titles: Other titles
    year: Year of the first release
    release_date: Day, month or year, ISO 8601
    runtime: In minutes
    plot: What happens in the movie, or what it is about
    tagline: The line on its posters
    genres: English names, most specific first; a genre that does not exist is created
    languages: The movie's own languages, ISO 639
    countries: Countries of production, ISO 3166-1 alpha-2
    age_rating: As written in its system: `PG-13`, `16`
    rating: On a scale from 0 to 10
    rating_count: Number of votes
    directors: In order of their credits; people who do not exist are created
    writers: In order of their credits; people who do not exist are created
    studios: In order of their credits; companies that do not exist are created
    distributors: In order of their credits; companies that do not exist are created
    cast: In order of their credits; people who do not exist are created
    ids: External ids, one per namespace
    """

    title: NotRequired[str]
    original_title: NotRequired[str | None]
    alternative_titles: NotRequired[list[str]]
    year: NotRequired[int | None]
    release_date: NotRequired[str | None]
    runtime: NotRequired[int | None]
    plot: NotRequired[str | None]
    tagline: NotRequired[str | None]
    genres: NotRequired[list[str]]
    languages: NotRequired[list[str]]
    countries: NotRequired[list[str]]
    budget: NotRequired[float | None]
    budget_currency: NotRequired[str | None]
    box_office: NotRequired[float | None]
    box_office_currency: NotRequired[str | None]
    age_rating: NotRequired[str | None]
    rating: NotRequired[float | None]
    rating_count: NotRequired[int | None]
    poster_url: NotRequired[str | None]
    trailer_url: NotRequired[str | None]
    homepage: NotRequired[str | None]
    directors: NotRequired[list[MovieWriteDirectors]]
    writers: NotRequired[list[MovieWriteWriters]]
    studios: NotRequired[list[MovieWriteStudios]]
    distributors: NotRequired[list[MovieWriteDistributors]]
    cast: NotRequired[list[MovieWriteCast]]
    ids: NotRequired[MovieWriteIds]


class MovieNew(TypedDict):
    """Fields of a movie, and its ids."""

    title: str
    original_title: NotRequired[str | None]
    alternative_titles: NotRequired[list[str]]
    year: NotRequired[int | None]
    release_date: NotRequired[str | None]
    runtime: NotRequired[int | None]
    plot: NotRequired[str | None]
    tagline: NotRequired[str | None]
    genres: NotRequired[list[str]]
    languages: NotRequired[list[str]]
    countries: NotRequired[list[str]]
    budget: NotRequired[float | None]
    budget_currency: NotRequired[str | None]
    box_office: NotRequired[float | None]
    box_office_currency: NotRequired[str | None]
    age_rating: NotRequired[str | None]
    rating: NotRequired[float | None]
    rating_count: NotRequired[int | None]
    poster_url: NotRequired[str | None]
    trailer_url: NotRequired[str | None]
    homepage: NotRequired[str | None]
    directors: NotRequired[list[MovieWriteDirectors]]
    writers: NotRequired[list[MovieWriteWriters]]
    studios: NotRequired[list[MovieWriteStudios]]
    distributors: NotRequired[list[MovieWriteDistributors]]
    cast: NotRequired[list[MovieWriteCast]]
    ids: NotRequired[MovieWriteIds]


class LineResult(TypedDict):
    """Attributes:
    line: Line number in the request body, starting at 1
    status: 200 if changed, 201 if created, otherwise the status of the error
    movie_id: The movie; for a conflict (409), the conflicting one
    detail: What is wrong, if anything is
    """

    line: int
    status: int
    movie_id: NotRequired[int]
    detail: NotRequired[str]


class MovieFields(TypedDict):
    """Fields of a movie; null or an empty list clears a field."""

    title: NotRequired[str]
    original_title: NotRequired[str | None]
    alternative_titles: NotRequired[list[str]]
    year: NotRequired[int | None]
    release_date: NotRequired[str | None]
    runtime: NotRequired[int | None]
    plot: NotRequired[str | None]
    tagline: NotRequired[str | None]
    genres: NotRequired[list[str]]
    languages: NotRequired[list[str]]
    countries: NotRequired[list[str]]
    budget: NotRequired[float | None]
    budget_currency: NotRequired[str | None]
    box_office: NotRequired[float | None]
    box_office_currency: NotRequired[str | None]
    age_rating: NotRequired[str | None]
    rating: NotRequired[float | None]
    rating_count: NotRequired[int | None]
    poster_url: NotRequired[str | None]
    trailer_url: NotRequired[str | None]
    homepage: NotRequired[str | None]
    directors: NotRequired[list[MovieWriteDirectors]]
    writers: NotRequired[list[MovieWriteWriters]]
    studios: NotRequired[list[MovieWriteStudios]]
    distributors: NotRequired[list[MovieWriteDistributors]]
    cast: NotRequired[list[MovieWriteCast]]


class PinsPins(TypedDict):
    """Attributes:
    field: The pinned field
    value: The value; null where the field is emptied
    note: The reason, if one was given
    pinned_at: When it was pinned
    """

    field: str
    value: Any
    note: str | None
    pinned_at: str


class Pins(TypedDict):
    """Attributes:
    movie_id: The movie's number in this database
    pins: One item per field, ordered by name
    """

    movie_id: int
    pins: list[PinsPins]


class PersonWrite(TypedDict):
    """Fields of a person in this role, and their ids; null clears a field.

    nationality: Countries, as written by the source
    bio: Some sentences
    """

    name: NotRequired[str]
    dob: NotRequired[str | None]
    birth_year: NotRequired[int | None]
    death_date: NotRequired[str | None]
    death_year: NotRequired[int | None]
    nationality: NotRequired[str | None]
    bio: NotRequired[str | None]
    ids: NotRequired[PersonIds]


class PersonNew(TypedDict):
    """Fields of a person, and their ids."""

    name: str
    dob: NotRequired[str | None]
    birth_year: NotRequired[int | None]
    death_date: NotRequired[str | None]
    death_year: NotRequired[int | None]
    nationality: NotRequired[str | None]
    bio: NotRequired[str | None]
    ids: NotRequired[PersonIds]


class RowResult(TypedDict):
    """Attributes:
    line: Line number in the request body, starting at 1
    status: 200 if changed, 201 if created, otherwise the status of the error
    id: The row's number; for a conflict (409), that of the conflicting row
    detail: What is wrong, if anything is
    """

    line: int
    status: int
    id: NotRequired[int]
    detail: NotRequired[str]


class PersonFields(TypedDict):
    """Fields of a person; null clears a field."""

    name: NotRequired[str]
    dob: NotRequired[str | None]
    birth_year: NotRequired[int | None]
    death_date: NotRequired[str | None]
    death_year: NotRequired[int | None]
    nationality: NotRequired[str | None]
    bio: NotRequired[str | None]


class PartyPinsPins(TypedDict):
    """Attributes:
    field: The pinned field
    value: The value; null where the field is emptied
    told: The sources' value; null if no source gives one
    pinned_at: When it was pinned
    """

    field: str
    value: Any
    told: Any
    pinned_at: str


class PartyPins(TypedDict):
    """The pins, and the row's number under its own name, such as `director_id`.

    pins: One item per field, ordered by name
    """

    pins: list[PartyPinsPins]


class StudioWrite(TypedDict):
    """Fields of a studio, and its ids; null clears a field.

    location: Headquarters
    """

    name: NotRequired[str]
    location: NotRequired[str | None]
    founded: NotRequired[str | None]
    founded_year: NotRequired[int | None]
    ids: NotRequired[CompanyIds]


class StudioNew(TypedDict):
    """Fields of a studio, and its ids."""

    name: str
    location: NotRequired[str | None]
    founded: NotRequired[str | None]
    founded_year: NotRequired[int | None]
    ids: NotRequired[CompanyIds]


class StudioFields(TypedDict):
    """Fields of a studio; null clears a field."""

    name: NotRequired[str]
    location: NotRequired[str | None]
    founded: NotRequired[str | None]
    founded_year: NotRequired[int | None]


class DistributorWrite(TypedDict):
    """Fields of a distributor, and its ids; null clears a field.

    location: Headquarters
    """

    name: NotRequired[str]
    location: NotRequired[str | None]
    ids: NotRequired[CompanyIds]


class DistributorNew(TypedDict):
    """Fields of a distributor, and its ids."""

    name: str
    location: NotRequired[str | None]
    ids: NotRequired[CompanyIds]


class DistributorFields(TypedDict):
    """Fields of a distributor; null clears a field."""

    name: NotRequired[str]
    location: NotRequired[str | None]


class GenreNew(TypedDict):
    name: str


class BuildProgress(TypedDict):
    """Numbers of movies; null until it has started.

    listed: Movies listed by the gallery so far
    complete: Whether the list is complete
    films: Listed movies that have been gathered and stored in the database
    """

    listed: int
    complete: bool
    films: int


class Build(TypedDict):
    """Attributes:
    build_id: The row's number in this database; numbers are never reused
    gallery: The gallery's address, as in `/v1/runs`
    limit: Maximum number of movies; null means all
    languages: Preferred languages of texts, best first; null means the crawler's setting
    run: The name of the crawler's run, as in `/v1/runs`
    status: The last three are final
    reason: Why it failed, in one sentence
    asked_at: When it was requested
    started_at: When a crawler picked it up; null while it is queued
    ended_at: When it ended; null until then
    progress: Numbers of movies; null until it has started
    """

    build_id: int
    gallery: str
    limit: int | None
    languages: list[str] | None
    run: str
    status: Literal["queued", "running", "finished", "failed", "cancelled"]
    reason: str | None
    asked_at: str
    started_at: str | None
    ended_at: str | None
    progress: BuildProgress | None


class ListBuilds(TypedDict):
    """Attributes:
    builds: The rows of this page
    """

    builds: list[Build]
    next: str | None


class BuildNew(TypedDict):
    """Attributes:
    gallery: The address of a page full of movies on a supported site:
        `https://www.justwatch.com/<country>/provider/<provider>/movies`. Other addresses are
        rejected
    limit: Take at most this many movies, from the start of the list
    languages: Preferred languages of titles, plots and names, ISO 639, best first; the default is
        the crawler's setting
    """

    gallery: str
    limit: NotRequired[int]
    languages: NotRequired[list[str]]


class WatchBuilds(TypedDict):
    """Attributes:
    builds: Unfinished builds, oldest first
    """

    builds: list[Build]


class ListReviewQuestions(TypedDict):
    """Attributes:
    review_id: The question's number
    key: Identifies the question when it is answered
    movie_id: The number of the movie on one side; null if it is not in the database yet
    probability: The probability that both are the same movie, from 0 to 1
    item: Both sides and the evidence, as described by `review_item` in /v1/contract
    """

    review_id: int
    key: str
    movie_id: int | None
    probability: float
    item: dict[str, Any]


class ListReview(TypedDict):
    """Attributes:
    questions: The rows of this page
    """

    questions: list[ListReviewQuestions]
    next: str | None


class AnswerReviewBody(TypedDict):
    """Attributes:
    key: The question's `key`
    verdict: Whether both sides are the same movie
    """

    key: str
    verdict: Literal["same", "different"]
    by: str
    why: NotRequired[str]


class IngestMessages(TypedDict):
    """Attributes:
    lines: Lines read
    films: Movies that are new or changed
    rejected: Messages that were rejected
    messages: Number of messages by type
    """

    lines: int
    films: int
    rejected: int
    messages: dict[str, int]


class ListDecisionsDecisions(TypedDict):
    """Attributes:
    verdict: Whether both sides are the same movie
    entry_key: One side: a list entry of a gallery
    other_key: The other side, if it is a list entry too
    source: The other side, if it is a source record: its source
    source_id: The other side, if it is a source record: its id at the source
    note: The reason, if one was given
    decided_by: Who decided, if a name was given
    decided_at: When the decision was made
    """

    verdict: Literal["same", "different"]
    entry_key: str | None
    other_key: str | None
    source: str | None
    source_id: str | None
    note: str | None
    decided_by: str | None
    decided_at: str


class ListDecisions(TypedDict):
    """Attributes:
    decisions: In the order in which they were made
    """

    decisions: list[ListDecisionsDecisions]


class Pinned(TypedDict):
    """Attributes:
    movie_id: The movie's number in this database
    title: The movie's title
    year: The movie's year of release
    field: The pinned field
    value: The value; null where the field is emptied
    note: The reason, if one was given
    pinned_at: When it was pinned
    """

    movie_id: int
    title: str
    year: int | None
    ids: dict[str, list[str]]
    field: str
    value: Any
    note: str | None
    pinned_at: str


class ListAllPins(TypedDict):
    """Attributes:
    pins: The rows of this page
    """

    pins: list[Pinned]
    next: str | None


class Job(TypedDict):
    """Attributes:
    gallery: The gallery's address
    limit: Maximum number of movies taken from it; null means all
    languages: Preferred languages of texts, ISO 639, best first
    listed_at: When its movies were last listed
    due_at: When it is due to be listed again
    due: Whether that moment has passed
    """

    gallery: str
    limit: int | None
    languages: list[str]
    listed_at: str
    due_at: str
    due: bool


class ListJobs(TypedDict):
    """Attributes:
    jobs: One item per gallery
    """

    jobs: list[Job]


class ReadPlanFilmsRecords(TypedDict):
    """Attributes:
    source: The source's name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The record's id at the source
    asked_by: The id to use in requests to the source
    asked_at: When the source was last requested
    state: The record's revision at the source, or a digest of its content
    due: Whether to request it again
    """

    source: str
    source_id: str
    asked_by: str
    asked_at: str
    state: str
    due: bool


class ReadPlanFilms(TypedDict):
    """Attributes:
    key: The list entry's key in its gallery
    entry: As described by `movie_list_entry` in /v1/contract
    left: Whether the gallery no longer lists it
    search: Whether to search all sources for it again
    records: Its source records
    """

    key: str
    entry: dict[str, Any]
    left: bool
    search: bool
    records: list[ReadPlanFilmsRecords]


class ReadPlan(TypedDict):
    """Attributes:
    gallery: The gallery's address
    at: The moment for which the plan is made
    films: In the gallery's order
    people: People that are due: revisions by Wikidata id
    companies: Companies that are due: revisions by Wikidata id
    """

    gallery: str
    at: str
    films: list[ReadPlanFilms]
    people: dict[str, str]
    companies: dict[str, str]


class ReadContract(TypedDict):
    """Attributes:
    version: The contract's version
    schema_version: The database's schema version
    schemas: Schemas by message name
    """

    version: int
    schema_version: str
    schemas: dict[str, dict[str, Any]]


class ReadTableColumns(TypedDict):
    """Attributes:
    name: The name
    type: As the database names it
    nullable: Whether it may be null
    default: The value used if none is given
    """

    name: str
    type: str
    nullable: bool
    default: str | None


class ReadTableForeignKeys(TypedDict):
    """Attributes:
    columns: Columns of this table
    references: The referenced columns, as `table.column`
    on_delete: What happens to the row when the referenced row is deleted
    """

    columns: list[str]
    references: list[str]
    on_delete: str | None


class ReadTableConstraints(TypedDict):
    """Attributes:
    name: The name
    kind: UNIQUE, CHECK, INDEX …
    on: The columns, or the condition
    """

    name: str
    kind: str
    on: str


class ReadTable(TypedDict):
    """Attributes:
    name: The name
    columns: In the table's order
    primary_key: The primary key's columns
    foreign_keys: The foreign keys
    constraints: Other constraints, and indexes
    """

    name: str
    columns: list[ReadTableColumns]
    primary_key: list[str]
    foreign_keys: list[ReadTableForeignKeys]
    constraints: list[ReadTableConstraints]


class ReadHealthIngest(TypedDict):
    """How much of the crawlers' log has been ingested.

    running: Whether this service ingests the log
    positions: Ingested bytes by log segment
    """

    running: bool
    positions: dict[str, int]


class ReadHealth(TypedDict):
    """Attributes:
    status: Always ok; otherwise the response is 503
    database: The kind of database
    schema_version: The last migration applied to the database
    ingest: How much of the crawlers' log has been ingested
    """

    status: Literal["ok"]
    database: str
    schema_version: str
    ingest: ReadHealthIngest


class ReadReadiness(TypedDict):
    """Attributes:
    ready: Always true; otherwise the response is 503
    """

    ready: bool
