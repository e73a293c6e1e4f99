"""Reading saved pages of Wikipedia, in any of the forms in which people save them."""

from collections.abc import Callable, Iterable
from pathlib import PurePath
from xml.etree import ElementTree

from movie_db.contract.errors import UnreadableError
from movie_db.contract.text import clean_text
from movie_db.crawling_module.sources._article import Article
from movie_db.crawling_module.sources.answers import opened
from movie_db.crawling_module.sources.base import SavedAnswer

_EXPORT = (b"<mediawiki", b"<page>", b"<?xml")
_TEMPLATES = (b"{{", b"{|", b"[[")


def recognizes(saved: SavedAnswer) -> bool:
    """Whether this is an answer of the Action API about pages, a MediaWiki export, or wikitext with an infobox."""
    start = saved.body.lstrip()[:200]
    query = opened(saved.body).get("query")
    return (isinstance(query, dict) and "pages" in query) or start.startswith(_EXPORT) or _has_infobox(saved.body)


def _has_infobox(body: bytes) -> bool:
    return not body.lstrip().startswith((b"<", b'{"')) and b"{{infobox" in body[:20_000].lower()


def articles(saved: SavedAnswer, parse: Callable[[bytes], tuple[dict[str, Article], list[str]]]) -> Iterable[Article]:
    """The articles in an answer of the Action API (read by `parse`), in an export (XML), or in the wikitext of a page.

    Raises:
        UnreadableError: It is an HTML page, a damaged export, or an answer that was cut off.
    """
    start = saved.body.lstrip()[:200]
    if start.startswith(_EXPORT):
        return _exported(saved)
    if start.startswith((b"{", b"[")) and not start.startswith(_TEMPLATES):
        found, again = parse(saved.body)
        if again:
            raise UnreadableError(f"{saved.name} lacks the text of {', '.join(again)}: the answer was cut off.")
        return found.values()
    if start.lower().startswith((b"<!doctype", b"<html")):
        raise UnreadableError(
            f"{saved.name} is a web page: save the page's wikitext, an export of it, or the API's answer instead."
        )
    title = PurePath(saved.name).stem.replace("_", " ")
    return [Article(title, 0, None, None, clean_text(saved.body.decode("utf-8", "replace")))]


def _exported(saved: SavedAnswer) -> list[Article]:
    try:
        root = ElementTree.fromstring(saved.body)  # noqa: S314 (expat limits what entities may grow to)
    except ElementTree.ParseError as error:
        raise UnreadableError(f"{saved.name} is a damaged MediaWiki export: {error}.") from None
    return [
        Article(page.findtext("{*}title") or saved.name, 0, None, None, text)
        for page in ([root] if root.tag == "page" else root.iterfind("{*}page"))
        if page.findtext("{*}ns", "0") == "0" and (text := page.findtext("{*}revision/{*}text"))
    ]
