"""Builds the search index from the tables, for movies that were stored before there was a search."""

from typing import Final

from sqlalchemy import Connection, text

from movie_db.movie_db_client.data_model.search_words import bag, names

_PAGE: Final = 1000
_NAMES: Final = """
    SELECT movie_id, title AS name FROM alternative_titles WHERE movie_id BETWEEN :first AND :last"""
_PEOPLE: Final = " UNION ALL ".join(
    f"SELECT l.movie_id, p.name FROM {links} l JOIN {table} p ON p.{key} = l.{key}"  # noqa: S608  # names of our own
    " WHERE l.movie_id BETWEEN :first AND :last"
    for links, table, key in (
        ("movie_directors", "directors", "director_id"),
        ("movie_writers", "writers", "writer_id"),
        ('"cast"', "actors", "actor_id"),
    )
)
_FILMS: Final = (
    "SELECT movie_id, title, original_title, plot FROM movies WHERE movie_id > :after ORDER BY movie_id LIMIT :page"
)


def fill(connection: Connection) -> None:
    """Fills the empty tables `movie_search` and `search_words`. Memory holds one page of movies and all words."""
    after, stored = 0, set[str]()
    while films := connection.execute(text(_FILMS), {"after": after, "page": _PAGE}).all():
        places = {"first": films[0].movie_id, "last": films[-1].movie_id}
        titles: dict[int, list[str]] = {}
        people: dict[int, list[str]] = {}
        for statement, found in ((_NAMES, titles), (_PEOPLE, people)):
            for number, name in connection.execute(text(statement), places):
                found.setdefault(number, []).append(name)
        rows = [
            {
                "movie_id": film.movie_id,
                "titles": bag([film.title, film.original_title, *titles.get(film.movie_id, ())]),
                "people": names(people.get(film.movie_id, ())),
                "plot": bag([film.plot]),
            }
            for film in films
        ]
        connection.execute(
            text(
                "INSERT INTO movie_search (movie_id, titles, people, plot) VALUES (:movie_id, :titles, :people, :plot)"
            ),
            rows,
        )
        added = {w for row in rows for f in ("titles", "people") for w in row[f].split() if len(w) > 2} - stored
        if added:
            connection.execute(
                text("INSERT INTO search_words (word, backwards) VALUES (:word, :backwards)"),
                [{"word": word, "backwards": word[::-1]} for word in sorted(added)],
            )
        stored |= added
        after = films[-1].movie_id
