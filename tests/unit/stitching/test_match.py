"""The judge on films as sources tell of them: what it takes for the same, what it asks, what it tells apart."""

# ruff: noqa: E501 (a case is a row)
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.contract.messages import Credit, MovieFacts, MovieListEntry, SourceRecord
from movie_db.stitching import match
from movie_db.stitching._weights import weights
from movie_db.stitching.match import FilmFeatures, judge, of_entry, of_record, weigh

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SAME, ASK, DIFFERENT = {"same"}, {"ask"}, {"different"}
NOT_SAME = {"ask", "different"}

MATRIX_CAST = ("Keanu Reeves", "Laurence Fishburne", "Carrie-Anne Moss", "Hugo Weaving")
POTTER_CAST = ("Daniel Radcliffe", "Rupert Grint", "Emma Watson")
RINGS_CAST = ("Elijah Wood", "Ian McKellen", "Viggo Mortensen")


def film(
    *titles: Any,
    y: Any = None,
    d: Any = (),
    c: Any = (),
    t: Any = None,
    at: Any = (),
    kind: Any = None,
    plot: Any = None,
    **ids: Any,
) -> Any:
    """A film by its titles, year, directors, cast, runtime (minutes), countries and ids."""
    facts = MovieFacts(
        title=titles[0] if titles else None,
        alternative_titles=titles[1:],
        year=y,
        runtime=t,
        directors=tuple(Credit(name=n) for n in ((d,) if isinstance(d, str) else d)),
        cast=tuple(Credit(name=n) for n in c),
        countries=tuple(at),
        plot=plot,
    )
    return of_record(
        SourceRecord(
            source="s",
            source_id="1",
            url="https://x.org/1",
            retrieved_at=NOW,
            licence="CC0",
            ids=ids,
            kind=kind,
            facts=facts,
        )
    )


class Pair(NamedTuple):
    what: str
    left: FilmFeatures
    right: FilmFeatures
    status: set[str]


def sequel(first: Any, second: Any, years: Any, minutes: Any, director: Any, cast: Any, status: Any = NOT_SAME) -> Any:
    """Two films of a series, made by the same people."""
    one, two = ((t,) if isinstance(t, str) else t for t in (first, second))
    left = film(*one, y=years[0], t=minutes[0], d=director, c=cast, at=["US"])
    right = film(*two, y=years[1], t=minutes[1], d=director, c=cast, at=["US"])
    return Pair(f"{one[0]} / {two[0]}", left, right, status)


def titles(one: Any, other: Any, status: Any = SAME) -> Any:
    """Two spellings of a title, of one year and director."""
    return Pair(f"{one} / {other}", film(one, y=1999, d="A Person"), film(other, y=1999, d="A Person"), status)


