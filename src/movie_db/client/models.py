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
    director_id: Null only with `as_of`, where there is no row any more
    name: The name
    """

    director_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class WriterNamed(TypedDict):
    """Attributes:
    writer_id: Null only with `as_of`, where there is no row any more
    name: The name
    """

    writer_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class StudioNamed(TypedDict):
    """Attributes:
    studio_id: Null only with `as_of`, where there is no row any more
    name: The name
    """

    studio_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class DistributorNamed(TypedDict):
    """Attributes:
    distributor_id: Null only with `as_of`, where there is no row any more
    name: The name
    """

    distributor_id: int | None
    name: str
    ids: NotRequired[dict[str, str]]


class MovieRatings(TypedDict):
    """Attributes:
    source: The rater: imdb, tmdb, rottentomatoes, metacritic …
    score: On 0 to 10
    votes: How many people rated
    original: The rating as its source writes it, as `87 %`
    """

    source: str
    score: float
    votes: int | None
    original: str | None


class MovieCast(TypedDict):
    """Attributes:
    actor_id: Null only with `as_of`, where there is no row any more
    name: As the film credits them, or as most sources do
    role: Whom they play; null where nobody names it
    billing: 1 is named first
    """

    actor_id: int | None
    name: str
    role: str | None
    billing: int | None
    ids: NotRequired[dict[str, str]]


class Offer(TypedDict):
    """Attributes:
    provider: Where it can be seen, as people call it
    country: ISO 3166-1 alpha-2
    kind: flatrate, rent, buy, free, ads …
    presentation: sd, hd, 4k …
    price: In whole units of its currency; null where it costs nothing beside a subscription
    currency: ISO 4217
    url: The film's page at the provider
    available_to: The last day, cut to what is known: `2026`, `2026-03` or `2026-03-31`
    source: Who told of it
    first_seen: When a source told of it first
    last_seen: When a source told of it last
    left_at: When it was found gone
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
    field: The value's field of the film
    source: Its name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The source's own id of the record
    url: A page on which people can see it
    retrieved_at: When the source was asked
    licence: Under what the source gives it, as SPDX names licences where it does
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
    """A film's golden record. A member is null where nothing is known, and absent where it was not asked
    for.

        movie_id: The number of the film here; it is never given twice
        title: The title in the best known language of those that are asked for, English without
        original_title: The title in the language of the film
        year: Year of the first release
        release_date: Day or month of the first release: `1982-06-25` or `1982-06`
        runtime: Minutes
        plot: What happens in the film, or what it is about; a text of some sentences or paragraphs
        tagline: The line on its posters
        age_rating: Certification, as `PG-13`
        age_rating_system: Whose certification it is: `MPA`, `FSK` …
        rating: On 0 to 10
        rating_count: Votes that the rating is of
        budget: In whole units of its currency
        budget_currency: ISO 4217
        box_office: Worldwide, in whole units of its currency
        box_office_currency: ISO 4217
        poster_url: A picture
        trailer_url: A page or a video
        homepage: The film's own page
        genres: English names, the most fitting first
        languages: ISO 639, two letters where there are two
        countries: ISO 3166-1 alpha-2
        directors: In the order of their credits
        writers: In the order of their credits
        studios: Who produced it, in the order of their credits
        distributors: Who brought it to cinemas or homes
        ratings: What each rater says
        cast: In the order of billing
        alternative_titles: What else it is called, in other countries, too
        offers: Those that are there now
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
    films: How many of these films have it
    """

    value: str | int
    films: int


class ListMovies(TypedDict):
    """Attributes:
    movies: The films of this page, in the order asked for
    replaced: Where something is searched for, by words of `q` that are nowhere, those that were
        searched for instead
    total: Films on all pages, where facets are asked for
    facets: By the names of those asked for
    """

    movies: list[Movie]
    next: str | None
    replaced: NotRequired[dict[str, list[str]]]
    total: NotRequired[int]
    facets: NotRequired[dict[str, list[ListMoviesFacets]]]


