"""Wikidata: what is asked, and what its answers say."""

import contextlib
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.contract.errors import BlockedError, MovieDbError, NotFoundError, RetryLaterError, UnreadableError
from movie_db.contract.messages import Money, SourceRecord
from movie_db.crawling_module.sources import wikidata
from movie_db.crawling_module.sources.wikidata import Hit
from presence import present

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RUN = "r1"


def query_of(ask: Any) -> Any:
    return parse_qs(ask.body.decode())["query"][0]


def results(*rows: Any) -> Any:
    bindings = [{name: {"type": "literal", "value": value} for name, value in row.items()} for row in rows]
    return json.dumps({"head": {"vars": []}, "results": {"bindings": bindings}}).encode()


def snak(value: Any) -> Any:
    return {"snaktype": "value", "datavalue": {"value": value}}


def statement(value: Any, rank: Any = "normal", **qualifiers: Any) -> Any:
    return {
        "mainsnak": snak(value) if value is not None else {"snaktype": "somevalue"},
        "rank": rank,
        "qualifiers": {pid: [snak(v)] for pid, v in qualifiers.items()},
    }


def item(qid: Any) -> Any:
    return {"entity-type": "item", "id": qid}


def time(text: Any, precision: Any) -> Any:
    return {"time": f"+{text}T00:00:00Z", "precision": precision}


def quantity(amount: Any, unit: Any = "Q4917") -> Any:
    return {"amount": amount, "unit": f"http://www.wikidata.org/entity/{unit}" if unit else "1"}


def entity(qid: Any = "Q1", label: Any = "A Film", **claims: Any) -> Any:
    labels = {"en": {"language": "en", "value": label}} if label else {}
    return {"id": qid, "labels": labels, "claims": claims}


def read(*entities: Any) -> Any:
    return wikidata.parse_entities(json.dumps({"entities": {e["id"]: e for e in entities}}).encode())


def record(*others: Any, **claims: Any) -> SourceRecord:
    known = read(entity(**claims), *others)
    return wikidata.film_record(known["Q1"], known, NOW, wikidata.entity_url("Q1"))


# Asking


def test_the_same_ids_are_asked_in_the_same_way_whatever_their_order() -> None:
    ids = [("imdb", f"tt{n:07}") for n in range(900)] + [("tmdb", "603"), ("justwatch", "tm1")]
    asks = wikidata.plan_by_ids(ids)
    assert asks == wikidata.plan_by_ids(reversed(ids * 2))
    assert len(asks) == 3
    assert "603" in query_of(asks[-1])
    assert not any("tm1" in query_of(a) for a in asks)


def test_no_id_no_query() -> None:
    assert (
        wikidata.plan_by_ids([("justwatch", "tm1")]) == wikidata.plan_by_titles([]) == wikidata.plan_entities([]) == []
    )


def test_titles_are_asked_in_english_and_in_no_language_with_their_quotes_escaped() -> None:
    (ask,) = wikidata.plan_by_titles(['Say "Cheese"\\'])
    assert r'("Say \"Cheese\"\\" "Say \"Cheese\"\\"@en)' in query_of(ask)
    assert '"@mul)' in query_of(ask)


def test_original_titles_can_be_asked_in_many_languages() -> None:
    (ask,) = wikidata.plan_by_titles(["Le Samouraï"], wikidata.ORIGINAL_LANGUAGES)
    assert '"Le Samouraï"@fr' in query_of(ask)


ASKED = [
    *wikidata.plan_by_ids([("imdb", "tt1"), ("tmdb", "2")]),
    *wikidata.plan_by_titles(["hint:rdfs: wd: (2021)"]),
    *wikidata.plan_by_titles(["Home"], hinted=True),
    *wikidata.plan_versions(["Q1"]),
    wikidata.plan_canary(),
]


@pytest.mark.parametrize("ask", ASKED, ids=range(len(ASKED)))
def test_every_query_declares_the_prefixes_that_it_uses(ask: Any) -> None:
    declared, _, query = query_of(ask).partition("SELECT")
    bare = re.sub(r'"(?:[^"\\\\]|\\\\.)*"', "", query)
    used = set(re.findall(r"(?<!\w)([a-z]+):", bare))
    assert used <= set(re.findall(r"PREFIX (\w+): <http://[^<>]+> ", declared))
    assert re.fullmatch(r"(PREFIX \w+: <[^<>]+> )+", declared)


