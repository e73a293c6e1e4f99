"""Licences of records, and the attributions that sources require.

`open` follows the Open Definition (https://opendefinition.org/licenses/): anybody may use the data for any purpose. At
most, attribution and sharing under the same licence are required.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Licence(NamedTuple):
    """Whether a licence is open, and the address of its text."""

    open: bool
    url: str


class SourceAttribution(NamedTuple):
    """A source's name, its address, and the attribution to show with its data."""

    name: str
    url: str
    attribution: str


LICENCES: Final[Mapping[str, Licence]] = {
    "CC0-1.0": Licence(True, "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC BY 4.0": Licence(True, "https://creativecommons.org/licenses/by/4.0/"),
    "CC BY-SA 4.0": Licence(True, "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC BY-NC 4.0": Licence(False, "https://creativecommons.org/licenses/by-nc/4.0/"),
    "IMDb terms of use (personal, non-commercial)": Licence(
        False, "https://developer.imdb.com/non-commercial-datasets/"
    ),
    "JustWatch terms of use": Licence(False, "https://www.justwatch.com/us/terms-of-use"),
    "TMDB terms of use (attribution)": Licence(False, "https://www.themoviedb.org/api-terms-of-use"),
}
"""By the licence's name in records. A licence that is not listed counts as not open."""
OPEN: Final = tuple(name for name, licence in LICENCES.items() if licence.open)

_JUSTWATCH: Final = SourceAttribution("JustWatch", "https://www.justwatch.com/", "Streaming data from JustWatch.")
SOURCES: Final[Mapping[str, SourceAttribution]] = {
    "imdb": SourceAttribution(
        "IMDb",
        "https://www.imdb.com/",
        "Information courtesy of IMDb (https://www.imdb.com). Used with permission.",
    ),
    "justwatch": _JUSTWATCH,
    "justwatch_page": _JUSTWATCH,
    "omdb": SourceAttribution("OMDb", "https://www.omdbapi.com/", "Data from the OMDb API."),
    "tmdb": SourceAttribution(
        "TMDB",
        "https://www.themoviedb.org/",
        "This product uses the TMDB API but is not endorsed or certified by TMDB.",
    ),
    "wikidata": SourceAttribution("Wikidata", "https://www.wikidata.org/", "Facts from Wikidata."),
    "wikipedia": SourceAttribution(
        "Wikipedia",
        "https://www.wikipedia.org/",
        "From Wikipedia, by the contributors of the articles that each value's provenance names.",
    ),
}
"""By source. Texts in other languages (`wikipedia_it`) belong to their base source."""
