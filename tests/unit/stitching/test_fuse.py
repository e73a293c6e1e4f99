"""Survivorship: which value wins, where it came from, and what it beat."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.contract.messages import Certificate, Company, Credit, Money, MovieFacts, Rating, Several, SourceRecord
from movie_db.stitching.credits import fuller_name, merge_credits, stem
from movie_db.stitching.folding import fold_compact
from movie_db.stitching.fuse import PinnedValue, fuse, newest
from movie_db.stitching.genres import genre_names
from movie_db.stitching.policy import POLICY, Policy, Rule

AT = datetime(2026, 11, 1, tzinfo=UTC)


def record(source: str, source_id: str = "1", days: int = 0, language: str | None = None, **facts: Any) -> SourceRecord:
    return SourceRecord(
        source=source,
        source_id=source_id,
        url=f"https://{source}.example/{source_id}",
        retrieved_at=AT + timedelta(days=days),
        licence="CC0",
        language=language,
        facts=MovieFacts(**facts),
    )


def by(rule: Rule, *fields: str) -> Policy:
    return {**POLICY, **{field: POLICY[field]._replace(rule=rule) for field in fields}}


def test_every_field_of_the_facts_has_its_rule_but_year() -> None:
    assert set(POLICY) == set(MovieFacts.model_fields) - {"year"} | {"rating"}


def test_the_title_is_the_gallerys_and_tells_what_it_beat() -> None:
    golden = fuse([record("wikipedia", title="Alien (1979)"), record("justwatch", title="Alien")])
    assert golden.values["title"] == "Alien"
    origin = golden.provenance["title"]
    assert (origin.source, origin.url, origin.licence) == ("justwatch", "https://justwatch.example/1", "CC0")
    assert origin.beaten == ({"source": "wikipedia", "source_id": "1", "value": "Alien (1979)"},)


def test_an_equal_value_is_not_beaten() -> None:
    golden = fuse([record("wikipedia", runtime=117), record("justwatch", runtime=117)])
    assert golden.provenance["runtime"].beaten == ()


def test_the_plot_is_the_encyclopedias() -> None:
    golden = fuse([record("justwatch", plot="Short."), record("wikipedia", plot="Long.")])
    assert golden.values["plot"] == "Long."


@pytest.mark.parametrize(
    ("stated", "date", "year"),
    [
        ({"justwatch": {"year": 1982}, "wikidata": {"release_date": "1982-06-25"}}, "1982-06-25", 1982),
        ({"justwatch": {"release_date": "1982-06"}, "wikidata": {"release_date": "1982-06-25"}}, "1982-06-25", 1982),
        ({"justwatch": {"year": 1950}, "wikidata": {"release_date": "2005-01-02"}}, None, 1950),
        ({"justwatch": {"year": 1982}, "wikidata": {"release_date": "1981-12-30"}}, "1981-12-30", 1981),
        ({"wikidata": {"release_date": "1982"}}, None, 1982),
        ({"justwatch": {"release_date": "2018-12-11", "year": 1988}, "imdb": {"year": 1988}}, None, 1988),
        (
            {
                "imdb": {"year": 1988},
                "omdb": {"release_date": "2018-12-11", "year": 1988},
                "tmdb": {"release_date": "2018-12-11"},
                "wikidata": {"release_date": "2018-12-11"},
            },
            "2018-12-11",
            1988,
        ),
        ({"justwatch": {"release_date": "1992-11-18", "year": 1994}, "tmdb": {"year": 1992}}, "1992-11-18", 1992),
        (
            {"justwatch": {"year": 2018}, "tmdb": {"year": 1988}, "imdb": {"release_date": "1988-04-16"}},
            "1988-04-16",
            1988,
        ),
    ],
)
def test_the_most_precise_date_near_the_earliest_year_that_two_sources_tell_wins(
    stated: dict[str, dict[str, Any]], date: str | None, year: int
) -> None:
    golden = fuse([record(source, **facts) for source, facts in stated.items()])
    assert golden.values.get("release_date") == date
    assert golden.values["year"] == year


def test_genres_of_two_vocabularies_are_not_doubled() -> None:
    golden = fuse(
        [
            record("justwatch", genres=("Action & Adventure", "Drama", "Made in Europe")),
            record("wikidata", genres=("drama film", "action film", "Western film")),
        ]
    )
    assert golden.values["genres"] == ("Action", "Adventure", "Drama", "European", "Western")


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("science fiction film", ("Science Fiction",)),
        ("Science-Fiction", ("Science Fiction",)),
        ("film noir", ("Film Noir",)),
    ],
)
def test_a_genre_is_named_in_our_vocabulary(stated: str, names: tuple[str, ...]) -> None:
    assert genre_names(stated) == names


def test_the_rating_is_of_the_first_rater_and_all_ratings_are_kept() -> None:
    imdb, tmdb = Rating(source="imdb", score=8.1, votes=12), Rating(source="tmdb", score=7.0)
    golden = fuse([record("justwatch", ratings=(tmdb, imdb))])
    assert (golden.values["rating"], golden.values["rating_count"]) == (8.1, 12)
    assert golden.values["ratings"] == (tmdb, imdb)


def test_other_cuts_and_sums_of_a_source_are_kept_beside_the_one_that_wins() -> None:
    origin = record("wikipedia", runtime=117, budget=Money(amount=28, currency="USD"))
    cuts = origin.model_copy(update={"several": Several(runtimes=(117, 126), budgets=())})
    golden = fuse([cuts, record("tmdb", runtime=126)])
    assert golden.values["runtime"] == 117
    assert [(b["source"], b["value"]) for b in golden.provenance["runtime"].beaten] == [
        ("tmdb", 126),
        ("wikipedia", 126),
    ]


def test_an_age_rating_comes_with_its_system_and_a_pinned_one_without() -> None:
    certificates = (Certificate(rating="12", system="FSK"), Certificate(rating="PG-13", system="MPA", country="US"))
    origin = record("tmdb", age_rating="PG-13").model_copy(update={"several": Several(certificates=certificates)})
    assert fuse([origin, record("omdb", age_rating="R")]).values["age_rating_system"] == "MPA"
    assert "age_rating_system" not in fuse([origin], {"age_rating": PinnedValue("R", AT)}).values


def test_other_titles_become_alternatives_and_the_title_itself_does_not() -> None:
    golden = fuse(
        [record("justwatch", title="Alien"), record("wikidata", title="Alien 1", alternative_titles=("ALIEN",))]
    )
    assert golden.values["alternative_titles"] == ("Alien 1",)


def test_the_cast_unites_people_and_keeps_the_roles_of_the_source_that_has_them() -> None:
    jw = (
        Credit(name="Robert Downey Jr", ids={"justwatch": "5"}, role="Tony", billing=1),
        Credit(name="Zoe Saldana", ids={"justwatch": "6"}, role="Gamora", billing=2),
    )
    wd = (
        Credit(name="Zoë Saldaña", ids={"wikidata": "Q6"}),
        Credit(name="Robert Downey, Jr.", ids={"wikidata": "Q5"}),
        Credit(name="Somebody Else", ids={"wikidata": "Q7"}),
    )
    cast = fuse([record("wikidata", cast=wd), record("justwatch", cast=jw)]).values["cast"]
    assert [(c.name, c.role, c.billing, c.ids) for c in cast] == [
        ("Robert Downey, Jr.", "Tony", 1, {"justwatch": "5", "wikidata": "Q5"}),
        ("Zoë Saldaña", "Gamora", 2, {"justwatch": "6", "wikidata": "Q6"}),
        ("Somebody Else", "", None, {"wikidata": "Q7"}),
    ]


def test_two_people_of_one_name_in_one_source_stay_two() -> None:
    origin = [Credit(name="Ann Lee", ids={"justwatch": "1"}), Credit(name="Ann Lee", ids={"justwatch": "2"})]
    assert len(merge_credits([origin], everybody=True)) == 2


def test_a_source_that_spells_a_name_in_two_ways_and_gives_no_ids_names_one_person() -> None:
    jw = [Credit(name="J.K. Simmons", ids={"justwatch": "1802"}, role="Gordon", billing=11)]
    wd = [Credit(name="J. K. Simmons", ids={"wikidata": "Q23"})]
    wp = [Credit(name="J. K. Simmons"), Credit(name="J.K. Simmons", role="Commissioner James Gordon")]
    (party,) = merge_credits([jw, wd, wp], everybody=True)
    assert (party.ids, party.roles) == ({"justwatch": "1802", "wikidata": "Q23"}, ["Gordon"])


def test_namesakes_that_a_source_gives_no_ids_are_told_of_one_after_the_other() -> None:
    jw = [Credit(name="Ann Lee", ids={"justwatch": n}) for n in "12"]
    wp = [Credit(name="Ann Lee", role="A"), Credit(name="Ann Lee", role="B")]
    assert [p.roles for p in merge_credits([jw, wp], everybody=True)] == [["A"], ["B"]]


def test_senior_and_junior_stay_two_where_one_source_names_both() -> None:
    both = [Credit(name="Lon Chaney"), Credit(name="Lon Chaney Jr.")]
    assert len(merge_credits([both, [Credit(name="Lon Chaney, Jr.")]], everybody=True)) == 2


def test_contradicting_ids_keep_namesakes_apart() -> None:
    lists = [[Credit(name="Ann Lee", ids={"wikidata": "Q1"})], [Credit(name="Ann Lee", ids={"wikidata": "Q2"})]]
    assert len(merge_credits(lists, everybody=True)) == 2


def test_one_person_with_two_roles_is_one_person() -> None:
    origin = [Credit(name="Ann Lee", role="A", billing=1), Credit(name="Ann Lee", role="B", billing=2)]
    assert [(p.name, p.roles) for p in merge_credits([origin], everybody=True)] == [("Ann Lee", ["A", "B"])]


def test_directors_are_the_first_sources_with_the_ids_of_the_others() -> None:
    golden = fuse(
        [
            record("justwatch", directors=(Credit(name="Ann Lee"),)),
            record("wikidata", directors=(Credit(name="Bo Ek"), Credit(name="ann lee", ids={"wikidata": "Q1"}))),
        ]
    )
    assert [(c.name, c.ids) for c in golden.values["directors"]] == [("Ann Lee", {"wikidata": "Q1"})]
    assert golden.provenance["directors"].beaten[0]["value"] == ["Bo Ek", "ann lee"]


def test_a_pin_wins_over_every_source_and_tells_what_it_beat() -> None:
    golden = fuse(
        [record("justwatch", title="Alien", runtime=117)],
        {"runtime": PinnedValue(116, AT), "title": PinnedValue("A", AT)},
    )
    assert (golden.values["runtime"], golden.provenance["runtime"].source) == (116, "pin")
    assert golden.provenance["runtime"].beaten[0]["value"] == 117


def test_the_value_that_most_sources_give_is_agreed() -> None:
    stated = [record("justwatch", runtime=100), record("wikipedia", runtime=117), record("wikidata", runtime=116)]
    golden = fuse(stated, policy=by("agreed", "runtime"))
    assert golden.values["runtime"] == 117
    assert [b["value"] for b in golden.provenance["runtime"].beaten] == [100, 116]


def test_of_values_that_as_many_give_the_first_is_agreed() -> None:
    stated = [record("wikidata", runtime=90), record("justwatch", runtime=100)]
    assert fuse(stated, policy=by("agreed", "runtime")).values["runtime"] == 100


def test_one_source_has_one_vote() -> None:
    stated = [record("wikipedia", n, runtime=90) for n in "12"] + [record("justwatch", runtime=100)]
    stated += [record("justwatch_page", runtime=100)]
    assert fuse(stated, policy=by("agreed", "runtime")).values["runtime"] == 100
    stated += [record("tmdb", runtime=90)]
    assert fuse(stated, policy=by("agreed", "runtime")).values["runtime"] == 90


def test_a_year_agrees_with_the_dates_in_it_and_never_beats_them() -> None:
    stated = [record("justwatch", year=1982), record("wikipedia", release_date="1982-06-25")]
    stated += [record("wikidata", release_date="1982-06-25"), record("tmdb", release_date="1982-07-01")]
    assert fuse(stated, policy=by("agreed", "release_date")).values["release_date"] == "1982-06-25"


def test_most_sources_decide_whose_people_count() -> None:
    ann, bo = Credit(name="Ann Lee"), Credit(name="Bo Ek")
    stated = [record("justwatch", directors=(ann,)), record("wikipedia", directors=(bo,))]
    stated += [record("wikidata", directors=(Credit(name="bo ek", ids={"wikidata": "Q1"}),))]
    (director,) = fuse(stated, policy=by("agreed", "directors")).values["directors"]
    assert (director.name, director.ids) == ("Bo Ek", {"wikidata": "Q1"})


def test_the_newest_value_is_that_of_the_record_read_last() -> None:
    stated = [record("justwatch", age_rating="R"), record("tmdb", days=1, age_rating="PG")]
    assert fuse(stated, policy=by("newest", "age_rating")).values["age_rating"] == "PG"


def test_the_longest_value_is_the_longest_text_list_or_time() -> None:
    stated = [
        record("justwatch", plot="Short.", runtime=90, countries=("US",)),
        record("wikidata", plot="Longer.", runtime=95, countries=("US", "GB")),
    ]
    values = fuse(stated, policy=by("longest", "plot", "runtime", "countries")).values
    assert (values["plot"], values["runtime"], values["countries"]) == ("Longer.", 95, ("US", "GB"))


def test_what_was_brought_together_tells_what_each_source_gave() -> None:
    golden = fuse(
        [
            record("justwatch", genres=("Drama",), cast=(Credit(name="Ann Lee", role="A"),)),
            record("wikidata", genres=("western film",), cast=(Credit(name="Bo Ek"),)),
        ]
    )
    assert golden.values["genres"] == ("Drama", "Western")
    assert [b["value"] for b in golden.provenance["genres"].beaten] == [["western film"]]
    assert [b["value"] for b in golden.provenance["cast"].beaten] == [["Bo Ek"]]


def test_every_value_has_its_provenance_and_all_that_it_beat(a_film: list[SourceRecord]) -> None:
    golden = fuse(a_film)
    assert golden.provenance.keys() == golden.values.keys()
    same = {"languages", "countries"}
    assert {name for name, origin in golden.provenance.items() if len(origin.beaten) < 2} == same


def test_a_year_beats_years_and_a_rating_tells_whose_scores_it_beat() -> None:
    imdb, tmdb = Rating(source="imdb", score=8.1, votes=12), Rating(source="tmdb", score=7.0, votes=3)
    stated = [record("justwatch", release_date="1982-06-25", ratings=(tmdb, imdb)), record("wikidata", year=1981)]
    origin = fuse(stated).provenance
    assert [b["value"] for b in origin["year"].beaten] == [1981]
    assert [(b["value"], b["rater"]) for b in origin["rating"].beaten] == [(7.0, "tmdb")]
    assert [(b["value"], b["rater"]) for b in origin["rating_count"].beaten] == [(3, "tmdb")]


def test_a_text_in_the_language_wanted_comes_before_the_first_sources() -> None:
    stated = [
        record("justwatch", language="en", title="Jaws", plot="A shark.", runtime=124),
        record("wikidata_it", language="it", title="Lo squalo"),
        record("justwatch_it", language="it", title="Lo Squalo"),
    ]
    golden = fuse(stated, languages=("it", "en"))
    assert (golden.values["title"], golden.values["plot"]) == ("Lo Squalo", "A shark.")
    assert golden.provenance["title"].source == "justwatch_it"
    assert golden.provenance["title"].beaten[-1] == {
        "source": "justwatch",
        "source_id": "1",
        "value": "Jaws",
        "language": "en",
    }
    assert fuse(stated).values["title"] == "Jaws"


def test_a_pinned_date_has_its_year_and_a_pinned_year_no_other_date() -> None:
    stated = [record("justwatch", release_date="1982-06-25")]
    values = fuse(stated, {"release_date": PinnedValue("1983-01-02", AT)}).values
    assert (values["release_date"], values["year"]) == ("1983-01-02", 1983)
    assert "release_date" not in fuse(stated, {"year": PinnedValue(1983, AT)}).values
    assert fuse(stated, {"year": PinnedValue(1982, AT)}).values["release_date"] == "1982-06-25"
    values = fuse(stated, {"release_date": PinnedValue("1984", AT)}).values
    assert (values.get("release_date"), values["year"]) == (None, 1984)


def test_an_empty_pin_empties_the_field_and_tells_what_was_there() -> None:
    golden = fuse([record("justwatch", runtime=117)], {"runtime": PinnedValue(None, AT)})
    assert "runtime" not in golden.values
    assert golden.provenance["runtime"].source == "pin"
    assert golden.provenance["runtime"].beaten[0]["value"] == 117


def test_pinned_people_have_the_ids_that_sources_know_of_them() -> None:
    stated = [record("wikidata", directors=(Credit(name="Ridley Scott", ids={"wikidata": "Q56005"}),))]
    golden = fuse(stated, {"directors": PinnedValue([{"name": "Ridley Scott"}, {"name": "Ann Lee"}], AT)})
    assert [(c.name, c.ids) for c in golden.values["directors"]] == [
        ("Ridley Scott", {"wikidata": "Q56005"}),
        ("Ann Lee", {}),
    ]


def test_of_one_source_the_newest_record_counts() -> None:
    old, new = record("justwatch", runtime=1), record("justwatch", days=1, runtime=2)
    assert newest([new, old]) == [new]


def test_nothing_said_is_nothing_known() -> None:
    golden = fuse([record("justwatch", title="Alien")])
    assert set(golden.values) == set(golden.provenance) == {"title"}


@pytest.mark.parametrize(
    ("one", "other"), [("J.J. Abrams", "J. J. Abrams"), ("Zoë Saldaña", "zoe saldana"), ("Łukasz", "Lukasz")]
)
def test_spellings_fold_to_one(one: str, other: str) -> None:
    assert fold_compact(one) == fold_compact(other)


def test_a_name_of_signs_alone_is_kept() -> None:
    assert fold_compact("???") == stem("???") == "???"


@given(st.text(), st.text())
def test_the_fuller_name_hangs_not_on_the_order(one: str, other: str) -> None:
    assert fuller_name(one, other) == fuller_name(other, one)


names = st.sampled_from(("Ann Lee", "ann lee", "Ánn Lee", "Ann Lee Jr.", "Bo Ek"))
credits = st.lists(st.builds(Credit, name=names, role=st.sampled_from(("", "X"))), max_size=3).map(tuple)
facts = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(("A", "B")),
        "year": st.integers(1980, 1983),
        "release_date": st.sampled_from(("1981", "1981-02", "1982-03-04")),
        "genres": st.sampled_from((("Drama",), ("drama film", "Comedy"))),
        "budget": st.sampled_from((Money(amount=Decimal(5), currency="USD"), Money(amount=Decimal(7)))),
        "cast": credits,
        "directors": credits,
        "studios": st.just((Company(name="S", ids={"wikidata": "Q1"}),)),
    },
)
records = st.builds(
    lambda source, number, days, stated: record(source, str(number), days, **stated),
    st.sampled_from(("justwatch", "wikipedia", "wikidata", "else")),
    st.integers(1, 2),
    st.integers(0, 2),
    facts,
)


@given(st.lists(records, max_size=6).flatmap(lambda r: st.tuples(st.just(r), st.permutations(r))))
def test_the_golden_record_hangs_not_on_the_order_of_records(
    both: tuple[list[SourceRecord], list[SourceRecord]],
) -> None:
    assert fuse(both[0]) == fuse(both[1])