PAIRS = [
    # Ids
    Pair("a shared id and title", film("Heat", imdb="tt0113277"), film("Heat", imdb="tt0113277"), SAME),
    Pair("a shared id, another language", film("Heat", y=1995, imdb="tt0113277"), film("Fuego contra fuego", y=1995, imdb="tt0113277"), NOT_SAME),
    Pair("a shared id, another language, same director", film("Heat", y=1995, d="Michael Mann", imdb="tt0113277"), film("Fuego contra fuego", y=1995, d="Michael Mann", imdb="tt0113277"), SAME),
    Pair("a shared id, all else different", film("Heat", y=1995, d="Michael Mann", t=170, imdb="tt0113277"), film("Frozen", y=2013, d="Jennifer Lee", t=102, imdb="tt0113277"), DIFFERENT),
    Pair("a shared id, title and year different", film("Heat", y=1995, imdb="tt0113277"), film("Frozen", y=2013, imdb="tt0113277"), NOT_SAME),
    Pair("a shared id is worth more than another one that differs", film("Heat", y=1995, imdb="tt0113277", tmdb="949"), film("Heat", y=1995, imdb="tt0113277", tmdb="950"), SAME),
    Pair("other ids, same title and year", film("Heat", y=1995, imdb="tt0113277"), film("Heat", y=1995, imdb="tt0113278"), DIFFERENT),
    Pair("other ids, same title, year and director", film("Eden", y=2012, d="A B", imdb="tt0000001"), film("Eden", y=2012, d="A B", imdb="tt0000002"), NOT_SAME),
    Pair("a short film and its long version", film("Whiplash", y=2013, d="Damien Chazelle", c=["J. K. Simmons"], t=18, imdb="tt2654430"), film("Whiplash", y=2014, d="Damien Chazelle", c=["J. K. Simmons", "Miles Teller"], t=107, imdb="tt2582802"), NOT_SAME),
    Pair("ids of other namespaces say nothing", film("Heat", y=1995, imdb="tt0113277"), film("Heat", y=1995, tmdb="949"), SAME),
    # Title and year
    Pair("title and year", film("Primer", y=2004), film("Primer", y=2004), SAME),
    Pair("title only", film("Primer"), film("Primer"), ASK),
    Pair("a long title only", film("The Assassination of Jesse James by the Coward Robert Ford"), film("Assassination of Jesse James by the Coward Robert Ford"), NOT_SAME),
    Pair("title, one year apart: festival and release", film("Primer", y=2004), film("Primer", y=2005), ASK),
    Pair("the same, and the director", film("Primer", y=2004, d="Shane Carruth"), film("Primer", y=2005, d="Shane Carruth"), SAME),
    Pair("two years apart, and the director", film("Titane", y=2019, d="X Y"), film("Titane", y=2021, d="X Y"), SAME),
    Pair("year only", film(y=2004), film(y=2004), NOT_SAME),
    Pair("nothing known", film(), film(), NOT_SAME),
    Pair("no title on one side, all else equal", film(y=2004, d="Shane Carruth", t=77), film("Primer", y=2004, d="Shane Carruth", t=77), {"same", "ask"}),
    Pair("title, year and another runtime", film("Primer", y=2004, t=77), film("Primer", y=2004, t=140), NOT_SAME),
    Pair("title, year and nearly the runtime", film("Primer", y=2004, t=77), film("Primer", y=2004, t=79), SAME),
    Pair("title, year and another country", film("Gold", y=2016, at=["US"]), film("Gold", y=2016, at=["IN"]), NOT_SAME),
    # Remakes and namesakes
    Pair("a remake", film("Dune", y=1984, d="David Lynch"), film("Dune", y=2021, d="Denis Villeneuve"), DIFFERENT),
    Pair("a remake, directors untold", film("Total Recall", y=1990), film("Total Recall", y=2012), DIFFERENT),
    Pair("a remake by the same director", film("Funny Games", y=1997, d="Michael Haneke", t=109, at=["AT"]), film("Funny Games", y=2007, d="Michael Haneke", t=111, at=["US"]), NOT_SAME),
    Pair("a remake by the same director and star", film("The Man Who Knew Too Much", y=1934, d="Alfred Hitchcock", t=75), film("The Man Who Knew Too Much", y=1956, d="Alfred Hitchcock", t=120), NOT_SAME),
    Pair("namesakes of one year", film("Robin Hood", y=1991, d="John Irvin"), film("Robin Hood", y=1991, d="Kevin Reynolds"), NOT_SAME),
    Pair("namesakes of one year with other casts", film("The Jungle Book", y=2016, d="A B", c=["C D", "E F", "G H"]), film("The Jungle Book", y=2016, d="I J", c=["K L", "M N", "O P"]), DIFFERENT),
    Pair("namesakes a year apart", film("Capote", y=2005, d="Bennett Miller"), film("Capote", y=2006, d="Douglas McGrath"), NOT_SAME),
    Pair("two Pinocchios", film("Pinocchio", y=2022, d="Robert Zemeckis", c=["Tom Hanks"]), film("Pinocchio", y=2022, d="Guillermo del Toro", c=["Ewan McGregor"]), NOT_SAME),
    # Other kinds
    Pair("a series of the same name", film("Fargo", y=1996, kind="film"), film("Fargo", y=2014, kind="series"), DIFFERENT),
    Pair("a series of the same name and year", film("Fargo", y=2014, kind="film"), film("Fargo", y=2014, kind="series"), DIFFERENT),
    Pair("a series cut into a film", film("Fanny and Alexander", y=1982, d="Ingmar Bergman", c=["Pernilla Allwin", "Bertil Guve"], t=188, kind="film"), film("Fanny and Alexander", y=1983, d="Ingmar Bergman", c=["Pernilla Allwin", "Bertil Guve"], t=188, kind="series"), NOT_SAME),
    Pair("the novel", film("Dune", y=1965, kind="film"), film("Dune", y=1965, kind="other"), DIFFERENT),
    Pair("a TV film is a film", film("Duel", y=1971, kind="film"), film("Duel", y=1971, kind="TV film"), SAME),
    # Back to back
    sequel("The Matrix Reloaded", "The Matrix Revolutions", (2003, 2003), (138, 129), "Lana Wachowski", MATRIX_CAST),
    sequel("The Matrix Reloaded", "The Matrix Revolutions", (2003, 2003), (138, 138), ["Lana Wachowski", "Lilly Wachowski"], MATRIX_CAST),
    sequel("Harry Potter and the Deathly Hallows: Part 1", "Harry Potter and the Deathly Hallows: Part 2", (2010, 2011), (146, 130), "David Yates", POTTER_CAST),
    sequel("Harry Potter and the Deathly Hallows – Part 1", "Harry Potter and the Deathly Hallows – Part 2", (2011, 2011), (130, 130), "David Yates", POTTER_CAST),
    sequel("Dune", "Dune: Part Two", (2021, 2024), (155, 166), "Denis Villeneuve", ["Timothée Chalamet", "Zendaya"]),
    sequel("Dune: Part One", "Dune: Part Two", (2021, 2024), (155, 166), "Denis Villeneuve", ["Timothée Chalamet", "Zendaya"]),
    sequel("Kill Bill: Vol. 1", "Kill Bill: Vol. 2", (2003, 2004), (111, 137), "Quentin Tarantino", ["Uma Thurman", "Lucy Liu"]),
    sequel(("Kill Bill: Vol. 1", "Kill Bill"), ("Kill Bill: Volume 2", "Kill Bill"), (2003, 2003), (111, 111), "Quentin Tarantino", ["Uma Thurman", "Lucy Liu"]),
    sequel(("Che: Part One", "Che"), ("Che: Part Two", "Che"), (2008, 2008), (134, 135), "Steven Soderbergh", ["Benicio del Toro", "Demián Bichir"]),
    sequel("The Lord of the Rings: The Fellowship of the Ring", "The Lord of the Rings: The Two Towers", (2001, 2002), (178, 179), "Peter Jackson", RINGS_CAST),
    sequel("The Lord of the Rings: The Two Towers", "The Lord of the Rings: The Return of the King", (2002, 2003), (179, 180), "Peter Jackson", RINGS_CAST),
    sequel("Back to the Future Part II", "Back to the Future Part III", (1989, 1990), (108, 118), "Robert Zemeckis", ["Michael J. Fox", "Christopher Lloyd"]),
    sequel("Nymphomaniac: Vol. I", "Nymphomaniac: Vol. II", (2013, 2013), (118, 124), "Lars von Trier", ["Charlotte Gainsbourg", "Stellan Skarsgård"]),
    sequel("The Twilight Saga: Breaking Dawn – Part 1", "The Twilight Saga: Breaking Dawn – Part 2", (2011, 2012), (117, 115), "Bill Condon", ["Kristen Stewart", "Robert Pattinson"]),
    sequel("Before Sunrise", "Before Sunset", (1995, 2004), (101, 80), "Richard Linklater", ["Ethan Hawke", "Julie Delpy"]),
    sequel("Alien", "Aliens", (1979, 1986), (117, 137), ["Ridley Scott"], ["Sigourney Weaver"]),
    sequel("Evil Dead", "Evil Dead II", (1981, 1982), (85, 84), "Sam Raimi", ["Bruce Campbell"]),
    sequel("Toy Story 2", "Toy Story 3", (1999, 2000), (92, 92), "John Lasseter", ["Tom Hanks", "Tim Allen"]),
    sequel("Fear Street: 1994", "Fear Street: 1978", (2021, 2021), (107, 109), "Leigh Janiak", ["Kiana Madeira", "Sadie Sink"]),
    sequel("The Human Condition I: No Greater Love", "The Human Condition II: Road to Eternity", (1959, 1959), (208, 181), "Masaki Kobayashi", ["Tatsuya Nakadai"]),
    # Spellings
    titles("The Godfather Part II", "The Godfather, Part Two"),
    titles("Rocky II", "Rocky 2"),
    titles("The Hangover", "Hangover"),
    titles("Fast & Furious", "Fast and Furious"),
    titles("Amélie", "Amelie"),
    titles("Léon: The Professional", "Leon The Professional"),
    titles("WALL·E", "Wall-E"),
    titles("Harakiri", "Hara-kiri", status={"same", "ask"}),
    titles("Dr. Strangelove", "Doctor Strangelove", status=NOT_SAME | SAME),
    titles("Jumanji: Welcome to the Jungle", "Jumanji Welcome To The Jungel"),
    titles("Kung Fu Panda", "Kungfu Panda"),
    Pair("a transliteration beside the original", film("Stalker", "Сталкер", y=1979), film("Сталкер", y=1979), SAME),
    Pair("Devanagari with another vowel", film("दिल", y=1990), film("दाल", y=1990), DIFFERENT),
    Pair("the subtitle left out, same people", film("Birdman", y=2014, d="Alejandro González Iñárritu", c=["Michael Keaton", "Emma Stone"], t=119), film("Birdman or (The Unexpected Virtue of Ignorance)", y=2014, d="Alejandro G. Iñárritu", c=["Michael Keaton", "Emma Stone"], t=119), SAME),
    Pair("the subtitle left out, people untold", film("Birdman", y=2014), film("Birdman or (The Unexpected Virtue of Ignorance)", y=2014), NOT_SAME),
    # Other titles
    Pair("re-titled, same people", film("Live Die Repeat", y=2014, d="Doug Liman", c=["Tom Cruise", "Emily Blunt"], t=113), film("Edge of Tomorrow", y=2014, d="Doug Liman", c=["Tom Cruise", "Emily Blunt"], t=113), NOT_SAME),
    Pair("re-titled, with the title among the others", film("Live Die Repeat", y=2014, d="Doug Liman"), film("Edge of Tomorrow", "Live Die Repeat", y=2014, d="Doug Liman"), SAME),
    Pair("two films of a director and a year", film("Jurassic Park", y=1993, d="Steven Spielberg", t=127), film("Schindler's List", y=1993, d="Steven Spielberg", t=195), DIFFERENT),
    Pair("all different", film("Heat", y=1995, d="Michael Mann"), film("Babe", y=1995, d="Chris Noonan"), DIFFERENT),
    # People
    Pair("a slip in the director's name", film("Eden", y=2012, d="Alejandro Amenábar"), film("Eden", y=2012, d="Alejandro Amenabarr"), SAME),
    Pair("names turned round", film("Oldboy", y=2003, d="Park Chan-wook"), film("Oldboy", y=2003, d="Chan-wook Park"), SAME),
    Pair("another director, but the cast", film("Eden", y=2012, d="A Bee", c=["C D", "E F", "G H"]), film("Eden", y=2012, d="I Jay", c=["C D", "E F", "G H"]), {"same", "ask"}),
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.what)
def test_pairs_are_judged(pair: Any) -> None:
    verdict = judge(pair.left, [pair.right])
    assert verdict.status in pair.status, list(map(str, verdict.evidence))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.what)
