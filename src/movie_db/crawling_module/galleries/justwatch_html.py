"""A JustWatch gallery's HTML page: the second door, for when GraphQL is closed. It tells titles and paths, no years."""

import re
from dataclasses import dataclass
from typing import Any, Final

from parsel import Selector

from movie_db.contract.errors import BadPage
from movie_db.crawling_module.sources.base import Answer

PAGE: Final = 40
CAP: Final = 2000


@dataclass
class Page:
    """The films of one page, by id; how many the whole gallery declares; and the provider it is of."""

    declared: int
    entries: dict[str, dict[str, Any]]
    provider: str | None


def parse(answer: Answer) -> Page:
    """Reads a gallery's page.

    Raises:
        BadPage: it does not look like one.
    """
    page = Selector(answer.body.decode("utf-8", "replace"))
    counted = re.search(r"[\d.,\s]*\d", page.css(".total-titles::text").get(""))
    cards = page.css(".title-list-grid__item[data-id]")
    if not counted:
        raise BadPage("JustWatch's gallery page does not say how many titles it has: its format has changed.")
    entries: dict[str, dict[str, Any]] = {}
    for card in cards:
        key, title = card.xpath("@data-id").get(""), card.xpath("@data-title").get("")
        path = card.css("a::attr(href)").get("")
        if re.fullmatch(r"tm\d{1,10}", key) and title and path.startswith("/"):
            url = f"https://www.justwatch.com{path}"
            entries[key] = {"title": title, "ids": {"justwatch": key}, "url": url}
    heading = re.search(r" on (.+)$", page.css("h1::text").get("").strip())
    return Page(int(re.sub(r"\D", "", counted[0])), entries, heading[1] if heading else None)
