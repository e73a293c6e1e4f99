"""Clients of Wikimedia's search: `WikiClient` for pages, its child `MovieWikiClient` for films only."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from movie_db.contract.errors import UnreadableError
from movie_db.contract.kinds import WorkKind
from movie_db.stitching.kind import FILM_KINDS, kind_of
from movie_db.wiki_api.upstream import Query

MAX_LIMIT = 100
"""The most pages that one search gives."""
MOST_PARTS = 100
"""The most parts in which one answer is taken: of 50 pages, each has 500 categories."""
BATCH = 50
"""The most titles or ids that one call of the Action API takes."""


class WikimediaSource(Protocol):
    """What answers the clients' questions: `Upstream`, or something that knows the answers."""

    def get_json(self, host: str, path: str, query: Query, cache_control: str | None = None) -> dict[str, Any]: ...


class Thumbnail(BaseModel):
    """A page's picture; sizes in pixels, `duration` in seconds (None: not moving)."""

    model_config = ConfigDict(extra="ignore")

    url: str
    width: int | None = None
    height: int | None = None
    mimetype: str | None = None
    duration: float | None = None

    @field_validator("url")
    @classmethod
    def _with_scheme(cls, url: str) -> str:
        return f"https:{url}" if url.startswith("//") else url


class WikiPage(BaseModel):
    """One page found. `excerpt` is HTML, its matches in `<span class="searchmatch">`."""

    model_config = ConfigDict(extra="ignore")

    id: int
    key: str
    title: str
    description: str | None = None
    excerpt: str | None = None
    matched_title: str | None = None
    thumbnail: Thumbnail | None = None


class MoviePage(WikiPage):
    """A film's page, with its address for readers."""

    url: str


class WikiClient:
    """Searches the pages of one Wikipedia."""

    def __init__(self, upstream: WikimediaSource, host: str = "en.wikipedia.org") -> None:
        self._upstream = upstream
        self._host = host

    def search_page(self, title: str, limit: int = 10, cache_control: str | None = None) -> list[WikiPage]:
        """The pages that the search finds for `title`, best first, at most `limit` (1 to 100).

        Raises:
            SourceError: one of those of `Upstream.get_json`.
        """
        query: Query = {"q": title, "limit": limit}
        found = self._upstream.get_json(self._host, "/w/rest.php/v1/search/page", query, cache_control)
        try:
            return [WikiPage.model_validate(page) for page in found["pages"]]
        except (KeyError, TypeError, ValidationError):
            raise UnreadableError(f"{self._host} answered with search results of an unknown shape.") from None


