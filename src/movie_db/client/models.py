"""What the API takes and tells, as JSON has it. Made of `openapi.yaml` by `movie_db.client.generate`."""

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
    director_id: Null only with `as_of`, where it is the film's no longer
    """

    director_id: int | None
    name: str


class WriterNamed(TypedDict):
    """Attributes:
    writer_id: Null only with `as_of`, where it is the film's no longer
    """

    writer_id: int | None
    name: str


class StudioNamed(TypedDict):
    """Attributes:
    studio_id: Null only with `as_of`, where it is the film's no longer
    """

    studio_id: int | None
    name: str


class DistributorNamed(TypedDict):
    """Attributes:
    distributor_id: Null only with `as_of`, where it is the film's no longer
    """

    distributor_id: int | None
    name: str


class MovieRatings(TypedDict):
    """Attributes:
    score: On 0 to 10
    original: The rating as its source writes it, as `87 %`
    """

    source: str
    score: float
    votes: int | None
    original: str | None


class MovieCast(TypedDict):
    """Attributes:
    actor_id: Null only with `as_of`, where it is the film's no longer
    billing: 1 is named first
    """

    actor_id: int | None
    name: str
    role: str | None
    billing: int | None


class Offer(TypedDict):
    """Attributes:
    country: ISO 3166-1 alpha-2
    kind: flatrate, rent, buy, free, ads …
    presentation: sd, hd, 4k …
    currency: ISO 4217
    available_to: The last day, cut to what is known: `2026`, `2026-03` or `2026-03-31`
    source: Who told of it
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
    source_id: The source's own id of the record
    """

    field: str
    source: str
    source_id: str
    url: str
    retrieved_at: str
    licence: str


class Movie(TypedDict):
    """A film's golden record. A member is null where nothing is known, and absent where it was not asked
    for.

        movie_id: The number of the film here; it is never given twice
        original_title: The title in the language of the film
        year: Year of the first release
        release_date: Day or month of the first release: `1982-06-25` or `1982-06`
        runtime: Minutes
        age_rating: Certification, as `PG-13`
        rating: On 0 to 10
        rating_count: Votes that the rating is of
        budget: In whole units of its currency
        budget_currency: ISO 4217
        box_office: Worldwide, in whole units of its currency
        box_office_currency: ISO 4217
        languages: ISO 639, two letters where there are two
        countries: ISO 3166-1 alpha-2
        cast: In the order of billing
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
    value: str | int
    films: int


class ListMovies(TypedDict):
    """Attributes:
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
    source_id: The source's own id of the record
    beaten: The values that it beat, with their sources
    """

    field: str
    source: str
    source_id: str
    url: str
    licence: str
    beaten: list[Any]
    retrieved_at: str


class Provenances(TypedDict):
    movie_id: int
    provenance: list[ProvenancesProvenance]


class SourcesSources(TypedDict):
    """Attributes:
    probability: How sure the judge is that it is this film; null where an id says so
    evidence: Why
    record: As `SourceRecord` of /v1/contract/movie_item
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
    source: str
    outcome: SourcesOutcomesOutcome
    run: str


class Sources(TypedDict):
    """Attributes:
    outcomes: What became of asking each source, the last time
    """

    movie_id: int
    sources: list[SourcesSources]
    outcomes: list[SourcesOutcomes]


class HistoryHistory(TypedDict):
    """Attributes:
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
    movie_id: int
    history: list[HistoryHistory]


class Offers(TypedDict):
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
    source_id: The source's own id of the record
    value: As `value` is written
    """

    source: str
    source_id: str
    value: Any


class Conflict(TypedDict):
    """Attributes:
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
    conflicts: list[Conflict]
    next: str | None


class Rating(TypedDict):
    """Attributes:
    score: On 0 to 10
    original: The rating as its source writes it, as `87 %`
    """

    rating_id: int
    movie_id: int
    source: str
    score: float
    votes: int | None
    original: str | None


class ListRatings(TypedDict):
    ratings: list[Rating]
    next: str | None


class CastMember(TypedDict):
    """Attributes:
    billing: 1 is named first
    """

    cast_id: int
    movie_id: int
    actor_id: int
    role: str | None
    billing: int | None


class ListCast(TypedDict):
    cast: list[CastMember]
    next: str | None


class Director(TypedDict):
    """A person in this trade; who has several is a row in each.

    director_id: The number here; it is never given twice
    dob: Date of birth, ISO 8601, where the day is known
    death_date: Date of death, ISO 8601, where the day is known
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
    directors: list[Director]
    next: str | None


class MoviePage(TypedDict):
    movies: list[Movie]
    next: str | None


class Writer(TypedDict):
    """A person in this trade; who has several is a row in each.

    writer_id: The number here; it is never given twice
    dob: Date of birth, ISO 8601, where the day is known
    death_date: Date of death, ISO 8601, where the day is known
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
    writers: list[Writer]
    next: str | None


class Actor(TypedDict):
    """A person in this trade; who has several is a row in each.

    actor_id: The number here; it is never given twice
    dob: Date of birth, ISO 8601, where the day is known
    death_date: Date of death, ISO 8601, where the day is known
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
    actors: list[Actor]
    next: str | None


class Studio(TypedDict):
    """Attributes:
    studio_id: The number here; it is never given twice
    founded: Date, ISO 8601, where the day is known
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
    studios: list[Studio]
    next: str | None


class Distributor(TypedDict):
    """Attributes:
    distributor_id: The number here; it is never given twice
    films: Films that it had this part in
    """

    distributor_id: int
    name: str
    location: NotRequired[str | None]
    films: int
    ids: dict[str, list[str]]