def test_only_an_engine_that_understands_hints_is_sent_one() -> None:
    assert "hint:" not in query_of(wikidata.plan_by_titles(["Home"])[0])
    assert 'hint:Query hint:optimizer "None"' in query_of(wikidata.plan_by_titles(["Home"], hinted=True)[0])
    assert 'hint:Query hint:optimizer "None"' in query_of(wikidata.plan_canary())


def test_the_canary_sings_only_its_one_song() -> None:
    assert wikidata.parse_canary(results({"answer": "42"}))
    assert not wikidata.parse_canary(results())
    assert not wikidata.parse_canary(results({"answer": "42"}, {"answer": "42"}))
    assert not wikidata.parse_canary(results({"answer": "41"}))


def test_reads_bear_no_maxlag() -> None:
    asks = [*wikidata.plan_entities(["Q1"]), *wikidata.plan_labels(["Q1"]), *wikidata.plan_search("Home")]
    assert not any("maxlag" in ask.url for ask in (*asks, *wikidata.plan_revisions(["Q1"])))


def test_entities_are_asked_fifty_a_call() -> None:
    asks = wikidata.plan_entities(f"Q{n}" for n in range(1, 121))
    queries = [parse_qs(urlsplit(a.url).query) for a in asks]
    assert [len(q["ids"][0].split("|")) for q in queries] == [50, 50, 20]
    assert all(q["sitefilter"] == ["enwiki"] for q in queries)
    assert all(a.url.startswith("https://www.wikidata.org/w/api.php?") and a.body is None for a in asks)


# Answers to queries


def test_a_film_that_wikidata_has_twice_is_told_twice() -> None:
    rows = [{"of": "imdb", "id": "tt1", "item": f"http://www.wikidata.org/entity/{q}"} for q in ("Q2", "Q1", "Q2")]
    assert wikidata.parse_by_ids(results(*rows)) == {("imdb", "tt1"): ["Q1", "Q2"]}


def test_a_title_leads_to_films_with_their_years() -> None:
    body = results(
        {"asked": "Home", "item": "http://www.wikidata.org/entity/Q2", "years": "2009 2008"},
        {"asked": "Home", "item": "http://www.wikidata.org/entity/Q1", "years": "", "sitelinks": "12"},
        {"asked": "Home", "item": "http://www.wikidata.org/entity/Q3"},
    )
    assert wikidata.parse_by_titles(body) == {"Home": [Hit("Q1", (), 12), Hit("Q2", (2008, 2009)), Hit("Q3", ())]}


@pytest.mark.parametrize(("year", "near"), [(2008, True), (2010, True), (2011, False), (None, True)])
def test_a_hit_is_near_a_year_if_any_of_its_years_is(year: Any, near: Any) -> None:
    assert Hit("Q2", (1990, 2009)).near(year) is near
    assert Hit("Q1", ()).near(year)


# Entities


def test_a_merged_item_is_found_by_the_id_that_was_asked_and_a_missing_one_is_absent() -> None:
    body = {"entities": {"Q7": entity("Q8"), "Q9": {"id": "Q9", "missing": ""}, "-1": {"id": "-1"}}}
    found = wikidata.parse_entities(json.dumps(body).encode())
    assert list(found) == ["Q7"]
    assert found["Q7"].qid == "Q8"


def test_empty_parts_that_php_writes_as_lists_are_empty() -> None:
    body = {
        "entities": {"Q1": {"id": "Q1", "labels": [], "descriptions": [], "aliases": [], "claims": [], "sitelinks": []}}
    }
    found = wikidata.parse_entities(json.dumps(body).encode())["Q1"]
    assert (found.label, found.claims, found.wikipedia) == (None, {}, None)


def test_a_label_for_all_languages_serves_where_the_english_one_is_missing() -> None:
    raw = entity(label=None) | {"labels": {"de": {"value": "Deutsch"}, "mul": {"value": "All"}}}
    assert read(raw)["Q1"].label == "All"


# Films


def test_a_preferred_statement_hides_the_normal_ones_and_a_deprecated_one_never_counts() -> None:
    found = record(
        P345=[statement("tt0000001"), statement("tt0000002", "preferred"), statement("tt0000003", "deprecated")],
        P4947=[statement("603", "deprecated")],
    )
    assert found.ids == {"wikidata": "Q1", "imdb": "tt0000002"}


def test_an_id_of_a_person_is_no_id_of_the_film() -> None:
    assert "imdb" not in record(P345=[statement("nm0000001")]).ids


@pytest.mark.parametrize(("precision", "date"), [(11, "1982-06-25"), (10, "1982-06"), (9, "1982"), (8, None)])
def test_a_date_is_as_precise_as_it_says(precision: Any, date: Any) -> None:
    assert record(P577=[statement(time("1982-06-25", precision))]).facts.release_date == date