def test_it_does_not_matter_who_is_compared_to_whom(pair: Any) -> None:
    assert judge(pair.left, [pair.right]).probability == pytest.approx(judge(pair.right, [pair.left]).probability)


def test_two_candidates_of_the_same_title_and_year_are_asked_about() -> None:
    verdict = judge(film("Eden", y=2012), [film("Eden", y=2012, d="A B"), film("Eden", y=2012, d="C D")])
    assert (verdict.status, verdict.best, verdict.runner_up) == ("ask", 0, 1)


def test_many_candidates_of_the_same_title_and_year_are_asked_about_as_well() -> None:
    assert judge(film("Eden", y=2012), [film("Eden", y=2012)] * 9).status == "ask"


def test_the_director_decides_between_two_of_the_same_title_and_year() -> None:
    verdict = judge(film("Eden", y=2012, d="C D"), [film("Eden", y=2012, d="A B"), film("Eden", y=2012, d="C D")])
    assert (verdict.status, verdict.best) == ("same", 1)


def test_a_sequel_among_the_candidates_does_not_unsettle_the_film() -> None:
    reloaded = film("The Matrix Reloaded", y=2003, t=138, d="Lana Wachowski", c=MATRIX_CAST)
    revolutions = film("The Matrix Revolutions", y=2003, t=129, d="Lana Wachowski", c=MATRIX_CAST)
    assert judge(reloaded, [revolutions, reloaded]).best == 1
    assert judge(reloaded, [revolutions, reloaded]).status == "same"


