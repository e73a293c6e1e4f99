"""Which items and pages changed: the query service tells, else the API, and what can't be asked is neither."""

import asyncio
from typing import Any

import pytest

from movie_db.crawling_module.refreshing.revisions import compare_items, compare_pages


@pytest.fixture
def revisions(known: Any) -> Any:
    """The revisions of some items."""
    return {
        qid: str(entity["lastrevid"]) for qid, entity in sorted(known.entities.items())[:120] if "lastrevid" in entity
    }


def compared(web: Any, known: Any, compare: Any = compare_items) -> Any:
    found = asyncio.run(compare(web.fetcher(), known))
    return set(found.same), found.changed


def test_the_query_service_compares_a_thousand_items_at_once(recorded_web: Any, revisions: Any) -> None:
    web, known = recorded_web(), dict(revisions)
    edited = next(iter(known))
    known[edited] = "1"
    assert compared(web, known) == (known.keys() - {edited}, {edited})
    assert web.asked == {"query.wikidata.org": 1}


def test_where_the_query_service_lags_or_knows_nothing_the_api_tells(recorded_web: Any, revisions: Any) -> None:
    web, known = recorded_web(), dict(revisions)
    ahead = next(iter(known))
    known[ahead] = str(int(known[ahead]) + 5)
    assert compared(web, known) == (known.keys() - {ahead}, {ahead})
    assert web.asked == {"query.wikidata.org": 1, "www.wikidata.org": 1}
    web = recorded_web()
    web.versions = False
    assert compared(web, revisions) == (set(revisions), set())
    assert web.asked["www.wikidata.org"] == -(-len(revisions) // 50)


def test_what_can_not_be_asked_is_neither_the_same_nor_changed(recorded_web: Any, revisions: Any) -> None:
    web = recorded_web(**{"query.wikidata.org": 403, "www.wikidata.org": 403})
    assert compared(web, revisions) == (set(), set())


def test_an_item_that_is_gone_has_changed(recorded_web: Any) -> None:
    assert compared(recorded_web(), {"Q1": "5"}) == (set(), {"Q1"})


def test_pages_are_compared_fifty_a_call(recorded_web: Any, known: Any) -> None:
    web = recorded_web()
    pages = {title: str(page["revisions"][0]["revid"]) for title, page in known.pages.items() if "revisions" in page}
    edited, *_ = pages
    assert compared(web, pages | {edited: "1", "No such page": "1"}, compare_pages) == (
        pages.keys() - {edited},
        {edited, "No such page"},
    )
    assert web.asked == {"en.wikipedia.org": -(-(len(pages) + 1) // 50)}