class ProvenancesProvenance(TypedDict):
    """Attributes:
    field: The value's field of the film
    source: Its name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The source's own id of the record
    url: A page on which people can see it
    licence: Under what the source gives it, as SPDX names licences where it does
    beaten: The values that it beat, with their sources
    retrieved_at: When the source was asked
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
    movie_id: The film's number here
    provenance: A value each, by the names of their fields
    """

    movie_id: int
    provenance: list[ProvenancesProvenance]


class SourcesSources(TypedDict):
    """Attributes:
    source: Its name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The source's own id of the record
    url: A page on which people can see it
    licence: Under what the source gives it, as SPDX names licences where it does
    language: ISO 639, that of its texts; null where it has none
    probability: How sure the judge is that it is this film; null where an id says so
    evidence: Why
    record: As `SourceRecord` of /v1/contract/movie_item
    retrieved_at: When the source was asked
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
    source: Its name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    outcome: What became of it; `unsure` waits in the review queue
    run: The run that asked
    """

    source: str
    outcome: SourcesOutcomesOutcome
    run: str


class Sources(TypedDict):
    """Attributes:
    movie_id: The film's number here
    sources: A record each, as the source said it
    outcomes: What became of asking each source, the last time
    """

    movie_id: int
    sources: list[SourcesSources]
    outcomes: list[SourcesOutcomes]


class HistoryHistory(TypedDict):
    """Attributes:
    at: When it became known
    field: A field of the film, or `offers`
    old: The value before; null for what came
    new: The value since then; null for what left
    source: Whose word it is
    """

    at: str
    field: str
    old: Any
    new: Any
    source: str


class History(TypedDict):
    """Attributes:
    movie_id: The film's number here
    history: The newest first
    """

    movie_id: int
    history: list[HistoryHistory]


class Offers(TypedDict):
    """Attributes:
    movie_id: The film's number here
    offers: Those that are, then those that were
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
    source: Its name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The source's own id of the record
    value: As `value` is written
    """

    source: str
    source_id: str
    value: Any


class Conflict(TypedDict):
    """Attributes:
    movie_id: The film's number here
    title: The film's
    year: Year of its first release
    field: About what they differ
    value: The golden record's, people and companies by their names, sums as amount and currency;
        null where a person emptied the field
    source: Who told it; `pin` where a person did
    beaten: Who says otherwise, and what
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
    conflicts: Those of this page
    """

    conflicts: list[Conflict]
    next: str | None


class Rating(TypedDict):
    """Attributes:
    rating_id: The number here; it is never given twice
    movie_id: The film's number here
    source: The rater: imdb, tmdb, rottentomatoes, metacritic …
    score: On 0 to 10
    votes: How many people rated
    original: The rating as its source writes it, as `87 %`
    """

    rating_id: int
    movie_id: int
    source: str
    score: float
    votes: int | None
    original: str | None


class ListRatings(TypedDict):
    """Attributes:
    ratings: Those of this page
    """

    ratings: list[Rating]
    next: str | None


class CastMember(TypedDict):
    """Attributes:
    cast_id: The number here; it is never given twice
    movie_id: The film's number here
    actor_id: The number of the actor here
    role: Whom they play; null where nobody names it
    billing: 1 is named first
    """

    cast_id: int
    movie_id: int
    actor_id: int
    role: str | None
    billing: int | None


class ListCast(TypedDict):
    """Attributes:
    cast: Those of this page
    """

    cast: list[CastMember]
    next: str | None


class Director(TypedDict):
    """A person in this trade; who has several is a row in each.

    director_id: The number here; it is never given twice
    name: The name
    dob: Date of birth, ISO 8601, where the day is known
    birth_year: Year of birth
    death_date: Date of death, ISO 8601, where the day is known
    death_year: Year of death
    nationality: Countries, as sources write them
    bio: Some sentences of an encyclopedia
    films: Films that they had this part in
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
    directors: Those of this page
    """

    directors: list[Director]
    next: str | None


