"""A world of the stand-in web read straight, without the web: its gallery's films and Wikidata's, as the judge sees."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from movie_db.contract.messages import Credit, MovieFacts, SourceRecord
from movie_db.crawling_module.sources import wikidata, wikidata_entity, wikipedia
from movie_db.crawling_module.sources.wikipedia import Article
from movie_db.stitching.kind import FILM_CLASSES
from movie_db.stitching.match import FilmFeatures, of_record

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class World:
    """`gold`: films as the gallery tells of them, each with its item. `items`: all films of Wikidata by QID;
    `articles`: of those with a page, the page. `by_title` and `by_director` lead to items."""

    gold: list[tuple[FilmFeatures, str]] = field(default_factory=list)
    items: dict[str, FilmFeatures] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    by_title: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_director: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _read: dict[str, FilmFeatures] = field(default_factory=dict)

    def film(self, qid: str, with_article: bool) -> FilmFeatures:
        """An item, alone or together with its article."""
        item = self.items[qid]
        if not with_article or qid not in self.articles:
            return item
        if qid not in self._read:
            article = self.articles[qid]
            self._read[qid] = item | of_record(
                wikipedia.article_record(article, NOW, wikipedia.page_url(article.title))
            )
        return self._read[qid]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8") as file:
        yield from map(json.loads, file)


@lru_cache(maxsize=4)
def load(folder: Path) -> World:
    """Reads a world's folder."""
    world = World()
    known = {raw["id"]: wikidata_entity.read(raw) for raw in lines(folder / "wikidata.jsonl") if "claims" in raw}
    for qid, entity in known.items():
        if FILM_CLASSES & set(entity.items("P31")):
            item = of_record(wikidata.film_record(entity, known, NOW, wikidata.entity_url(qid)))
            world.items[qid] = item
            for title in item.titles:
                world.by_title[title].add(qid)
            for director in item.directors:
                world.by_director[director].add(qid)
    for page in lines(folder / "wikipedia.jsonl"):
        if page.get("wikidata") in world.items:
            world.articles[page["wikidata"]] = Article(
                page["title"], page["pageid"], page["wikidata"], page.get("description"), page["wikitext"]
            )
    listed = {title["id"]: title for title in lines(folder / "justwatch.jsonl") if "id" in title}
    for film in lines(folder / "gold.jsonl"):
        if film["wikidata_id"] in world.items and film["justwatch_id"] in listed:
            world.gold.append((of_record(record(listed[film["justwatch_id"]])), film["wikidata_id"]))
    return world


def record(title: Mapping[str, Any]) -> SourceRecord:
    """A gallery's title, as the world's file tells of it."""
    credits = title.get("credits") or []
    return SourceRecord(
        source="justwatch",
        source_id=title["id"],
        url="https://www.justwatch.com/",
        retrieved_at=NOW,
        licence="none",
        kind="film",
        facts=MovieFacts(
            title=title["title"],
            original_title=title.get("originalTitle") or None,
            year=title.get("originalReleaseYear") or None,
            runtime=title.get("runtime") or None,
            countries=tuple(c for c in title.get("productionCountries") or () if re.fullmatch(r"[A-Z]{2}", c)),
            directors=tuple(Credit(name=c["name"]) for c in credits if c["role"] == "DIRECTOR"),
            cast=tuple(Credit(name=c["name"]) for c in credits if c["role"] == "ACTOR"),
        ),
    )


def neighbours(world: World, film: FilmFeatures, qid: str, most: int = 8) -> Sequence[str]:
    """Other films that are easily taken for it: of a title the same or nearly so, or of its director.

    No stubs: of those nobody can tell, not even the gold, whether they are the film once more.
    """
    found: dict[str, None] = {}
    for title in sorted(film.titles):
        found |= dict.fromkeys(sorted(world.by_title.get(title, ())))
        alike = process.extract(title, world.by_title.keys(), scorer=fuzz.token_set_ratio, limit=4, score_cutoff=70)
        for near, _, _ in alike:
            found |= dict.fromkeys(sorted(world.by_title[near]))
    for director in sorted(film.directors):
        found |= dict.fromkeys(sorted(world.by_director.get(director, ()))[:3])
    return [key for key in found if key != qid and not world.items[key].is_stub][:most]
