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
    """What persons say counts more than any source. Writing needs a key, sent as `Authorization: Bearer
    KEY`, which `movie-db key create NAME --scope write` makes."""

    def create_movie(self, body: MovieNew) -> Movie:
        """Create a film.

        What is written is pinned: no refresh changes it. 409, with `Location`, if a film has one of the ids
        already, or if it seems to be one that is there.
        """
        document: Movie = self._json("POST", "/v1/movies", {}, body)
        return document

    def upsert_movies(self, body: Iterable[MovieWrite]) -> Iterator[LineResult]:
        """Upsert many films.

        A film a line (JSON Lines), of at most 1 MiB. Of each, what `PUT /v1/movies/{id}` does with one; a
        line without ids is a new film. Several lines may speak of one film: they count one after the other.
        A bad line stops no other. The answer has a line for each line that is not empty, in their order, as
        they are done.
        """
        return self._send_each("/v1/movies/bulk", body)

    def put_movie(self, id: str | int, body: MovieWrite, *, if_match: Match | None = None) -> Movie:
        """Upsert a film.

        Gives the film with this id these fields; makes it, if there is none and a title is given. Fields
        that are not given stay as they are. Whatever is given is pinned: no refresh changes it.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Movie = self._json("PUT", f"/v1/movies/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_movie(self, id: str | int, body: MovieFields, *, if_match: Match | None = None) -> Movie:
        """Change fields of a film.

        A merge patch: fields that are given get the value, null empties one, others stay. What is given is
        pinned: no refresh changes it; deleting the pin gives the field back to the sources.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Movie = self._json("PATCH", f"/v1/movies/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_movie(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a film.

        With all that is known of it. If a gallery lists it again, it comes again.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        self._json("DELETE", f"/v1/movies/{in_path(id)}", {}, match=if_match)

    def list_pins(self, id: str | int) -> Pins:
        """What persons said of a film.

        The fields whose values no refresh changes.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
        """
        document: Pins = self._json("GET", f"/v1/movies/{in_path(id)}/pins", {})
        return document

    def delete_pin(self, id: str | int, field: str | int) -> Movie:
        """Give a field back to the sources.

        Removes the pin. The value is recomputed from the source records.

        Args:
            id: Which film: its number here, or an id elsewhere, as `imdb:tt0083658`, `wikidata:Q184843`,
                `tmdb:78`, `justwatch:tm112130`, `wikipedia:Blade_Runner`. A slash within is written %2F.
                The number of a film that was merged into another leads there (308).
            field: Which field
        """
        document: Movie = self._json("DELETE", f"/v1/movies/{in_path(id)}/pins/{in_path(field)}", {})
        return document

    def create_director(self, body: PersonNew) -> Director:
        """Create a director.

        What is written is pinned: no refresh changes it. Films name them by one of the ids. 409, with
        `Location`, if one of the ids is there already.
        """
        document: Director = self._json("POST", "/v1/directors", {}, body)
        return document

    def upsert_directors(self, body: Iterable[PersonWrite]) -> Iterator[RowResult]:
        """Upsert many directors.

        A director a line (JSON Lines), of at most 1 MiB. Of each, what `PUT /v1/directors/{id}` does with
        one; without ids, it is a new one. A bad line stops no other. The answer has a line for each line
        that is not empty, in their order, as they are done.
        """
        return self._send_each("/v1/directors/bulk", body)

    def put_director(self, id: str | int, body: PersonWrite, *, if_match: Match | None = None) -> Director:
        """Upsert a director.

        Gives the director of this id these fields; makes one, if there is none and a name is given. Fields
        that are not given stay as they are. Whatever is given is pinned: no refresh changes it. Who is put
        by a number is there already, and gets no ids.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Director = self._json("PUT", f"/v1/directors/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_director(self, id: str | int, body: PersonFields, *, if_match: Match | None = None) -> Director:
        """Change fields of a director.

        A merge patch: fields that are given get the value, null empties one, others stay. What is given is
        pinned: no refresh changes it; deleting the pin gives the field back to the sources. A day is pinned
        with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Director = self._json("PATCH", f"/v1/directors/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_director(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a director.

        409 while films name them: write to these first. If a source names them again, they come again.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        self._json("DELETE", f"/v1/directors/{in_path(id)}", {}, match=if_match)

    def list_pins_of_director(self, id: str | int) -> PartyPins:
        """What persons said of a director.

        The fields whose values no refresh changes, and what the sources tell instead.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/directors/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_director(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Director:
        """Give a field of a director back to the sources.

        The value is what the sources tell again. A day goes with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
            field: Which field
        """
        document: Director = self._json(
            "DELETE", f"/v1/directors/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match
        )
        return document

    def create_writer(self, body: PersonNew) -> Writer:
        """Create a writer.

        What is written is pinned: no refresh changes it. Films name them by one of the ids. 409, with
        `Location`, if one of the ids is there already.
        """
        document: Writer = self._json("POST", "/v1/writers", {}, body)
        return document

    def upsert_writers(self, body: Iterable[PersonWrite]) -> Iterator[RowResult]:
        """Upsert many writers.

        A writer a line (JSON Lines), of at most 1 MiB. Of each, what `PUT /v1/writers/{id}` does with one;
        without ids, it is a new one. A bad line stops no other. The answer has a line for each line that is
        not empty, in their order, as they are done.
        """
        return self._send_each("/v1/writers/bulk", body)

    def put_writer(self, id: str | int, body: PersonWrite, *, if_match: Match | None = None) -> Writer:
        """Upsert a writer.

        Gives the writer of this id these fields; makes one, if there is none and a name is given. Fields
        that are not given stay as they are. Whatever is given is pinned: no refresh changes it. Who is put
        by a number is there already, and gets no ids.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Writer = self._json("PUT", f"/v1/writers/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_writer(self, id: str | int, body: PersonFields, *, if_match: Match | None = None) -> Writer:
        """Change fields of a writer.

        A merge patch: fields that are given get the value, null empties one, others stay. What is given is
        pinned: no refresh changes it; deleting the pin gives the field back to the sources. A day is pinned
        with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Writer = self._json("PATCH", f"/v1/writers/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_writer(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a writer.

        409 while films name them: write to these first. If a source names them again, they come again.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        self._json("DELETE", f"/v1/writers/{in_path(id)}", {}, match=if_match)

    def list_pins_of_writer(self, id: str | int) -> PartyPins:
        """What persons said of a writer.

        The fields whose values no refresh changes, and what the sources tell instead.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/writers/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_writer(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Writer:
        """Give a field of a writer back to the sources.

        The value is what the sources tell again. A day goes with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
            field: Which field
        """
        document: Writer = self._json("DELETE", f"/v1/writers/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document

    def create_actor(self, body: PersonNew) -> Actor:
        """Create an actor.

        What is written is pinned: no refresh changes it. Films name them by one of the ids. 409, with
        `Location`, if one of the ids is there already.
        """
        document: Actor = self._json("POST", "/v1/actors", {}, body)
        return document

    def upsert_actors(self, body: Iterable[PersonWrite]) -> Iterator[RowResult]:
        """Upsert many actors.

        An actor a line (JSON Lines), of at most 1 MiB. Of each, what `PUT /v1/actors/{id}` does with one;
        without ids, it is a new one. A bad line stops no other. The answer has a line for each line that is
        not empty, in their order, as they are done.
        """
        return self._send_each("/v1/actors/bulk", body)

    def put_actor(self, id: str | int, body: PersonWrite, *, if_match: Match | None = None) -> Actor:
        """Upsert an actor.

        Gives the actor of this id these fields; makes one, if there is none and a name is given. Fields
        that are not given stay as they are. Whatever is given is pinned: no refresh changes it. Who is put
        by a number is there already, and gets no ids.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Actor = self._json("PUT", f"/v1/actors/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_actor(self, id: str | int, body: PersonFields, *, if_match: Match | None = None) -> Actor:
        """Change fields of an actor.

        A merge patch: fields that are given get the value, null empties one, others stay. What is given is
        pinned: no refresh changes it; deleting the pin gives the field back to the sources. A day is pinned
        with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Actor = self._json("PATCH", f"/v1/actors/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_actor(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete an actor.

        409 while films name them: write to these first. If a source names them again, they come again.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        self._json("DELETE", f"/v1/actors/{in_path(id)}", {}, match=if_match)

    def list_pins_of_actor(self, id: str | int) -> PartyPins:
        """What persons said of an actor.

        The fields whose values no refresh changes, and what the sources tell instead.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/actors/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_actor(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Actor:
        """Give a field of an actor back to the sources.

        The value is what the sources tell again. A day goes with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
            field: Which field
        """
        document: Actor = self._json("DELETE", f"/v1/actors/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document

    def create_studio(self, body: StudioNew) -> Studio:
        """Create a studio.

        What is written is pinned: no refresh changes it. Films name it by one of the ids. 409, with
        `Location`, if one of the ids is there already, or a company of this name.
        """
        document: Studio = self._json("POST", "/v1/studios", {}, body)
        return document

    def upsert_studios(self, body: Iterable[StudioWrite]) -> Iterator[RowResult]:
        """Upsert many studios.

        A studio a line (JSON Lines), of at most 1 MiB. Of each, what `PUT /v1/studios/{id}` does with one;
        without ids, it is the one of that name. A bad line stops no other. The answer has a line for each
        line that is not empty, in their order, as they are done.
        """
        return self._send_each("/v1/studios/bulk", body)

    def put_studio(self, id: str | int, body: StudioWrite, *, if_match: Match | None = None) -> Studio:
        """Upsert a studio.

        Gives the studio of this id these fields; makes one, if there is none and a name is given. Fields
        that are not given stay as they are. Whatever is given is pinned: no refresh changes it. Who is put
        by a number is there already, and gets no ids.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Studio = self._json("PUT", f"/v1/studios/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_studio(self, id: str | int, body: StudioFields, *, if_match: Match | None = None) -> Studio:
        """Change fields of a studio.

        A merge patch: fields that are given get the value, null empties one, others stay. What is given is
        pinned: no refresh changes it; deleting the pin gives the field back to the sources. A day is pinned
        with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Studio = self._json("PATCH", f"/v1/studios/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_studio(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a studio.

        409 while films name it: write to these first. If a source names it again, it comes again.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        self._json("DELETE", f"/v1/studios/{in_path(id)}", {}, match=if_match)

    def list_pins_of_studio(self, id: str | int) -> PartyPins:
        """What persons said of a studio.

        The fields whose values no refresh changes, and what the sources tell instead.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/studios/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_studio(self, id: str | int, field: str | int, *, if_match: Match | None = None) -> Studio:
        """Give a field of a studio back to the sources.

        The value is what the sources tell again. A day goes with its year, a year with its day.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
            field: Which field
        """
        document: Studio = self._json("DELETE", f"/v1/studios/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document

    def create_distributor(self, body: DistributorNew) -> Distributor:
        """Create a distributor.

        What is written is pinned: no refresh changes it. Films name it by one of the ids. 409, with
        `Location`, if one of the ids is there already, or a company of this name.
        """
        document: Distributor = self._json("POST", "/v1/distributors", {}, body)
        return document

    def upsert_distributors(self, body: Iterable[DistributorWrite]) -> Iterator[RowResult]:
        """Upsert many distributors.

        A distributor a line (JSON Lines), of at most 1 MiB. Of each, what `PUT /v1/distributors/{id}` does
        with one; without ids, it is the one of that name. A bad line stops no other. The answer has a line
        for each line that is not empty, in their order, as they are done.
        """
        return self._send_each("/v1/distributors/bulk", body)

    def put_distributor(self, id: str | int, body: DistributorWrite, *, if_match: Match | None = None) -> Distributor:
        """Upsert a distributor.

        Gives the distributor of this id these fields; makes one, if there is none and a name is given.
        Fields that are not given stay as they are. Whatever is given is pinned: no refresh changes it. Who
        is put by a number is there already, and gets no ids.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Distributor = self._json("PUT", f"/v1/distributors/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_distributor(
        self, id: str | int, body: DistributorFields, *, if_match: Match | None = None
    ) -> Distributor:
        """Change fields of a distributor.

        A merge patch: fields that are given get the value, null empties one, others stay. What is given is
        pinned: no refresh changes it; deleting the pin gives the field back to the sources.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Distributor = self._json("PATCH", f"/v1/distributors/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_distributor(self, id: str | int, *, if_match: Match | None = None) -> None:
        """Delete a distributor.

        409 while films name it: write to these first. If a source names it again, it comes again.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        self._json("DELETE", f"/v1/distributors/{in_path(id)}", {}, match=if_match)

    def list_pins_of_distributor(self, id: str | int) -> PartyPins:
        """What persons said of a distributor.

        The fields whose values no refresh changes, and what the sources tell instead.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
        """
        document: PartyPins = self._json("GET", f"/v1/distributors/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_distributor(
        self, id: str | int, field: str | int, *, if_match: Match | None = None
    ) -> Distributor:
        """Give a field of a distributor back to the sources.

        The value is what the sources tell again.

        Args:
            id: The number here, or an id elsewhere, as `wikidata:Q56093`
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
            field: Which field
        """
        document: Distributor = self._json(
            "DELETE", f"/v1/distributors/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match
        )
        return document

    def create_genre(self, body: GenreNew) -> Genre:
        """Create a genre.

        A genre that films may name. 409, with `Location`, if there is one of this name, or that sources
        call so.
        """
        document: Genre = self._json("POST", "/v1/genres", {}, body)
        return document

    def upsert_genres(self, body: Iterable[GenreNew]) -> Iterator[RowResult]:
        """Upsert many genres.

        A genre a line (JSON Lines), of at most 1 MiB. One that is not there is made. A bad line stops no
        other. The answer has a line for each line that is not empty, in their order, as they are done.
        """
        return self._send_each("/v1/genres/bulk", body)

    def put_genre(self, id: int, body: GenreNew, *, if_match: Match | None = None) -> Genre:
        """Upsert a genre.

        Gives the genre this name: films that name it, and sources that will, have it under this name.

        Args:
            id: The number here
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Genre = self._json("PUT", f"/v1/genres/{in_path(id)}", {}, body, match=if_match)
        return document

    def patch_genre(self, id: int, body: GenreNew, *, if_match: Match | None = None) -> Genre:
        """Change fields of a genre.

        A merge patch. The name is pinned: films and sources that tell the former name mean this genre, too.

        Args:
            id: The number here
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        document: Genre = self._json("PATCH", f"/v1/genres/{in_path(id)}", {}, body, match=if_match)
        return document

    def delete_genre(self, id: int, *, if_match: Match | None = None) -> None:
        """Delete a genre.

        409 while films name it: write to these first. If a source names it again, it comes again.

        Args:
            id: The number here
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
        """
        self._json("DELETE", f"/v1/genres/{in_path(id)}", {}, match=if_match)

    def list_pins_of_genre(self, id: int) -> PartyPins:
        """What persons said of a genre.

        The fields whose values no refresh changes, and what the sources tell instead.

        Args:
            id: The number here
        """
        document: PartyPins = self._json("GET", f"/v1/genres/{in_path(id)}/pins", {})
        return document

    def delete_pin_of_genre(self, id: int, field: str | int, *, if_match: Match | None = None) -> Genre:
        """Give a field of a genre back to the sources.

        The value is what the sources tell again.

        Args:
            id: The number here
            if_match: The ETag of what is written to, as it was read; if it has changed since, nothing is
                written (412)
            field: Which field
        """
        document: Genre = self._json("DELETE", f"/v1/genres/{in_path(id)}/pins/{in_path(field)}", {}, match=if_match)
        return document