class MoviePage(TypedDict):
    """Attributes:
    movies: The films of this page, in the order asked for
    """

    movies: list[Movie]
    next: str | None


class Writer(TypedDict):
    """A person in this trade; who has several is a row in each.

    writer_id: The number here; it is never given twice
    name: The name
    dob: Date of birth, ISO 8601, where the day is known
    birth_year: Year of birth
    death_date: Date of death, ISO 8601, where the day is known
    death_year: Year of death
    nationality: Countries, as sources write them
    bio: Some sentences of an encyclopedia
    films: Films that they had this part in
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
    writers: Those of this page
    """

    writers: list[Writer]
    next: str | None


class Actor(TypedDict):
    """A person in this trade; who has several is a row in each.

    actor_id: The number here; it is never given twice
    name: The name
    dob: Date of birth, ISO 8601, where the day is known
    birth_year: Year of birth
    death_date: Date of death, ISO 8601, where the day is known
    death_year: Year of death
    nationality: Countries, as sources write them
    bio: Some sentences of an encyclopedia
    films: Films that they had this part in
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
    actors: Those of this page
    """

    actors: list[Actor]
    next: str | None


class Studio(TypedDict):
    """Attributes:
    studio_id: The number here; it is never given twice
    name: The name
    location: Where it has its seat
    founded: Date, ISO 8601, where the day is known
    founded_year: Year of its founding
    films: Films that it had this part in
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
    studios: Those of this page
    """

    studios: list[Studio]
    next: str | None


class Distributor(TypedDict):
    """Attributes:
    distributor_id: The number here; it is never given twice
    name: The name
    location: Where it has its seat
    films: Films that it had this part in
    """

    distributor_id: int
    name: str
    location: NotRequired[str | None]
    films: int
    ids: dict[str, list[str]]


class ListDistributors(TypedDict):
    """Attributes:
    distributors: Those of this page
    """

    distributors: list[Distributor]
    next: str | None


class Genre(TypedDict):
    """Attributes:
    genre_id: The number here; it is never given twice
    name: In English
    films: Films of this genre
    """

    genre_id: int
    name: str
    films: int


class ListGenres(TypedDict):
    """Attributes:
    genres: Those of this page
    """

    genres: list[Genre]
    next: str | None


class CreditsCredits(TypedDict):
    """Attributes:
    source: As provenance names it
    name: The source as people call it
    url: Where the source is
    licence: As provenance names it
    licence_url: Where its text is
    open: Whether it lets anybody use it for any purpose
    attribution: What is to be said where its data are shown
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
    edition: The edition that these thanks are of
    credits: Each source, and each of its licences
    """

    edition: Literal["all", "open"]
    credits: list[CreditsCredits]


class Change(TypedDict):
    """Attributes:
    number: Counted up as changes become known
    at: When it became known
    what: The film, or an offer, `came` or `left`; or a value `changed`
    movie_id: The film's number here; null where there is none any more
    title: As the film is called now
    year: Year of the film's first release
    key: The entry's in its gallery
    field: A field of the film, `offers` or `gallery`
    old: The value before; null for what came
    new: The value since then; null for what left
    source: Whose word it is: a source, or a gallery by its address
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
    changes: Those of this page
    """

    changes: list[Change]
    next: str | None


class ListRunsRuns(TypedDict):
    """Attributes:
    run: Its name
    gallery: The gallery's address
    film_limit: How many of the gallery's films were asked for; null: all
    started_at: When it began
    finished_at: When it ended; null if it has not
    movies: Films told of
    sources: Requests and outcomes, by source
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
    runs: The newest first
    """

    runs: list[ListRunsRuns]


