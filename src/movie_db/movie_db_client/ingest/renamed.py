"""Detects movies that a gallery lists under a new key, because sites sometimes give a title a new id."""

from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from movie_db.contract.messages import MovieListEntry
from movie_db.movie_db_client.repository import Row
from movie_db.stitching import match
from movie_db.stitching.folding import fold

_MARKS: Final = ("imdb", "wikidata", "tmdb", "url")
"""What identifies a movie, strongest first: ids at other sites, then the page's address."""


def same_films(gone: Sequence[Row], came: Sequence[Row]) -> dict[str, str]:
    """Pairs entries that left with entries that arrived: old key → new key. Each entry is in one pair at most.

    Ids at other sites decide first, then the page's address, then the judge among movies with the same title.

    Args:
        gone: rows of `gallery_entries` that the listing lacks.
        came: rows of `gallery_entries` that appear in the listing for the first time.
    """
    pairs: dict[str, str] = {}
    left = {row["key"]: entry for row in gone if (entry := _entry(row))}
    new = {row["key"]: entry for row in came if (entry := _entry(row))}
    for mark in _MARKS:
        marked = {value: key for key, entry in left.items() if (value := _marked(entry, mark))}
        for key, entry in list(new.items()):
            other = marked.pop(_marked(entry, mark) or "", None)
            if other:
                pairs[other] = key
                del left[other], new[key]
    titled: dict[str, list[str]] = {}
    for key, entry in left.items():
        titled.setdefault(fold(entry.title), []).append(key)
    for key, entry in new.items():
        rest = titled.get(fold(entry.title), [])
        verdict = match.judge(_film(entry), [_film(left[other]) for other in rest])
        if verdict.status == "same" and verdict.best is not None:
            pairs[rest.pop(verdict.best)] = key
    return pairs


def _entry(row: Row) -> MovieListEntry | None:
    try:
        return MovieListEntry.model_validate({"run": "listed", "v": 1} | (row["entry"] or {}))
    except ValidationError:
        return None


def _film(entry: MovieListEntry) -> match.FilmFeatures:
    """Returns the features of an entry without the gallery's own id, which differs by definition."""
    elsewhere = {namespace: value for namespace, value in entry.ids.items() if namespace in _MARKS}
    return match.of_entry(entry.model_copy(update={"ids": elsewhere}))


def _marked(entry: MovieListEntry, mark: str) -> str | None:
    ids = {str(namespace): value for namespace, value in entry.ids.items()}
    return entry.url if mark == "url" else ids.get(mark)
