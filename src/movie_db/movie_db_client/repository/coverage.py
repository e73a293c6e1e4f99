"""Coverage: how many movies have each field, from which source, and how many reviews are open."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Engine, distinct, func, select

from movie_db.movie_db_client.data_model import Base

_COLUMNS: Final = (
    *("title", "original_title", "release_year", "release_date", "runtime", "plot", "tagline", "age_rating"),
    *("rating", "budget", "box_office", "poster_url", "trailer_url", "homepage"),
)
PARTS: Final = {
    "genres": "movie_genres",
    "countries": "movie_countries",
    "languages": "movie_languages",
    "directors": "movie_directors",
    "writers": "movie_writers",
    "cast": "cast",
    "studios": "movie_studios",
    "distributors": "movie_distributors",
    "ratings": "ratings",
    "offers": "offers",
    "alternative_titles": "alternative_titles",
}
"""Fields of a movie that have their own tables."""
_NAMES: Final = {"year": "release_year"}
"""Fields whose name in the provenance differs from the column."""
_IDS: Final = ("imdb", "tmdb", "wikidata", "wikipedia", "justwatch")


class Coverage(NamedTuple):
    """`filled` counts movies by field; ids are named `id: imdb`.

    `sources` counts movies by field and source. A value that combines several sources counts for the first.
    """

    movies: int
    filled: dict[str, int]
    sources: dict[str, dict[str, int]]
    to_review: int
    rejected: int

    def as_json(self) -> dict[str, Any]:
        """Returns what is stored with a run."""
        return {"movies": self.movies, "filled": self.filled, "sources": self.sources}


def coverage(engine: Engine) -> Coverage:
    """Counts over the whole database with a fixed number of statements."""
    tables = Base.metadata.tables
    movies = tables["movies"]

    def filled(column: Column[object]) -> int:
        return int(connection.execute(select(func.count(distinct(column)))).scalar_one())

    with engine.connect() as connection:
        counted = connection.execute(
            select(func.count(), *(func.count(movies.c[c]) for c in _COLUMNS)).select_from(movies)
        ).one()
        found: dict[str, int] = dict(zip(_COLUMNS, counted[1:], strict=True))
        for name, part in PARTS.items():
            found[name] = filled(tables[part].c.movie_id)
        ids = tables["external_ids"]
        of_movies = select(ids.c.namespace, func.count(distinct(ids.c.entity_id))).where(ids.c.entity == "movie")
        by_namespace = {row[0]: row[1] for row in connection.execute(of_movies.group_by(ids.c.namespace))}
        found |= {f"id: {n}": by_namespace.get(n, 0) for n in _IDS}
        provenance = tables["field_provenance"]
        by_source = select(provenance.c.field, provenance.c.source, func.count()).group_by(
            provenance.c.field, provenance.c.source
        )
        sources: dict[str, dict[str, int]] = {}
        for field, source, films in sorted(connection.execute(by_source).all()):
            sources.setdefault(_NAMES.get(str(field), str(field)), {})[str(source)] = films
        queue = tables["review_queue"]
        waiting = connection.execute(select(func.count()).where(queue.c.status == "open")).scalar_one()
        rejected = connection.execute(select(func.count()).select_from(tables["rejected_items"])).scalar_one()
    return Coverage(counted[0], found, {name: sources[name] for name in found if name in sources}, waiting, rejected)
