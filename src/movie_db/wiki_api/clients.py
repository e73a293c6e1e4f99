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
"""Maximum number of pages per search."""
MOST_PARTS = 100
"""Maximum number of parts of one continued answer."""
BATCH = 50
"""Maximum number of titles or ids per call of the Action API."""


class WikimediaSource(Protocol):
    """What the clients send requests through."""

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
        """Searches for `title`; returns at most `limit` (1 to 100) pages, best match first.

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
    """Searches for films, recognized by description and, where that is unclear, by categories and Wikidata item."""

    def search_movie(self, title: str, limit: int = 10, cache_control: str | None = None) -> list[MoviePage]:
        """Searches for `title`; returns at most `limit` (1 to 100) films, best match first.

        `title` may contain more words, such as the year and `film`. Takes one request, and up to two more for each 50
        pages whose description is unclear. Pages that stay unclear are left out.

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
        """The kinds of at most 50 pages, by their categories or else their items' classes."""
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
                # A continued answer may contain some of the pages, or some of their properties.
                parted = "continue" in answer and "query" not in answer
                for told in () if parted else answer["query"]["pages"]:
                    if "pageid" in told:
                        _join(found.setdefault(told["pageid"], {}), told)
        except (AttributeError, KeyError, TypeError):
            raise UnreadableError(f"{self._host} answered with page properties of an unknown shape.") from None
        return [(page, found.get(page.id, {})) for page in pages]

    def _continued(self, query: Query, cache_control: str | None) -> Iterator[dict[str, Any]]:
        """Yields the answers to a query of the Action API, following `continue`.

        mediawiki.org/wiki/API:Continue: everything in `continue` goes into the next request.

        Raises:
            UnreadableError: there is no end.
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
    """Adds another part of the answer to a page."""
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
    """The pages up to the `limit`th certain film; the others can't be part of the answer."""
    films = 0
    for page in pages:
        if films == limit:
            return
        films += kinds[page.key] in FILM_KINDS
        yield page


_SYNTAX = re.compile(r'["~*?\\:]|(?<!\S)[-!]+')


def _plain_words(title: str) -> str:
    """Removes search syntax from a title: "-30-" would exclude, "Help: …" would name a namespace."""
    return " ".join(_SYNTAX.sub(" ", title).split()) or title
