"""Texts in other languages: beside the English records, never in their place."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request

from movie_db.contract.messages import MovieFacts, MovieItem, PersonItem, SourceRecord
from movie_db.crawling_module.gathering.gatherer import Gatherer
from movie_db.crawling_module.gathering.list_order import order
from movie_db.crawling_module.sources import justwatch, wikidata
from movie_db.crawling_module.sources.translations import translated
from movie_db.crawling_module.sources.wikipedia import Article, article_texts, host_of
from presence import present

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def gathered(web: Any, entries: Any, *languages: Any) -> Any:
    async def everything() -> Any:
        gatherer = Gatherer(web.fetcher(), web.fetcher(), None, "r1", "US", languages=languages)
        return [message async for message in gatherer.gather(sorted(entries, key=order), 0)]

    reply = asyncio.run(everything())
    return {m.entry.key: m for m in reply if isinstance(m, MovieItem)}, [m for m in reply if isinstance(m, PersonItem)]


def without_times(records: Any) -> Any:
    return [r.model_copy(update={"retrieved_at": NOW}) for r in records]


def test_texts_come_beside_the_english_records_which_stay_as_they_are(recorded_web: Any, entries: Any) -> None:
    plain, web = recorded_web(), recorded_web()
    english, people = gathered(plain, entries, "en")
    web.speak("pt")
    items, named = gathered(web, entries, "pt", "en")
    texts: Counter[str] = Counter()
    for key, item in items.items():
        kept = [r for r in item.records if not r.source.endswith("_pt")]
        assert without_times(kept) == without_times(english[key].records)
        ids = {r.source: r.source_id for r in kept}
        for record in (r for r in item.records if r.source.endswith("_pt")):
            texts[record.source] += 1
            assert record.language == "pt"
            assert set(record.facts.present) <= {"title", "plot"}
            assert record.source_id == ids[record.source.removesuffix("_pt")]
            assert item.outcomes[record.source] == "found"
            assert any(link.source == record.source for link in item.links) or record.source == "justwatch_pt"
    odd = sum(int(key[-1]) % 2 for key in items)
    assert texts == {"justwatch_pt": odd, "wikidata_pt": 60, "wikipedia_pt": 60}
    portuguese = [p for p in named if p.origin.source == "wikidata_pt"]
    assert {p.origin.source_id for p in portuguese} == {p.origin.source_id for p in people}
    assert all(p.name.endswith(" (pt)") and p.origin.language == "pt" for p in portuguese)
    assert web.asked.pop("pt.wikipedia.org") == 2
    assert web.asked == plain.asked, "nothing else is asked for more often"


def test_a_source_that_speaks_is_asked_again_for_the_films_it_has(recorded_web: Any, entries: Any) -> None:
    web = recorded_web()
    web.without_key.remove("api.themoviedb.org")
    contents = [node["content"] for node in web.known.listed.values()]
    by_id = {c["externalIds"][space]: c for c in contents for space in ("tmdbId", "imdbId") if c["externalIds"][space]}

    def tmdb(request: Request) -> Any:
        url = urlsplit(request.url)
        content, language = by_id.get(url.path.rpartition("/")[2]), parse_qs(url.query)["language"][0]
        if content is None:
            return {"success": False, "status_code": 34}
        return {
            "id": int(content["externalIds"]["tmdbId"] or 10**7),
            "imdb_id": content["externalIds"]["imdbId"],
            "title": content["title"] if language == "en" else f"{language} {content['title']}",
            "release_date": f"{content['originalReleaseYear']}-01-01",
            "genres": [{"name": language}],
        }

    web.answers["api.themoviedb.org"] = tmdb
    items, _ = gathered(web, entries, "pt", "de", "en")
    reply = {key: {r.source: r for r in item.records} for key, item in items.items()}
    assert sum("tmdb" in records for records in reply.values()) > 80
    for records in reply.values():
        assert ("tmdb_pt" in records) == ("tmdb_de" in records) == ("tmdb" in records)
        if "tmdb" in records:
            assert records["tmdb"].facts.genres == ("en",)
            assert records["tmdb_de"].facts.model_dump(exclude_defaults=True) == {
                "title": f"de {records['tmdb'].facts.title}"
            }
    assert web.asked["api.themoviedb.org"] == 120 + 2 * sum("tmdb" in records for records in reply.values())


def test_a_wikipedia_that_is_down_is_a_gap_of_its_texts_only(recorded_web: Any, entries: Any) -> None:
    web = recorded_web(**{"pt.wikipedia.org": 503})
    web.speak("pt")
    items, _ = gathered(web, entries, "pt", "en")
    assert {item.outcomes.get("wikipedia_pt") for item in items.values()} == {"failed", None}
    assert {item.outcomes["wikipedia"] for item in items.values()} == {"found"}


def test_nobody_is_asked_for_more_where_english_will_do() -> None:
    assert justwatch.plan(["tm1"], "US", ()) == justwatch.plan(["tm1"], "US")
    assert wikidata.plan_entities(["Q1"], ()) == wikidata.plan_entities(["Q1"])
    variables = json.loads(present(justwatch.plan(["tm1"], "IT", ("it", "yue", "de"))[0].body))["variables"]
    assert variables == {"country": "IT", "language": "en", "l0": "it", "l1": "de"}, "JustWatch knows no other codes"


def record(**facts: Any) -> Any:
    return SourceRecord(
        source="tmdb",
        source_id="1",
        url="https://x.example/",
        retrieved_at=NOW,
        licence="x",
        language="en",
        facts=MovieFacts(**facts),
    )


@pytest.mark.parametrize(
    ("reply", "texts"),
    [
        ({"title": "La città incantata", "plot": "Una."}, {"title": "La città incantata", "plot": "Una."}),
        ({"title": "Spirited Away", "plot": "A girl."}, None),
        ({"title": "千と千尋の神隠し", "plot": None}, None),
        ({"title": "Spirited Away", "tagline": "Il tunnel."}, {"tagline": "Il tunnel."}),
    ],
)
def test_what_a_source_gives_for_want_of_a_translation_is_none(reply: Any, texts: Any) -> None:
    english = record(title="Spirited Away", original_title="千と千尋の神隠し", plot="A girl.", languages=("ja",))
    other = record(original_title="千と千尋の神隠し", languages=("ja",), **reply)
    found = translated(english, other, "it")
    assert (found and found.facts.model_dump(exclude_defaults=True)) == texts
    assert found is None or (found.source, found.language) == ("tmdb_it", "it")


def test_a_title_in_its_own_language_is_no_stopgap() -> None:
    english = record(title="The Postman", original_title="Il postino")
    other = record(title="Il postino", original_title="Il postino", languages=("it",))
    assert present(translated(english, other, "it")).facts.title == "Il postino"


@pytest.mark.parametrize(
    ("language", "title", "wikitext", "plot"),
    [
        ("it", "Alien (film)", "Un film.\n== Trama ==\nLa [[nave]] torna.\n\n== Cast ==\nx", "La nave torna."),
        ("de", "Alien", "x\n== Handlung ==\n[[Datei:A.jpg|mini|[[Bild]]]]\nHeim.<ref>x</ref>\n", "Heim."),
        ("ja", "エイリアン（映画）", "x\n== あらすじ ==\n宇宙船が帰る。\n", "宇宙船が帰る。"),
        ("it", "Alien", "x\n== Produzione ==\nGirato a Londra.\n", None),
    ],
)  # fmt: skip
def test_title_and_plot_are_read_from_the_page_of_a_language(
    language: Any, title: Any, wikitext: Any, plot: Any
) -> None:
    page = Article(title, 1, "Q1", None, wikitext)
    found = present(article_texts(record(title="Alien"), page, language, "https://x.example/y", NOW))
    assert found.facts.plot == plot
    assert found.facts.title in {"Alien", "エイリアン"}
    assert (found.language, found.url) == (language, "https://x.example/y")


def test_a_redirect_tells_nothing_and_norwegian_has_its_own_name() -> None:
    page = Article("X", 1, None, None, "#RINVIA [[Y]]")
    assert article_texts(record(title="X"), page, "it", "https://x.example/", NOW) is None
    assert host_of("nb") == "no.wikipedia.org"
