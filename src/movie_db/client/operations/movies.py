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
    """What the database holds."""

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
        """List and search films.

        All films, or those that fit all parameters given. Several values of one parameter are written with
        commas between them, or the parameter is given several times: one of the values has to fit.

        `q` searches titles (original and alternative ones, too), names of directors, writers and actors,
        and plots, whatever case and accents. All words have to be found. Where films have them in the title
        they come first, before those that need names, before those that need the plot; then the better
        known ones. Only if nothing is found, words that are nowhere are taken for words that begin so, or
        that are spelt nearly so: `replaced` tells.

        A page begins behind the last film of the page before: films that are added meanwhile shift nothing,
        and a late page is as fast as the first.

        Args:
            q: What to search for
            genre: Of one of these genres, whatever case
            year_min: Year of release, at least
            year_max: Year of release, at most
            runtime_min: Runtime in minutes, at least
            runtime_max: Runtime in minutes, at most
            rating_min: Rating on 0 to 10, at least
            rating_max: Rating on 0 to 10, at most
            votes_min: Votes that the rating is of, at least
            votes_max: Votes that the rating is of, at most
            age_rating: With one of these certifications, as `PG-13`
            country: From one of these countries, ISO 3166-1 alpha-2
            language: In one of these languages, ISO 639
            provider: Offered now by one of these providers, whatever case
            offer_country: Offered now in one of these countries, by that provider if one is named
            offer_kind: Offered now in one of these ways, such as `flatrate`, `rent`, `buy`, `free`, `ads`
            director: Directed by: a number, an id as `wikidata:Q56093`, or a whole name
            writer: Written by: a number, an id as `wikidata:Q56093`, or a whole name
            actor: With: a number, an id as `wikidata:Q56093`, or a whole name
            person: Directed by, written by or with this person: a number, an id as `imdb:nm0000148`, or a
                whole name
            studio: Made by: a number, an id as `wikidata:Q56093`, or a whole name
            distributor: Distributed by: a number, an id as `wikidata:Q56093`, or a whole name
            has: Of which all of these are known; of the namespaces, an id
            lacks: Of which none of these is known
            source: Of which one of these sources has a record
            sort: The order, falling with `-` before it. Films without the value come last. Without it, by
                relevance where `q` is given, else by number
            facets: How many of these films have which values, and the total of films; of each, the 100
                values that most films have
            fields: Only these members, and the number; without it, all that are always told
            include: What is told beside the rest
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
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
        """Read one film.

        The golden record: of each field, the value that won.

        With `as_of`, the film is as it stood then, as far as is known. Values that changed at a source
        since are put back, with credits, billing and ids; what a person pinned since is as the sources tell
        it; offers are those of that time. People and companies have a number only if there is a row of them
        still. `provenance` leaves out what was put back. What is not kept is as it is now: the film's ids,
        when an offer was last seen, and what a source says that was asked for the first time since. Of two
        films that are one now, there is one. A film that was not known yet is not found (404).

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
            fields: Only these members, and the number; without it, all that are always told
            as_of: As it was then
            include: What is told beside the rest; without it, and without `fields`, cast and
                alternative_titles
        """
        document: Movie = self._json(
            "GET", f"/v1/movies/{in_path(id)}", {"fields": fields, "as_of": as_of, "include": include}
        )
        return document

    def read_provenance(self, id: str | int) -> Provenances:
        """Where a film's values come from.

        By field, the source whose value won, and the values that it beat.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
        """
        document: Provenances = self._json("GET", f"/v1/movies/{in_path(id)}/provenance", {})
        return document

    def read_sources(self, id: str | int) -> Sources:
        """What each source says of a film.

        The records as the sources gave them, why each was taken for this film, and what became of asking.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
        """
        document: Sources = self._json("GET", f"/v1/movies/{in_path(id)}/sources", {})
        return document

    def read_history(self, id: str | int) -> History:
        """What changed of a film.

        Values that sources told otherwise than before, and offers that came and left, the oldest first.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
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
        """Where a film can be seen.

        The ledger of offers.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
            country: Only of these countries, ISO 3166-1 alpha-2
            left: Whether offers that are gone are told, too
            as_of: As it was then
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

        Fields of which a source says otherwise than the golden record, in the order of the films' numbers,
        page by page. What is the same fact in other signs is no conflict: a year and a day of it, 117 and
        116 minutes. A page may have fewer rows than `limit`, even none, though `next` leads on: one request
        looks at so many films only.

        Args:
            field: Only of this field. Without it, of all but plot, tagline, homepage and the URLs of poster
                and trailer, in which no two sources say the same
            source: Only where this source is outvoted
            movie_id: Only of this film
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
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

        What each source rates films, in the order of their numbers.

        Args:
            movie_id: Of this film
            source: Of this rater
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            "/v1/ratings", {"movie_id": movie_id, "source": source, "limit": limit, "cursor": cursor}, "ratings"
        )

    def read_rating(self, id: int) -> Rating:
        """Read one rating.

        What one source rates one film.

        Args:
            id: Its number
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

        Roles of actors in films, in the order of their numbers.

        Args:
            movie_id: Of this film
            actor_id: Of this actor
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            "/v1/cast", {"movie_id": movie_id, "actor_id": actor_id, "limit": limit, "cursor": cursor}, "cast"
        )

    def read_cast_member(self, id: int) -> CastMember:
        """Read one cast member.

        One role of an actor in a film.

        Args:
            id: Its number
        """
        document: CastMember = self._json("GET", f"/v1/cast/{in_path(id)}", {})
        return document
