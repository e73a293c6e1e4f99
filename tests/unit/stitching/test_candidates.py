"""Blocking loses no pair that it should keep, and keeps few others."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from movie_db.stitching.candidates import CROWD, LIMIT, Index, is_worth_comparing, keys
from movie_db.stitching.match import FilmFeatures
from movie_db.stitching.names import fold_title

TITLES = st.text("abcé 2&:'", min_size=1, max_size=12).map(fold_title).filter(bool)
PEOPLE = st.frozensets(st.sampled_from(("joel coen", "ethan coen", "agnes varda", "mako")), max_size=2)
FILMS = st.builds(
    FilmFeatures,
    titles=st.frozensets(TITLES, min_size=1, max_size=3),
    years=st.frozensets(st.integers(1999, 2003), max_size=2),
    directors=PEOPLE,
    cast=PEOPLE,
    runtimes=st.frozensets(st.integers(80, 90), max_size=1),
    ids=st.frozensets(st.tuples(st.just("imdb"), st.sampled_from(("tt0000001", "tt0000002"))), max_size=1),
)


def film(title: Any, *years: Any, director: Any = None, runtime: Any = None, **more: Any) -> Any:
    return FilmFeatures(
        titles=frozenset({fold_title(title)}),
        years=frozenset(years),
        directors=frozenset({director} if director else ()),
        runtimes=frozenset({runtime} if runtime else ()),
        **more,
    )


def found(left: Any, right: Any) -> Any:
    return Index(left).candidates(right)


@given(st.lists(FILMS, max_size=CROWD), FILMS)
def test_who_shares_an_id_or_a_title_is_always_met_while_blocks_are_no_crowd(left: Any, right: Any) -> None:
    met = found(left, right)
    assert {row for row, other in enumerate(left) if other.titles & right.titles or other.ids & right.ids} <= set(met)
    assert len(met) == len(set(met))


@given(st.lists(FILMS, max_size=CROWD - 1), FILMS, st.integers(1800, 1990))
def test_who_shares_title_and_year_is_met_in_any_crowd_of_other_years(left: Any, right: Any, first: Any) -> None:
    crowd = [FilmFeatures(titles=right.titles, years=frozenset({first + n % 5}), ids=other.ids) for n, other in
             enumerate(left * 20)]  # fmt: skip
    met = set(found(crowd + left, right))
    assert {
        len(crowd) + row
        for row, other in enumerate(left)
        if other.titles & right.titles and (other.years & right.years or (not other.years and right.years))
    } <= met


def test_a_crowd_of_one_title_and_year_is_cut_by_people_and_runtime() -> None:
    left = [film("Home", 2009, director=f"nobody number{n:03}", runtime=60 + n) for n in range(100)]
    assert found(left, film("Home", 2010, director="nobody number042")) == [42]
    assert set(found(left, film("Home", 2009, runtime=100))) == {39, 40, 41}


def test_of_a_crowd_alike_in_all_that_is_known_some_are_met() -> None:
    left = [film("Home", 2009)] * 100
    assert len(found(left, film("Home", 2009))) == CROWD


@given(st.integers(1, 200), FILMS)
def test_nobody_meets_more_than_the_limit(number: Any, right: Any) -> None:
    assert len(found([right] * number, right)) <= LIMIT


def test_a_film_meets_few_of_a_long_list() -> None:
    left = [film(f"{word} of the {thing}", 1950 + n % 70) for n in range(40) for word in WORDS for thing in WORDS]
    met = [len(found_in) for found_in in map(Index(left).candidates, left[:200])]
    assert max(met) <= LIMIT
    assert sum(met) / len(met) < 4 * CROWD


WORDS = "night day house king road heart river shadow winter garden stranger letter island return".split()


def test_spelling_mistakes_are_forgiven_at_either_end() -> None:
    left = [film("The Grand Budapest Hotel", 2014), film("Amélie", 2001), film("Heat", 1995), film("Spider-Man", 2002)]
    for wrong, row in {
        "Grnad Budapest Hotel": 0,
        "Grand Budapest Hotle": 0,
        "Hotel Budapest Grand": 0,
        "Amelei": 1,
        "Heatt": 2,
        "Spiderman": 3,
        "Spider-Man: Director's Cut": 3,
    }.items():
        assert row in found(left, film(wrong)), wrong


def test_films_without_a_title_in_common_meet_by_director_and_year() -> None:
    left = [film("Spirited Away", 2001, director="hayao miyazaki"), film("Ponyo", 2008, director="hayao miyazaki")]
    assert found(left, film("Sen to Chihiro no kamikakushi", 2002, director="miyazaki hayao")) == [0]


def test_films_with_nothing_but_letters_in_common_are_not_worth_the_judge() -> None:
    heat = film("Heat", 1995, director="michael mann")
    assert not is_worth_comparing(heat, film("Healthy Living", 1995))
    assert not is_worth_comparing(film("Paradise Now", 2005), film("Paradise Hotel of the Dead", 2005))
    for near in ("Haet", "Heatt", "Heat of the Night"):
        assert is_worth_comparing(heat, film(near)), near
    assert is_worth_comparing(heat, film("Confrontation à Los Angeles", 1995, director="michael mann"))
    assert is_worth_comparing(film("Grand Budapest Hotel"), film("Hotel Budapest, Grand"))


def test_keys_of_different_kinds_are_never_equal() -> None:
    assert not set(keys(film("imdb:tt0000001"))) & set(keys(FilmFeatures(ids=frozenset({("imdb", "tt0000001")}))))
