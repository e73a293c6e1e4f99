"""Tables of movies and what belongs to them, except contributors (`contributor_tables.py`) and how they were gathered
(`bookkeeping.py`).

Rows that belong to a movie are deleted with it (ON DELETE CASCADE). Only PostgreSQL enforces text lengths, so writers
check them against the live contract first.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from movie_db.movie_db_client.data_model.columns import (
    NEVER_REUSE_IDS,
    Base,
    Bytewise,
    Country,
    Currency,
    Id,
    LongText,
    LongUrl,
    Moment,
    MovieId,
    MovieKey,
    Stamped,
    Str50,
    Str255,
    Url255,
)


class MovieRow(Stamped, Base):
    """One movie: the single values of the golden record.

    `director_id`, `writer_id`, `studio_id`, `distributor_id`, `language` and `country` are the first of their lists.
    `release_date` is set only if the day is known; `release_date_precision` is day, month or year, and the month is in
    `release_month`. Runtime is in minutes, rating on a scale of 0 to 10, money in whole units.
    """

    __tablename__ = "movies"
    __table_args__ = (
        *(Index(None, column, "movie_id") for column in ("release_year", "runtime", "rating", "rating_count")),
        NEVER_REUSE_IDS,
    )

    movie_id: Mapped[Id]
    title: Mapped[Str255] = mapped_column(index=True)
    original_title: Mapped[Str255 | None]
    tagline: Mapped[Str255 | None]
    plot: Mapped[LongText | None]
    language: Mapped[Str50 | None]
    country: Mapped[Str50 | None]
    release_date: Mapped[date | None]
    runtime: Mapped[int | None]
    budget: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    box_office: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    rating: Mapped[Decimal | None] = mapped_column(Numeric(3, 1))
    rating_count: Mapped[int | None]
    director_id: Mapped[int | None] = mapped_column(
        ForeignKey("directors.director_id", ondelete="SET NULL"), index=True
    )
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("writers.writer_id", ondelete="SET NULL"), index=True)
    studio_id: Mapped[int | None] = mapped_column(ForeignKey("studios.studio_id", ondelete="SET NULL"), index=True)
    distributor_id: Mapped[int | None] = mapped_column(
        ForeignKey("distributors.distributor_id", ondelete="SET NULL"), index=True
    )
    poster_url: Mapped[Url255 | None]
    trailer_url: Mapped[Url255 | None]
    age_rating: Mapped[str | None] = mapped_column(String(10))
    imdb_id: Mapped[Str50 | None] = mapped_column(index=True)
    tmdb_id: Mapped[Str50 | None] = mapped_column(index=True)
    homepage: Mapped[Url255 | None]
    release_year: Mapped[int | None] = mapped_column(index=True)
    release_month: Mapped[int | None]
    release_date_precision: Mapped[str | None] = mapped_column(String(5))
    budget_currency: Mapped[Currency | None]
    box_office_currency: Mapped[Currency | None]
    age_rating_system: Mapped[Str50 | None]


class RatingRow(Stamped, Base):
    """`score` is on a scale of 0 to 10; `original` is the rating as the source writes it, such as `87 %`."""

    __tablename__ = "ratings"
    __table_args__ = (Index(None, "movie_id", "source", unique=True), NEVER_REUSE_IDS)
    rating_id: Mapped[Id]
    movie_id: Mapped[MovieId]
    source: Mapped[Str255]
    score: Mapped[Decimal] = mapped_column(Numeric(3, 1))
    votes: Mapped[int | None]
    original: Mapped[Str255 | None]


class GenreRow(Stamped, Base):
    __tablename__ = "genres"
    __table_args__ = NEVER_REUSE_IDS
    genre_id: Mapped[Id]
    name: Mapped[Str255] = mapped_column(index=True, unique=True)


class MovieGenreRow(Base):
    __tablename__ = "movie_genres"
    movie_id: Mapped[MovieKey]
    genre_id: Mapped[int] = mapped_column(
        ForeignKey("genres.genre_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int | None]


class MovieCountryRow(Stamped, Base):
    """ISO 3166-1 alpha-2."""

    __tablename__ = "movie_countries"
    movie_id: Mapped[MovieKey]
    country: Mapped[Country] = mapped_column(primary_key=True)
    position: Mapped[int]


class MovieLanguageRow(Stamped, Base):
    """ISO 639, two letters where there are two."""

    __tablename__ = "movie_languages"
    movie_id: Mapped[MovieKey]
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    position: Mapped[int]


class AlternativeTitleRow(Stamped, Base):
    __tablename__ = "alternative_titles"
    movie_id: Mapped[MovieKey]
    title: Mapped[Str255] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]


class TitleKeyRow(Stamped, Base):
    """The folded titles of a movie's records, with their years, by which entries without a shared id find the movie.

    `united` is set if ids alone would make it several movies, which the judge or a person joined.
    """

    __tablename__ = "title_keys"
    title: Mapped[str] = mapped_column(String(300), primary_key=True)
    movie_id: Mapped[MovieKey] = mapped_column(index=True)
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    united: Mapped[bool]


ENTITIES: Final = ("movie", "director", "writer", "actor", "studio", "distributor")


class ExternalIdRow(Stamped, Base):
    """Ids at other sites of a movie, of a person in one role, or of a company. An id belongs to one row per entity.

    `entity` names the table (movie → movies …) and `entity_id` the row in it, so there is no foreign key.
    """

    __tablename__ = "external_ids"
    __table_args__ = (
        # In this order, the index finds an id by value with and without its namespace.
        PrimaryKeyConstraint("entity", "value", "namespace"),
        # SQLite builds a table for an IN list for every row it checks, which took a third of an insert's time.
        CheckConstraint(" OR ".join(f"entity = '{entity}'" for entity in ENTITIES), name="entity"),
        Index(None, "entity", "entity_id"),
        {"sqlite_with_rowid": False},
    )
    entity: Mapped[str] = mapped_column(String(20))
    namespace: Mapped[str] = mapped_column(String(20))
    value: Mapped[Str255]
    entity_id: Mapped[int]


class OfferRow(Stamped, Base):
    """Where a movie is or was available. `left_at` closes a row; rows are never deleted.

    `available_to` is a date as precise as known: `2026`, `2026-03` or `2026-03-31`.
    """

    __tablename__ = "offers"
    __table_args__ = (Index(None, "provider", "country", "left_at"), NEVER_REUSE_IDS)
    offer_id: Mapped[Id]
    movie_id: Mapped[MovieId] = mapped_column(index=True)
    source: Mapped[Str255]
    provider: Mapped[Str255]
    country: Mapped[Country]
    kind: Mapped[str] = mapped_column(String(30))
    presentation: Mapped[str | None] = mapped_column(String(20))
    price: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    currency: Mapped[Currency | None]
    url: Mapped[LongUrl | None]
    available_to: Mapped[str | None] = mapped_column(String(10))
    first_seen: Mapped[Moment]
    last_seen: Mapped[Moment]
    left_at: Mapped[Moment | None]


class MovieRedirectRow(Stamped, Base):
    """The id of a merged movie, which redirects. `old_movie_id` is no longer in `movies`."""

    __tablename__ = "movie_redirects"
    old_movie_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    movie_id: Mapped[MovieId] = mapped_column(index=True)


class PinRow(Stamped, Base):
    """A field of a movie with the value that a person set. No refresh changes it."""

    __tablename__ = "pins"
    movie_id: Mapped[MovieKey]
    field: Mapped[Str50] = mapped_column(primary_key=True)
    value: Mapped[Any | None]
    note: Mapped[LongText | None]
    pinned_at: Mapped[Moment]


class MovieSearchRow(Stamped, Base):
    """The words by which a movie is found, made by `search_words.py`: each column holds distinct words, sorted.

    SQLite's index is the table `movie_fts` (FTS5), PostgreSQL's is `ix_movie_search_words`.
    """

    __tablename__ = "movie_search"
    movie_id: Mapped[MovieKey]
    titles: Mapped[LongText]
    people: Mapped[LongText]
    plot: Mapped[LongText]


class SearchWordRow(Stamped, Base):
    """A word of a title or name, forwards and backwards, because misspellings share its beginning or its end."""

    __tablename__ = "search_words"
    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    backwards: Mapped[str] = mapped_column(Bytewise, index=True)