def test_no_candidate_no_film() -> None:
    assert judge(film("Primer", y=2004), []) == match.Verdict("different")


def test_a_verdict_tells_its_evidence() -> None:
    verdict = judge(film("Primer", y=2004), [film("Primer", y=2004)])
    bits = weights()
    expected = [f"title: equal, 'primer' ({bits['title']['equal_1']:+.1f})", f"year: equal ({bits['year']['0']:+.1f})"]
    assert [str(e) for e in verdict.evidence] == expected


def test_a_verdict_tells_by_how_much_the_next_candidate_falls_behind() -> None:
    verdict = judge(film("Primer", y=2004), [film("Primer", y=2005), film("Primer", y=2004)])
    bits = weights()["year"]
    assert (verdict.best, verdict.runner_up) == (1, 0)
    assert verdict.margin == pytest.approx(bits["0"] - bits["1"])
    assert judge(film("Primer", y=2004), [film("Primer", y=2004)]).margin is None


def test_a_title_is_enough_for_the_only_film_of_that_title() -> None:
    primer = film("Primer", y=2004, d="Shane Carruth")
    assert judge(film("Primer"), [primer], all_of_title=True).status == "same"
    assert judge(film("Primer"), [primer]).status == "ask"


def test_a_title_is_not_enough_for_a_film_of_which_nobody_told_more() -> None:
    stub = film("Primer", y=2004)
    assert judge(film("Primer"), [stub], all_of_title=True).status == "ask"
    assert judge(film("Primer", y=2004), [stub], all_of_title=True).status == "same"