class PersonIds(TypedDict):
    """Ids of a person elsewhere, one of a namespace.

    imdb: IMDb's, of a name
    tmdb: TMDB's, of a person
    wikidata: Wikidata's, of an item
    justwatch: JustWatch's, of a person
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
    """Ids of a company elsewhere, one of a namespace.

    tmdb: TMDB's, of a company
    wikidata: Wikidata's, of an item
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
    role: Whom they play
    billing: 1 is named first
    """

    name: str
    ids: NotRequired[PersonIds]
    role: NotRequired[str]
    billing: NotRequired[int]


class MovieWriteIds(TypedDict):
    """Ids elsewhere, one of a namespace.

    imdb: IMDb's, of a title
    tmdb: TMDB's, of a movie
    wikidata: Wikidata's, of an item
    justwatch: JustWatch's, of a movie
    """

    imdb: NotRequired[str]
    tmdb: NotRequired[str]
    wikidata: NotRequired[str]
    justwatch: NotRequired[str]


class MovieWrite(TypedDict):
    """Fields of a film, and its ids; null, or an empty list, empties a field.

    original_title: The title in the language of the film
    alternative_titles: What else it is called
    year: Year of the first release
    release_date: Day, month or year, ISO 8601
    runtime: Minutes
    plot: What happens in the film, or what it is about
    tagline: The line on its posters
    genres: English names, the most fitting first; one that is not there is made
    languages: ISO 639, the film's own
    countries: ISO 3166-1 alpha-2, of production
    age_rating: As its system writes it: `PG-13`, `16`
    rating: On 0 to 10
    rating_count: How many people rated
    directors: In the order of their credits; who is not there is made
    writers: In the order of their credits; who is not there is made
    studios: In the order of their credits; what is not there is made
    distributors: In the order of their credits; what is not there is made
    cast: In the order of their credits; who is not there is made
    ids: Ids elsewhere, one of a namespace
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
    """Fields of a film, and its ids."""

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
    line: Which line of the body, from 1
    status: 200 changed, 201 new; else what an error's status would be
    movie_id: The film; of a conflict (409) the one that is in the way
    detail: What is wrong, if something is
    """

    line: int
    status: int
    movie_id: NotRequired[int]
    detail: NotRequired[str]


class MovieFields(TypedDict):
    """Fields of a film; null, or an empty list, empties one."""

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
    field: The field that no refresh changes
    value: The value; null where the field is emptied
    note: Why, if the person said so
    pinned_at: When the person said it
    """

    field: str
    value: Any
    note: str | None
    pinned_at: str


class Pins(TypedDict):
    """Attributes:
    movie_id: The film's number here
    pins: A field each, by their names
    """

    movie_id: int
    pins: list[PinsPins]


class PersonWrite(TypedDict):
    """Fields of a person in this trade, and their ids; null empties a field.

    nationality: Countries, as sources write them
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
    """Fields of a person, and ids."""

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
    line: Which line of the body, from 1
    status: 200 changed, 201 new; else what an error's status would be
    id: The number of the row; of a conflict (409) of the one that is in the way
    detail: What is wrong, if something is
    """

    line: int
    status: int
    id: NotRequired[int]
    detail: NotRequired[str]


class PersonFields(TypedDict):
    """Fields of a person; null empties one."""

    name: NotRequired[str]
    dob: NotRequired[str | None]
    birth_year: NotRequired[int | None]
    death_date: NotRequired[str | None]
    death_year: NotRequired[int | None]
    nationality: NotRequired[str | None]
    bio: NotRequired[str | None]


class PartyPinsPins(TypedDict):
    """Attributes:
    field: The field that no refresh changes
    value: The value; null where the field is emptied
    told: What the sources tell; null where they tell nothing
    pinned_at: When the person said it
    """

    field: str
    value: Any
    told: Any
    pinned_at: str


class PartyPins(TypedDict):
    """Besides, the number of the row, as `director_id`.

    pins: A field each, by their names
    """

    pins: list[PartyPinsPins]


