"""A title's page at JustWatch is read when the door that gives fifty is closed."""

import json
from datetime import UTC, datetime

import pytest

from movie_db.contract.errors import UnreadableError
from movie_db.crawling_module.sources import justwatch_page
from movie_db.crawling_module.sources.base import SourceAnswer

URL = "https://www.justwatch.com/us/movie/the-matrix"
MATRIX = {
    "@type": "Movie",
    "name": "The Matrix",
    "alternateName": "Matrix",
    "description": " A hacker learns. ",
    "dateCreated": "1999-03-30",
    "genre": ["Science-Fiction"],
    "contentRating": "R",
    "image": "https://images.justwatch.com/poster/10/s718/the-matrix.jpg",
    "duration": "PT2H16M",
    "director": [{"@type": "Person", "name": "Lana Wachowski"}],
    "actor": [{"@type": "Person", "name": "Keanu Reeves"}, {"@type": "Person", "name": "Carrie-Anne Moss"}],
    "aggregateRating": {"ratingValue": 8.7, "ratingCount": 1934137, "bestRating": 10, "worstRating": 0},
    "sameAs": ["https://www.imdb.com/title/tt0133093/"],
    "potentialAction": [{"@type": "WatchAction"}],
}


def page(*reply: object) -> SourceAnswer:
    scripts = "".join(
        f'<script type="application/ld+json">{t if isinstance(t, str) else json.dumps(t)}</script>' for t in reply
    )
    body = f"<html><head>{scripts}</head><body></body></html>".encode()
    return SourceAnswer(justwatch_page.plan([URL])[0], URL, datetime(2026, 11, 1, tzinfo=UTC), body)


def test_the_page_tells_the_films_facts_and_its_imdb_id() -> None:
    record = justwatch_page.parse(page({"@type": "Organization"}, MATRIX), "tm10")
    facts = record.facts
    assert (record.source, record.source_id, record.url) == ("justwatch_page", "tm10", URL)
    assert record.ids == {"justwatch": "tm10", "imdb": "tt0133093"}
    assert (facts.title, facts.original_title, facts.year, facts.release_date) == (
        "The Matrix",
        "Matrix",
        1999,
        "1999-03-30",
    )
    assert (facts.runtime, facts.plot, facts.age_rating) == (136, "A hacker learns.", "R")
    assert [c.name for c in facts.directors] == ["Lana Wachowski"]
    assert [(c.name, c.billing) for c in facts.cast] == [("Keanu Reeves", 1), ("Carrie-Anne Moss", 2)]
    assert [(r.source, r.score, r.votes) for r in facts.ratings] == [("imdb", 8.7, 1934137)]


def test_offers_whose_kind_the_page_does_not_tell_are_left_out() -> None:
    assert justwatch_page.parse(page(MATRIX), "tm10").facts.offers == ()


def test_a_film_of_which_only_the_year_is_known_has_no_date() -> None:
    facts = justwatch_page.parse(page({**MATRIX, "dateCreated": "1999", "duration": None}), "tm10").facts
    assert (facts.year, facts.release_date, facts.runtime) == (1999, None, None)


@pytest.mark.parametrize("reply", [[], ["{"], [{"@type": "TVSeries", "name": "x"}], [{"@type": "Movie"}], ["[]"]])
def test_a_page_without_a_readable_film_is_a_bad_page(reply: list[object]) -> None:
    with pytest.raises(UnreadableError, match="no movie that can be read"):
        justwatch_page.parse(page(*reply), "tm10")
