"""A saved page and the records expected of it are a test: `tests/pages/<source>/<name>/{answer,expected}.json`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from movie_db.crawling_module import sources
from movie_db.crawling_module.sources import wikidata, wikipedia
from movie_db.crawling_module.sources.base import Answer, Ask

PAGES = Path(__file__).parents[2] / "pages"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def of_wikipedia(body):
    articles, again = wikipedia.parse_articles(body)
    assert not again
    return [wikipedia.article_record(a, NOW, wikipedia.page_url(a.title)) for a in articles.values()]


def of_wikidata(body):
    known = wikidata.parse_entities(body)
    return [wikidata.film_record(e, known, NOW, wikidata.entity_url(e.qid)) for e in known.values()]


def of_keyed(source):
    ask = Ask(source.SOURCE, f"https://example.org/{source.SOURCE}")
    return lambda body: list(source.parse(Answer(ask, ask.url, NOW, body)).values())


READERS = {"wikipedia": of_wikipedia, "wikidata": of_wikidata} | {s.SOURCE: of_keyed(s) for s in sources.keyed()}
CASES = sorted(p for source in READERS for p in (PAGES / source).iterdir())


@pytest.mark.parametrize("folder", CASES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_saved_page_gives_the_records_expected_of_it(folder):
    records = READERS[folder.parent.name]((folder / "answer.json").read_bytes())
    found = [r.model_dump(mode="json", exclude_defaults=True) for r in records]
    assert found == json.loads((folder / "expected.json").read_text("utf-8"))
