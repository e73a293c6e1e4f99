"""What records a saved answer or page gives, source by source: for `movie-db parse` and for the tests."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import quote
from xml.etree import ElementTree

from movie_db.contract.errors import ContractError, UnreadableError, UsageError
from movie_db.contract.fitting import fit
from movie_db.contract.messages import CompanyItem, MovieListEntry, PersonItem, SourceRecord
from movie_db.contract.text import clean_text
from movie_db.crawling_module import sources
from movie_db.crawling_module.galleries.justwatch_list import entry_of, titles
from movie_db.crawling_module.sources import graphql, justwatch, justwatch_page, wikidata, wikipedia
from movie_db.crawling_module.sources.base import KeyedSource, SourceAnswer, SourceRequest

Record: TypeAlias = SourceRecord | PersonItem | CompanyItem | MovieListEntry
RUN: Final = "parse"
"""The run that messages bear, as no run gathered them."""


class Saved(NamedTuple):
    """A saved answer or page. `name` is its file's: it says what some pages do not tell of themselves."""

    name: str
    body: bytes
    retrieved_at: datetime

    def answer(self, source: str) -> SourceAnswer:
        """As if it had been asked for."""
        url = f"file:///{quote(self.name)}"
        return SourceAnswer(SourceRequest(source, url), url, self.retrieved_at, self.body)


Reader: TypeAlias = Callable[[Saved], Iterable[Record]]


def readers() -> Mapping[str, Reader]:
    """How to read what each source gave, by the source's name."""
    found: dict[str, Reader] = {
        "justwatch": _justwatch,
        justwatch_page.SOURCE: _justwatch_page,
        wikidata.SOURCE: _wikidata,
        wikipedia.SOURCE: _wikipedia,
    }
    return found | {source.SOURCE: partial(_keyed, source) for source in sources.keyed()}


def read(source: str, saved: Saved) -> Sequence[Record]:
    """The records of a saved answer or page of a source.

    Raises:
        UsageError: there is no such source; names those that there are.
        SourceError: there is nothing to be read in it; says why.
    """
    known = readers()
    if source not in known:
        raise UsageError(f"{source!r} is no source that can be read: it is one of {', '.join(sorted(known))}.")
    try:
        found = list(known[source](saved))
    except ContractError as error:
        raise UnreadableError(f"{saved.name} tells something that breaks the contract: {error}.") from None
    if not found:
        raise UnreadableError(f"{saved.name} is what {source} may give, but there is nothing of a film in it.")
    return found


def _keyed(source: KeyedSource, saved: Saved) -> Iterable[Record]:
    return source.parse(saved.answer(source.SOURCE)).values()


def _justwatch(saved: Saved) -> Iterable[Record]:
    """Titles with all that is told of them, or a page of a gallery's list."""
    answer = saved.answer("justwatch")
    if "popularTitles" not in graphql.partial(answer).data:
        yield from justwatch.parse_saved(answer).values()
        return
    for position, (key, entry) in enumerate(titles(answer, entry_of).entries.items(), 1):
        told = {"run": RUN, "gallery": answer.url, "key": f"justwatch:{key}", "position": position, **entry}
        yield fit(MovieListEntry, told)


_KEY: Final = re.compile(r"\btm\d{1,10}\b")


def _justwatch_page(saved: Saved) -> Iterable[Record]:
    answer = saved.answer(justwatch_page.SOURCE)
    key = _KEY.search(saved.name) or _KEY.search(saved.body.decode("utf-8", "replace"))
    if not key:
        raise UsageError(
            f"{saved.name} does not tell the film's id at JustWatch: name the file after it, tm92641.html."
        )
    return [justwatch_page.parse(answer, key[0])]


_HUMAN: Final = "Q5"
_OF_COMPANIES: Final = ("P571", "P159")


def _wikidata(saved: Saved) -> Iterable[Record]:
    """Films, and the people and companies among the items; an item without statements only lends its name."""
    known = wikidata.parse_entities(saved.body)
    for entity in known.values():
        told = (known, saved.retrieved_at, wikidata.entity_url(entity.qid))
        record: Record | None = None
        if _HUMAN in entity.items("P31"):
            record = wikidata.person_item(entity, known, RUN, *told[1:])
        elif entity.claims:
            record = wikidata.film_record(entity, *told)
            if record.kind in {None, "other"} and any(entity.all(pid) for pid in _OF_COMPANIES):
                record = wikidata.company_item(entity, known, RUN, *told[1:])
        if record:
            yield record


def _wikipedia(saved: Saved) -> Iterable[Record]:
    """An answer of the Action API, a MediaWiki export (XML) of one page or more, or the bare wikitext of a page."""
    start = saved.body.lstrip()[:200]
    if start.startswith((b"<mediawiki", b"<page>", b"<?xml")):
        articles = _exported(saved)
    elif start.startswith((b"{", b"[")) and not start.startswith((b"{{", b"{|", b"[[")):
        found, again = wikipedia.parse_articles(saved.body)
        if again:
            raise UnreadableError(f"{saved.name} lacks the text of {', '.join(again)}: the answer was cut.")
        articles = list(found.values())
    elif start.lower().startswith((b"<!doctype", b"<html")):
        raise UnreadableError(
            f"{saved.name} is a web page: wanted is its wikitext, an export of it, or the API's answer."
        )
    else:
        title = PurePath(saved.name).stem.replace("_", " ")
        articles = [wikipedia.Article(title, 0, None, None, clean_text(saved.body.decode("utf-8", "replace")))]
    for article in {a.title: a for a in articles}.values():
        yield wikipedia.article_record(article, saved.retrieved_at, wikipedia.page_url(article.title))


def _exported(saved: Saved) -> list[wikipedia.Article]:
    try:
        root = ElementTree.fromstring(saved.body)  # noqa: S314 (expat limits what entities may grow to)
    except ElementTree.ParseError as error:
        raise UnreadableError(f"{saved.name} is a damaged MediaWiki export: {error}.") from None
    return [
        wikipedia.Article(page.findtext("{*}title") or saved.name, 0, None, None, text)
        for page in ([root] if root.tag == "page" else root.iterfind("{*}page"))
        if page.findtext("{*}ns", "0") == "0" and (text := page.findtext("{*}revision/{*}text"))
    ]