def test_the_film_is_of_the_year_of_its_first_showing() -> None:
    dates = [statement(time("2003-01-01", 11)), statement(time("2002-00-00", 9)), statement(time("2002-09-07", 11))]
    facts = record(P577=dates).facts
    assert (facts.year, facts.release_date) == (2002, "2002-09-07")


@pytest.mark.parametrize(("unit", "minutes"), [("Q7727", 90), ("Q11574", 2), ("Q4917", None), (None, None)])
def test_a_duration_counts_in_its_unit(unit: Any, minutes: Any) -> None:
    assert record(P2047=[statement(quantity("+90", unit))]).facts.runtime == minutes


def test_hours_become_minutes() -> None:
    assert record(P2047=[statement(quantity("+1.5", "Q25235"))]).facts.runtime == 90


def test_money_bears_the_currency_of_its_unit() -> None:
    krone = entity("Q999", "krone", P498=[statement("DKK")])
    found = record(krone, P2130=[statement(quantity("+2500000.5", "Q999"))], P2142=[statement(quantity("+7", None))])
    assert found.facts.budget == Money(amount="2500000.5", currency="DKK")
    assert found.facts.box_office == Money(amount=7)


def test_the_box_office_of_the_world_goes_before_that_of_a_country() -> None:
    sums = [
        statement(quantity("+9000000"), P3005=item("Q30")),
        statement(quantity("+5000000"), P3005=item("Q13780930")),
        statement(quantity("+6000000")),
    ]
    assert record(P2142=sums).facts.box_office == Money(amount=6_000_000, currency="USD")
    assert record(P2142=sums[:1]).facts.box_office == Money(amount=9_000_000, currency="USD")


def test_the_cast_is_in_the_order_of_its_ordinals_with_its_characters() -> None:
    found = record(
        entity("Q2", "Ann"),
        entity("Q3", "Bob"),
        entity("Q4", "Ripley"),
        P161=[
            statement(item("Q2"), P1545="2", P4633="a cook"),
            statement(item("Q3"), P1545="1", P453=item("Q4")),
            statement(item("Q404")),
            statement(item("Q2")),
        ],
    )
    assert [(c.name, c.role, c.billing, c.ids) for c in found.facts.cast] == [
        ("Bob", "Ripley", 1, {"wikidata": "Q3"}),
        ("Ann", "a cook", 2, {"wikidata": "Q2"}),
    ]


def test_preferred_actors_come_first_and_hide_nobody() -> None:
    people = [entity("Q2", "Ann"), entity("Q3", "Bob")]
    found = record(*people, P161=[statement(item("Q2")), statement(item("Q3"), "preferred")])
    assert [c.name for c in found.facts.cast] == ["Bob", "Ann"]


def test_countries_and_languages_become_codes_by_their_items_or_their_names() -> None:
    found = record(
        entity("Q30", "United States", P297=[statement("US")]),
        entity("Q183", "West Germany"),
        entity("Q1860", "English", P218=[statement("en")]),
        entity("Q7850", "Mandarin"),
        P495=[statement(item("Q30")), statement(item("Q183")), statement(None)],
        P364=[statement(item("Q1860")), statement(item("Q7850"))],
    )
    assert found.facts.countries == ("US", "DE")
    assert found.facts.languages == ("en", "zh")


def test_reviewers_scores_are_ratings_on_ten() -> None:
    scores = [
        statement("84%", P447=item("Q105584")),
        statement("7.3/10", P447=item("Q105584")),
        statement("78/100", P447=item("Q150248")),
        statement("8.1/10", P447=item("Q37312"), P7887=quantity("+1204", None)),
        statement("***", P447=item("Q7")),
    ]
    reply = [(r.source, r.score, r.votes, r.original) for r in record(P444=scores).facts.ratings]
    assert reply == [
        ("rotten tomatoes", 8.4, None, "84%"),
        ("metacritic", 7.8, None, "78/100"),
        ("imdb", 8.1, 1204, "8.1/10"),
    ]


def test_age_ratings_have_their_systems_and_the_american_one_counts() -> None:
    others = (entity("Q6", "FSK 12"), entity("Q13", "PG-13"))
    reply = record(*others, P1981=[statement(item("Q6"))], P1657=[statement(item("Q13"))])
    assert reply.facts.age_rating == "PG-13"
    assert [(c.rating, c.system, c.country) for c in present(reply.several).certificates] == [
        ("PG-13", "MPA", "US"),
        ("FSK 12", "FSK", "DE"),
    ]
    assert record(others[0], P1981=[statement(item("Q6"))]).facts.age_rating == "FSK 12"


