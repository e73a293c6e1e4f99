"""How full the database is: for each field, how many movies have it; and what waits for a person."""

from typing import Final, NamedTuple

from sqlalchemy import Column, Engine, distinct, func, select

from movie_db.movie_db_client.data_model import Base

_COLUMNS: Final = (
    *("title", "original_title", "release_year", "release_date", "runtime", "plot", "tagline", "age_rating"),
    *("rating", "budget", "box_office", "poster_url", "trailer_url", "homepage"),
)
_PARTS: Final = {
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
_IDS: Final = ("imdb", "tmdb", "wikidata", "wikipedia", "justwatch")


class Coverage(NamedTuple):
    """`filled` counts the movies that have a field, by its name; ids as `id: imdb`."""

    movies: int
    filled: dict[str, int]
    to_review: int
    rejected: int


def coverage(engine: Engine) -> Coverage:
    """Counts over the whole database, by a fixed number of statements."""
    tables = Base.metadata.tables
    movies = tables["movies"]

    def filled(column: Column[object]) -> int:
        return int(connection.execute(select(func.count(distinct(column)))).scalar_one())

    with engine.connect() as connection:
        counted = connection.execute(
            select(func.count(), *(func.count(movies.c[c]) for c in _COLUMNS)).select_from(movies)
        ).one()
        found: dict[str, int] = dict(zip(_COLUMNS, counted[1:], strict=True))
        for name, part in _PARTS.items():
            found[name] = filled(tables[part].c.movie_id)
        ids = tables["external_ids"]
        of_movies = select(ids.c.namespace, func.count(distinct(ids.c.entity_id))).where(ids.c.entity == "movie")
        by_namespace = {row[0]: row[1] for row in connection.execute(of_movies.group_by(ids.c.namespace))}
        found |= {f"id: {n}": by_namespace.get(n, 0) for n in _IDS}
        queue = tables["review_queue"]
        waiting = connection.execute(select(func.count()).where(queue.c.status == "open")).scalar_one()
        rejected = connection.execute(select(func.count()).select_from(tables["rejected_items"])).scalar_one()
    return Coverage(counted[0], found, waiting, rejected)
