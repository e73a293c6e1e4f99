"""Operations: exports. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Iterator, Sequence
from typing import Literal

from movie_db.client._caller import Caller, in_path
from movie_db.client.models import Credits, Known


class Exports(Caller):
    """All movies as one file, and the attribution it requires."""

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
        """Export movies as a file.

        Exports all movies, or those that `GET /v1/movies` lists for the same search and filters, as one
        file, sorted by title and year, without a limit. The file is sent while it is written, except
        SQLite, which is written first. Each movie is one line or row, as described by `movie` in
        `/v1/contract/movie`. Lists and objects are JSON text in CSV and SQLite (table `movies`). In Parquet
        they are JSON text too, except lists of text.

        `provenance` has the source, address, time and licence of each value. The `Link` header
        (`rel="license"`) points to the required attribution (see `GET /v1/credits`). SQLite files contain
        it as the table `credits`, Parquet files as JSON in the file's metadata.

        If the export fails midway, the response ends without its last chunk, so that clients notice that it
        is incomplete.

        Args:
            format: The file format
            edition: `all` data, or `open`: only data from sources whose licence allows anyone to use it for
                any purpose (such as CC0 and CC BY-SA). Movies of the open edition are computed from these
                sources alone: each field has the best value that one of them gives, and pinned values are
                left out, since no licence is stated for them. Movies without a title from an open source
                are left out.
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
        """Read the required attribution.

        The sources that an edition contains, each with the licence of its data and the attribution to show
        with it. Anyone who redistributes an edition must keep all of these licences. CC BY-SA 4.0,
        Wikipedia's licence, also applies to works derived from it.

        Args:
            edition: `all` data, or `open`: only data from sources whose licence allows anyone to use it for
                any purpose (such as CC0 and CC BY-SA). Movies of the open edition are computed from these
                sources alone: each field has the best value that one of them gives, and pinned values are
                left out, since no licence is stated for them. Movies without a title from an open source
                are left out.
        """
        document: Credits = self._json("GET", "/v1/credits", {"edition": edition})
        return document
