"""What is known of the licences that records bear, and of the sources that ask to be named.

Open is what the Open Definition calls so (https://opendefinition.org/licenses/): anybody may use it for any purpose,
with no more asked than to name the source and to pass it on under the same licence.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Licence(NamedTuple):
    """Whether what bears it is open, and where its text is."""

    open: bool
    url: str


class SourceAttribution(NamedTuple):
    """How a source is called, where it is, and what is to be said where its data are shown."""

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
"""By the name that records bear. What is not here is not open, since nobody said so."""
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
"""By the name of the source; its texts in other languages are the source's."""