class StudioWrite(TypedDict):
    """Fields of a studio, and its ids; null empties a field.

    location: Where it has its seat
    """

    name: NotRequired[str]
    location: NotRequired[str | None]
    founded: NotRequired[str | None]
    founded_year: NotRequired[int | None]
    ids: NotRequired[CompanyIds]


class StudioNew(TypedDict):
    """Fields of a studio, and ids."""

    name: str
    location: NotRequired[str | None]
    founded: NotRequired[str | None]
    founded_year: NotRequired[int | None]
    ids: NotRequired[CompanyIds]


class StudioFields(TypedDict):
    """Fields of a studio; null empties one."""

    name: NotRequired[str]
    location: NotRequired[str | None]
    founded: NotRequired[str | None]
    founded_year: NotRequired[int | None]


class DistributorWrite(TypedDict):
    """Fields of a distributor, and its ids; null empties a field.

    location: Where it has its seat
    """

    name: NotRequired[str]
    location: NotRequired[str | None]
    ids: NotRequired[CompanyIds]


class DistributorNew(TypedDict):
    """Fields of a distributor, and ids."""

    name: str
    location: NotRequired[str | None]
    ids: NotRequired[CompanyIds]


class DistributorFields(TypedDict):
    """Fields of a distributor; null empties one."""

    name: NotRequired[str]
    location: NotRequired[str | None]


class GenreNew(TypedDict):
    name: str


class BuildProgress(TypedDict):
    """In films; null until it has started.

    listed: Films that the gallery's list has brought so far
    complete: Whether the list is complete
    films: Of these, films that are gathered and in the database
    """

    listed: int
    complete: bool
    films: int


class Build(TypedDict):
    """Attributes:
    build_id: The number here; it is never given twice
    gallery: The gallery's address, as runs call it
    limit: So many films are taken; null takes all
    languages: Languages of texts, best first; null: as the crawler's settings say
    run: The crawler's run that does it, as in `/v1/runs`
    status: The last three are for good
    reason: Why it failed, in one sentence
    asked_at: When the API was asked for it
    started_at: When a crawler took it up; null while it is queued
    ended_at: Null while it is not over
    progress: In films; null until it has started
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
    builds: Those of this page
    """

    builds: list[Build]
    next: str | None


class BuildNew(TypedDict):
    """Attributes:
    gallery: The address of a page full of films, of a site that an adapter reads:
        `https://www.justwatch.com/<country>/provider/<provider>/movies`. Nothing else is taken
    limit: Take the first so many films only
    languages: Of titles, plots and names, ISO 639, best first; without it, as the crawler's
        settings say
    """

    gallery: str
    limit: NotRequired[int]
    languages: NotRequired[list[str]]


class WatchBuilds(TypedDict):
    """Attributes:
    builds: Those that are not over, the oldest first
    """

    builds: list[Build]


class ListReviewQuestions(TypedDict):
    """Attributes:
    review_id: The question's number
    key: What an answer names
    movie_id: The film here that one side of it is; null where it is none yet
    probability: That both are one film, from 0 to 1
    item: Both sides and the evidence, as `review_item` of /v1/contract
    """

    review_id: int
    key: str
    movie_id: int | None
    probability: float
    item: dict[str, Any]


class ListReview(TypedDict):
    """Attributes:
    questions: Those of this page
    """

    questions: list[ListReviewQuestions]
    next: str | None


class AnswerReviewBody(TypedDict):
    """Attributes:
    key: The question's `key`
    verdict: Whether both sides are one film
    """

    key: str
    verdict: Literal["same", "different"]
    by: str
    why: NotRequired[str]


class IngestMessages(TypedDict):
    """Attributes:
    lines: Lines that were read
    films: Films that are new or changed
    rejected: Messages that were refused
    messages: By their type
    """

    lines: int
    films: int
    rejected: int
    messages: dict[str, int]


