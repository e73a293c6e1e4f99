"""What a run has learnt from Wikidata and Wikipedia, fetched in batches, each item and page once."""

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
"""What the judge looks at: kind, directors, ids, dates, title, duration."""
NAMED: Final = frozenset(("P345", "P4985", "P297", "P218", "P219", "P220", "P498"))
"""Of an item that is only named by a film, these ids and codes are remembered."""


class FetchedEntity(NamedTuple):
    """An item, and where and when it was read."""

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
    """Asks for keys in batches cut from their sorted list: what was found by key, and which keys met an error."""
    wanted = {ask: batch for batch in batches(keys, size) for ask in plan(batch)}
    good, bad = await fetcher.read_all(wanted, parse)
    found = {key: value for answer in good for key, value in answer.items()}
    return found, {key: error for ask, error in bad for key in wanted[ask] if key not in found}


async def fetch_articles(
    fetcher: Fetcher, titles: Iterable[str], host: str, read: Callable[[wikipedia.Article, SourceAnswer], V]
) -> tuple[dict[str, V], dict[str, SourceError]]:
    """What `read` makes of the articles of these titles in one Wikipedia, by the title asked; and those that met an
    error."""
    articles: dict[str, V] = {}
    troubled: dict[str, SourceError] = {}
    wanted = set(titles)
    for _ in range(5):
        cut: set[str] = set()

        def parse(answer: SourceAnswer, cut: set[str] = cut) -> dict[str, V]:
            found, again = wikipedia.parse_articles(answer.body)
            cut.update(again)
            return {asked: read(article, answer) for asked, article in found.items()}

        plan = partial(wikipedia.plan_articles, host=host)
        found, failed = await fetch_by_key(fetcher, wanted, BATCH, plan, parse)
        articles |= found
        troubled |= failed
        wanted = cut - set(articles)
        if not wanted:
            break
    return articles, troubled


class Wikimedia:
    """The items and articles of one chunk of films (`films`, `articles`, `sitelinks`: pages that an item has), and
    what outlives it: names."""

    def __init__(self, fetcher: Fetcher, languages: Sequence[str] = ()) -> None:
        """`languages` are those, beside English, in which names are wanted, too."""
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
        """Forgets the films of the last chunk; names stay."""
        self.films.clear()
        self.articles.clear()
        self.sitelinks.clear()
        self.failed.clear()

    def remember(self, item: PersonItem | CompanyItem) -> None:
        """Takes in a person or company that this run has told already, before it was interrupted."""
        qid = item.ids.get("wikidata")
        if qid and item.origin.source == wikidata.SOURCE:
            ids = (("P345", "imdb"), ("P4985", "tmdb"))
            claims = {p: (Statement(v, False, {}),) for p, n in ids for k, v in item.ids.items() if k == n}
            self.named[qid] = Entity(qid, {"en": item.name}, claims=claims)
            self._told.add(qid)

    async def fetch_films(self, qids: Iterable[str]) -> None:
        """Has the whole entities of these items in `films`, those that exist."""
        missing = {q for q in qids if q not in self.films}
        found, failed = await fetch_by_key(self._fetcher, missing, BATCH, self._plan, _entities)
        self.films |= found
        self.failed |= failed

    async def fetch_articles(self, titles: Iterable[str]) -> None:
        """Has the records of these titles' articles in `articles`, by the title asked, those that exist."""
        found, failed = await fetch_articles(
            self._fetcher, (t for t in titles if t not in self.articles), wikipedia.HOST, _article_record
        )
        self.articles |= found
        self.failed |= failed

    def _plan(self, qids: Sequence[str]) -> list[SourceRequest]:
        return wikidata.plan_entities(qids, self._languages)

    async def fetch_names(self, qids: Iterable[str]) -> None:
        """Has these items in `named`; of people and companies the whole entity until they are told."""
        missing = {q for q in qids if q not in self.named}
        found, failed = await fetch_by_key(self._fetcher, missing, BATCH, self._plan, _entities)
        self.named |= {qid: held.what for qid, held in found.items()}
        self._fresh |= found
        self.failed |= failed

    async def tell(self, people: set[str], companies: set[str], run: str) -> list[PersonItem | CompanyItem]:
        """People and companies that this run has not told yet, as messages; afterwards only their names are kept."""
        untold = sorted((people | companies) - self._told)
        held = [(qid, self._fresh[qid]) for qid in untold if qid in self._fresh]
        places = {p for _, h in held for p in wikidata.place_refs(h.what)} - set(self.named)
        found, _ = await fetch_by_key(self._fetcher, places, BATCH, wikidata.plan_labels, _entities)
        self.named |= {qid: place.what for qid, place in found.items()}
        items: list[PersonItem | CompanyItem] = []
        for qid, (entity, url, at) in held:
            make = wikidata.person_item if qid in people else wikidata.company_item
            item = make(entity, self.named, run, at, url)
            if item:
                items.append(item)
            if isinstance(item, PersonItem):
                items += wikidata.person_texts(item, entity, self._languages)
        self._told.update(untold)
        for qid, _ in held:
            self.named[qid] = slim(self._fresh.pop(qid).what)
        return items

    def sketch(self, qid: str) -> SourceRecord:
        """The record of an item in `films`, as far as a judge needs it; whose names are known yet plays no part."""
        entity, url, at = self.films[qid]
        claims = {pid: statements for pid, statements in entity.claims.items() if pid in JUDGED}
        return wikidata.film_record(replace(entity, claims=claims), self.named, at, url)

    def film_record(self, qid: str) -> SourceRecord:
        """The record of an item in `films`."""
        entity, url, at = self.films[qid]
        return wikidata.film_record(entity, self.named, at, url)


def slim(entity: Entity) -> Entity:
    """An item reduced to its name, ids and codes."""
    claims = {pid: statements for pid, statements in entity.claims.items() if pid in NAMED}
    label = entity.label
    return Entity(entity.qid, {"en": label} if label else {}, claims=claims, wikipedia=entity.wikipedia)


def _article_record(article: wikipedia.Article, answer: SourceAnswer) -> SourceRecord:
    return wikipedia.article_record(article, answer.retrieved_at, wikipedia.page_url(article.title))


def _entities(answer: SourceAnswer) -> dict[str, FetchedEntity]:
    found = wikidata.parse_entities(answer.body)
    return {
        asked: FetchedEntity(e, f"https://www.wikidata.org/wiki/{e.qid}", answer.retrieved_at)
        for asked, e in found.items()
    }
