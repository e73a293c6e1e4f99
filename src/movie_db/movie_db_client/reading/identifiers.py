"""Resolves how clients name rows: by number, by external id such as `imdb:tt0083658`, or by a merged movie's number."""

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from movie_db.contract.ids import COMPANY_NAMESPACES, MOVIE_NAMESPACES, PERSON_NAMESPACES
from movie_db.movie_db_client.data_model.tables import ExternalIdRow, MovieRedirectRow, MovieRow
from movie_db.movie_db_client.reading.errors import MissingResourceError

_GREATEST: Final = 2**31 - 1
NAMESPACES: Final[Mapping[str, Mapping[Any, re.Pattern[str]]]] = {
    "movie": MOVIE_NAMESPACES,
    **dict.fromkeys(("director", "writer", "actor"), PERSON_NAMESPACES),
    **dict.fromkeys(("studio", "distributor"), COMPANY_NAMESPACES),
}
"""Entity → namespaces of its external ids."""


class MergedMovieError(Exception):
    """The movie was merged into another one, whose id is `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def number_of(text: str) -> int | None:
    """Returns the number in a text; None if the text is an external id.

    Raises:
        MissingResourceError: it is neither.
    """
    if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= _GREATEST:
        return int(text)
    if ":" in text:
        return None
    raise MissingResourceError(f"{text[:80]!r} is neither a number nor an id such as imdb:tt0083658.")


def pair_of(text: str, entity: str = "movie") -> tuple[str, str]:
    """Returns the namespace and value of an external id. Wikipedia titles may contain underscores.

    Raises:
        MissingResourceError: the entity has no ids in this namespace.
    """
    namespace, _, value = text.partition(":")
    if namespace not in NAMESPACES[entity]:
        namespaces = ", ".join(sorted(NAMESPACES[entity]))
        problem = f"{namespace[:40]!r} is not a namespace of {'movie' if entity == 'movie' else entity} ids"
        raise MissingResourceError(f"{problem}: use one of {namespaces}.")
    return namespace, value.replace("_", " ") if namespace == "wikipedia" else value


def film(connection: Connection, text: str) -> int:
    """Returns the number of the movie that a client named.

    Raises:
        MergedMovieError: it was merged into another one.
        MissingResourceError: there is none.
    """
    number = number_of(text)
    if number is None:
        number = row(connection, "movie", text)
    elif connection.execute(select(MovieRow.movie_id).where(MovieRow.movie_id == number)).first() is None:
        redirected = select(MovieRedirectRow.movie_id).where(MovieRedirectRow.old_movie_id == number)
        if (moved := connection.execute(redirected).scalar()) is not None:
            raise MergedMovieError(moved)
        raise MissingResourceError(f"There is no movie {number}.")
    return number


def row(connection: Connection, entity: str, text: str) -> int:
    """Returns the number of the row with this external id.

    Raises:
        MissingResourceError: there is none.
    """
    namespace, value = pair_of(text, entity)
    query = select(ExternalIdRow.entity_id).where(
        ExternalIdRow.entity == entity, ExternalIdRow.namespace == namespace, ExternalIdRow.value == value
    )
    if (number := connection.execute(query).scalar()) is None:
        raise MissingResourceError(f"There is no {'movie' if entity == 'movie' else entity} {text[:80]!r}.")
    return int(number)
