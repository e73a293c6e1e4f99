"""Column names in lists of films, as programs and people write them."""

import html
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from movie_db.stitching.folding import fold_compact

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    field: tuple(names.split())
    for field, names in {
        "title": "title name movie film primarytitle movietitle filmtitle moviename filmname",
        "original_title": "originaltitle",
        "alternative_titles": "alternativetitles alternativetitle alternatetitles akas aka alsoknownas",
        "year": "year releaseyear startyear yearofrelease productionyear",
        "released": "releasedate released dateofrelease datereleased premiere premiered date",
        "kind": "titletype",
        "runtime": "runtime runtimemins runtimeminutes runtimemin duration durationmin durationmins length minutes",
        "directors": "director directors directedby directorname directornames",
        "cast": "cast actors actor stars star starring actorname actornames leadactors castmembers",
        "countries": "country countries productioncountry productioncountries countryoforigin origincountry",
        "imdb": "imdb imdbid const tconst imdburl",
        "tmdb": "tmdb tmdbid",
        "wikidata": "wikidata wikidataid qid",
        "justwatch": "justwatch justwatchid",
        "wikipedia": "wikipedia wikipediatitle wikipediapage",
    }.items()
}
"""The column names of each field, as `folded` returns them. They include those of IMDb's and Letterboxd's exports."""
_YEAR_SUFFIX: Final = re.compile(r"\s*[(\[](1[89]\d\d|20\d\d)(?:/[IVX]+)?[)\]]$")
NO_FILMS: Final = re.compile(r"series|episode|game|podcast|music", re.IGNORECASE)
"""Matches IMDb's title types of works that are not films."""


@lru_cache(maxsize=1000)
def folded(name: str) -> str:
    """A folded column name without spaces. Of a URL, only the last part counts: `…/ontology/Release_Date`."""
    if "://" in name:
        name = re.split(r"[/#]", name)[-1]
    return fold_compact(name)


def guess(names: Sequence[str]) -> dict[str, int]:
    """Maps fields of `COLUMNS` to the columns of a header. Of several columns, the first name in `COLUMNS` wins."""
    by_name = {folded(name): number for number, name in reversed(list(enumerate(names)))}
    return {
        field: by_name[column]
        for field, columns in COLUMNS.items()
        if (column := next((c for c in columns if c in by_name), None)) is not None
    }


def unescape_html(title: str) -> str:
    """A title without HTML entities: `Tom &amp; Jerry` → `Tom & Jerry`."""
    return html.unescape(title) if "&" in title else title


def split_year(title: str) -> tuple[str, int] | None:
    """Splits `Heat (1995)` into title and year; None if no year in brackets follows the title."""
    match = _YEAR_SUFFIX.search(title) if title.endswith((")", "]")) else None
    return (title[: match.start()], int(match[1])) if match and match.start() else None


def delimiter(head: str) -> str:
    """The delimiter of a header line: a comma, semicolon, tab or bar."""
    return max(",;\t|", key=head.count)
