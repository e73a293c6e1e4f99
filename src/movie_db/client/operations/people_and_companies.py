"""Operations: people and companies. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Sequence
from typing import Literal

from movie_db.client._caller import Caller, Pages, in_path
from movie_db.client.models import (
    Actor,
    Director,
    Distributor,
    FieldsParameter,
    Genre,
    ListActors,
    ListDirectors,
    ListDistributors,
    ListGenres,
    ListStudios,
    ListWriters,
    Movie,
    MoviePage,
    Studio,
    Writer,
)


class PeopleAndCompanies(Caller):
    """Who made the films and played in them."""

    def list_directors(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListDirectors, Director]:
        """List directors.

        In the order of their names, page by page.

        Args:
            name: Whose name begins so
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/directors", {"name": name, "limit": limit, "cursor": cursor}, "directors")

    def read_director(self, id: str | int) -> Director:
        """Read one director.

        The director with the ids, and how many movies the database has of them.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: Director = self._json("GET", f"/v1/directors/{in_path(id)}", {})
        return document

    def list_movies_of_director(
        self,
        id: str | int,
        *,
        fields: Sequence[FieldsParameter] | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[MoviePage, Movie]:
        """List the films of one director.

        In the order of their numbers, page by page.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            fields: Only these members, and the number; without it, all that are always told
            include: What is told beside the rest
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            f"/v1/directors/{in_path(id)}/movies",
            {"fields": fields, "include": include, "limit": limit, "cursor": cursor},
            "movies",
        )

    def list_writers(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListWriters, Writer]:
        """List writers.

        In the order of their names, page by page.

        Args:
            name: Whose name begins so
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/writers", {"name": name, "limit": limit, "cursor": cursor}, "writers")

    def read_writer(self, id: str | int) -> Writer:
        """Read one writer.

        The writer with the ids, and how many movies the database has of them.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: Writer = self._json("GET", f"/v1/writers/{in_path(id)}", {})
        return document

    def list_movies_of_writer(
        self,
        id: str | int,
        *,
        fields: Sequence[FieldsParameter] | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[MoviePage, Movie]:
        """List the films of one writer.

        In the order of their numbers, page by page.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            fields: Only these members, and the number; without it, all that are always told
            include: What is told beside the rest
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            f"/v1/writers/{in_path(id)}/movies",
            {"fields": fields, "include": include, "limit": limit, "cursor": cursor},
            "movies",
        )

    def list_actors(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListActors, Actor]:
        """List actors.

        In the order of their names, page by page.

        Args:
            name: Whose name begins so
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/actors", {"name": name, "limit": limit, "cursor": cursor}, "actors")

    def read_actor(self, id: str | int) -> Actor:
        """Read one actor.

        The actor with the ids, and how many movies the database has of them.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: Actor = self._json("GET", f"/v1/actors/{in_path(id)}", {})
        return document

    def list_movies_of_actor(
        self,
        id: str | int,
        *,
        fields: Sequence[FieldsParameter] | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[MoviePage, Movie]:
        """List the films of one actor.

        In the order of their numbers, page by page.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            fields: Only these members, and the number; without it, all that are always told
            include: What is told beside the rest
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            f"/v1/actors/{in_path(id)}/movies",
            {"fields": fields, "include": include, "limit": limit, "cursor": cursor},
            "movies",
        )

    def list_studios(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListStudios, Studio]:
        """List studios.

        In the order of their names, page by page.

        Args:
            name: Whose name begins so
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/studios", {"name": name, "limit": limit, "cursor": cursor}, "studios")

    def read_studio(self, id: str | int) -> Studio:
        """Read one studio.

        The studio with the ids, and how many movies the database has of it.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: Studio = self._json("GET", f"/v1/studios/{in_path(id)}", {})
        return document

    def list_movies_of_studio(
        self,
        id: str | int,
        *,
        fields: Sequence[FieldsParameter] | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[MoviePage, Movie]:
        """List the films of one studio.

        In the order of their numbers, page by page.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            fields: Only these members, and the number; without it, all that are always told
            include: What is told beside the rest
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            f"/v1/studios/{in_path(id)}/movies",
            {"fields": fields, "include": include, "limit": limit, "cursor": cursor},
            "movies",
        )

    def list_distributors(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListDistributors, Distributor]:
        """List distributors.

        In the order of their names, page by page.

        Args:
            name: Whose name begins so
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/distributors", {"name": name, "limit": limit, "cursor": cursor}, "distributors")

    def read_distributor(self, id: str | int) -> Distributor:
        """Read one distributor.

        The distributor with the ids, and how many movies the database has of it.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: Distributor = self._json("GET", f"/v1/distributors/{in_path(id)}", {})
        return document

    def list_movies_of_distributor(
        self,
        id: str | int,
        *,
        fields: Sequence[FieldsParameter] | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[MoviePage, Movie]:
        """List the films of one distributor.

        In the order of their numbers, page by page.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            fields: Only these members, and the number; without it, all that are always told
            include: What is told beside the rest
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            f"/v1/distributors/{in_path(id)}/movies",
            {"fields": fields, "include": include, "limit": limit, "cursor": cursor},
            "movies",
        )

    def list_genres(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListGenres, Genre]:
        """List genres.

        In the order of their names, page by page.

        Args:
            name: Whose name begins so
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/genres", {"name": name, "limit": limit, "cursor": cursor}, "genres")

    def read_genre(self, id: int) -> Genre:
        """Read one genre.

        The genre, and how many movies the database has of it.

        Args:
            id: The number here
        """
        document: Genre = self._json("GET", f"/v1/genres/{in_path(id)}", {})
        return document

    def list_movies_of_genre(
        self,
        id: int,
        *,
        fields: Sequence[FieldsParameter] | None = None,
        include: Sequence[Literal["cast", "alternative_titles", "offers", "provenance", "credit_ids"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[MoviePage, Movie]:
        """List the films of one genre.

        In the order of their numbers, page by page.

        Args:
            id: The number here
            fields: Only these members, and the number; without it, all that are always told
            include: What is told beside the rest
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages(
            f"/v1/genres/{in_path(id)}/movies",
            {"fields": fields, "include": include, "limit": limit, "cursor": cursor},
            "movies",
        )