class ListDecisionsDecisions(TypedDict):
    """Attributes:
    verdict: Whether both sides are one film
    entry_key: The one side: an entry of a gallery
    other_key: The other side, where it is an entry as well
    source: The other side, where it is a record: its source
    source_id: And its id there
    note: Why, if the person said so
    decided_by: Who decided, if they said so
    decided_at: When
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
    movie_id: The film's number here
    title: The film's
    year: Year of its first release
    field: The field that no refresh changes
    value: The value; null where the field is emptied
    note: Why, if the person said so
    pinned_at: When the person said it
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
    pins: Those of this page
    """

    pins: list[Pinned]
    next: str | None


class Job(TypedDict):
    """Attributes:
    gallery: Its address
    limit: How many of its films are taken; null: all
    languages: ISO 639, those of its texts, best first
    listed_at: When its films were listed last
    due_at: When they are to be listed again
    due: Whether that moment has come
    """

    gallery: str
    limit: int | None
    languages: list[str]
    listed_at: str
    due_at: str
    due: bool


class ListJobs(TypedDict):
    """Attributes:
    jobs: A gallery each
    """

    jobs: list[Job]


class ReadPlanFilmsRecords(TypedDict):
    """Attributes:
    source: Its name: justwatch, wikidata, wikipedia, tmdb, omdb, imdb …
    source_id: The source's own id of the record
    asked_by: By what to ask the source
    asked_at: When the source was asked last
    state: The source's revision, else a digest of what it said
    due: Whether to ask it again
    """

    source: str
    source_id: str
    asked_by: str
    asked_at: str
    state: str
    due: bool


class ReadPlanFilms(TypedDict):
    """Attributes:
    key: The entry's in its gallery
    entry: As `movie_list_entry` of /v1/contract
    left: Whether the gallery has it no longer
    search: Whether to look for it anew at all sources
    records: What is known of it, a record of a source each
    """

    key: str
    entry: dict[str, Any]
    left: bool
    search: bool
    records: list[ReadPlanFilmsRecords]


class ReadPlan(TypedDict):
    """Attributes:
    gallery: Its address
    at: The moment for which this holds
    films: In the order in which the gallery lists them
    people: Revisions by Wikidata id
    companies: The same
    """

    gallery: str
    at: str
    films: list[ReadPlanFilms]
    people: dict[str, str]
    companies: dict[str, str]


class ReadContract(TypedDict):
    """Attributes:
    version: The contract's
    schema_version: The database's
    schemas: By the names of their messages
    """

    version: int
    schema_version: str
    schemas: dict[str, dict[str, Any]]


class ReadTableColumns(TypedDict):
    """Attributes:
    name: The name
    type: As this database calls it
    nullable: Whether a row may do without
    default: What a row has that names no value
    """

    name: str
    type: str
    nullable: bool
    default: str | None


class ReadTableForeignKeys(TypedDict):
    """Attributes:
    columns: Here
    references: There, as `table.column`
    on_delete: What becomes of the row when that one goes
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
    columns: In their order
    primary_key: Its columns
    foreign_keys: Which columns point where
    constraints: What else must hold, and what is indexed
    """

    name: str
    columns: list[ReadTableColumns]
    primary_key: list[str]
    foreign_keys: list[ReadTableForeignKeys]
    constraints: list[ReadTableConstraints]


class ReadHealthIngest(TypedDict):
    """How far what crawlers wrote has come in.

    running: Whether this service reads the log
    positions: By segment of the log, the bytes that are in the database
    """

    running: bool
    positions: dict[str, int]


class ReadHealth(TypedDict):
    """Attributes:
    status: Always ok; else the answer is 503
    database: Which one
    schema_version: The last migration that the database had
    ingest: How far what crawlers wrote has come in
    """

    status: Literal["ok"]
    database: str
    schema_version: str
    ingest: ReadHealthIngest


class ReadReadiness(TypedDict):
    """Attributes:
    ready: Always true; else the answer is 503
    """

    ready: bool
