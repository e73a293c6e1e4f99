"""Operations: movies. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from movie_db.client._caller import Caller, Pages, in_path
from movie_db.client.models import (
    CastMember,
    Conflict,
    FacetsParameter,
    FieldParameter,
    FieldsParameter,
    History,
    Known,
    ListCast,
    ListConflicts,
    ListMovies,
    ListRatings,
    Movie,
    Offers,
    Provenances,
    Rating,
    SortParameter,
    Sources,
)


class Movies(Caller):
    """Read and search movies."""

    def list_movies(
        self,
        *,
        q: str | None = None,
        genre: Sequence[str] | None = None,
        year_min: int | None = None,
        year_max: int | None = None,
        runtime_min: int | None = None,
        runtime_max: int | None = None,
        rating_min: float | None = None,
        rating_max: float | None = None,
        votes_min: int | None = None,
        votes_max: int | None = None,
        age_rating: Sequence[str] | None = None,
        country: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        provider: Sequence[str] | None = None,
        offer_country: Sequence[str] | None = None,
        offer_kind: Sequence[str] | None = None,
        director: str | None = None,
        writer: str | None = None,
        actor: str | None = None,
        person: str | None = None,
        studio: str | None = None,
        distributor: str | None = None,
        has: Sequence[Known] | None = None,
        lacks: Sequence[Known] | None = None,
        source: Sequence[str] | None = None,
        sort: SortParameter | None = None,
        facets: Sequence[FacetsParameter] | None = None,
        fields: Sequence[FieldsParameter] | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[ListMovies, Movie]:
        """List and search movies.

        Lists all movies, or those that match all given parameters. To give several values for one
        parameter, separate them with commas or repeat the parameter; a movie matches if it has any of them.

        `q` searches titles (including original and alternative ones), names of directors, writers and
        actors, and plots, ignoring case and accents. All words must match. Movies with all words in the
        title come first, then those that match with the help of names, then those that match only with the
        help of the plot; within each group, movies with more votes come first. If nothing matches, words
        that do not occur anywhere are replaced by words that start with them or are spelled similarly;
        `replaced` lists them.

        A page starts after the last movie of the previous page, so movies added in the meantime shift
        nothing, and late pages are as fast as the first.

        Args:
            q: Words to search for
            genre: Only movies of one of these genres, ignoring case
            year_min: Earliest year of release
            year_max: Latest year of release
            runtime_min: Minimum runtime in minutes
            runtime_max: Maximum runtime in minutes
            rating_min: Minimum rating, on a scale from 0 to 10
            rating_max: Maximum rating, on a scale from 0 to 10
            votes_min: Minimum number of votes behind the rating
            votes_max: Maximum number of votes behind the rating
            age_rating: Only movies with one of these certifications, such as `PG-13`
            country: Only movies from one of these countries, ISO 3166-1 alpha-2
            language: Only movies in one of these languages, ISO 639
            provider: Only movies currently offered by one of these providers, ignoring case
            offer_country: Only movies currently offered in one of these countries, by the given provider if
                there is one
            offer_kind: Only movies currently offered in one of these ways, such as `flatrate`, `rent`,
                `buy`, `free`, `ads`
            director: The director: a number, an id such as `wikidata:Q56093`, or a complete name
            writer: The writer: a number, an id such as `wikidata:Q56093`, or a complete name
            actor: The actor: a number, an id such as `wikidata:Q56093`, or a complete name
            person: A director, writer or actor: a number, an id such as `imdb:nm0000148`, or a complete
                name
            studio: The studio: a number, an id such as `wikidata:Q56093`, or a complete name
            distributor: The distributor: a number, an id such as `wikidata:Q56093`, or a complete name
            has: Only movies that have all of these; a namespace means an id in it
            lacks: Only movies that have none of these
            source: Only movies with a record from one of these sources
            sort: The order; a leading `-` means descending. Movies without the value come last. The default
                is relevance if `q` is given, otherwise `id`
            facets: Count these movies by value, with their total; for each facet, the 100 values with the
                most movies
            fields: Only these members, and the number; the default is all members that are always included
            include: Additional members
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages(
            "/v1/movies",
            {
                "q": q,
                "genre": genre,
                "year_min": year_min,
                "year_max": year_max,
                "runtime_min": runtime_min,
                "runtime_max": runtime_max,
                "rating_min": rating_min,
                "rating_max": rating_max,
                "votes_min": votes_min,
                "votes_max": votes_max,
                "age_rating": age_rating,
                "country": country,
                "language": language,
                "provider": provider,
                "offer_country": offer_country,
                "offer_kind": offer_kind,
                "director": director,
                "writer": writer,
                "actor": actor,
                "person": person,
                "studio": studio,
                "distributor": distributor,
                "has": has,
                "lacks": lacks,
                "source": source,
                "sort": sort,
                "facets": facets,
                "fields": fields,
                "include": include,
                "limit": limit,
                "cursor": cursor,
            },
            "movies",
        )

    def read_movie(
        self,
        id: str | int,
        *,
        fields: Sequence[FieldsParameter] | None = None,
        as_of: datetime | str | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
    ) -> Movie:
        """Read one movie.

        Returns the golden record: for each field, the value that won.

        With `as_of`, the movie is returned as it was at that moment, as far as the history goes. Values
        that have since changed at a source are restored, with credits, billing and ids. Fields that a
        person has pinned since then have the sources' values. Offers are those of that time. People and
        companies have a number only if they still have a row. `provenance` leaves out restored values. The
        history does not cover the movie's own ids, when an offer was last seen, and records of sources that
        were first requested later: these are as they are now. Movies that have been merged are one movie. A
        movie that was not in the database yet is not found (404).

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
            fields: Only these members, and the number; the default is all members that are always included
            as_of: Return the movie as it was at this moment
            include: Additional members. The default, unless `fields` is given, is `cast` and
                `alternative_titles`
        """
        document: Movie = self._json(
            "GET", f"/v1/movies/{in_path(id)}", {"fields": fields, "as_of": as_of, "include": include}
        )
        return document

    def read_provenance(self, id: str | int) -> Provenances:
        """Read where a movie's values come from.

        For each field, the source whose value won, and the values that lost.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
        """
        document: Provenances = self._json("GET", f"/v1/movies/{in_path(id)}/provenance", {})
        return document

    def read_sources(self, id: str | int) -> Sources:
        """Read what each source says about a movie.

        The records as the sources gave them, why each was matched to this movie, and the outcome of each
        source's last request.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
        """
        document: Sources = self._json("GET", f"/v1/movies/{in_path(id)}/sources", {})
        return document

    def read_history(self, id: str | int) -> History:
        """Read a movie's history.

        Values that changed at a source, and offers that were added and removed, oldest first.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
        """
        document: History = self._json("GET", f"/v1/movies/{in_path(id)}/history", {})
        return document

    def read_offers(
        self,
        id: str | int,
        *,
        country: Sequence[str] | None = None,
        left: bool | None = None,
        as_of: datetime | str | None = None,
    ) -> Offers:
        """Read where a movie is available.

        Current offers, and on request past ones.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
            country: Only offers in these countries, ISO 3166-1 alpha-2
            left: Whether to include past offers
            as_of: Return the movie as it was at this moment
        """
        document: Offers = self._json(
            "GET", f"/v1/movies/{in_path(id)}/offers", {"country": country, "left": left, "as_of": as_of}
        )
        return document

    def list_conflicts(
        self,
        *,
        field: FieldParameter | None = None,
        source: str | None = None,
        movie_id: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[ListConflicts, Conflict]:
        """List where sources disagree.

        Fields for which a source has a different value than the golden record, in order of the movies'
        numbers, page by page. Differences in notation or precision are not conflicts: a year and a day of
        that year, 117 and 116 minutes. One request examines a limited number of movies, so a page may have
        fewer rows than `limit`, or none, although `next` is not null.

        Args:
            field: Only conflicts about this field. The default is every field except plot, tagline,
                homepage, poster URL and trailer URL, which differ between any two sources
            source: Only conflicts in which this source's value lost
            movie_id: Only conflicts about this movie
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages(
            "/v1/conflicts",
            {"field": field, "source": source, "movie_id": movie_id, "limit": limit, "cursor": cursor},
            "conflicts",
        )

    def list_ratings(
        self,
        *,
        movie_id: int | None = None,
        source: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[ListRatings, Rating]:
        """List ratings.

        Ratings of movies by each rater, ordered by number.

        Args:
            movie_id: Only of this movie
            source: Only by this rater
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages(
            "/v1/ratings", {"movie_id": movie_id, "source": source, "limit": limit, "cursor": cursor}, "ratings"
        )

    def read_rating(self, id: int) -> Rating:
        """Read one rating.

        One rater's rating of one movie.

        Args:
            id: The row's number
        """
        document: Rating = self._json("GET", f"/v1/ratings/{in_path(id)}", {})
        return document

    def list_cast(
        self,
        *,
        movie_id: int | None = None,
        actor_id: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[ListCast, CastMember]:
        """List cast members.

        Actors' roles in movies, ordered by number.

        Args:
            movie_id: Only of this movie
            actor_id: Only of this actor
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages(
            "/v1/cast", {"movie_id": movie_id, "actor_id": actor_id, "limit": limit, "cursor": cursor}, "cast"
        )

    def read_cast_member(self, id: int) -> CastMember:
        """Read one cast member.

        One role of an actor in a movie.

        Args:
            id: The row's number
        """
        document: CastMember = self._json("GET", f"/v1/cast/{in_path(id)}", {})
        return document