def test_a_title_is_not_enough_where_several_films_bear_it_or_none() -> None:
    several = [film("Crash", y=1996, d="David Cronenberg"), film("Crash", y=2004, d="Paul Haggis")]
    assert judge(film("Crash"), several, all_of_title=True).status == "ask"
    assert judge(film("Crash"), [film("Crash Landing", y=2005)], all_of_title=True).status != "same"


def test_of_two_that_fit_as_well_the_one_that_somebody_described_is_meant() -> None:
    known, stub = film("Hoosiers", y=1986, d="David Anspaugh", t=114), film("Hoosiers", y=1986)
    verdict = judge(film("Hoosiers", y=1986), [stub, known], all_of_title=True)
    assert (verdict.status, verdict.best) == ("same", 1)
    assert judge(film("Hoosiers", y=1986), [stub]).status == "same"


def test_of_two_that_fit_as_well_the_one_with_more_pages_is_likelier() -> None:
    rock, asylum = (film("Hercules", y=2014, d=d)._replace(sitelinks=n) for d, n in (("A Bee", 45), ("C Dee", 3)))
    verdict = judge(film("Hercules", y=2014), [asylum, rock])
    assert (verdict.status, verdict.best) == ("ask", 1)
    assert judge(film("Hercules", y=2014, d="C Dee"), [asylum, rock]).best == 0


