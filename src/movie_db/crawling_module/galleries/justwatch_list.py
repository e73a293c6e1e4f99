"""JustWatch's list of a gallery's titles, by GraphQL: the queries, and how their answers are read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from rapidfuzz import process

from movie_db.contract import gallery_address
from movie_db.contract.errors import UnreadableError, UsageError
from movie_db.crawling_module.galleries.slices import Slice
from movie_db.crawling_module.sources import graphql, justwatch
from movie_db.crawling_module.sources.base import SourceAnswer

T = TypeVar("T")
MANY: Final = 10
"""Titles of which nothing is told, without a word of trouble: so many are no accident."""
Of = Callable[[dict[str, Any], SourceAnswer], tuple[str, T] | None]
"""What a list's node is made into: key and value, or None to leave it out."""

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


@dataclass
class Page(Slice[T]):
    """One page of the list.

    `shaky` are titles that were read although a part of them failed; `others` counts titles that are no films, `edges`
    all that the page should hold; `passing` says that asking again may tell more.
    """

    shaky: set[str] = field(default_factory=set)
    others: int = 0
    edges: int = 0
    passing: bool = False

    def mend(self, later: "Page[T]") -> "Page[T]":
        """This page with what a later answer to the same request tells."""
        entries = self.entries | {
            key: entry for key, entry in later.entries.items() if key not in later.shaky or key not in self.entries
        }
        failed = (self.failed | later.failed) - entries.keys()
        edges, others = max(self.edges, later.edges), max(self.others, later.others)
        unnamed = min(later.unnamed, max(0, edges - others - len(entries) - len(failed)))
        shaky = (self.shaky & later.shaky) | (later.shaky - self.entries.keys())
        passing = later.passing and bool(failed or unnamed or shaky)
        return Page(later.declared, entries, failed, unnamed, shaky, others, edges, passing)


def titles(answer: SourceAnswer, of: Of[T], code: str | None = None) -> Page[T]:
    """One page of the list, each of its nodes as what `of` makes of it.

    A title that failed is left out and counted; the others are there.

    Raises:
        UnreadableError: its format is another, or the filter by the provider of this code is off.
        UpstreamError: nothing of the list came.
    """
    told = graphql.partial(answer)
    listed = told.data.get("popularTitles")
    if not isinstance(listed, dict) and told.failures:
        raise told.failures[0].error
    if not isinstance(listed, dict) or not isinstance(listed.get("totalCount"), int):
        raise UnreadableError("JustWatch's list has no totalCount any more: its format has changed.")
    edges = listed.get("edges") or []
    troubled = {f.path[2] for f in told.failures if len(f.path) > 2 and f.path[:2] == ("popularTitles", "edges")}
    page: Page[T] = Page(listed["totalCount"], {}, edges=len(edges), passing=told.passing)
    nodes = []
    try:
        for place, edge in enumerate(edges):
            node = edge["node"] if edge else None
            if not node:
                page.unnamed += 1
            elif node["content"] is None or (place in troubled and node.get("offers", ()) is None):
                page.failed.add(str(node["id"]))
            else:
                nodes.append(node)
                made = of(node, answer)
                page.others += made is None
                page.entries |= {made[0]: made[1]} if made else {}
                page.shaky |= {made[0]} if made and place in troubled else set()
        if code:
            _canary(nodes, code)
    except (AttributeError, KeyError, TypeError):
        raise UnreadableError("JustWatch's list holds something that is no title: its format has changed.") from None
    if not told.failures:
        page.passing = bool(page.failed or page.unnamed)
    if not nodes and told.failures and not told.passing and edges:
        raise told.failures[0].error
    if not nodes and not told.failures and len(edges) >= MANY:
        raise UnreadableError("JustWatch's list tells nothing of its titles: its format has changed.")
    return page


def _canary(nodes: list[dict[str, Any]], code: str) -> None:
    """An unknown package code switches the filter off without a word: then films lack offers of the asked provider."""
    told = [offers for n in nodes if (offers := n.get("offers", ())) is not None]
    without = sum(1 for offers in told if not any(o["package"]["shortName"] == code for o in offers))
    if without > len(told) // 10:
        raise UnreadableError(
            f"{without} of {len(told)} films that JustWatch lists have no offer of {code}: its filter is off."
        )


def provider_of(packages: Any, asked: str) -> tuple[str, str]:
    """Code and name of the provider that a gallery's address means: by slug, technical name, short or clear name.

    Raises:
        UnreadableError: what JustWatch answered is no list of providers.
        UsageError: there is none in this country; names the closest.
    """
    known = [p for p in packages if isinstance(p, dict)] if isinstance(packages, list) else []
    if not any(p.get("shortName") and p.get("clearName") for p in known):
        raise UnreadableError(
            "JustWatch names no providers any more: its format has changed, or it knows no such country."
        )
    wanted = asked.casefold()
    for name in ("slug", "technicalName", "shortName", "clearName"):
        for package in known:
            if "-".join(str(package.get(name) or "").split()).casefold() == wanted and package.get("shortName"):
                return str(package["shortName"]), " ".join(str(package.get("clearName") or asked).split())
    near = [hit[0] for hit in process.extract(wanted, sorted({str(p.get("slug")) for p in known}), limit=3)]
    raise UsageError(f"JustWatch knows no provider {asked!r} in this country; the closest are {', '.join(near)}.")


def entry_of(node: dict[str, Any], _: SourceAnswer) -> tuple[str, dict[str, Any]] | None:
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


def by_ids(answer: SourceAnswer) -> dict[str, dict[str, Any]]:
    """What an answer about titles tells of films, by their ids, as `entry_of` reads them; what failed is left out.

    Raises:
        BadPage, Blocked, UpstreamError: nothing came.
    """
    told, _ = graphql.parts(answer)
    found: dict[str, dict[str, Any]] = {}
    for node in told.values():
        if isinstance(node, dict) and isinstance(node.get("content"), dict):
            made = entry_of(node, answer)
            found |= {made[0]: made[1]} if made else {}
    return found
