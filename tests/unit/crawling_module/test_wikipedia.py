"""Wikipedia: which pages are asked for, and what the API's answers say of them."""

import contextlib
import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.contract.errors import MovieDbError, RetryLaterError, UnreadableError
from movie_db.crawling_module.sources.wikipedia import (
    Article,
    article_record,
    guesses,
    page_url,
    parse_articles,
    parse_guesses,
    plan_articles,
    plan_guesses,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def answer(*pages: Any, **query: Any) -> Any:
    return json.dumps({"batchcomplete": True, "query": {"pages": pages, **query}}).encode()


def page(title: Any, pageid: Any = 1, **more: Any) -> Any:
    return {"pageid": pageid, "ns": 0, "title": title, **more}


def revision(text: Any) -> Any:
    return {"revisions": [{"slots": {"main": {"content": text}}}]}


# Guessing


def test_the_likeliest_name_is_guessed_first() -> None:
    assert guesses("Creed", 2015) == [
        "Creed (2015 film)",
        "Creed (film)",
        "Creed",
        "Creed (2016 film)",
        "Creed (2014 film)",
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("creed", "Creed"),
        ("’Til Death", "'Til Death"),
        ("#Alive", "Alive"),
        ("[REC]", "REC"),
        ("Mission: Impossible - Fallout", "Mission: Impossible – Fallout"),
        ("Mission: Impossible - Fallout", "Mission: Impossible: Fallout"),
        ("Fast & Furious", "Fast and Furious"),
        ("RED", "Red"),
        ("  Two\xa0 Spaces ", "Two Spaces"),
    ],
)
def test_a_title_is_guessed_as_wikipedia_would_write_it(title: Any, name: Any) -> None:
    assert name in guesses(title, None)


def test_the_original_title_is_guessed_last_and_only_if_it_differs() -> None:
    assert guesses("Spirited Away", 2001, "千と千尋の神隠し")[-1] == "千と千尋の神隠し"
    assert guesses("Creed", 2015, "Creed") == guesses("Creed", 2015)


@pytest.mark.parametrize("title", ["", "...", "[]", "x" * 300])
def test_a_title_that_cannot_be_a_page_is_not_guessed(title: Any) -> None:
    assert all(0 < len(g.encode()) <= 255 for g in guesses(title, 2000))


@given(st.text(), st.none() | st.integers(1870, 2100), st.none() | st.text())
def test_every_guess_can_be_asked_for(title: Any, year: Any, original: Any) -> None:
    for guess in guesses(title, year, original):
        assert not set(guess) & set("#<>[]{}|_\n")
        assert guess == guess.strip()


# Asking


def test_the_same_titles_are_asked_in_the_same_way_whatever_their_order() -> None:
    titles = [f"Film {n}" for n in range(120)]
    asks = plan_guesses(titles)
    assert asks == plan_guesses(reversed(titles * 2))
    assert [len(parse_qs(urlsplit(a.url).query)["titles"][0].split("|")) for a in asks] == [50, 50, 20]


def test_no_address_is_longer_than_servers_take_and_no_title_is_lost() -> None:
    titles = [f"千と千尋の神隠し {'長' * 20} {n}" for n in range(60)]
    asks = plan_articles(titles)
    assert all(len(a.url) < 8000 for a in asks)
    requests_ = [t for a in asks for t in parse_qs(urlsplit(a.url).query)["titles"][0].split("|")]
    assert sorted(requests_) == sorted(titles)


def test_articles_are_asked_with_redirects_and_politely() -> None:
    (ask,) = plan_articles(["Creed (film)"], host="simple.wikipedia.org")
    query = parse_qs(urlsplit(ask.url).query)
    assert urlsplit(ask.url).netloc == "simple.wikipedia.org"
    assert (query["maxlag"], query["redirects"], query["formatversion"], query["rvslots"]) == (
        ["5"],
        ["1"],
        ["2"],
        ["main"],
    )


# Answers


