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
    """Directors, writers, actors, studios and distributors, with their movies."""

    def list_directors(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListDirectors, Director]:
        """List directors.

        Ordered by name, page by page.

        Args:
            name: Only names that start with this
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/directors", {"name": name, "limit": limit, "cursor": cursor}, "directors")

    def read_director(self, id: str | int) -> Director:
        """Read one director.

        The director with the ids, and how many movies the database has of them.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
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
        """List the movies of one director.

        Ordered by number, page by page.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            fields: Only these members, and the number; the default is all members that are always included
            include: Additional members
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
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

        Ordered by name, page by page.

        Args:
            name: Only names that start with this
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/writers", {"name": name, "limit": limit, "cursor": cursor}, "writers")

    def read_writer(self, id: str | int) -> Writer:
        """Read one writer.

        The writer with the ids, and how many movies the database has of them.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
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
        """List the movies of one writer.

        Ordered by number, page by page.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            fields: Only these members, and the number; the default is all members that are always included
            include: Additional members
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
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

        Ordered by name, page by page.

        Args:
            name: Only names that start with this
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/actors", {"name": name, "limit": limit, "cursor": cursor}, "actors")

    def read_actor(self, id: str | int) -> Actor:
        """Read one actor.

        The actor with the ids, and how many movies the database has of them.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
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
        """List the movies of one actor.

        Ordered by number, page by page.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            fields: Only these members, and the number; the default is all members that are always included
            include: Additional members
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
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

        Ordered by name, page by page.

        Args:
            name: Only names that start with this
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/studios", {"name": name, "limit": limit, "cursor": cursor}, "studios")

    def read_studio(self, id: str | int) -> Studio:
        """Read one studio.

        The studio with the ids, and how many movies the database has of it.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
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
        """List the movies of one studio.

        Ordered by number, page by page.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            fields: Only these members, and the number; the default is all members that are always included
            include: Additional members
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
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

        Ordered by name, page by page.

        Args:
            name: Only names that start with this
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/distributors", {"name": name, "limit": limit, "cursor": cursor}, "distributors")

    def read_distributor(self, id: str | int) -> Distributor:
        """Read one distributor.

        The distributor with the ids, and how many movies the database has of it.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
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
        """List the movies of one distributor.

        Ordered by number, page by page.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            fields: Only these members, and the number; the default is all members that are always included
            include: Additional members
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
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

        Ordered by name, page by page.

        Args:
            name: Only names that start with this
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/genres", {"name": name, "limit": limit, "cursor": cursor}, "genres")

    def read_genre(self, id: int) -> Genre:
        """Read one genre.

        The genre, and how many movies the database has of it.

        Args:
            id: The genre's number
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
        """List the movies of one genre.

        Ordered by number, page by page.

        Args:
            id: The genre's number
            fields: Only these members, and the number; the default is all members that are always included
            include: Additional members
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages(
            f"/v1/genres/{in_path(id)}/movies",
            {"fields": fields, "include": include, "limit": limit, "cursor": cursor},
            "movies",
        )
