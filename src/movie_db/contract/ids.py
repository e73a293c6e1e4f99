"""External ids, by namespace, with the form of each.

An id means nothing without its namespace: a film and a series may have the same number at TMDB, and IMDb's ids of
people look like its ids of titles.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

MovieNamespace = Literal["justwatch", "imdb", "tmdb", "wikidata", "wikipedia", "own_list"]
PersonNamespace = Literal["wikidata", "justwatch", "imdb", "tmdb", "wikipedia"]
CompanyNamespace = Literal["wikidata", "tmdb", "wikipedia"]

MOVIE_NAMESPACES: Final[Mapping[MovieNamespace, re.Pattern[str]]] = {
    "justwatch": re.compile(r"tm[0-9]{1,10}"),  # series are ts…
    "imdb": re.compile(r"tt[0-9]{7,10}"),
    "tmdb": re.compile(r"[1-9][0-9]{0,9}"),  # films only: series have numbers of their own
    "wikidata": re.compile(r"Q[1-9][0-9]{0,11}"),
    "wikipedia": re.compile(r"[^_\n|\[\]{}<>#]{1,255}"),  # an English page's title, with spaces
    "own_list": re.compile(r"[0-9a-f]{16}"),  # a line of a user's own list without any other id
}
PERSON_NAMESPACES: Final[Mapping[PersonNamespace, re.Pattern[str]]] = {
    "wikidata": MOVIE_NAMESPACES["wikidata"],
    "justwatch": re.compile(r"[0-9]{1,10}"),
    "imdb": re.compile(r"nm[0-9]{7,10}"),
    "tmdb": re.compile(r"[1-9][0-9]{0,9}"),
    "wikipedia": MOVIE_NAMESPACES["wikipedia"],
}
COMPANY_NAMESPACES: Final[Mapping[CompanyNamespace, re.Pattern[str]]] = {
    "wikidata": MOVIE_NAMESPACES["wikidata"],
    "tmdb": re.compile(r"[1-9][0-9]{0,9}"),
    "wikipedia": MOVIE_NAMESPACES["wikipedia"],
}


def is_movie_id(namespace: str, value: str) -> bool:
    """Whether `value` has the form of a film id in `namespace`."""
    return any(namespace == n and form.fullmatch(value) for n, form in MOVIE_NAMESPACES.items())