def test_a_page_is_found_by_every_name_that_leads_to_it() -> None:
    body = answer(
        page("Creed (film)", 5, pageprops={"wikibase_item": "Q1"}, description="2015 film by Ryan Coogler"),
        {"ns": 0, "title": "Nopage", "missing": True},
        normalized=[{"from": "creed_(2015 film)", "to": "Creed (2015 film)"}],
        redirects=[{"from": "Creed (2015 film)", "to": "Creed (film)"}],
    )
    found = parse_guesses(body)
    assert set(found) == {"creed_(2015 film)", "Creed (2015 film)", "Creed (film)"}
    stub = found["creed_(2015 film)"]
    assert (stub.title, stub.pageid, stub.qid, stub.disambiguation) == ("Creed (film)", 5, "Q1", False)
    assert stub.description == "2015 film by Ryan Coogler"


def test_a_redirect_into_a_section_says_so() -> None:
    body = answer(page("Saga"), redirects=[{"from": "Part 2", "to": "Saga", "tofragment": "Part two"}])
    found = parse_guesses(body)
    assert (found["Part 2"].fragment, found["Saga"].fragment) == ("Part two", None)


def test_a_disambiguation_page_says_so() -> None:
    assert parse_guesses(answer(page("Creed", pageprops={"disambiguation": ""})))["Creed"].disambiguation


@pytest.mark.parametrize(
    "odd",
    [
        {"ns": 14, "title": "Category:Films", "pageid": 3},
        {"title": "A<b", "invalid": True, "invalidreason": "no"},
        {"ns": 0, "title": "Gone", "missing": True},
    ],
)
def test_what_is_no_article_is_absent(odd: Any) -> None:
    assert parse_guesses(answer(odd)) == {}


def test_redirects_in_a_circle_lead_nowhere() -> None:
    assert parse_guesses(answer(redirects=[{"from": "A", "to": "B"}, {"from": "B", "to": "A"}])) == {}


def test_an_answer_of_impossible_titles_only_is_empty() -> None:
    assert parse_guesses(b'{"batchcomplete": true}') == {}


def test_pages_that_an_overfull_answer_left_out_are_to_be_asked_again() -> None:
    body = answer(page("A", 1, **revision("text")), page("B", 2), page("C", 3), redirects=[{"from": "Bee", "to": "B"}])
    articles, again = parse_articles(body)
    assert (articles["A"].wikitext, list(articles), again) == ("text", ["A"], ["B", "C"])


@pytest.mark.parametrize("parse", [parse_guesses, parse_articles])
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"query": {"pages"', b"[]", b'{"query": 1}', b'{"query": {"pages": {}}}']
)
def test_what_is_no_answer_is_a_bad_page_with_a_sentence(parse: Any, body: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"Wikipedia's API returned .*\."):
        parse(body)


def test_a_lagging_server_is_to_be_asked_later() -> None:
    with pytest.raises(RetryLaterError, match="Waiting"):
        parse_articles(b'{"error": {"code": "maxlag", "info": "Waiting for a database"}}')


# Records


def record(wikitext: Any, title: Any = "A Film (2018 film)", **more: Any) -> Any:
    fields = {"pageid": 1, "qid": None, "description": None} | more
    return article_record(Article(title=title, wikitext=wikitext, **fields), NOW, page_url(title))


def test_a_page_address_is_as_readers_open_it() -> None:
    assert page_url("What's Up, Doc? (1972 film)") == "https://en.wikipedia.org/wiki/What%27s_Up,_Doc%3F_(1972_film)"


def test_a_page_without_an_infobox_gives_what_its_words_say() -> None:
    found = record("'''A Film''' is a 2018 American film.", description="2018 film by Ann Lee and Bo Ek")
    assert (found.kind, found.facts.title, found.facts.year) == ("film", "A Film", 2018)
    assert [d.name for d in found.facts.directors] == ["Ann Lee", "Bo Ek"]


def test_the_short_description_is_read_from_the_text_where_the_api_gives_none() -> None:
    assert record("{{Short description|2018 film by Ann Lee}}\n'''A Film'''", title="A Film").facts.year == 2018


