"""A JustWatch gallery's HTML pages, for when GraphQL is blocked. They have titles and paths, but no years.

The layout is the one that public scrapers of the site use: `.title-list-grid__item` cards with a link, and the number
of titles in an element whose class begins with `total-titles`.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from movie_db.contract.errors import NotFoundError, UnreadableError
from movie_db.contract.gallery_words import SERIES, word
from movie_db.crawling_module.galleries.base import Read
from movie_db.crawling_module.galleries.slices import Cut, Slice, Union, collect
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest

if TYPE_CHECKING:
    from parsel import Selector

CAP: Final = 2000
"""The maximum number of cards in a gallery's pages."""
LARGEST: Final = 200
"""The maximum number of pages, in case a site never ends."""
Card = dict[str, Any] | None
"""A card's movie; None if it is a series."""
_PATH: Final = re.compile(r"(?:https://www\.justwatch\.com)?(/[a-z]{2}/([^/?#]+)/[^?#]+)")


@dataclass
class GalleryPage:
    """The cards of one page, by id; the number of titles that the gallery declares, if it does; its heading."""

    declared: int | None
    cards: dict[str, Card]
    heading: str
    listing: bool

    @property
    def entries(self) -> dict[str, dict[str, Any]]:
        """The movies among the cards."""
        return {key: card for key, card in self.cards.items() if card is not None}

    @property
    def provider(self) -> str | None:
        """The provider in an English heading."""
        named = re.search(r" on (.+)$", self.heading)
        return named[1] if named else None


def parse(answer: SourceAnswer) -> GalleryPage:
    """Parse a gallery's first page.

    Raises:
        UnreadableError: It doesn't look like one.
    """
    page = read(answer)
    if page.declared is None and not page.cards:
        raise UnreadableError("JustWatch's gallery page has neither titles nor their number: its format has changed.")
    if page.declared and not page.cards:
        raise UnreadableError("JustWatch's gallery page has a number of titles, but no titles: its format has changed.")
    return page


def read(answer: SourceAnswer) -> GalleryPage:
    """Parse a page, which may be empty."""
    from parsel import Selector  # the API's service checks addresses without the crawler's libraries

    page = Selector(answer.body.decode("utf-8", "replace"))
    counts = (" ".join(found.css("::text").getall()) for found in page.css("[class*=total-titles]"))
    counted = next(filter(None, (re.search(r"\d[\d.,’'\s]*", text) for text in counts)), None)
    cards: dict[str, Card] = {}
    for card in page.css(".title-list-grid__item") or page.css(".title-list-grid__item--link"):
        parsed = _card(card)
        if parsed:
            cards[parsed[0]] = parsed[1]
    heading = " ".join(page.css("h1::text").getall()).strip()
    declared = int(re.sub(r"\D", "", counted[0])) if counted else None
    return GalleryPage(declared, cards, heading, bool(page.css("[class*=title-list]")))


def _card(card: "Selector") -> tuple[str, Card] | None:
    """Return a card's id and movie; the path serves as the id if there is none. None if the card has no title."""
    link = _PATH.match(card.xpath("descendant-or-self::a/@href").get(""))
    if not link:
        return None
    key, path = card.xpath("descendant-or-self::*/@data-id").get(""), unquote(link[1])
    pictured = card.css("img::attr(alt)").get("")
    title = card.xpath("descendant-or-self::*/@data-title").get("") or pictured
    if not re.fullmatch(r"t[ms]\d{1,10}", key):
        key = path
    if key.startswith("ts") or (key == path and word(unquote(link[2])) in SERIES):
        return key, None
    ids = {"justwatch": key} if key != path else {}
    named = title.strip() or path.rpartition("/")[2].replace("-", " ")
    return key, {"title": named, "ids": ids, "url": f"https://www.justwatch.com{link[1]}"}


class Pages:
    """The pages of one gallery. `ask` returns the request for a page of a cut, numbered from 1."""

    def __init__(self, reader: Read, request: Callable[[Cut, int], SourceRequest]) -> None:
        self._read = reader
        self._ask = request
        self._first: GalleryPage | None = None
        self._seen: dict[Cut, tuple[GalleryPage, dict[str, Card]]] = {}
        self._cut_off = False

    async def collect(self) -> "Gathered":
        """Return all movies of the gallery.

        Raises:
            SourceError: A page can't be read. A part of the gallery is never returned as if it were complete.
        """
        first = self._first = await self._read(self._ask(Cut(), 1), parse)
        self._seen[Cut()] = first, dict(first.cards)
        found: Union[Card] = await collect(self._look, CAP, ())
        films = {key: card for key, card in found.entries.items() if card is not None}
        if first.declared is not None:
            declared = max(len(films), first.declared - len(found.entries) + len(films))  # a count may include series
            return Gathered(first.provider, Union(declared, films, found.cuts), declared, None)
        if self._cut_off:
            note = f"The pages end at {CAP:,} titles and don't say how many there are: movies may be missing."
            return Gathered(first.provider, Union(len(films), films, found.cuts), len(films) + 1, note)
        note = "The pages don't say how many movies there are; they were read until one was empty."
        return Gathered(first.provider, Union(len(films), films, found.cuts), None, note)

    async def _look(self, cut: Cut, full: bool) -> Slice[Card]:
        if cut not in self._seen:
            page = await self._read(self._ask(cut, 1), self._later)
            self._seen[cut] = page, dict(page.cards)
        first, cards = self._seen[cut]
        if first.declared is None:
            ended = not cards or await self._until_empty(cut, cards, 2)
            self._cut_off |= not ended
            return Slice(len(cards) if ended else CAP + 1, cards)
        if full:
            last = min(-(-min(first.declared, CAP) // max(1, len(first.cards))), LARGEST)
            requests = (self._read(self._ask(cut, number), self._later) for number in range(2, last + 1))
            for page in await asyncio.gather(*requests):
                cards |= page.cards
            if len(cards) < min(first.declared, CAP):
                await self._until_empty(cut, cards, max(2, last + 1))
        return Slice(first.declared, cards)

    async def _until_empty(self, cut: Cut, cards: dict[str, Card], number: int) -> bool:
        """Read pages until one has nothing new. Return whether that was before the site's limit."""
        while len(cards) < CAP and number <= LARGEST:
            try:
                page = await self._read(self._ask(cut, number), self._later)
            except NotFoundError:
                return True
            if not page.cards.keys() - cards.keys():
                return True
            cards |= page.cards
            number += 1
        return False

    def _later(self, answer: SourceAnswer) -> GalleryPage:
        """Parse a page after the first, which may be empty.

        Raises:
            UnreadableError: The page isn't a gallery's: a bot check, for example.
        """
        page = read(answer)
        if not page.cards and not page.listing and self._first and page.heading != self._first.heading:
            raise UnreadableError(f"{answer.url} is not a page of the gallery: the list may be incomplete.")
        return page


class Gathered(NamedTuple):
    """The result of reading a gallery's pages. `declared` is None if they don't say how many movies there are."""

    provider: str | None
    found: Union[dict[str, Any]]
    declared: int | None
    note: str | None
