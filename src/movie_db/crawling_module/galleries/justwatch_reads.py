"""The fields that are read from JustWatch's lists of providers and of titles."""

from typing import Final

from movie_db.crawling_module.sources.base import Reads

READS_PACKAGES: Final[Reads] = {
    "data.packages[].clearName": "text",
    "data.packages[].shortName": "text",
    "data.packages[].slug": "text",
    "data.packages[].technicalName": "text",
}
_NODE: Final = "data.popularTitles.edges[].node"
READS_LIST: Final[Reads] = {
    "data.popularTitles.totalCount": "number",
    f"{_NODE}.id": "text",
    f"{_NODE}.objectType": "text",
    f"{_NODE}.offers[].package.shortName": "text",
    f"{_NODE}.content.title": "text",
    f"{_NODE}.content.fullPath": "text",
    f"{_NODE}.content.originalReleaseYear": "number",
    f"{_NODE}.content.originalTitle": "text",
    f"{_NODE}.content.runtime": "number",
    f"{_NODE}.content.externalIds.imdbId": "text",
    f"{_NODE}.content.externalIds.tmdbId": "text",
    f"{_NODE}.content.externalIds.wikidataId": "text?",
}
