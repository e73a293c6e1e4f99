"""JustWatch's galleries: `https://www.justwatch.com/us/provider/max/movies` and the like for other countries."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any, Final, TypeVar

from movie_db.contract import gallery_address
from movie_db.contract.errors import BlockedError, ContractError, RetryLaterError, SourceError, UnreadableError
from movie_db.contract.fitting import fit
from movie_db.contract.gallery_address import GENRES, GalleryAddress
from movie_db.contract.messages import GalleryListed, MovieListEntry, RejectedItem, SourceRecord
from movie_db.crawling_module.galleries import justwatch_html
from movie_db.crawling_module.galleries.base import Gallery, GalleryMessage, Read
from movie_db.crawling_module.galleries.justwatch_list import (
    FULL_LIST,
    LIST,
    PACKAGES,
    by_ids,
    entry_of,
    provider_of,
    titles,
)
from movie_db.crawling_module.galleries.slices import Cut, Slice, Union, collect
from movie_db.crawling_module.sources import graphql, justwatch
from movie_db.crawling_module.sources.base import SAVED_RUN, SavedAnswer, SourceAnswer, SourceRequest

T = TypeVar("T")
LANGUAGE: Final = "en"
NAMED: Final = 10
"""The number of movies missing from the list that a note names."""


class JustWatchGallery(Gallery):
    """The movies of one provider (or of all) in one country, by GraphQL or else by web pages."""

    reads = gallery_address.GALLERY_FORM
    source = "justwatch"

    def __init__(self, parsed: GalleryAddress) -> None:
        super().__init__(parsed.address, parsed.country)
        self.slug = parsed.provider
        self._page = parsed.page
        self._genres = tuple(filter(None, parsed.filters.get("genres", "").split(",")))
        self._years = (parsed.filters.get("release_year_from"), parsed.filters.get("release_year_until"))

    @classmethod
    def at(cls, address: str) -> Gallery | None:
        parsed = gallery_address.justwatch(address)
        return cls(parsed) if parsed else None

    @classmethod
    def recognizes(cls, saved: SavedAnswer) -> bool:
        return "popularTitles" in graphql.partial(saved.answer("justwatch")).data

    @classmethod
    def parse_saved(cls, saved: SavedAnswer) -> Iterator[MovieListEntry]:
        answer = saved.answer("justwatch")
        for position, (key, entry) in enumerate(titles(answer, entry_of).entries.items(), 1):
            fields = {"run": SAVED_RUN, "gallery": answer.url, "key": f"justwatch:{key}", "position": position}
            yield fit(MovieListEntry, fields | entry)

    def first_request(self, code: str | None) -> SourceRequest:
        """The request for the list's first page, for the provider with this package code."""
        return self._request(LIST, Cut(), code, 0)

    def first_page(self) -> SourceRequest:
        """The request for the gallery's first web page."""
        return self._page_request(Cut(), 1)

    async def films(self, read: Read, run: str) -> AsyncIterator[GalleryMessage]:
        """Yield the gallery's movies.

        Raises:
            BlockedError, UnreadableError: Neither GraphQL nor the pages can be used.
            RetryLaterError: JustWatch has an outage.
            UsageError: The country has no such provider.
        """
        try:
            provider, found = await self._listed(read)
            declared: int | None = found.declared
            door, notes = "GraphQL", []
        except (UnreadableError, BlockedError) as why:
            provider, found, declared, note = await self._by_pages(read, why)
            door = "pages"
            notice = (
                f"GraphQL could not be used ({_reason(why)}), so the gallery's pages were read, without years and ids."
            )
            notes = [notice, *filter(None, [note])]
        if found.missing:
            notes.append(f"{found.missing:,} declared movies are missing from the list.")
        notes += _missing_titles(found)
        for position, (key, entry) in enumerate(sorted(found.entries.items()), 1):
            try:
                parsed = {"run": run, "gallery": self.address, "key": f"justwatch:{key}", "position": position, **entry}
                yield fit(MovieListEntry, parsed)
            except ContractError as error:
                yield RejectedItem(run=run, reason=f"{key}: {error}", raw=json.dumps(entry)[:100_000])
        yield GalleryListed(
            run=run,
            gallery=self.address,
            provider=provider,
            country=self.country,
            declared=declared,
            found=len(found.entries),
            slices=tuple(map(str, found.cuts)),
            door=door,
            note=" ".join(notes) or None,
        )

    async def _listed(self, read: Read) -> tuple[str | None, Union[dict[str, Any]]]:
        """Read the gallery by GraphQL. Movies that the list lacks are requested by id."""
        try:
            provider, found = await self._by_graphql(read, FULL_LIST if self.full_titles else LIST, entry_of)
        except UnreadableError:
            if not self.full_titles:
                raise
            provider, found = await self._by_graphql(read, LIST, entry_of)
        for request in justwatch.plan(found.failed - found.entries.keys(), str(self.country)):
            with suppress(UnreadableError, RetryLaterError):
                found.entries |= await read(graphql.past_archive(request), by_ids)
        found.failed -= found.entries.keys()
        if not found.entries and found.failed:
            raise RetryLaterError(
                f"JustWatch lists {len(found.failed):,} movies, but returned none of them: try again later."
            )
        return provider, found

    async def records(self, read: Read, convert: Callable[[SourceRecord], T]) -> dict[str, T | None]:
        def convert_node(node: dict[str, Any], answer: SourceAnswer) -> tuple[str, T | None]:
            record = justwatch.read_node(node, str(self.country), LANGUAGE, answer)
            return f"justwatch:{node['id']}", convert(record) if record else None

        try:
            return (await self._by_graphql(read, FULL_LIST, convert_node))[1].entries
        except (UnreadableError, BlockedError):
            return {}

    async def _by_graphql(
        self, read: Read, document: str, convert: Callable[[dict[str, Any], SourceAnswer], tuple[str, T] | None]
    ) -> tuple[str | None, Union[T]]:
        """Return the name of the gallery's provider, and all its titles, each converted by `convert`."""
        code, name = None, None
        if self.slug:
            parameters = graphql.request("GetPackages", PACKAGES, {"country": self.country})
            parsed = await _read_with_pauses(read, parameters, graphql.data)
            code, name = provider_of(parsed.get("packages"), self.slug)

        async def page(cut: Cut, offset: int, again: bool = False) -> Slice[T]:
            request = self._request(document, cut, code, offset)
            found = await _read_with_pauses(
                read, graphql.past_archive(request) if again else request, lambda answer: titles(answer, convert, code)
            )
            for pause in graphql.PAUSES:
                if not found.passing:
                    break
                await asyncio.sleep(pause)
                with suppress(UnreadableError, RetryLaterError):
                    found = found.mend(
                        await read(graphql.past_archive(request), lambda answer: titles(answer, convert, code))
                    )
            return found

        firsts: dict[Cut, Slice[T]] = {}

        async def look(cut: Cut, full: bool) -> Slice[T]:
            first = firsts[cut] = firsts.get(cut) or await page(cut, 0)
            last = min(first.declared, graphql.CAP)
            for attempt in range(3):
                offsets = range(0 if attempt else graphql.PAGE, last if full else 0, graphql.PAGE)
                others = await asyncio.gather(*(page(cut, offset, again=attempt > 0) for offset in offsets))
                for other in others:
                    first.entries |= other.entries
                    first.failed |= other.failed
                first.unnamed = sum(other.unnamed for other in others) + (0 if attempt else first.unnamed)
                if not full or first.counted >= last:
                    break  # otherwise the order has changed between the pages: read them again
            return first

        return name, await collect(look, graphql.CAP, self._genres or GENRES)

    def _request(self, document: str, cut: Cut, code: str | None, offset: int) -> SourceRequest:
        variables: dict[str, Any] = {
            "country": self.country,
            "language": LANGUAGE,
            "first": min(graphql.PAGE, graphql.CAP - offset),
            "offset": offset,
            "filter": self._filter(cut, code),
        }
        if document == LIST:
            variables["offers"] = {"packages": [code]} if code else {}
        return graphql.request("GetPopularTitles", document, variables)

    def _filter(self, cut: Cut, code: str | None) -> dict[str, Any]:
        filters: dict[str, Any] = {"objectTypes": ["MOVIE"], "excludeIrrelevantTitles": False}
        if code:
            filters["packages"] = [code]
        first, last = (int(y) if y else None for y in self._years)
        if cut.years:
            first, last = max(first or 0, cut.years[0]), min(last or 9999, cut.years[1])
        if first or last:
            filters["releaseYear"] = {k: v for k, v in (("min", first), ("max", last)) if v}
        genres = [cut.genre] if cut.genre else list(self._genres)
        if genres:
            filters["genres"] = genres
        if cut.without:
            filters["excludeGenres"] = list(cut.without)
        return filters

    async def _by_pages(self, read: Read, why: SourceError) -> justwatch_html.Gathered:
        """Read the gallery's web pages, because GraphQL failed for the reason `why`.

        Raises:
            SourceError: The pages can't be read either.
        """
        try:
            return await justwatch_html.Pages(read, self._page_request).collect()
        except SourceError as second:
            kind = next(
                (k for k in (BlockedError, RetryLaterError) if isinstance(why, k) or isinstance(second, k)),
                UnreadableError,
            )
            doors = f"GraphQL ({_reason(why)}) nor by the gallery's pages ({_reason(second)})"
            raise kind(
                f"JustWatch can't be read, neither by {doors}; such blocks have ended after 5 to 10 minutes, so "
                "run the same command again then."
            ) from None

    def _page_request(self, cut: Cut, number: int) -> SourceRequest:
        first, last = self._years
        if cut.years:
            first, last = str(max(int(first or 0), cut.years[0])), str(min(int(last or 9999), cut.years[1]))
        parameters = {
            "page": number,
            "release_year_from": first,
            "release_year_until": last,
            "genres": ",".join(self._genres),
        }
        query = "&".join(f"{k}={v}" for k, v in parameters.items() if v)
        return SourceRequest("justwatch", f"{self._page}?{query}")


async def _read_with_pauses(read: Read, request: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T:
    """Read an answer; repeat the request after pauses while JustWatch has an outage."""
    for pause in graphql.PAUSES:
        try:
            return await read(request, parse)
        except graphql.UpstreamError:
            await asyncio.sleep(pause)
            request = graphql.past_archive(request)
    return await read(request, parse)


def _reason(error: SourceError) -> str:
    return str(error).removesuffix(".")


def _missing_titles(found: Union[Any]) -> list[str]:
    """A sentence about listed movies without data; empty if there are none."""
    ids, unnamed = sorted(found.failed), sum(found.unnamed.values())
    if not ids and not unnamed:
        return []
    named = ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else "")
    without = f"{unnamed:,} without an id" if unnamed else ""
    parsed = ", and ".join(filter(None, (named, without)))
    count = len(ids) + unnamed
    films = "1 movie" if count == 1 else f"{count:,} movies"
    return [f"JustWatch returned no data for {films} in its list: {parsed}. A later run requests them again."]
