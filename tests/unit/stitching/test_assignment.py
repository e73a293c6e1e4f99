"""Each film is linked once, to the one that fits best on both sides, and never to one of equals."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from movie_db.stitching.assignment import Pair, Pairs, assign


def statuses(pairs: Any, left_duplicates: Any = (), right_duplicates: Any = ()) -> Any:
    """By pair what becomes of it."""
    made = Pairs(Pair(*pair) for pair in pairs)
    return {link.pair[:2]: link.status for link in assign(made, dict(left_duplicates), dict(right_duplicates))}


def test_a_certain_pair_without_a_rival_is_linked() -> None:
    assert statuses([(0, 0, 12.0)]) == {(0, 0): "same"}


def test_an_uncertain_pair_is_asked_and_an_unlikely_one_is_different() -> None:
    assert statuses([(0, 0, 2.0), (1, 1, -3.0)]) == {(0, 0): "ask", (1, 1): "different"}


def test_of_two_equal_films_none_is_linked_on_either_side() -> None:
    assert statuses([(0, 0, 12.0), (1, 0, 12.0)]) == {(0, 0): "ask"}
    assert statuses([(0, 0, 12.0), (0, 1, 12.0)]) == {(0, 0): "ask", (0, 1): "ask"}


def test_the_better_of_two_is_linked_where_the_margin_is_wide() -> None:
    assert statuses([(0, 0, 16.0), (1, 0, 4.0)]) == {(0, 0): "same"}
    assert statuses([(0, 0, 16.0), (1, 0, 13.0)]) == {(0, 0): "ask"}


def test_a_taken_film_leaves_the_other_pair_certain() -> None:
    # A remake and the first film: 1 fits both, but 0 is the other's without doubt.
    assert statuses([(0, 0, 30.0), (0, 1, 9.0), (1, 1, 8.0)]) == {(0, 0): "same", (1, 1): "same"}


def test_who_would_be_certain_but_for_a_better_one_is_asked() -> None:
    assert statuses([(0, 0, 30.0), (0, 1, 12.0)]) == {(0, 0): "same", (0, 1): "ask"}


def test_films_that_are_twins_are_all_linked() -> None:
    assert statuses([(0, 0, 12.0), (0, 1, 14.0), (0, 3, 11.0), (1, 2, 13.0)], right_duplicates={1: 0, 3: 0}) == {
        (0, 0): "same",
        (0, 1): "same",
        (0, 3): "same",
        (1, 2): "same",
    }


def test_the_rival_is_the_next_likely_pair_of_either_film() -> None:
    links = {link.pair[:2]: link for link in assign(Pairs([Pair(0, 0, 20), Pair(1, 0, 3), Pair(0, 1, 5)]), {}, {})}
    assert links[0, 0].rival == Pair(0, 1, 5)
    assert links[0, 1].rival == Pair(0, 0, 20)


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 6)), st.floats(-10, 60, allow_nan=False), max_size=20
).map(lambda found: [(*films, bits) for films, bits in found.items()])


@given(PAIRS)
def test_no_film_is_linked_twice_and_the_order_of_pairs_says_nothing(pairs: Any) -> None:
    found = statuses(pairs)
    linked = [films for films, status in found.items() if status == "same"]
    assert len({left for left, _ in linked}) == len({right for _, right in linked}) == len(linked)
    assert found == statuses(sorted(pairs, reverse=True))


@given(PAIRS)
def test_every_film_of_the_right_list_that_is_in_a_pair_is_told_of(pairs: Any) -> None:
    assert {right for _, right in statuses(pairs)} == {right for _, right, _ in pairs}


@given(PAIRS)
def test_what_is_linked_is_likelier_than_not_and_what_is_said_is_a_probability(pairs: Any) -> None:
    for link in assign(Pairs(Pair(*pair) for pair in pairs), {}, {}):
        assert 0 <= link.probability <= 1
        assert link.status != "same" or link.probability > 0.5
