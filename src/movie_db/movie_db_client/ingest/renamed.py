"""Films that a gallery lists under another key than before: sites give a title a new id now and then."""

from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from movie_db.contract.messages import MovieListEntry
from movie_db.movie_db_client.repository import Row
from movie_db.stitching import match
from movie_db.stitching.folding import fold

_MARKS: Final = ("imdb", "wikidata", "tmdb", "url")
"""What tells a film, the most telling first: ids of other sites, and the page's address."""


def same_films(gone: Sequence[Row], came: Sequence[Row]) -> dict[str, str]:
    """Which entries that are gone are films that came: key → key. Each stands in one pair at most.

    Ids of other sites decide, else the page's address, else the judge, of films with the same title.

    Args:
        gone: rows of `gallery_entries` that a listing lacks.
        came: rows of those that it was the first to have.
    """
    pairs: dict[str, str] = {}
    left = {row["key"]: entry for row in gone if (entry := _entry(row))}
    new = {row["key"]: entry for row in came if (entry := _entry(row))}
    for mark in _MARKS:
        marked = {told: key for key, entry in left.items() if (told := _marked(entry, mark))}
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
    """An entry as the judge sees it, without the gallery's own id: that is another, or there were no question."""
    elsewhere = {namespace: told for namespace, told in entry.ids.items() if namespace in _MARKS}
    return match.of_entry(entry.model_copy(update={"ids": elsewhere}))


def _marked(entry: MovieListEntry, mark: str) -> str | None:
    told = {str(namespace): value for namespace, value in entry.ids.items()}
    return entry.url if mark == "url" else told.get(mark)