def test_the_imdb_id_counts_only_if_the_links_name_one_title() -> None:
    links = "Text {{IMDb title|7|Prequel}}\n== External links ==\n* {{IMDb title|id=tt0123456|title=A Film}}\n"
    assert record(links).ids["imdb"] == "tt0123456"
    assert "imdb" not in record(links + "* {{IMDb title|99|Sequel}}\n").ids
    assert "imdb" not in record("== Sequel ==\n* {{IMDb title|99}}\n").ids


def test_the_plot_is_plain_text_in_paragraphs() -> None:
    found = record(
        "'''A'''\n==Plot==\n[[File:x.jpg|thumb|No]]''Ann''<ref>no</ref> meets [[Bo (name)|Bo]].<!-- no -->\n\n"
        "===Later===\nThey&nbsp;part.\n{| class=x\n| no\n|}\n==Cast==\nno"
    )
    assert found.facts.plot == "Ann meets Bo.\n\nThey part."


def test_roles_come_from_the_cast_section_and_order_from_the_infobox() -> None:
    found = record(
        "{{Infobox film\n| starring = [[Zoe Ek]]<br>Bo Li\n}}\n==Cast==\n"
        "* [[Bo Li]] as Mr. Smith: a cook\n* [[Zoë Ek]] – The Judge\n"
        "* Al Ng as [[Dr. No|No]]<ref>x</ref>\n* Nobody at all\n"
    )
    assert [(c.name, c.role) for c in found.facts.cast] == [
        ("Zoe Ek", "The Judge"),
        ("Bo Li", "Mr. Smith"),
        ("Al Ng", "No"),
    ]


def test_a_redirects_text_gives_a_record_without_facts_but_its_title() -> None:
    found = record("#REDIRECT [[Other]] {{R from move}}", title="Old")
    assert (found.facts.title, found.facts.year, found.kind) == ("Old", None, "other")


@pytest.mark.parametrize(
    ("wikitext", "kind"),
    [
        ("'''Ray''' is about a singer.\n[[Category:2004 films]]\n[[category:Films about blind people|Ray]]", "film"),
        ("The films below were the worst.\n\n[[Category:Lists of worsts]]", "other"),
        ("'''Ray''' sings, sometimes poorly.", "other"),
        ("'''Ray''' was shot in Ohio and shown in cinemas.", None),
    ],
)
def test_without_infobox_and_description_the_kind_is_told_by_categories_or_by_a_lead_without_any_film(
    wikitext: Any, kind: Any
) -> None:
    assert record(wikitext).kind == kind


pieces = (
    "{{Infobox film;{{;}};[[;]];| name = ;| starring = ;| budget = ;| released = ;|;$;<br>;<ref>;</ref>;<ref name=a/>;"
    "<!--;-->;'';* ;\n;==Plot==\n;==Cast==\n;* [[Ann]] as ;{{Film date|1|2018|;{{ubl|;{{INR|;{{Plainlist|;{{!}};&nbsp;"
    "{|;|};<nowiki>;1;million;Ann;\x02;\x03;\x1f"
).split(";")
markup = st.lists(st.sampled_from(pieces) | st.text(max_size=3)).map("".join)


@given(markup, st.text(min_size=1, max_size=20).filter(str.strip))
def test_damaged_markup_gives_a_record_and_raises_nothing(wikitext: Any, title: Any) -> None:
    assert record("{{Infobox film" + wikitext, title=title.strip()).source == "wikipedia"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
odd_pages = st.lists(
    json_values
    | st.fixed_dictionaries(
        {"title": st.text(max_size=3), "ns": st.just(0), "pageid": st.just(1)},
        optional={"revisions": json_values, "pageprops": json_values, "description": json_values},
    )
)
queries = st.fixed_dictionaries({"pages": odd_pages}, optional={"normalized": json_values, "redirects": json_values})