def test_an_alternative_title_proves_less_than_the_title_itself() -> None:
    left = film("Sorcerer", y=1977)
    assert judge(left, [film("Sorcerer", "Wages of Fear", y=1977)]).probability > (
        judge(left, [film("Wages of Fear", "Sorcerer", y=1977)]).probability
    )


def test_weights_stand_in_their_order_and_within_their_bounds() -> None:
    table = tomllib.loads(Path(match.__file__).with_name("weights.toml").read_text("utf-8"))
    for levels in table.values():
        fitted = [weight for weight in levels.values() if "min" in weight]
        assert [weight["bits"] for weight in fitted] == sorted(weight["bits"] for weight in fitted)
        assert all(weight["min"] <= weight["bits"] <= weight["max"] for weight in fitted)


def test_the_plot_is_never_evidence() -> None:
    copied = "A text that one source copied from the other."
    left, right = film("Eden", y=2012, plot=copied), film("Edna", y=2019, plot=copied)
    assert weigh(left, right) == weigh(film("Eden", y=2012), film("Edna", y=2019))


def test_an_entry_of_a_list_is_seen_as_a_record_is() -> None:
    entry = MovieListEntry(
        run="r", gallery="g", key="k", position=1, title="Primer", year=2004, directors=("Shane Carruth",),
        runtime=77, ids={"imdb": "tt0390384", "own_list": "0" * 16},
    )  # fmt: skip
    assert of_entry(entry) == film("Primer", y=2004, d="Shane Carruth", t=77, imdb="tt0390384")


def test_records_of_one_film_are_seen_together() -> None:
    both = film("Stalker", y=1979) | film("Сталкер", y=1980, d="Andrei Tarkovsky", kind="film")
    assert both.years == {1979, 1980}
    assert both.titles == {"stalker", "сталкер"}
    assert (both.directors, both.kind) == ({"andrei tarkovsky"}, "film")


FILMS = st.builds(
    film,
    st.sampled_from(["Heat", "Heat 2", "Alien", "The Thing", "Thing Two"]),
    y=st.none() | st.integers(1980, 1984),
    d=st.sampled_from([(), "A Bee", "C Dee"]),
    t=st.none() | st.integers(80, 120),
)


@given(FILMS, st.lists(FILMS, max_size=5))
def test_a_verdict_is_a_probability_and_names_candidates(one: Any, others: Any) -> None:
    verdict = judge(one, others)
    assert 0 <= verdict.probability <= 1
    assert (verdict.best is None) == (not others)
    assert (verdict.runner_up is None) == (len(others) < 2)
    assert verdict.status != "same" or verdict.probability >= match.SAME_THRESHOLD


@given(FILMS, st.lists(FILMS, min_size=1, max_size=4), FILMS)
def test_another_candidate_never_makes_the_others_more_certain(one: Any, others: Any, another: Any) -> None:
    assert judge(one, [*others, another]).probability <= 1
    if judge(one, [*others, another]).best != len(others):
        assert judge(one, [*others, another]).probability <= judge(one, others).probability


def test_a_name_with_nothing_in_it_is_nobody() -> None:
    one = film("Alien", y=1979, c=("\x1d", "Sigourney Weaver"))
    other = film("Alien", y=1979, c=("\x1e", "Tom Skerritt", "Veronica Cartwright"))
    assert one.cast == {"sigourney weaver"}
    assert judge(one, [other]).status != "different"
