"""What a saved answer or page gives, whatever its form."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fuzz
from movie_db.contract.errors import (
    BlockedError,
    MovieDbError,
    NotFoundError,
    RetryLaterError,
    UnreadableError,
    UsageError,
)
from movie_db.crawling_module.saved_answers import SavedAnswer, read

NOW = datetime(2026, 11, 23, tzinfo=UTC)
IS_A_FILM = [{"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": "Q11424"}}}}]
WIKITEXT = "{{Infobox film\n| name = Alien\n| runtime = 117 minutes\n}}\n'''Alien''' is a 1979 film."
EXPORT = (
    "<page><title>Alien (film)</title><ns>0</ns><id>23487440</id>"
    f"<revision><id>1</id><text>{WIKITEXT}</text></revision></page>"
)


def of(source: Any, body: Any, name: Any = "answer.json") -> Any:
    return read(source, SavedAnswer(name, body if isinstance(body, bytes) else body.encode(), NOW))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Alien (film).txt", WIKITEXT),
        ("page.xml", EXPORT),
        ("dump.xml", f'<?xml version="1.0"?><mediawiki xmlns="http://www.mediawiki.org/xml/">{EXPORT}</mediawiki>'),
        (
            "answer.json",
            json.dumps({"query": {"pages": [{"title": "Alien (film)", "ns": 0, "pageid": 1,
                                             "revisions": [{"slots": {"main": {"content": WIKITEXT}}}]}]}}),
        ),
    ],
)  # fmt: skip
def test_an_article_is_read_from_wikitext_from_an_export_and_from_an_answer(name: Any, body: Any) -> None:
    (record,) = of("wikipedia", body, name)
    assert (record.source_id, record.facts.title, record.facts.year, record.facts.runtime) == (
        "Alien (film)", "Alien", 1979, 117
    )  # fmt: skip


def test_the_pages_of_an_export_that_are_no_articles_are_left_out() -> None:
    talk = EXPORT.replace("<ns>0", "<ns>1").replace("Alien (film)", "Talk:Alien (film)")
    assert [r.source_id for r in of("wikipedia", f"<mediawiki>{talk}{EXPORT}</mediawiki>")] == ["Alien (film)"]


def test_wikidatas_people_and_companies_are_read_as_such() -> None:
    def is_a(qid: Any) -> Any:
        return {"P31": [{"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": qid}}}}]}

    def in_year(pid: Any) -> Any:
        value = {"time": "+1939-00-00T00:00:00Z", "precision": 9}
        return {pid: [{"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}]}

    entities = {
        "Q1": {"labels": {"en": {"value": "Alien"}}, "claims": is_a("Q11424")},
        "Q2": {"labels": {"en": {"value": "Ridley Scott"}}, "claims": is_a("Q5")},
        "Q3": {"labels": {"en": {"value": "Fox"}}, "claims": is_a("Q375336") | in_year("P571")},
        "Q4": {"labels": {"en": {"value": "science fiction"}}},
    }
    found = of("wikidata", json.dumps({"entities": entities}))
    assert [type(r).__name__ for r in found] == ["SourceRecord", "PersonItem", "CompanyItem"]
    assert found[2].founded == "1939"


def test_justwatchs_titles_are_read_without_their_request_offers_as_of_the_country_of_their_addresses() -> None:
    content = {"title": "Alien", "fullPath": "/uk/movie/alien", "originalReleaseYear": 1979}
    offer = {"package": {"clearName": "Max"}, "monetizationType": "RENT", "retailPriceValue": 3.99, "currency": "GBP"}
    node = {"id": "tm1", "content": content, "offers": [offer]}
    (record,) = of("justwatch", json.dumps({"data": {"n0": node, "n1": None}}))
    assert (record.source_id, record.facts.offers[0].country) == ("tm1", "GB")


def test_justwatchs_list_is_read_as_entries() -> None:
    films = [
        {"node": {"id": "tm1", "objectType": "MOVIE", "content": {"title": "Alien"}}},
        {"node": {"id": "ts1", "objectType": "SHOW", "content": {"title": "Aliens"}}},
    ]
    (entry,) = of("justwatch", json.dumps({"data": {"popularTitles": {"totalCount": 2, "edges": films}}}))
    assert (entry.type, entry.key, entry.title) == ("movie_list_entry", "justwatch:tm1", "Alien")


def test_a_titles_page_is_read_by_the_id_that_its_file_is_named_after() -> None:
    page = '<script type="application/ld+json">{"@type": "Movie", "name": "Alien"}</script>'
    assert of("justwatch_page", page, "tm7.html")[0].source_id == "tm7"
    with pytest.raises(UsageError, match="name the file after it"):
        of("justwatch_page", page, "alien.html")


def test_half_a_pair_of_surrogates_is_replaced() -> None:
    body = '{"entities": {"Q1": {"labels": {"en": {"value": "Al\\ud800ien"}}, "claims": {"P577": []}}}}'
    with pytest.raises(UnreadableError):
        of("wikidata", body)
    assert of("wikidata", body.replace('"P577": []', f'"P31": {json.dumps(IS_A_FILM)}'))[0].facts.title == "Al\ufffdien"


TARGETS = fuzz.targets()


@pytest.mark.parametrize("name", sorted(TARGETS))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_swapped_in_an_answer_a_parser_raises_only_our_errors(name: Any, data: Any) -> None:
    parse, seeds = TARGETS[name]
    seed = data.draw(st.sampled_from([s for s in seeds if len(s) < 60_000]))
    with suppress(MovieDbError):
        parse(fuzz.damaged(seed, lambda n: data.draw(st.integers(0, n - 1))))


@pytest.mark.parametrize(
    ("source", "body", "error", "sentence"),
    [
        ("imdb", "", UsageError, "'imdb' is not a source that can be read: use one of justwatch, justwatch_page, omdb"),
        ("wikipedia", "<!DOCTYPE html><html></html>", UnreadableError, "is a web page: save the page's wikitext"),
        ("wikipedia", "<mediawiki><page>", UnreadableError, "is a damaged MediaWiki export"),
        ("wikipedia", '{"query": {"pages": []}}', UnreadableError, "but has no movie"),
        (
            "wikipedia",
            '{"query": {"pages": [{"title": "A", "ns": 0, "pageid": 1}]}}',
            UnreadableError,
            "lacks the text of A",
        ),
        ("wikidata", '{"entities": {"P31": {"id": "P31"}}}', UnreadableError, "but has no movie"),
        (
            "tmdb",
            '{"success": false, "status_code": 34, "status_message": "Not here."}',
            NotFoundError,
            "TMDB returned the error: Not her",
        ),
        (
            "tmdb",
            '{"status_code": 7, "status_message": "Invalid key."}',
            BlockedError,
            "TMDB returned the error: Invalid key",
        ),
        (
            "tmdb",
            '{"status_code": 25, "status_message": "Too many."}',
            RetryLaterError,
            "TMDB returned the error: Too many",
        ),
        ("tmdb", '{"results": []}', UnreadableError, "not a movie: it has no title"),
        ("omdb", '{"Search": [], "Response": "True"}', UnreadableError, "a list of search results"),
        (
            "wikipedia",
            f"<page><title>{'x' * 256}</title><revision><text>x</text></revision></page>",
            UnreadableError,
            "at most 255",
        ),
        (
            "justwatch",
            '{"data": {"n": {"content": {"fullPath": "/", "scoring": {"imdbScore": 7, "imdbVotes": "x"}}}}}',
            UnreadableError,
            "a movie that can't be read",
        ),
        ("justwatch", '{"data": {"n0": {"content": {"fullPath": 1}}}}', UnreadableError, "a movie that can't be read"),
    ],
)
def test_what_can_not_be_read_is_told_in_one_sentence(source: Any, body: Any, error: Any, sentence: Any) -> None:
    with pytest.raises(error, match=sentence.replace("?", r"\?")):
        of(source, body)
