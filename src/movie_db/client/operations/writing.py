"""Operations: writing. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Iterable, Iterator

from movie_db.client._caller import Caller, Match, in_path
from movie_db.client.models import (
    Actor,
    Director,
    Distributor,
    DistributorFields,
    DistributorNew,
    DistributorWrite,
    Genre,
    GenreNew,
    LineResult,
    Movie,
    MovieFields,
    MovieNew,
    MovieWrite,
    PartyPins,
    PersonFields,
    PersonNew,
    PersonWrite,
    Pins,
    RowResult,
    Studio,
    StudioFields,
    StudioNew,
    StudioWrite,
    Writer,
)


class Writing(Caller):
    """What people write takes precedence over every source. Writing requires a key, sent as
    `Authorization: Bearer KEY`. `movie-db key create NAME --scope write` creates one."""

    def create_movie(self, body: MovieNew) -> Movie:
        """Create a movie.

        The given fields are pinned: no refresh changes them. The response is 409, with `Location`, if a
        movie has one of the ids already, or if it appears to be an existing movie.
        """
        document: Movie = self._json("POST", "/v1/movies", {}, body)
        return document

    def upsert_movies(self, body: Iterable[MovieWrite]) -> Iterator[LineResult]:
        """Upsert many movies.

        One movie per line (JSON Lines), each line at most 1 MiB. Each line is handled like `PUT
        /v1/movies/{id}`; a line without ids creates a movie. Several lines may name the same movie; they
        are applied in order. An invalid line does not affect the others. The response has one line per non-
        empty line of the request, in the same order, sent as each is done.
        """
        return self._send_each("/v1/movies/bulk", body)

    def put_movie(self, id: str | int, body: MovieWrite, *, if_match: Match | None = None) -> Movie:
        """Upsert a movie.

        Sets the given fields of the movie with this id, or creates the movie if there is none and a title
        is given. Other fields stay as they are. The given fields are pinned: no refresh changes them.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Movie = self._json("PUT", f"/v1/movies/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_movie(self, id: str | int, body: MovieFields, *, if_match: Match | None = None) -> Movie:
        """Update fields of a movie.

        A merge patch: given fields are set, null clears a field, and other fields stay as they are. The
        given fields are pinned: no refresh changes them. Delete a pin to return the field to the sources.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Movie = self._json("PATCH", f"/v1/movies/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_movie(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a movie.

        Deletes the movie with everything recorded about it. If a gallery lists it again, it is added again.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        self._json("DELETE", f"/v1/movies/{in_path(id)}", {}, match=if_match)

    def list_pins(self, id: str | int) -> Pins:
        """List a movie's pins.

        The fields that no refresh changes.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
        """
        document: Pins = self._json("GET", f"/v1/movies/{in_path(id)}/pins", {})
        return document

    def delete_pin(self, id: str | int, field: str | int) -> Movie:
        """Unpin a field.

        Removes the pin. The value is recomputed from the source records.

        Args:
            id: The movie's number, or an external id such as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. Write a slash inside an id as
                %2F. The number of a movie that was merged into another redirects there (308).
            field: The field's name
        """
        document: Movie = self._json("DELETE", f"/v1/movies/{in_path(id)}/pins/{in_path(field)}", {})
        return document

    def create_director(self, body: PersonNew) -> Director:
        """Create a director.

        The given fields are pinned: no refresh changes them. Movies refer to the person by one of the ids.
        The response is 409, with `Location`, if one of the ids exists already.
        """
        document: Director = self._json("POST", "/v1/directors", {}, body)
        return document

    def upsert_directors(self, body: Iterable[PersonWrite]) -> Iterator[RowResult]:
        """Upsert many directors.

        One director per line (JSON Lines), each line at most 1 MiB. Each line is handled like `PUT
        /v1/directors/{id}`; a line without ids creates a director. An invalid line does not affect the
        others. The response has one line per non-empty line of the request, in the same order, sent as each
        is done.
        """
        return self._send_each("/v1/directors/bulk", body)

    def put_director(self, id: str | int, body: PersonWrite, *, if_match: Match | None = None) -> Director:
        """Upsert a director.

        Sets the given fields of the director with this id, or creates the director if there is none and a
        name is given. Other fields stay as they are. The given fields are pinned: no refresh changes them.
        If the path has a number, the director must exist, and the body must not have ids.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Director = self._json("PUT", f"/v1/directors/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_director(self, id: str | int, body: PersonFields, *, if_match: Match | None = None) -> Director:
        """Update fields of a director.

        A merge patch: given fields are set, null clears a field, and other fields stay as they are. The
        given fields are pinned: no refresh changes them. Delete a pin to return the field to the sources. A
        date is pinned together with its year, and a year with its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Director = self._json("PATCH", f"/v1/directors/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_director(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a director.

        The response is 409 while movies refer to them: update these movies first. If a source names them
        again, they are added again.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        self._json("DELETE", f"/v1/directors/{in_path(id)}", {}, match=if_match)

    def list_pins_of_director(self, id: str | int) -> PartyPins:
        """List the pins of a director.

        The fields that no refresh changes, with the sources' current values.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/directors/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_director(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Director:
        """Unpin a field of a director.

        The field gets the sources' value again. A date is unpinned together with its year, and a year with
        its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
            field: The field's name
        """
        document: Director = self._json(
            "DELETE", f"/v1/directors/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match
        )
        return document

    def create_writer(self, body: PersonNew) -> Writer:
        """Create a writer.

        The given fields are pinned: no refresh changes them. Movies refer to the person by one of the ids.
        The response is 409, with `Location`, if one of the ids exists already.
        """
        document: Writer = self._json("POST", "/v1/writers", {}, body)
        return document

    def upsert_writers(self, body: Iterable[PersonWrite]) -> Iterator[RowResult]:
        """Upsert many writers.

        One writer per line (JSON Lines), each line at most 1 MiB. Each line is handled like `PUT
        /v1/writers/{id}`; a line without ids creates a writer. An invalid line does not affect the others.
        The response has one line per non-empty line of the request, in the same order, sent as each is
        done.
        """
        return self._send_each("/v1/writers/bulk", body)

    def put_writer(self, id: str | int, body: PersonWrite, *, if_match: Match | None = None) -> Writer:
        """Upsert a writer.

        Sets the given fields of the writer with this id, or creates the writer if there is none and a name
        is given. Other fields stay as they are. The given fields are pinned: no refresh changes them. If
        the path has a number, the writer must exist, and the body must not have ids.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Writer = self._json("PUT", f"/v1/writers/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_writer(self, id: str | int, body: PersonFields, *, if_match: Match | None = None) -> Writer:
        """Update fields of a writer.

        A merge patch: given fields are set, null clears a field, and other fields stay as they are. The
        given fields are pinned: no refresh changes them. Delete a pin to return the field to the sources. A
        date is pinned together with its year, and a year with its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Writer = self._json("PATCH", f"/v1/writers/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_writer(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a writer.

        The response is 409 while movies refer to them: update these movies first. If a source names them
        again, they are added again.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        self._json("DELETE", f"/v1/writers/{in_path(id)}", {}, match=if_match)

    def list_pins_of_writer(self, id: str | int) -> PartyPins:
        """List the pins of a writer.

        The fields that no refresh changes, with the sources' current values.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/writers/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_writer(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Writer:
        """Unpin a field of a writer.

        The field gets the sources' value again. A date is unpinned together with its year, and a year with
        its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
            field: The field's name
        """
        document: Writer = self._json("DELETE", f"/v1/writers/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document

    def create_actor(self, body: PersonNew) -> Actor:
        """Create an actor.

        The given fields are pinned: no refresh changes them. Movies refer to the person by one of the ids.
        The response is 409, with `Location`, if one of the ids exists already.
        """
        document: Actor = self._json("POST", "/v1/actors", {}, body)
        return document

    def upsert_actors(self, body: Iterable[PersonWrite]) -> Iterator[RowResult]:
        """Upsert many actors.

        One actor per line (JSON Lines), each line at most 1 MiB. Each line is handled like `PUT
        /v1/actors/{id}`; a line without ids creates an actor. An invalid line does not affect the others.
        The response has one line per non-empty line of the request, in the same order, sent as each is
        done.
        """
        return self._send_each("/v1/actors/bulk", body)

    def put_actor(self, id: str | int, body: PersonWrite, *, if_match: Match | None = None) -> Actor:
        """Upsert an actor.

        Sets the given fields of the actor with this id, or creates the actor if there is none and a name is
        given. Other fields stay as they are. The given fields are pinned: no refresh changes them. If the
        path has a number, the actor must exist, and the body must not have ids.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Actor = self._json("PUT", f"/v1/actors/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_actor(self, id: str | int, body: PersonFields, *, if_match: Match | None = None) -> Actor:
        """Update fields of an actor.

        A merge patch: given fields are set, null clears a field, and other fields stay as they are. The
        given fields are pinned: no refresh changes them. Delete a pin to return the field to the sources. A
        date is pinned together with its year, and a year with its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Actor = self._json("PATCH", f"/v1/actors/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_actor(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete an actor.

        The response is 409 while movies refer to them: update these movies first. If a source names them
        again, they are added again.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        self._json("DELETE", f"/v1/actors/{in_path(id)}", {}, match=if_match)

    def list_pins_of_actor(self, id: str | int) -> PartyPins:
        """List the pins of an actor.

        The fields that no refresh changes, with the sources' current values.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/actors/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_actor(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Actor:
        """Unpin a field of an actor.

        The field gets the sources' value again. A date is unpinned together with its year, and a year with
        its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
            field: The field's name
        """
        document: Actor = self._json("DELETE", f"/v1/actors/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document

    def create_studio(self, body: StudioNew) -> Studio:
        """Create a studio.

        The given fields are pinned: no refresh changes them. Movies refer to the company by one of the ids.
        The response is 409, with `Location`, if one of the ids exists already, or if there is a company
        with this name.
        """
        document: Studio = self._json("POST", "/v1/studios", {}, body)
        return document

    def upsert_studios(self, body: Iterable[StudioWrite]) -> Iterator[RowResult]:
        """Upsert many studios.

        One studio per line (JSON Lines), each line at most 1 MiB. Each line is handled like `PUT
        /v1/studios/{id}`; a line without ids refers to the studio of that name, or creates it. An invalid
        line does not affect the others. The response has one line per non-empty line of the request, in the
        same order, sent as each is done.
        """
        return self._send_each("/v1/studios/bulk", body)

    def put_studio(self, id: str | int, body: StudioWrite, *, if_match: Match | None = None) -> Studio:
        """Upsert a studio.

        Sets the given fields of the studio with this id, or creates the studio if there is none and a name
        is given. Other fields stay as they are. The given fields are pinned: no refresh changes them. If
        the path has a number, the studio must exist, and the body must not have ids.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Studio = self._json("PUT", f"/v1/studios/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_studio(self, id: str | int, body: StudioFields, *, if_match: Match | None = None) -> Studio:
        """Update fields of a studio.

        A merge patch: given fields are set, null clears a field, and other fields stay as they are. The
        given fields are pinned: no refresh changes them. Delete a pin to return the field to the sources. A
        date is pinned together with its year, and a year with its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Studio = self._json("PATCH", f"/v1/studios/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_studio(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a studio.

        The response is 409 while movies refer to it: update these movies first. If a source names it again,
        it is added again.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        self._json("DELETE", f"/v1/studios/{in_path(id)}", {}, match=if_match)

    def list_pins_of_studio(self, id: str | int) -> PartyPins:
        """List the pins of a studio.

        The fields that no refresh changes, with the sources' current values.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/studios/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_studio(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Studio:
        """Unpin a field of a studio.

        The field gets the sources' value again. A date is unpinned together with its year, and a year with
        its date.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
            field: The field's name
        """
        document: Studio = self._json("DELETE", f"/v1/studios/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document

    def create_distributor(self, body: DistributorNew) -> Distributor:
        """Create a distributor.

        The given fields are pinned: no refresh changes them. Movies refer to the company by one of the ids.
        The response is 409, with `Location`, if one of the ids exists already, or if there is a company
        with this name.
        """
        document: Distributor = self._json("POST", "/v1/distributors", {}, body)
        return document

    def upsert_distributors(self, body: Iterable[DistributorWrite]) -> Iterator[RowResult]:
        """Upsert many distributors.

        One distributor per line (JSON Lines), each line at most 1 MiB. Each line is handled like `PUT
        /v1/distributors/{id}`; a line without ids refers to the distributor of that name, or creates it. An
        invalid line does not affect the others. The response has one line per non-empty line of the
        request, in the same order, sent as each is done.
        """
        return self._send_each("/v1/distributors/bulk", body)

    def put_distributor(self, id: str | int, body: DistributorWrite, *, if_match: Match | None = None) -> Distributor:
        """Upsert a distributor.

        Sets the given fields of the distributor with this id, or creates the distributor if there is none
        and a name is given. Other fields stay as they are. The given fields are pinned: no refresh changes
        them. If the path has a number, the distributor must exist, and the body must not have ids.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Distributor = self._json("PUT", f"/v1/distributors/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_distributor(
        self, id: str | int, body: DistributorFields, *, if_match: Match | None = None
    ) -> Distributor:
        """Update fields of a distributor.

        A merge patch: given fields are set, null clears a field, and other fields stay as they are. The
        given fields are pinned: no refresh changes them. Delete a pin to return the field to the sources.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Distributor = self._json("PATCH", f"/v1/distributors/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_distributor(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a distributor.

        The response is 409 while movies refer to it: update these movies first. If a source names it again,
        it is added again.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        self._json("DELETE", f"/v1/distributors/{in_path(id)}", {}, match=if_match)

    def list_pins_of_distributor(self, id: str | int) -> PartyPins:
        """List the pins of a distributor.

        The fields that no refresh changes, with the sources' current values.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/distributors/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_distributor(
        self, id: str | int, field: str | int, *, if_match: Match | None = None
    ) -> Distributor:
        """Unpin a field of a distributor.

        The field gets the sources' value again.

        Args:
            id: The number, or an external id such as `wikidata:Q56093`
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
            field: The field's name
        """
        document: Distributor = self._json(
            "DELETE", f"/v1/distributors/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match
        )
        return document

    def create_genre(self, body: GenreNew) -> Genre:
        """Create a genre.

        A genre that movies may have. The response is 409, with `Location`, if a genre with this name exists
        already, or if it is a source's name for an existing genre.
        """
        document: Genre = self._json("POST", "/v1/genres", {}, body)
        return document

    def upsert_genres(self, body: Iterable[GenreNew]) -> Iterator[RowResult]:
        """Upsert many genres.

        One genre per line (JSON Lines), each line at most 1 MiB. A genre that does not exist is created. An
        invalid line does not affect the others. The response has one line per non-empty line of the
        request, in the same order, sent as each is done.
        """
        return self._send_each("/v1/genres/bulk", body)

    def put_genre(self, id: int, body: GenreNew, *, if_match: Match | None = None) -> Genre:
        """Upsert a genre.

        Renames the genre. Movies that have it, and sources that use its former name, get the new name.

        Args:
            id: The genre's number
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Genre = self._json("PUT", f"/v1/genres/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_genre(self, id: int, body: GenreNew, *, if_match: Match | None = None) -> Genre:
        """Update a genre.

        A merge patch. The name is pinned: movies and sources that use the former name refer to this genre
        too.

        Args:
            id: The genre's number
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        document: Genre = self._json("PATCH", f"/v1/genres/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_genre(self, id: int, *, if_match: Match | None = None) -> None:
        """Delete a genre.

        The response is 409 while movies refer to it: update these movies first. If a source names it again,
        it is added again.

        Args:
            id: The genre's number
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
        """
        self._json("DELETE", f"/v1/genres/{in_path(id)}", {}, match=if_match)

    def list_pins_of_genre(self, id: int) -> PartyPins:
        """List the pins of a genre.

        The fields that no refresh changes, with the sources' current values.

        Args:
            id: The genre's number
        """
        document: PartyPins = self._json("GET", f"/v1/genres/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_genre(self, id: int, field: str | int, *, if_match: Match | None = None) -> Genre:
        """Unpin a field of a genre.

        The field gets the sources' value again.

        Args:
            id: The genre's number
            if_match: The ETag from the last read. If the resource has changed since, nothing is written
                (412)
            field: The field's name
        """
        document: Genre = self._json("DELETE", f"/v1/genres/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document
