"""Finds movies by number, id or title, as people name them."""

from movie_db.contract.errors import UsageError
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.movie_db_client.repository import Repository
from movie_db.stitching.names import fold_title


def find_movie(repository: Repository, name: str) -> int:
    """Returns the number of one movie.

    Args:
        name: a number (a merged movie's too), an id such as `imdb:tt0083658`, or a title.

    Raises:
        UsageError: there is no such movie, or several have this title; the message lists them.
    """
    numbers = find_movies(repository, name)
    if len(numbers) > 1:
        films = repository.read("movies", movie_id=numbers[:10])
        listed = ", ".join(f"{f['movie_id']} ({f['title']}, {f['release_year'] or 'no year'})" for f in films)
        raise UsageError(f"{len(numbers)} movies are called {name!r}. Use a number instead: {listed}.")
    return numbers[0]


def find_movies(repository: Repository, name: str) -> list[int]:
    """Returns the numbers of all movies with this title, sorted by year, or of the one with this number or id.

    Raises:
        UsageError: there is no such movie.
    """
    namespace, _, value = name.partition(":")
    if namespace in MOVIE_NAMESPACES and value:
        value = value.replace("_", " ") if namespace == "wikipedia" else value
        rows = repository.read("external_ids", entity=["movie"], namespace=[namespace], value=[value])
        numbers = [row["entity_id"] for row in rows]
    elif name.isascii() and name.isdigit() and len(name) < 10 and (film := _by_number(repository, int(name))):
        numbers = [film]
    else:
        keys = repository.read("title_keys", title=[fold_title(name)])
        films = repository.read("movies", movie_id=[row["movie_id"] for row in keys])
        exact = [film for film in films if film["title"].casefold() == name.casefold()] or films
        exact.sort(key=lambda film: (film["release_year"] or 0, film["movie_id"]))
        numbers = [film["movie_id"] for film in exact]
    if not numbers:
        raise UsageError(f"No movie is called {name!r} or has this number or id. Ids look like imdb:tt0083658.")
    return numbers


def _by_number(repository: Repository, number: int) -> int | None:
    redirected = repository.read("movie_redirects", old_movie_id=[number])
    number = redirected[0]["movie_id"] if redirected else number
    return number if repository.read("movies", movie_id=[number]) else None
