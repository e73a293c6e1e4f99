"""What a run has fetched from Wikidata and Wikipedia, in batches, each item and page once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple, TypeVar

from movie_db.contract.errors import SourceError
from movie_db.contract.messages import CompanyItem, PersonItem, SourceRecord
from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.crawling_module.sources import wikidata, wikipedia
from movie_db.crawling_module.sources.answers import batches
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest
from movie_db.crawling_module.sources.wikidata_entity import Entity, Statement

V = TypeVar("V")

BATCH: Final = 50
JUDGED: Final = frozenset("P31 P57 P345 P577 P1476 P2047 P4947".split())
"""The properties that matching uses: kind, directors, ids, dates, title, duration."""
NAMED: Final = frozenset(("P345", "P4985", "P297", "P218", "P219", "P220", "P498"))
"""The ids and codes that stay in memory for items that are only referred to."""


class FetchedEntity(NamedTuple):
    """An item, with its address and the time it was retrieved."""

    what: Entity
    url: str
    at: datetime


async def fetch_by_key(
    fetcher: Fetcher,
    keys: Iterable[str],
    size: int,
    plan: Callable[[Sequence[str]], list[SourceRequest]],
    parse: Callable[[SourceAnswer], dict[str, V]],
) -> tuple[dict[str, V], dict[str, SourceError]]:
    """Request keys in batches cut from their sorted list. Return what was found, and the errors, by key."""
    pending = {request: batch for batch in batches(keys, size) for request in plan(batch)}
    good, bad = await fetcher.read_all(pending, parse)
    found = {key: value for answer in good for key, value in answer.items()}
    return found, {key: error for request, error in bad for key in pending[request] if key not in found}


async def fetch_articles(
    fetcher: Fetcher, titles: Iterable[str], host: str, read: Callable[[wikipedia.Article, SourceAnswer], V]
) -> tuple[dict[str, V], dict[str, SourceError]]:
    """Return `read(article, answer)` for the articles of these titles in one Wikipedia, by requested title, and the
    errors by title.
    """
    articles: dict[str, V] = {}
    troubled: dict[str, SourceError] = {}
    pending = set(titles)
    for _ in range(5):
        cut: set[str] = set()

        def parse(answer: SourceAnswer, cut: set[str] = cut) -> dict[str, V]:
            found, again = wikipedia.parse_articles(answer.body)
            cut.update(again)
            return {requested: read(article, answer) for requested, article in found.items()}

        plan = partial(wikipedia.plan_articles, host=host)
        found, failed = await fetch_by_key(fetcher, pending, BATCH, plan, parse)
        articles |= found
        troubled |= failed
        pending = cut - set(articles)
        if not pending:
            break
    return articles, troubled


class Wikimedia:
    """The items and articles of one chunk (`films`, `articles`, and `sitelinks`: the number of an item's pages), and
    names, which stay for the whole run.
    """

    def __init__(self, fetcher: Fetcher, languages: Sequence[str] = ()) -> None:
        """`languages` are languages besides English in which names are needed."""
        self._fetcher = fetcher
        self._languages = languages
        self.films: dict[str, FetchedEntity] = {}
        self.articles: dict[str, SourceRecord] = {}
        self.sitelinks: dict[str, int] = {}
        self.named: dict[str, Entity] = {}
        self.failed: dict[str, SourceError] = {}
        self._told: set[str] = set()
        self._fresh: dict[str, FetchedEntity] = {}

    def next_chunk(self) -> None:
        """Drop the movies of the last chunk; names stay."""
        self.films.clear()
        self.articles.clear()
        self.sitelinks.clear()
        self.failed.clear()

    def remember(self, item: PersonItem | CompanyItem) -> None:
        """Restore a person or company that this run wrote before it was interrupted."""
        qid = item.ids.get("wikidata")
        if qid and item.origin.source == wikidata.SOURCE:
            ids = (("P345", "imdb"), ("P4985", "tmdb"))
            claims = {p: (Statement(v, False, {}),) for p, n in ids for k, v in item.ids.items() if k == n}
            self.named[qid] = Entity(qid, {"en": item.name}, claims=claims)
            self._told.add(qid)

    async def fetch_films(self, qids: Iterable[str]) -> None:
        """Fetch the complete entities of these items into `films`."""
        missing = {q for q in qids if q not in self.films}
        found, failed = await fetch_by_key(self._fetcher, missing, BATCH, self._plan, _entities)
        self.films |= found
        self.failed |= failed

    async def fetch_articles(self, titles: Iterable[str]) -> None:
        """Fetch the records of these titles' articles into `articles`, by requested title."""
        found, failed = await fetch_articles(
            self._fetcher, (t for t in titles if t not in self.articles), wikipedia.HOST, _article_record
        )
        self.articles |= found
        self.failed |= failed

    def _plan(self, qids: Sequence[str]) -> list[SourceRequest]:
        return wikidata.plan_entities(qids, self._languages)

    async def fetch_names(self, qids: Iterable[str]) -> None:
        """Fetch these items into `named`. People and companies stay complete until they are written."""
        missing = {q for q in qids if q not in self.named}
        found, failed = await fetch_by_key(self._fetcher, missing, BATCH, self._plan, _entities)
        self.named |= {qid: fetched.what for qid, fetched in found.items()}
        self._fresh |= found
        self.failed |= failed

    async def contributor_items(
        self, people: set[str], companies: set[str], run: str
    ) -> list[PersonItem | CompanyItem]:
        """Return people and companies that this run hasn't written yet. Afterwards only their names are stored."""
        unsent = sorted((people | companies) - self._told)
        fetched = [(qid, self._fresh[qid]) for qid in unsent if qid in self._fresh]
        places = {p for _, entity_ in fetched for p in wikidata.place_refs(entity_.what)} - set(self.named)
        found, _ = await fetch_by_key(self._fetcher, places, BATCH, wikidata.plan_labels, _entities)
        self.named |= {qid: place.what for qid, place in found.items()}
        items: list[PersonItem | CompanyItem] = []
        for qid, (entity, url, at) in fetched:
            make = wikidata.person_item if qid in people else wikidata.company_item
            item = make(entity, self.named, run, at, url)
            if item:
                items.append(item)
            if isinstance(item, PersonItem):
                items += wikidata.person_texts(item, entity, self._languages)
        self._told.update(unsent)
        for qid, _ in fetched:
            self.named[qid] = slim(self._fresh.pop(qid).what)
        return items

    def sketch(self, qid: str) -> SourceRecord:
        """Return the record of an item in `films`, as far as matching needs it, independent of fetched names."""
        entity, url, at = self.films[qid]
        claims = {pid: statements for pid, statements in entity.claims.items() if pid in JUDGED}
        return wikidata.film_record(replace(entity, claims=claims), self.named, at, url)

    def film_record(self, qid: str) -> SourceRecord:
        """Return the record of an item in `films`."""
        entity, url, at = self.films[qid]
        return wikidata.film_record(entity, self.named, at, url)


def slim(entity: Entity) -> Entity:
    """Reduce an item to its name, ids and codes."""
    claims = {pid: statements for pid, statements in entity.claims.items() if pid in NAMED}
    label = entity.label
    return Entity(entity.qid, {"en": label} if label else {}, claims=claims, wikipedia=entity.wikipedia)


def _article_record(article: wikipedia.Article, answer: SourceAnswer) -> SourceRecord:
    return wikipedia.article_record(article, answer.retrieved_at, wikipedia.page_url(article.title))


def _entities(answer: SourceAnswer) -> dict[str, FetchedEntity]:
    found = wikidata.parse_entities(answer.body)
    return {
        requested: FetchedEntity(e, f"https://www.wikidata.org/wiki/{e.qid}", answer.retrieved_at)
        for requested, e in found.items()
    }