class ListDistributors(TypedDict):
    distributors: list[Distributor]
    next: str | None


class Genre(TypedDict):
    """Attributes:
    films: Films of this genre
    """

    genre_id: int
    name: str
    films: int


class ListGenres(TypedDict):
    genres: list[Genre]
    next: str | None


class CreditsCredits(TypedDict):
    """Attributes:
    source: As provenance names it
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
    edition: Literal["all", "open"]
    credits: list[CreditsCredits]


class Change(TypedDict):
    """Attributes:
    title: As the film is called now
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
    changes: list[Change]
    next: str | None


class ListRunsRuns(TypedDict):
    """Attributes:
    gallery: The gallery's address
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
    runs: list[ListRunsRuns]


class PersonIds(TypedDict):
    """Ids of a person elsewhere, one of a namespace."""

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
    """Ids of a company elsewhere, one of a namespace."""

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
    billing: 1 is named first
    """

    name: str
    ids: NotRequired[PersonIds]
    role: NotRequired[str]
    billing: NotRequired[int]


class MovieWriteIds(TypedDict):
    """Ids elsewhere, one of a namespace."""

    imdb: NotRequired[str]
    tmdb: NotRequired[str]
    wikidata: NotRequired[str]
    justwatch: NotRequired[str]


class MovieWrite(TypedDict):
    """Fields of a film, and its ids; null, or an empty list, empties a field.

    release_date: Day, month or year, ISO 8601
    runtime: Minutes
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
    value: The value; null where the field is emptied
    """

    field: str
    value: Any
    note: str | None
    pinned_at: str


class Pins(TypedDict):
    movie_id: int
    pins: list[PinsPins]


class PersonWrite(TypedDict):
    """Fields of a person in this trade, and their ids; null empties a field."""

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
    value: The value; null where the field is emptied
    told: What the sources tell; null where they tell nothing
    """

    field: str
    value: Any
    told: Any
    pinned_at: str


class PartyPins(TypedDict):
    """Besides, the number of the row, as `director_id`."""

    pins: list[PartyPinsPins]


class StudioWrite(TypedDict):
    """Fields of a studio, and its ids; null empties a field."""

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
    """Fields of a distributor, and its ids; null empties a field."""

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
    run: The crawler's run that does it
    status: The last three are for good
    reason: Why it failed, in one sentence
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
    builds: list[Build]


class ListReviewQuestions(TypedDict):
    """Attributes:
    key: What an answer names
    item: Both sides and the evidence, as `review_item` of /v1/contract
    """

    review_id: int
    key: str
    movie_id: int | None
    probability: float
    item: dict[str, Any]


class ListReview(TypedDict):
    questions: list[ListReviewQuestions]
    next: str | None


class AnswerReviewBody(TypedDict):
    key: str
    verdict: Literal["same", "different"]
    by: str
    why: NotRequired[str]


class IngestMessages(TypedDict):
    """Attributes:
    films: Films that are new or changed
    rejected: Messages that were refused
    messages: By their type
    """

    lines: int
    films: int
    rejected: int
    messages: dict[str, int]


class ListDecisionsDecisions(TypedDict):
    verdict: Literal["same", "different"]
    entry_key: str | None
    other_key: str | None
    source: str | None
    source_id: str | None
    note: str | None
    decided_by: str | None
    decided_at: str


class ListDecisions(TypedDict):
    decisions: list[ListDecisionsDecisions]


class Pinned(TypedDict):
    """Attributes:
    value: The value; null where the field is emptied
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
    pins: list[Pinned]
    next: str | None


class Job(TypedDict):
    """Attributes:
    gallery: Its address
    limit: How many of its films are taken; null: all
    languages: ISO 639, those of its texts, best first
    listed_at: When its films were listed last
    due_at: When they are to be listed again
    """

    gallery: str
    limit: int | None
    languages: list[str]
    listed_at: str
    due_at: str
    due: bool


class ListJobs(TypedDict):
    jobs: list[Job]


class ReadPlanFilmsRecords(TypedDict):
    """Attributes:
    asked_by: By what to ask the source
    state: The source's revision, else a digest of what it said
    """

    source: str
    source_id: str
    asked_by: str
    asked_at: str
    state: str
    due: bool


class ReadPlanFilms(TypedDict):
    """Attributes:
    entry: As `movie_list_entry` of /v1/contract
    left: Whether the gallery has it no longer
    search: Whether to look for it anew at all sources
    """

    key: str
    entry: dict[str, Any]
    left: bool
    search: bool
    records: list[ReadPlanFilmsRecords]


class ReadPlan(TypedDict):
    """Attributes:
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
    """

    version: int
    schema_version: str
    schemas: dict[str, dict[str, Any]]


class ReadTableColumns(TypedDict):
    name: str
    type: str
    nullable: bool
    default: str | None


class ReadTableForeignKeys(TypedDict):
    columns: list[str]
    references: list[str]
    on_delete: str | None


class ReadTableConstraints(TypedDict):
    name: str
    kind: str
    on: str


class ReadTable(TypedDict):
    name: str
    columns: list[ReadTableColumns]
    primary_key: list[str]
    foreign_keys: list[ReadTableForeignKeys]
    constraints: list[ReadTableConstraints]


class ReadHealthIngest(TypedDict):
    """Attributes:
    positions: By segment of the log, the bytes that are in the database
    """

    running: bool
    positions: dict[str, int]


class ReadHealth(TypedDict):
    """Attributes:
    database: Which one
    """

    status: Literal["ok"]
    database: str
    schema_version: str
    ingest: ReadHealthIngest


class ReadReadiness(TypedDict):
    ready: bool