def test_voices_are_cast_and_a_poster_on_commons_has_an_address() -> None:
    voice = statement(item("Q2"), P453=item("Q3"))
    reply = record(entity("Q2", "Ann"), entity("Q3", "Bear"), P725=[voice], P3383=[statement("A Film (poster).jpg")])
    assert [(c.name, c.role) for c in reply.facts.cast] == [("Ann", "Bear")]
    assert reply.facts.poster_url == "https://commons.wikimedia.org/wiki/Special:FilePath/A_Film_%28poster%29.jpg"


def test_showings_have_their_places_and_cuts_are_kept() -> None:
    times = [statement(time("1982-06-25", 11), P291=item("Q30")), statement(time("1982-09-09", 11), P291=item("Q404"))]
    cuts = [statement(quantity("+117", "Q7727")), statement(quantity("+126", "Q7727"))]
    reply = record(entity("Q30", "United States"), P577=times, P2047=cuts)
    assert [(r.date, r.place) for r in present(reply.several).releases] == [
        ("1982-06-25", "United States"),
        ("1982-09-09", None),
    ]
    assert (reply.facts.runtime, present(reply.several).runtimes) == (117, (117, 126))


def test_an_item_that_is_a_film_and_a_novel_is_the_film() -> None:
    assert record(P31=[statement(item("Q8261")), statement(item("Q11424"))]).kind == "film"
    assert record(P31=[statement(item("Q8261"))]).kind == "other"


def test_titles_names_and_page_come_along() -> None:
    raw = entity(
        P1476=[statement({"text": "Originalet", "language": "da"})],
        P136=[statement(item("Q5"))],
        P272=[statement(item("Q6"))],
        P856=[statement("not an address"), statement("https://example.org/film")],
    )
    raw |= {
        "aliases": {"en": [{"value": "Also"}], "de": [{"value": "Auch"}]},
        "sitelinks": {"enwiki": {"site": "enwiki", "title": "A Film (2018 film)"}},
    }
    known = read(raw, entity("Q5", "drama film"), entity("Q6", "A Studio"))
    found = wikidata.film_record(known["Q1"], known, NOW, wikidata.entity_url("Q1"))
    facts = found.facts
    assert (facts.title, facts.original_title, facts.alternative_titles) == ("A Film", "Originalet", ("Also",))
    assert (facts.genres, facts.studios[0].name, facts.homepage) == (
        ("drama film",),
        "A Studio",
        "https://example.org/film",
    )
    assert found.ids["wikipedia"] == "A Film (2018 film)"


def test_a_films_record_needs_the_items_it_names() -> None:
    known = read(
        entity(
            P57=[statement(item("Q2"))],
            P161=[statement(item("Q3"), P453=item("Q4"))],
            P750=[statement(item("Q5"))],
            P495=[statement(item("Q6"))],
            P2130=[statement(quantity("+1", "Q7")), statement(quantity("+1"))],
        )
    )
    assert wikidata.refs(known["Q1"]) == {"people": {"Q2", "Q3"}, "companies": {"Q5"}, "things": {"Q4", "Q6", "Q7"}}


# People and companies


def test_a_person_has_dates_nationality_and_a_description() -> None:
    raw = entity(
        "Q2",
        "Ann",
        P569=[statement(time("1950-00-00", 9))],
        P570=[statement(time("2001-03-04", 11))],
        P27=[statement(item("Q30"))],
        P345=[statement("nm0000123")],
    ) | {"descriptions": {"en": {"value": "American actress"}}}
    known = read(raw, entity("Q30", "United States"))
    assert wikidata.place_refs(known["Q2"]) == {"Q30"}
    person = present(wikidata.person_item(known["Q2"], known, RUN, NOW, wikidata.entity_url("Q2")))
    assert (person.born, person.died, person.nationality) == ("1950", "2001-03-04", "United States")
    assert (person.bio, person.ids) == ("American actress", {"wikidata": "Q2", "imdb": "nm0000123"})


def test_a_company_is_where_its_seat_is() -> None:
    raw = entity(
        "Q2",
        "Studio",
        P17=[statement(item("Q30"))],
        P159=[statement(item("Q65"))],
        P571=[statement(time("1924-01-01", 9))],
    )
    known = read(raw, entity("Q30", "United States"), entity("Q65", "Los Angeles"))
    company = present(wikidata.company_item(known["Q2"], known, RUN, NOW, wikidata.entity_url("Q2")))
    assert (company.location, company.founded) == ("Los Angeles", "1924")


