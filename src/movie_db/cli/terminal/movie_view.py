"""One movie of the database as a page for the terminal: every value with its source."""

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from movie_db.contract.messages import Movie
from movie_db.movie_db_client.editing.finding import find_movies
from movie_db.movie_db_client.reading.documents import movies
from movie_db.movie_db_client.repository.sql import SqlRepository, SqlStore
from movie_db.stitching.policy import TEXTS

_BESIDE: Final = frozenset(("provenance", "budget_currency", "box_office_currency", "age_rating_system"))
"""Fields that are shown together with another one."""
SHOWN: Final = 8
"""How many values of a list are shown."""


def show(engine: Engine, movie: str, console: Console) -> None:
    """Prints the movies with this title, or the one with this number or id (`imdb:tt0083658`, `wikidata:Q184843`).

    Raises:
        UsageError: there is no such movie.
    """
    with engine.connect() as connection:
        numbers = find_movies(SqlRepository(SqlStore(engine), connection), movie)
        for document in movies(connection, numbers):
            console.print(_page(document))


def _page(movie: dict[str, Any]) -> Table:
    year = f" ({movie['year']})" if movie["year"] else ""
    page = Table(title=f"{movie['title']}{year}", show_header=True, title_justify="left")
    page.add_column("field", style="bold")
    page.add_column("value", overflow="fold", ratio=1)
    page.add_column("source")
    provenance = movie["provenance"]
    for field, value in _values(movie):
        page.add_row(field, value, _origin(field, provenance.get(field, {})))
    return page


def _origin(field: str, provenance: dict[str, Any]) -> str:
    """The source of a value, and the language of a text."""
    language = provenance.get("language") if field in TEXTS else None
    return f"{provenance.get('source', '')}{f' ({language})' if language else ''}"


def _values(movie: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in Movie.model_fields:
        value = movie[field]
        if value in (None, [], {}) or field in _BESIDE:
            continue
        if field in {"budget", "box_office"}:
            yield field, f"{value:,} {movie[f'{field}_currency'] or ''}".rstrip()
        elif field == "age_rating":
            yield field, f"{value} ({movie['age_rating_system']})" if movie["age_rating_system"] else value
        elif field == "ids":
            yield field, ", ".join(f"{namespace} {found}" for namespace, found in value.items())
        elif isinstance(value, list):
            more = f" and {len(value) - SHOWN} more" if len(value) > SHOWN else ""
            yield field, ", ".join(map(_one, value[:SHOWN])) + more
        else:
            yield field, str(value)


def _one(part: Any) -> str:
    """A person, company, rating or offer in a few words."""
    if not isinstance(part, dict):
        return str(part)
    if "score" in part:
        votes = f" ({part['votes']:,} votes)" if part["votes"] else ""
        return f"{part['source']} {part['score']}{votes}"
    if "provider" in part:
        price = f" {part['price']} {part['currency']}" if part["price"] is not None else ""
        return f"{part['provider']} {part['country']} ({part['kind']}{price})"
    return f"{part['name']} as {part['role']}" if part.get("role") else str(part["name"])