class MovieWikiClient(WikiClient):
    """Searches films: told from all else by description, and where that is unsure, by categories and item."""

    def search_movie(self, title: str, limit: int = 10, cache_control: str | None = None) -> list[MoviePage]:
        """The films that the search finds for `title`, best first, at most `limit` (1 to 100).

        `title` may hold more words, such as the year and `film`; they are searched too. One request, and up to two
        more for each 50 pages that their description leaves in doubt. What stays in doubt is left out.

        Raises:
            SourceError: one of those of `Upstream.get_json`.
        """
        pages = self.search_page(_plain_words(title), min(MAX_LIMIT, max(BATCH, limit)), cache_control)
        kinds = {page.key: kind_of(description=page.description) for page in pages}
        unsure = [page for page in _until_enough(pages, kinds, limit) if kinds[page.key] is None]
        for start in range(0, len(unsure), BATCH):
            kinds |= self._look_closer(unsure[start : start + BATCH], cache_control)
        films = [page for page in pages if kinds[page.key] in FILM_KINDS]
        return [MoviePage(**page.model_dump(), url=self._address(page.key)) for page in films[:limit]]

    def _address(self, key: str) -> str:
        return f"https://{self._host}/wiki/{quote(key, safe=':/(),!*@;$')}"

    def _look_closer(self, pages: Sequence[WikiPage], cache_control: str | None) -> dict[str, WorkKind | None]:
        """The kinds of at most 50 pages by their categories and, where those don't tell, their items' classes."""
        details = {page.key: found for page, found in self._details(pages, cache_control)}
        kinds = {key: _kind_by_details(found) for key, found in details.items()}
        items = {
            key: item
            for key, found in details.items()
            if kinds[key] is None and (item := found.get("pageprops", {}).get("wikibase_item"))
        }
        classes = self._classes(items.values(), cache_control)
        return kinds | {key: kind_of(wikidata_classes=classes.get(item, ())) for key, item in items.items()}

    def _details(self, pages: Sequence[WikiPage], cache_control: str | None) -> list[tuple[WikiPage, dict[str, Any]]]:
        query: Query = {
            "action": "query",
            "format": "json",
            "formatversion": 2,
            "prop": "pageprops|description|categories",
            "ppprop": "wikibase_item|disambiguation",
            "clshow": "!hidden",
            "cllimit": "max",
            "pageids": "|".join(str(page.id) for page in sorted(pages, key=lambda page: page.id)),
        }
        found: dict[int, dict[str, Any]] = {}
        try:
            for answer in self._continued(query, cache_control):
                # What is continued may have a part of the pages, or of their properties.
                parted = "continue" in answer and "query" not in answer
                for told in () if parted else answer["query"]["pages"]:
                    if "pageid" in told:
                        _join(found.setdefault(told["pageid"], {}), told)
        except (AttributeError, KeyError, TypeError):
            raise UnreadableError(f"{self._host} answered with page properties of an unknown shape.") from None
        return [(page, found.get(page.id, {})) for page in pages]

    def _continued(self, query: Query, cache_control: str | None) -> Iterator[dict[str, Any]]:
        """The answers to a query of the Action API, one after the other, as their `continue` asks.

        mediawiki.org/wiki/API:Continue: all of what an answer names there goes into the next request.

        Raises:
            UnreadableError: there is no end to them.
        """
        continued: Query = {}
        seen: list[Query] = []
        while continued not in seen and len(seen) < MOST_PARTS:
            seen.append(continued)
            answer = self._upstream.get_json(self._host, "/w/api.php", {**query, **continued}, cache_control)
            yield answer
            if "continue" not in answer:
                return
            continued = {str(name): str(value) for name, value in answer["continue"].items()}
        raise UnreadableError(f"{self._host} continues an answer without end.")

    def _classes(self, items: Iterable[str], cache_control: str | None) -> dict[str, list[str]]:
        """The P31 classes of at most 50 items, deprecated ones left out."""
        ids = sorted(set(items))
        if not ids:
            return {}
        query: Query = {"action": "wbgetentities", "format": "json", "props": "claims", "ids": "|".join(ids)}
        answer = self._upstream.get_json("www.wikidata.org", "/w/api.php", query, cache_control)
        try:
            return {id_: list(_instance_of(entity)) for id_, entity in answer["entities"].items()}
        except (AttributeError, KeyError, TypeError):
            raise UnreadableError("www.wikidata.org answered with entities of an unknown shape.") from None


def _join(known: dict[str, Any], told: dict[str, Any]) -> None:
    """Adds to a page what another part of the answer tells of it."""
    for name, value in told.items():
        if isinstance(value, list) and isinstance(before := known.get(name), list):
            known[name] = [*before, *value]
        elif isinstance(value, dict) and isinstance(before := known.get(name), dict):
            known[name] = before | value
        else:
            known[name] = value


def _kind_by_details(found: dict[str, Any]) -> WorkKind | None:
    if "disambiguation" in found.get("pageprops", {}):
        return "other"
    categories = [category["title"] for category in found.get("categories", ())]
    return kind_of(description=found.get("description"), categories=categories)


def _instance_of(entity: dict[str, Any]) -> Iterable[str]:
    for claim in entity.get("claims", {}).get("P31", ()):
        if claim.get("rank") != "deprecated" and claim["mainsnak"]["snaktype"] == "value":
            yield claim["mainsnak"]["datavalue"]["value"]["id"]


def _until_enough(pages: Iterable[WikiPage], kinds: dict[str, WorkKind | None], limit: int) -> Iterable[WikiPage]:
    """The pages up to the `limit`th sure film: those below can't come into the answer."""
    films = 0
    for page in pages:
        if films == limit:
            return
        films += kinds[page.key] in FILM_KINDS
        yield page


_SYNTAX = re.compile(r'["~*?\\:]|(?<!\S)[-!]+')


def _plain_words(title: str) -> str:
    """The title without what the search would take for its syntax: "-30-" would exclude, "Help: …" name a namespace."""
    return " ".join(_SYNTAX.sub(" ", title).split()) or title