def test_who_has_no_name_is_no_item() -> None:
    nobody = read(entity("Q2", None))["Q2"]
    assert wikidata.person_item(nobody, {}, RUN, NOW, wikidata.entity_url("Q2")) is None
    assert wikidata.company_item(nobody, {}, RUN, NOW, wikidata.entity_url("Q2")) is None


# What is no answer


def test_a_search_asks_for_words_alone_of_films_alone_and_is_never_too_long() -> None:
    (ask,) = wikidata.plan_search('Help: "WALL·E" -30- haswbstatement:P31')
    searched = parse_qs(urlsplit(ask.url).query)["srsearch"][0]
    assert searched.startswith("Help WALL E 30 haswbstatement P31 haswbstatement:P31=Q11424|")
    (long,) = wikidata.plan_search("word " * 100)
    assert len(parse_qs(urlsplit(long.url).query)["srsearch"][0]) <= 300
    assert wikidata.plan_search("…!") == []


def test_what_a_search_finds_are_items_in_its_order() -> None:
    hits = [{"ns": 0, "title": "Q7"}, {"ns": 120, "title": "Property:P31"}, {"ns": 0, "title": "Q3"}, "?"]
    assert wikidata.parse_search(json.dumps({"query": {"search": hits}}).encode()) == ["Q7", "Q3"]


PARSERS = [wikidata.parse_by_ids, wikidata.parse_by_titles, wikidata.parse_entities, wikidata.parse_search]


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize(
    "body", [b"", b"<html>Varnish</html>", b'{"entities": {"Q1"', b"[]", b"null", b'{"other": 1}', b"\xff"]
)
def test_what_is_no_answer_is_a_bad_page_with_a_sentence(parse: Any, body: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"Wikidata's .* returned .*\."):
        parse(body)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("maxlag", RetryLaterError),
        ("ratelimited", RetryLaterError),
        ("readonly", RetryLaterError),
        ("internal_api_error_DBQueryError", RetryLaterError),
        ("cirrussearch-too-busy-error", RetryLaterError),
        ("blocked", BlockedError),
        ("wikimedia-globalblocking-ipblocked", BlockedError),
        ("readapidenied", BlockedError),
        ("no-such-entity", NotFoundError),
        ("param-missing", UnreadableError),
    ],
)
@pytest.mark.parametrize("new", [False, True])
def test_an_error_of_the_api_is_the_outcome_that_its_code_says_in_its_own_words(
    code: Any, error: Any, new: bool
) -> None:
    reply = (
        {"errors": [{"code": code, "text": "in its words"}]}
        if new
        else {"error": {"code": code, "info": "in its words"}}
    )
    with pytest.raises(error, match=f"{code}.*in its words"):
        wikidata.parse_entities(json.dumps(reply).encode())


def test_an_engine_that_tells_an_exception_is_quoted() -> None:
    reply = {"exception": "Undefined prefix", "status": "ERROR"}
    with pytest.raises(UnreadableError, match="Undefined prefix"):
        wikidata.parse_by_titles(json.dumps(reply).encode())


def test_a_refused_request_is_a_bad_page_that_says_why() -> None:
    with pytest.raises(UnreadableError, match="too many ids"):
        wikidata.parse_entities(json.dumps({"error": {"code": "toomanyvalues", "info": "too many ids"}}).encode())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize("parse", PARSERS)
@given(st.binary() | json_values.map(lambda v: json.dumps({"entities": v, "results": {"bindings": v}}).encode()))
def test_a_parser_raises_only_our_errors(parse: Any, body: Any) -> None:
    with contextlib.suppress(MovieDbError):
        parse(body)


pids = st.sampled_from("P31 P57 P161 P345 P495 P577 P2047 P2130 P1476 P856".split())
odd_values = json_values | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "time", "precision", "amount", "unit", "text"), json_values)
)


@given(st.dictionaries(pids, st.lists(st.one_of(json_values, odd_values.map(statement)), max_size=3)), json_values)
def test_an_entity_of_any_form_gives_a_record(claims: Any, odd: Any) -> None:
    known = read(entity(**claims) | {"labels": odd, "aliases": {"en": odd}, "sitelinks": odd})
    for found in known.values():
        assert wikidata.film_record(found, known, NOW, wikidata.entity_url("Q1")).source == "wikidata"
        wikidata.refs(found)
