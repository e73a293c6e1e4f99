"""JustWatch's list of a gallery's titles by GraphQL: the queries, and how their answers are parsed."""

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
"""The number of titles without content, and without an error, that can't be a coincidence."""
Convert = Callable[[dict[str, Any], SourceAnswer], tuple[str, T] | None]
"""Converts a node of the list to a key and a value, or to None to leave it out."""

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

FULL_LIST: Final = f"""
query GetPopularTitles($country: Country!, $language: Language!, $first: Int!, $offset: Int!, $filter: TitleFilter) {{
  popularTitles(country: $country, filter: $filter, first: $first, offset: $offset, sortBy: ALPHABETICAL) {{
    totalCount edges {{ node {{ id objectType ...T }} }}
  }}
}} {justwatch.TITLE}"""
"""The list with complete titles, as other clients request it (simple-justwatch-python-api has twice as many fields).
If JustWatch rejects the query as too complex, the short list is requested, and then the titles by id.
"""


@dataclass
class Page(Slice[T]):
    """One page of the list.

    `shaky` are titles that were read although a part of them failed; `others` counts titles that are not movies,
    `edges` all titles on the page; `passing` says whether repeating the request may return more.
    """

    shaky: set[str] = field(default_factory=set)
    others: int = 0
    edges: int = 0
    passing: bool = False

    def mend(self, later: "Page[T]") -> "Page[T]":
        """Return this page, completed by a later answer to the same request."""
        entries = self.entries | {
            key: entry for key, entry in later.entries.items() if key not in later.shaky or key not in self.entries
        }
        failed = (self.failed | later.failed) - entries.keys()
        edges, others = max(self.edges, later.edges), max(self.others, later.others)
        unnamed = min(later.unnamed, max(0, edges - others - len(entries) - len(failed)))
        shaky = (self.shaky & later.shaky) | (later.shaky - self.entries.keys())
        passing = later.passing and bool(failed or unnamed or shaky)
        return Page(later.declared, entries, failed, unnamed, shaky, others, edges, passing)


def titles(answer: SourceAnswer, convert: Convert[T], code: str | None = None) -> Page[T]:
    """Parse one page of the list, converting each node with `convert`.

    A title that failed is left out and counted.

    Raises:
        UnreadableError: The format has changed, or the filter by the provider with this code is off.
        UpstreamError: The answer has no list.
    """
    result = graphql.partial(answer)
    listed = result.data.get("popularTitles")
    if not isinstance(listed, dict) and result.failures:
        raise result.failures[0].error
    if not isinstance(listed, dict) or not isinstance(listed.get("totalCount"), int):
        raise UnreadableError("JustWatch's list has no totalCount: its format has changed.")
    edges = listed.get("edges") or []
    if not isinstance(edges, list):
        raise UnreadableError("JustWatch's list has no edges: its format has changed.")
    troubled = {f.path[2] for f in result.failures if len(f.path) > 2 and f.path[:2] == ("popularTitles", "edges")}
    page: Page[T] = Page(listed["totalCount"], {}, edges=len(edges), passing=result.passing)
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
                made = convert(node, answer)
                page.others += made is None
                page.entries |= {made[0]: made[1]} if made else {}
                page.shaky |= {made[0]} if made and place in troubled else set()
        if code:
            _canary(nodes, code)
    except (AttributeError, KeyError, TypeError):
        raise UnreadableError("JustWatch's list has entries that are not titles: its format has changed.") from None
    if not result.failures:
        page.passing = bool(page.failed or page.unnamed)
    if not nodes and result.failures and not result.passing and edges:
        raise result.failures[0].error
    if not nodes and not result.failures and len(edges) >= MANY:
        raise UnreadableError("JustWatch's list has titles without content: its format has changed.")
    return page


def _canary(nodes: list[dict[str, Any]], code: str) -> None:
    """Detect an unknown package code: it switches the filter off silently, and movies lack offers of the provider."""
    result = [offers for n in nodes if (offers := n.get("offers", ())) is not None]
    without = sum(1 for offers in result if not any(o["package"]["shortName"] == code for o in offers))
    if without > len(result) // 10:
        raise UnreadableError(
            f"{without} of {len(result)} movies that JustWatch lists have no offer of {code}: its filter is off."
        )


def provider_of(packages: Any, provider: str) -> tuple[str, str]:
    """Return code and name of a gallery's provider, by slug, technical name, short name or clear name.

    Raises:
        UnreadableError: The answer is not a list of providers.
        UsageError: The country has no such provider. The message names the most similar ones.
    """
    valid = [p for p in packages if isinstance(p, dict)] if isinstance(packages, list) else []
    if not any(p.get("shortName") and p.get("clearName") for p in valid):
        raise UnreadableError("JustWatch lists no providers: its format has changed, or it has no such country.")
    folded = provider.casefold()
    for name in ("slug", "technicalName", "shortName", "clearName"):
        for package in valid:
            if "-".join(str(package.get(name) or "").split()).casefold() == folded and package.get("shortName"):
                return str(package["shortName"]), " ".join(str(package.get("clearName") or provider).split())
    near = [hit[0] for hit in process.extract(folded, sorted({str(p.get("slug")) for p in valid}), limit=3)]
    raise UsageError(f"JustWatch has no provider {provider!r} in this country; the most similar are {', '.join(near)}.")


def entry_of(node: dict[str, Any], _: SourceAnswer) -> tuple[str, dict[str, Any]] | None:
    """Return a node's id and list entry; None if it is not a movie."""
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
    """Return the list entries in an answer about titles, by id. Titles that failed are left out.

    Raises:
        SourceError: The answer has no titles.
    """
    result, _ = graphql.parts(answer)
    found: dict[str, dict[str, Any]] = {}
    for node in result.values():
        if isinstance(node, dict) and isinstance(node.get("content"), dict):
            made = entry_of(node, answer)
            found |= {made[0]: made[1]} if made else {}
    return found
