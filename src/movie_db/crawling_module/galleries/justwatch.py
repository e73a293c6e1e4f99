"""JustWatch's galleries: `https://www.justwatch.com/us/provider/max/movies` and its like in every country."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from rapidfuzz import process

from movie_db.contract import gallery_address
from movie_db.contract.errors import BadPage, Blocked, UsageError
from movie_db.contract.gallery_address import GENRES, GalleryAddress
from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem, SourceRecord, explain
from movie_db.crawling_module.galleries import justwatch_html
from movie_db.crawling_module.galleries.base import Gallery, Listed, Read
from movie_db.crawling_module.galleries.slices import Cut, Slice, Union, collect
from movie_db.crawling_module.sources import graphql, justwatch
from movie_db.crawling_module.sources.base import Answer, Ask

T = TypeVar("T")
LANGUAGE: Final = "en"

PACKAGES: Final = """
query GetPackages($country: Country!) {
  packages(country: $country, platform: WEB, includeAddons: true) { clearName technicalName shortName slug }
}"""
LIST: Final = """
query GetPopularTitles($country: Country!, $language: Language!, $first: Int!, $offset: Int!, $filter: TitleFilter,
                       $offers: OfferFilter) {
  popularTitles(country: $country, filter: $filter, first: $first, offset: $offset, sortBy: ALPHABETICAL) {
    totalCount
    edges { node {
      id objectType
      offers(country: $country, platform: WEB, filter: $offers) { package { shortName } }
      content(country: $country, language: $language) {
        title fullPath originalReleaseYear runtime
        externalIds { imdbId tmdbId wikidataId }
        ... on MovieOrShowContent { originalTitle }
      }
    } }
  }
}"""

WHOLE: Final = f"""
query GetPopularTitles($country: Country!, $language: Language!, $first: Int!, $offset: Int!, $filter: TitleFilter) {{
  popularTitles(country: $country, filter: $filter, first: $first, offset: $offset, sortBy: ALPHABETICAL) {{
    totalCount edges {{ node {{ id objectType ...T }} }}
  }}
}} {justwatch.TITLE}"""
"""The list with whole titles, as other clients ask for it, too (simple-justwatch-python-api has twice as many fields).
Should JustWatch ever call it too complex, the list comes without, and the titles are asked for by their ids."""


class JustWatchGallery(Gallery):
    """The films of one provider (or of all) in one country, through the GraphQL door, else through the pages."""

    takes = gallery_address.TAKEN

    def __init__(self, told: GalleryAddress) -> None:
        super().__init__(told.address, told.country)
        self.slug = told.provider
        self._genres = tuple(filter(None, told.narrowed.get("genres", "").split(",")))
        self._years = (told.narrowed.get("release_year_from"), told.narrowed.get("release_year_until"))

    @classmethod
    def at(cls, address: str) -> Gallery | None:
        told = gallery_address.justwatch(address)
        return cls(told) if told else None

    def first_ask(self, code: str | None) -> Ask:
        """The request for the first page of the list, of the provider with this package code."""
        return self._ask(LIST, Cut(), code, 0)

    def first_page(self) -> Ask:
        """The request for the first of the gallery's pages."""
        return self._ask_page(Cut(), 1)

    async def films(self, read: Read, run: str) -> AsyncIterator[Listed]:
        try:
            try:
                provider, found = await self._by_graphql(read, WHOLE if self.whole else LIST, entry_of)
            except BadPage:
                if not self.whole:
                    raise
                provider, found = await self._by_graphql(read, LIST, entry_of)
            door, notes = "GraphQL", []
        except Blocked as why:
            provider, found = await self._by_pages(read)
            door = "pages"
            notes = [f"The GraphQL door is closed ({why}), so the gallery's pages were read: no years, no ids."]
        if not found.complete:
            notes.append(f"{found.declared - len(found.entries)} films that it declares were in no cut of it.")
        for position, (key, entry) in enumerate(sorted(found.entries.items()), 1):
            try:
                yield MovieListEntry(run=run, gallery=self.address, key=f"justwatch:{key}", position=position, **entry)
            except ValidationError as error:
                yield RejectedItem(run=run, reason=f"{key}: {explain(error)}", raw=json.dumps(entry)[:100_000])
        yield GalleryListed(
            run=run,
            gallery=self.address,
            provider=provider,
            country=self.country,
            declared=found.declared,
            found=len(found.entries),
            slices=tuple(map(str, found.cuts)),
            door=door,
            note=" ".join(notes) or None,
        )

    async def records(self, read: Read, keep: Callable[[SourceRecord], T]) -> dict[str, T | None]:
        def kept(node: dict[str, Any], answer: Answer) -> tuple[str, T | None]:
            record = justwatch.read_node(node, str(self.country), LANGUAGE, answer)
            return f"justwatch:{node['id']}", keep(record) if record else None

        try:
            return (await self._by_graphql(read, WHOLE, kept))[1].entries
        except (BadPage, Blocked):
            return {}

    async def _by_graphql(
        self, read: Read, document: str, of: Callable[[dict[str, Any], Answer], tuple[str, T] | None]
    ) -> tuple[str | None, Union[T]]:
        """The name of the gallery's provider, and all its titles, each as what `of` makes of its node."""
        code, name = None, None
        if self.slug:
            asked = graphql.ask("GetPackages", PACKAGES, {"country": self.country})
            told = await read(asked, graphql.data)
            code, name = provider_of(told.get("packages") or [], self.slug)

        async def page(cut: Cut, offset: int, again: bool = False) -> Slice[T]:
            ask = self._ask(document, cut, code, offset)
            if again:
                ask = ask._replace(headers=(*ask.headers, ("Cache-Control", "no-cache")))
            return await read(ask, lambda answer: titles(answer, of, code))

        firsts: dict[Cut, Slice[T]] = {}

        async def look(cut: Cut, whole: bool) -> Slice[T]:
            first = firsts[cut] = firsts.get(cut) or await page(cut, 0)
            last = min(first.declared, graphql.CAP)
            for attempt in range(3):
                offsets = range(0 if attempt else graphql.PAGE, last if whole else 0, graphql.PAGE)
                for other in await asyncio.gather(*(page(cut, offset, again=attempt > 0) for offset in offsets)):
                    first.entries |= other.entries
                if not whole or len(first.entries) >= last:
                    break  # else the order has shifted between the pages: look again
            return first

        return name, await collect(look, graphql.CAP, self._genres or GENRES)

    def _ask(self, document: str, cut: Cut, code: str | None, offset: int) -> Ask:
        variables: dict[str, Any] = {
            "country": self.country,
            "language": LANGUAGE,
            "first": min(graphql.PAGE, graphql.CAP - offset),
            "offset": offset,
            "filter": self._filter(cut, code),
        }
        if document == LIST:
            variables["offers"] = {"packages": [code]} if code else {}
        return graphql.ask("GetPopularTitles", document, variables)

    def _filter(self, cut: Cut, code: str | None) -> dict[str, Any]:
        wanted: dict[str, Any] = {"objectTypes": ["MOVIE"], "excludeIrrelevantTitles": False}
        if code:
            wanted["packages"] = [code]
        first, last = (int(y) if y else None for y in self._years)
        if cut.years:
            first, last = max(first or 0, cut.years[0]), min(last or 9999, cut.years[1])
        if first or last:
            wanted["releaseYear"] = {k: v for k, v in (("min", first), ("max", last)) if v}
        genres = [cut.genre] if cut.genre else list(self._genres)
        if genres:
            wanted["genres"] = genres
        if cut.without:
            wanted["excludeGenres"] = list(cut.without)
        return wanted

    async def _by_pages(self, read: Read) -> tuple[str | None, Union[dict[str, Any]]]:
        name: str | None = None

        async def look(cut: Cut, whole: bool) -> Slice[dict[str, Any]]:
            nonlocal name
            page = await read(self._ask_page(cut, 1), justwatch_html.parse)
            name = page.provider
            pages = -(-min(page.declared, justwatch_html.CAP) // justwatch_html.PAGE)
            others = (read(self._ask_page(cut, n), justwatch_html.parse) for n in range(2, pages + 1 if whole else 0))
            for other in await asyncio.gather(*others):
                page.entries |= other.entries
            return Slice(page.declared, page.entries)

        found = await collect(look, justwatch_html.CAP, ())
        return name, found

    def _ask_page(self, cut: Cut, number: int) -> Ask:
        first, last = self._years
        if cut.years:
            first, last = str(max(int(first or 0), cut.years[0])), str(min(int(last or 9999), cut.years[1]))
        asked = {
            "page": number,
            "release_year_from": first,
            "release_year_until": last,
            "genres": ",".join(self._genres),
        }
        query = "&".join(f"{k}={v}" for k, v in asked.items() if v)
        return Ask("justwatch", f"{self.address.partition('?')[0]}?{query}")


def provider_of(packages: list[dict[str, Any]], asked: str) -> tuple[str, str]:
    """Code and name of the provider that a gallery's address means: by slug, technical name, short or clear name.

    Raises:
        UsageError: there is none in this country; names the closest.
    """
    wanted = asked.casefold()
    for field in ("slug", "technicalName", "shortName", "clearName"):
        for package in packages:
            if re.sub(r"\s+", "-", str(package.get(field, ""))).casefold() == wanted:
                return str(package["shortName"]), str(package["clearName"])
    near = [hit[0] for hit in process.extract(wanted, sorted({str(p.get("slug")) for p in packages}), limit=3)]
    raise UsageError(f"JustWatch knows no provider {asked!r} in this country; the closest are {', '.join(near)}.")


def titles(
    answer: Answer, of: Callable[[dict[str, Any], Answer], tuple[str, T] | None], code: str | None = None
) -> Slice[T]:
    """One page of the list, each of its nodes as what `of` makes of it: key and value, or None to leave it out.

    Raises:
        BadPage: its format is another, or the filter by the provider of this code is off.
    """
    titles = graphql.data(answer).get("popularTitles")
    if not isinstance(titles, dict) or not isinstance(titles.get("totalCount"), int):
        raise BadPage("JustWatch's list has no totalCount any more: its format has changed.")
    try:
        nodes = [edge["node"] for edge in titles.get("edges") or []]
        if code:
            _canary(nodes, code)
        return Slice(titles["totalCount"], dict(filter(None, (of(node, answer) for node in nodes))))
    except (AttributeError, KeyError, TypeError):
        raise BadPage("JustWatch's list holds something that is no title: its format has changed.") from None


def _canary(nodes: list[dict[str, Any]], code: str) -> None:
    """An unknown package code switches the filter off without a word: then films lack offers of the asked provider."""
    without = sum(1 for n in nodes if not any(o["package"]["shortName"] == code for o in n.get("offers") or []))
    if without > len(nodes) // 10:
        raise BadPage(
            f"{without} of {len(nodes)} films that JustWatch lists have no offer of {code}: its filter is off."
        )


def entry_of(node: dict[str, Any], _: Answer) -> tuple[str, dict[str, Any]] | None:
    """What a list's node tells of a film, by its id; None for anything that is no film."""
    if node.get("objectType") != "MOVIE":
        return None
    content = node["content"]
    return node["id"], {
        "title": content.get("title") or "",
        "original_title": content.get("originalTitle") or None,
        "year": content.get("originalReleaseYear") or None,
        "runtime": content.get("runtime") or None,
        "ids": {"justwatch": node["id"], **graphql.outside_ids(content)},
        "url": f"https://{gallery_address.JUSTWATCH}{content['fullPath']}" if content.get("fullPath") else None,
    }