@pytest.mark.parametrize("parse", [parse_guesses, parse_articles])
@given(st.binary() | st.one_of(json_values, queries).map(lambda q: json.dumps({"query": q}).encode()))
def test_a_parser_raises_only_our_errors(parse: Any, body: Any) -> None:
    with contextlib.suppress(MovieDbError):
        parse(body)


@pytest.mark.parametrize(
    "wikitext",
    [
        "{{" * 20_000,
        "<!--" * 5_000,
        "{{Infobox film\n" + "\n" * 30_000 + "|a=b",
        "==" + " " * 30_000 + "x",
        "{{Infobox film|runtime=" + "1/" * 20_000 + "}}",
        "{{Infobox film|gross=" + "1 " * 20_000 + "}}",
        "{{Infobox film|starring=" + " (" * 20_000 + "}}",
    ],
    ids=lambda w: w[:24].strip(),
)
def test_no_page_holds_the_crawl_up(wikitext: Any) -> None:
    begun = time.process_time()
    record(wikitext)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("parameters", "poster"),
    [
        ("| image = A Film poster.jpg", "A_Film_poster.jpg"),
        ("| image = [[File:A film (1982).png|thumb]]\n| caption = Theatrical release poster", "A_film_%281982%29.png"),
        ("| image = A scene.jpg\n| caption = The two heroes", None),
        ("| caption = Poster", None),
    ],
)
def test_the_infoboxs_picture_counts_if_it_is_a_poster(parameters: Any, poster: Any) -> None:
    found = record(f"{{{{Infobox film\n| name = A\n{parameters}\n}}}}").facts.poster_url
    assert found == (f"https://en.wikipedia.org/wiki/Special:FilePath/{poster}" if poster else None)


@pytest.mark.parametrize(
    ("wikitext", "site"),
    [
        ("{{Infobox film|website={{URL|www.example.com/film}}}}", "http://www.example.com/film"),
        ("{{Infobox film|website=[https://example.com/ Official]}}", "https://example.com/"),
        ("A\n==External links==\n* [http://a.example/ Official website]", "http://a.example/"),
        ("A\n==External links==\n* {{Official website|https://b.example}}", "https://b.example"),
        ("A\n==External links==\n* [http://c.example/ A review]", None),
    ],
)
def test_the_official_site_is_the_homepage(wikitext: Any, site: Any) -> None:
    assert record(wikitext).facts.homepage == site


def test_the_leads_bold_names_are_other_titles_and_the_narrator_is_cast() -> None:
    reply = record(
        "{{Infobox film\n| name = A\n| starring = [[Ann Lee]]\n| narrator = Bo Ek\n| runtime = 90/99 min\n}}\n"
        "'''''A''''' (also '''''B of C''''') is a film.\n\n'''''Not this''''' one."
    )
    assert reply.facts.alternative_titles == ("B of C",)
    assert [(c.name, c.role) for c in reply.facts.cast] == [("Ann Lee", ""), ("Bo Ek", "Narrator")]
    assert reply.several.runtimes == (90, 99)


def test_a_name_is_linked_to_its_own_page_and_to_no_other() -> None:
    reply = record(
        "{{Infobox film\n| director = [[Ann Lee (director)|Ann Lee]]<br>[[Ek brothers|Bo Ek]]<br>[[Charlie]]<br>"
        "[[Cy Do]]\n"
        "| starring = Bo Ek\n| studio = [[Pixar]]\n}}\n==Cast==\n* [[Bo Ek]] as X\n"
    ).facts
    pages = [("Ann Lee", {"wikipedia": "Ann Lee (director)"}), ("Bo Ek", {}), ("Charlie", {})]
    assert [(c.name, c.ids) for c in reply.directors] == [*pages, ("Cy Do", {"wikipedia": "Cy Do"})]
    assert [(c.name, c.ids) for c in reply.cast] == [("Bo Ek", {"wikipedia": "Bo Ek"})]
    assert [(c.name, c.ids) for c in reply.studios] == [("Pixar", {"wikipedia": "Pixar"})]
