"""Operations: exports. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Iterator, Sequence
from typing import Literal

from movie_db.client._caller import Caller, in_path
from movie_db.client.models import Credits, Known


class Exports(Caller):
    """The films as one file, and whom it owes thanks."""

    def export_movies(
        self,
        format: Literal["jsonl", "csv", "parquet", "sqlite"],
        *,
        edition: Literal["all", "open"] | None = None,
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
    ) -> Iterator[bytes]:
        """Take all films with you.

        All films, or those that `GET /v1/movies` lists for the same search and filters, as one file that is
        made while it is sent (SQLite's before that): sorted by title and year, however many there are. A
        film is a line or row, as `movie` of `/v1/contract/movie` describes it; in CSV and SQLite (table
        `movies`) lists and objects are JSON text, in Parquet too, but for lists of text.

        Each value's source, address, time and licence are in its film's `provenance`. Whom the file owes
        thanks, the header `Link` leads to (`rel="license"`, see `GET /v1/credits`); SQLite has it as the
        table `credits`, Parquet as JSON in the file's metadata.

        An answer that breaks off ends without its last chunk, so that no client takes it for whole.

        Args:
            format: The kind of file
            edition: `all` that is known; or `open`, only what sources say whose licence lets anybody use it
                for any purpose (as CC0 and CC BY-SA do). The films of the open edition are stitched anew of
                these sources alone: of each field the best value that one of them told, never one of
                others; what a person pinned is left out, since nobody said under which licence that is.
                Films whose title no open source tells are not in it.
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
        """
        return self._bytes(
            f"/v1/export.{in_path(format)}",
            {
                "edition": edition,
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
            },
        )

    def list_credits(self, *, edition: Literal["all", "open"] | None = None) -> Credits:
        """Whom an edition owes thanks.

        The sources whose words an edition has, each with the licence of what it said and what is to be said
        where that is shown. Who passes an edition on keeps all of their licences: CC BY-SA 4.0, as
        Wikipedia's, holds for what is made of it, too.

        Args:
            edition: `all` that is known; or `open`, only what sources say whose licence lets anybody use it
                for any purpose (as CC0 and CC BY-SA do). The films of the open edition are stitched anew of
                these sources alone: of each field the best value that one of them told, never one of
                others; what a person pinned is left out, since nobody said under which licence that is.
                Films whose title no open source tells are not in it.
        """
        document: Credits = self._json("GET", "/v1/credits", {"edition": edition})
        return document
