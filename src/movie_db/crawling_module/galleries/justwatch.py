"""JustWatch's galleries: `https://www.justwatch.com/us/provider/max/movies` and its like in every country."""

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
    LIST,
    PACKAGES,
    WHOLE,
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
"""So many films that the list could not tell of are named."""


class JustWatchGallery(Gallery):
    """The films of one provider (or of all) in one country, through the GraphQL door, else through the pages."""

    reads = gallery_address.TAKEN
    source = "justwatch"

    def __init__(self, told: GalleryAddress) -> None:
        super().__init__(told.address, told.country)
        self.slug = told.provider
        self._page = told.page
        self._genres = tuple(filter(None, told.narrowed.get("genres", "").split(",")))
        self._years = (told.narrowed.get("release_year_from"), told.narrowed.get("release_year_until"))

    @classmethod
    def at(cls, address: str) -> Gallery | None:
        told = gallery_address.justwatch(address)
        return cls(told) if told else None

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
        """The request for the first page of the list, of the provider with this package code."""
        return self._ask(LIST, Cut(), code, 0)

    def first_page(self) -> SourceRequest:
        """The request for the first of the gallery's pages."""
        return self._ask_page(Cut(), 1)

    async def films(self, read: Read, run: str) -> AsyncIterator[GalleryMessage]:
        """The films of the gallery.

        Raises:
            BadPage, Blocked: both doors are shut.
            RetryLaterError: JustWatch has trouble of its own.
            UsageError: the country has no such provider.
        """
        try:
            provider, found = await self._listed(read)
            declared: int | None = found.declared
            door, notes = "GraphQL", []
        except (UnreadableError, BlockedError) as why:
            provider, found, declared, note = await self._by_pages(read, why)
            door = "pages"
            said = f"The GraphQL door did not serve ({_said(why)}), so the gallery's pages were read: no years, no ids."
            notes = [said, *filter(None, [note])]
        if found.missing:
            notes.append(f"{found.missing:,} films that it declares were in no cut of it.")
        notes += _untold(found)
        for position, (key, entry) in enumerate(sorted(found.entries.items()), 1):
            try:
                told = {"run": run, "gallery": self.address, "key": f"justwatch:{key}", "position": position, **entry}
                yield fit(MovieListEntry, told)
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
        """The gallery by GraphQL; films that the list could not tell of are asked for by their ids."""
        try:
            provider, found = await self._by_graphql(read, WHOLE if self.full_titles else LIST, entry_of)
        except UnreadableError:
            if not self.full_titles:
                raise
            provider, found = await self._by_graphql(read, LIST, entry_of)
        for ask in justwatch.plan(found.failed - found.entries.keys(), str(self.country)):
            with suppress(UnreadableError, RetryLaterError):
                found.entries |= await read(graphql.past_archive(ask), by_ids)
        found.failed -= found.entries.keys()
        if not found.entries and found.failed:
            raise RetryLaterError(
                f"JustWatch lists {len(found.failed):,} films and could tell of none: try again later."
            )
        return provider, found

    async def records(self, read: Read, keep: Callable[[SourceRecord], T]) -> dict[str, T | None]:
        def kept(node: dict[str, Any], answer: SourceAnswer) -> tuple[str, T | None]:
            record = justwatch.read_node(node, str(self.country), LANGUAGE, answer)
            return f"justwatch:{node['id']}", keep(record) if record else None

        try:
            return (await self._by_graphql(read, WHOLE, kept))[1].entries
        except (UnreadableError, BlockedError):
            return {}

    async def _by_graphql(
        self, read: Read, document: str, of: Callable[[dict[str, Any], SourceAnswer], tuple[str, T] | None]
    ) -> tuple[str | None, Union[T]]:
        """The name of the gallery's provider, and all its titles, each as what `of` makes of its node."""
        code, name = None, None
        if self.slug:
            asked = graphql.request("GetPackages", PACKAGES, {"country": self.country})
            told = await _patiently(read, asked, graphql.data)
            code, name = provider_of(told.get("packages"), self.slug)

        async def page(cut: Cut, offset: int, again: bool = False) -> Slice[T]:
            ask = self._ask(document, cut, code, offset)
            found = await _patiently(
                read, graphql.past_archive(ask) if again else ask, lambda answer: titles(answer, of, code)
            )
            for pause in graphql.PAUSES:
                if not found.passing:
                    break
                await asyncio.sleep(pause)
                with suppress(UnreadableError, RetryLaterError):
                    found = found.mend(await read(graphql.past_archive(ask), lambda answer: titles(answer, of, code)))
            return found

        firsts: dict[Cut, Slice[T]] = {}

        async def look(cut: Cut, whole: bool) -> Slice[T]:
            first = firsts[cut] = firsts.get(cut) or await page(cut, 0)
            last = min(first.declared, graphql.CAP)
            for attempt in range(3):
                offsets = range(0 if attempt else graphql.PAGE, last if whole else 0, graphql.PAGE)
                others = await asyncio.gather(*(page(cut, offset, again=attempt > 0) for offset in offsets))
                for other in others:
                    first.entries |= other.entries
                    first.failed |= other.failed
                first.unnamed = sum(other.unnamed for other in others) + (0 if attempt else first.unnamed)
                if not whole or first.counted >= last:
                    break  # else the order has shifted between the pages: look again
            return first

        return name, await collect(look, graphql.CAP, self._genres or GENRES)

    def _ask(self, document: str, cut: Cut, code: str | None, offset: int) -> SourceRequest:
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

    async def _by_pages(self, read: Read, why: SourceError) -> justwatch_html.Gathered:
        """The gallery by its web pages, where GraphQL did not serve for the reason `why`.

        Raises:
            SourceError: the pages don't serve, either.
        """
        try:
            return await justwatch_html.Pages(read, self._ask_page).collect()
        except SourceError as second:
            kind = next(
                (k for k in (BlockedError, RetryLaterError) if isinstance(why, k) or isinstance(second, k)),
                UnreadableError,
            )
            doors = f"GraphQL ({_said(why)}) and the gallery's pages ({_said(second)})"
            raise kind(
                f"Both of JustWatch's doors are shut, {doors}; such walls have lifted after some minutes (5 to 10), so "
                "run the same command again then."
            ) from None

    def _ask_page(self, cut: Cut, number: int) -> SourceRequest:
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
        return SourceRequest("justwatch", f"{self._page}?{query}")


async def _patiently(read: Read, ask: SourceRequest, parse: Callable[[SourceAnswer], T]) -> T:
    """Reads an answer; asks again after a pause while JustWatch has trouble of its own."""
    for pause in graphql.PAUSES:
        try:
            return await read(ask, parse)
        except graphql.UpstreamError:
            await asyncio.sleep(pause)
            ask = graphql.past_archive(ask)
    return await read(ask, parse)


def _said(error: SourceError) -> str:
    return str(error).removesuffix(".")


def _untold(found: Union[Any]) -> list[str]:
    """A sentence on the films that the list names without telling of them; none if there are none."""
    ids, unnamed = sorted(found.failed), sum(found.unnamed.values())
    if not ids and not unnamed:
        return []
    named = ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else "")
    without = f"{unnamed:,} without an id" if unnamed else ""
    told = ", and ".join(filter(None, (named, without)))
    count = len(ids) + unnamed
    films = "1 film" if count == 1 else f"{count:,} films"
    return [f"JustWatch could not tell of {films} that it lists: {told}. A later run asks again."]
