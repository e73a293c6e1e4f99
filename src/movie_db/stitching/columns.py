"""What the columns of a list of films may be called, by the programs and people that write such lists."""

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
"""By field the names of its column, as `folded`: those of IMDb's and Letterboxd's exports are among them."""
_BEHIND: Final = re.compile(r"\s*[(\[](1[89]\d\d|20\d\d)(?:/[IVX]+)?[)\]]$")
NO_FILMS: Final = re.compile(r"series|episode|game|podcast|music", re.IGNORECASE)
"""What IMDb's title types say of what is no film."""


@lru_cache(maxsize=1000)
def folded(name: str) -> str:
    """A column's name in small letters and digits alone; of an address its last part: `…/ontology/Release_Date`."""
    if "://" in name:
        name = re.split(r"[/#]", name)[-1]
    return fold_compact(name)


def guess(names: Sequence[str]) -> dict[str, int]:
    """Which column of a header holds which field of `COLUMNS`; of several the one whose name stands first there."""
    known = {folded(name): number for number, name in reversed(list(enumerate(names)))}
    return {
        field: known[column]
        for field, columns in COLUMNS.items()
        if (column := next((c for c in columns if c in known), None)) is not None
    }


def unescape_html(title: str) -> str:
    """A title without the signs that web pages write for others: `Tom &amp; Jerry`."""
    return html.unescape(title) if "&" in title else title


def split_year(title: str) -> tuple[str, int] | None:
    """A title without the year in brackets behind it, and the year: `Heat (1995)`."""
    told = _BEHIND.search(title) if title.endswith((")", "]")) else None
    return (title[: told.start()], int(told[1])) if told and told.start() else None


def delimiter(head: str) -> str:
    """What stands between the columns of this header: a comma, semicolon, tab or bar."""
    return max(",;\t|", key=head.count)
