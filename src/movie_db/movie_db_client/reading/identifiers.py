"""Which row does a client mean? A number, an id elsewhere such as `imdb:tt0083658`, or the number of a merged film."""

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select
from starlette.exceptions import HTTPException

from movie_db.contract.ids import COMPANY_NAMESPACES, MOVIE_NAMESPACES, PERSON_NAMESPACES
from movie_db.movie_db_client.data_model.tables import ExternalIdRow, MovieRedirectRow, MovieRow

_GREATEST: Final = 2**31 - 1
NAMESPACES: Final[Mapping[str, Mapping[Any, re.Pattern[str]]]] = {
    "movie": MOVIE_NAMESPACES,
    **dict.fromkeys(("director", "writer", "actor"), PERSON_NAMESPACES),
    **dict.fromkeys(("studio", "distributor"), COMPANY_NAMESPACES),
}
"""By entity, in which namespaces it has ids elsewhere."""


class MergedMovieError(Exception):
    """The film is another one now."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def number_of(text: str) -> int | None:
    """The number that a text is; None if it is an id elsewhere.

    Raises:
        HTTPException: it is neither.
    """
    if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= _GREATEST:
        return int(text)
    if ":" in text:
        return None
    raise HTTPException(404, f"{text[:80]!r} names no row: a row is named by its number, or an id as imdb:tt0083658.")


def pair_of(text: str, entity: str = "movie") -> tuple[str, str]:
    """The namespace and the id in it that a text stands for; Wikipedia's titles may be written with underscores.

    Raises:
        HTTPException: it is of no namespace that the entity has ids in.
    """
    namespace, _, value = text.partition(":")
    if namespace not in NAMESPACES[entity]:
        namespaces = ", ".join(sorted(NAMESPACES[entity]))
        problem = f"{namespace[:40]!r} gives {'film' if entity == 'movie' else entity}s no ids that are kept here"
        raise HTTPException(404, f"{problem}; these do: {namespaces}.")
    return namespace, value.replace("_", " ") if namespace == "wikipedia" else value


def film(connection: Connection, text: str) -> int:
    """The number of the film that a client means.

    Raises:
        MergedMovieError: it was merged into another.
        HTTPException: there is none.
    """
    number = number_of(text)
    if number is None:
        number = row(connection, "movie", text)
    elif connection.execute(select(MovieRow.movie_id).where(MovieRow.movie_id == number)).first() is None:
        redirected = select(MovieRedirectRow.movie_id).where(MovieRedirectRow.old_movie_id == number)
        if (moved := connection.execute(redirected).scalar()) is not None:
            raise MergedMovieError(moved)
        raise HTTPException(404, f"There is no film {number}.")
    return number


def row(connection: Connection, entity: str, text: str) -> int:
    """The number of the row that has this id elsewhere.

    Raises:
        HTTPException: there is none.
    """
    namespace, value = pair_of(text, entity)
    query = select(ExternalIdRow.entity_id).where(
        ExternalIdRow.entity == entity, ExternalIdRow.namespace == namespace, ExternalIdRow.value == value
    )
    if (number := connection.execute(query).scalar()) is None:
        raise HTTPException(404, f"There is no {'film' if entity == 'movie' else entity} {text[:80]!r}.")
    return int(number)
