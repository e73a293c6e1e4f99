"""Writes the search index in the same transaction as the movies."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from movie_db.movie_db_client.data_model.search_words import bag, names
from movie_db.movie_db_client.ingest.batch_movies import BatchMovie
from movie_db.movie_db_client.ingest.contributors import ROLES, ContributorRole
from movie_db.movie_db_client.repository import Repository, Row

PEOPLE: Final = tuple(role for role in ROLES if role.kind == "person")
SHORTEST: Final = 3
"""Shortest words, in letters, that are considered when correcting a misspelled one."""


def row_of(film: BatchMovie) -> Row:
    """Returns a movie's row of `movie_search`, without its id."""
    values = film.golden.values
    people = (contributor.kept().shown["name"] for role in PEOPLE for contributor in film.contributors[role.field])
    return {
        "titles": bag([values.get("title"), values.get("original_title"), *values.get("alternative_titles", ())]),
        "people": names(people),
        "plot": bag([values.get("plot")]),
    }


def learn(repository: Repository, rows: Iterable[Row]) -> None:
    """Adds the words of titles and names to those that misspelled words are compared with."""
    words = {word for row in rows for field in ("titles", "people") for word in row[field].split()}
    words = {word for word in words if len(word) >= SHORTEST}
    existing = {row["word"] for row in repository.read("search_words", word=words)}
    new = sorted(words - existing)
    repository.insert("search_words", [{"word": word, "backwards": word[::-1]} for word in new])


def rename(
    repository: Repository, people: Mapping[ContributorRole, Collection[int]], done: Sequence[BatchMovie]
) -> None:
    """Updates the names of movies whose people were renamed. The rows of `done` are already written."""
    films = {
        row["movie_id"]
        for role, numbers in people.items()
        if role.kind == "person"
        for row in repository.read(role.links, **{role.key: numbers})
    } - {film.number for film in done}
    if not films:
        return
    names_by_movie: dict[int, list[str]] = {number: [] for number in films}
    for role in PEOPLE:
        links = repository.read(role.links, movie_id=films)
        name_by_number = {
            row[role.key]: row["name"]
            for row in repository.read(role.table, **{role.key: {link[role.key] for link in links}})
        }
        for link in links:
            names_by_movie[link["movie_id"]].append(name_by_number[link[role.key]])
    stored = {row["movie_id"]: row for row in repository.read("movie_search", movie_id=films)}
    rows = [row | {"people": names(names_by_movie[number])} for number, row in stored.items()]
    repository.update("movie_search", [row for row in rows if row != stored[row["movie_id"]]])
    learn(repository, rows)
