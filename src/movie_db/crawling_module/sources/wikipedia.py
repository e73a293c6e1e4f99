"""Wikipedia: guessing page names, and fetching articles from the Action API, 50 per call.

Its text is licensed CC BY-SA 4.0. A page's history, at its address, names the authors.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from movie_db.contract.messages import SourceRecord
from movie_db.crawling_module.sources._article import LICENCE, Article, article_record
from movie_db.crawling_module.sources._article_texts import article_texts, subdomain
from movie_db.crawling_module.sources._wikipedia_saved import articles, recognizes
from movie_db.crawling_module.sources.answers import batches, json_object, moment_of, part, revision_of
from movie_db.crawling_module.sources.base import JSON, Reads, SavedAnswer, SourceRequest

__all__ = [
    "LICENCE",
    "SOURCE",
    "Article",
    "Stub",
    "article_record",
    "article_texts",
    "guesses",
    "host_of",
    "page_url",
    "parse_articles",
    "parse_guesses",
    "parse_revisions",
    "plan_articles",
    "plan_guesses",
    "plan_revisions",
    "recognizes",
]

SOURCE: Final = "wikipedia"
HOSTS: Final = ("*.wikipedia.org",)
HOST: Final = "en.wikipedia.org"
_OF: Final = "Wikipedia's API"
_LONGEST_URL: Final = 6000
"""Bytes. Servers accept 8 kB; proxies may accept less."""


READS: Final[Reads] = {
    "query.normalized": "list?",
    "query.redirects": "list?",
    "query.pages[].title": "text",
    "query.pages[].ns": "number",
    "query.pages[].pageid": "number",
    "query.pages[].description": "text",
    "query.pages[].pageprops.wikibase_item": "text",
    "query.pages[].pageprops.disambiguation": "text?",
    "query.pages[].revisions[].revid": "number",
    "query.pages[].revisions[].timestamp": "text",
    "query.pages[].revisions[].slots.main.content": "text",
}
"""The fields of articles."""


class Stub(NamedTuple):
    """A page before it is read. With a `fragment`, a redirect leads into a section of the page, so the page is about
    something bigger.
    """

    title: str
    pageid: int
    qid: str | None
    description: str | None
    disambiguation: bool
    fragment: str | None = None


def guesses(title: str, year: int | None, original_title: str | None = None) -> list[str]:
    """Return names that the film's page may have, the likeliest first, as English Wikipedia names films.

    A bare title may be anything's; `(film)` and `(2018 film)` are used only where needed. Years are also tried one up
    and one down, because galleries and articles differ in a film's year.
    """
    forms = list(dict.fromkeys(_forms(title)))
    own = [f for f in _forms(original_title or "") if f not in forms][:1]
    names: list[str] = []
    for form in forms:
        names += [f"{form} ({year} film)"] if year else []
        names += [f"{form} (film)", form]
    names += [f"{form} ({y} film)" for form in forms[:1] for y in ((year + 1, year - 1) if year else ())]
    for form in own:
        names += [f"{form} ({year} film)"] if year else []
        names += [f"{form} (film)", form]
    return [n for n in dict.fromkeys(names) if len(n.encode()) <= 255]


_TYPOGRAPHY: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "\xa0": " ", "‐": "-"})
_ILLEGAL: Final = re.compile(r"[\x00-\x1f\x7f#<>\[\]{}|_]|%[0-9A-Fa-f]{2}|&(?=\w+;)|~{3,}")


def _forms(title: str) -> Iterator[str]:
    """Yield the title as a page name, then with other punctuation that a page may prefer."""
    name = " ".join(_ILLEGAL.sub("", title.translate(_TYPOGRAPHY)).split()).lstrip(":/ ")
    if not name or name in {".", ".."}:
        return
    name = name[0].upper() + name[1:]
    dashed = re.sub(r" [-—] ", " – ", name)
    yield dashed
    if dashed != name:
        yield name
        yield re.sub(r" [-—] ", ": ", name)
    if name.isupper() and len(name) > 1:
        yield name.title()
    if " & " in name:
        yield dashed.replace(" & ", " and ")


def _url(host: str, titles: Iterable[str], prop: str, **more: str) -> str:
    fixed = {
        "action": "query", "format": "json", "formatversion": "2", "maxlag": "5", "redirects": "1", "prop": prop, **more
    }  # fmt: skip
    return f"https://{host}/w/api.php?{urlencode({**fixed, 'titles': '|'.join(titles)}, safe='|', quote_via=quote)}"


def _plan(host: str, titles: Iterable[str], prop: str, **more: str) -> list[SourceRequest]:
    requests = []
    for batch in batches(titles, 50):
        kept: list[str] = []
        for title in batch:
            if kept and len(_url(host, [*kept, title], prop, **more)) > _LONGEST_URL:
                requests.append(SourceRequest(SOURCE, _url(host, kept, prop, **more), headers=JSON))
                kept = []
            kept.append(title)
        requests.append(SourceRequest(SOURCE, _url(host, kept, prop, **more), headers=JSON))
    return requests


_PROPS: Final = {"ppprop": "wikibase_item|disambiguation|wikibase-shortdesc"}


def plan_guesses(titles: Iterable[str], host: str = HOST) -> list[SourceRequest]:
    """Return requests for which of these page names exist, 50 per call."""
    return _plan(host, titles, "pageprops|description", **_PROPS)


def plan_articles(titles: Iterable[str], host: str = HOST) -> list[SourceRequest]:
    """Return requests for complete articles, 50 per call."""
    more = {"rvprop": "content|ids|timestamp", "rvslots": "main", **_PROPS}
    return _plan(host, titles, "pageprops|description|revisions", **more)


def plan_revisions(titles: Iterable[str], host: str = HOST) -> list[SourceRequest]:
    """Return requests for the newest revisions of pages, 50 per call."""
    return _plan(host, titles, "info")


def parse_revisions(body: bytes) -> dict[str, str]:
    """Return the newest revisions by every name that leads to the pages. Names without a page are absent.

    Raises:
        UnreadableError: The answer is not one of the Action API, or is an error about the request.
        RetryLaterError: The servers lag, or there were too many requests.
    """
    listed = ((name, revision_of(page.get("lastrevid"))) for name, page, _ in _pages(_query(body)))
    return {name: revision for name, revision in listed if revision}


def parse_guesses(body: bytes) -> dict[str, Stub]:
    """Return the pages by every name that leads to them: requested, normalized, redirected. Names without a page are
    absent.

    Raises:
        UnreadableError: The answer is not one of the Action API, or is an error about the request.
        RetryLaterError: The servers lag, or there were too many requests.
    """
    query = _query(body)
    found: dict[str, Stub] = {}
    for name, page, fragment in _pages(query):
        found[name] = _stub(page, fragment)
    return found


def parse_articles(body: bytes) -> tuple[dict[str, Article], list[str]]:
    """Return the articles by every name that leads to them, and the titles to request again because the answer would
    have been too large.

    Raises:
        UnreadableError: The answer is not one of the Action API, or is an error about the request.
        RetryLaterError: The servers lag, or there were too many requests.
    """
    query = _query(body)
    found: dict[str, Article] = {}
    again: set[str] = set()
    for name, page, _ in _pages(query):
        text = _wikitext(page)
        if text is None:
            again.add(str(page["title"]))
            continue
        stub = _stub(page, None)
        newest = page["revisions"][0]
        found[name] = Article(
            stub.title,
            stub.pageid,
            stub.qid,
            stub.description,
            text,
            revision_of(newest.get("revid")),
            moment_of(newest.get("timestamp")),
        )
    return found, sorted(again)


def parse_saved(saved: SavedAnswer) -> Iterator[SourceRecord]:
    """Parse an answer of the Action API, a MediaWiki export (XML), or the wikitext of a page.

    Raises:
        SourceError: It can't be read.
    """
    for article in {article.title: article for article in articles(saved, parse_articles)}.values():
        yield article_record(article, saved.retrieved_at, page_url(article.title))


def _query(body: bytes) -> dict[str, Any]:
    answer = json_object(body, _OF)
    # An answer of nothing but titles that can't be has no `query`.
    found: dict[str, Any] = part(answer, dict, "query", of=_OF) if "query" in answer else {"pages": []}
    part(found, list, "pages", of=_OF)
    return found


def _pages(query: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    """Yield every name with its article, and the section that it leads into, if any."""
    pages = {
        p["title"]: p
        for p in query["pages"]
        if isinstance(p, dict)
        and isinstance(p.get("title"), str)
        and 0 < len(p["title"]) <= 255
        and p.get("ns") == 0
        and isinstance(p.get("pageid"), int)
    }
    steps: dict[str, tuple[str, str | None]] = {}
    for kind in ("normalized", "redirects"):
        listed = query.get(kind)
        for step in listed if isinstance(listed, list) else ():
            if isinstance(step, dict) and isinstance(step.get("from"), str) and isinstance(step.get("to"), str):
                fragment = step.get("tofragment")
                steps[step["from"]] = (step["to"], fragment if isinstance(fragment, str) and fragment else None)
    for name in [*pages, *steps]:
        target, fragment, seen = name, None, {name}
        while target in steps and target not in pages:
            target, into = steps[target]
            fragment = into or fragment
            if target in seen:
                break
            seen.add(target)
        if target in pages:
            yield name, pages[target], fragment


def _stub(page: dict[str, Any], fragment: str | None) -> Stub:
    props = page.get("pageprops")
    props = props if isinstance(props, dict) else {}
    qid, described = props.get("wikibase_item"), page.get("description") or props.get("wikibase-shortdesc")
    return Stub(
        title=page["title"],
        pageid=page["pageid"],
        qid=qid if isinstance(qid, str) else None,
        description=described if isinstance(described, str) and described.strip() else None,
        disambiguation="disambiguation" in props,
        fragment=fragment,
    )


def _wikitext(page: dict[str, Any]) -> str | None:
    try:
        text = page["revisions"][0]["slots"]["main"]["content"]
    except (KeyError, IndexError, TypeError):
        return None
    return text if isinstance(text, str) else None


def host_of(language: str) -> str:
    """Return the host of a language's Wikipedia."""
    return f"{subdomain(language)}.wikipedia.org"


def page_url(title: str, host: str = HOST) -> str:
    """Return the address of a page for readers."""
    return f"https://{host}/wiki/{quote(title.replace(' ', '_'), safe='/:(),!*;@')}"
