"""Two sources may say the same in other signs; then they don't contradict each other."""

from typing import Any

import pytest

from movie_db.stitching.agreement import agree, includes


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("runtime", 117, 116),
        ("release_date", "1982", "1982-06-25"),
        ("release_date", "1982-06-25", "1982-06"),
        ("budget", {"amount": 25100000, "currency": "USD"}, {"amount": 25123456, "currency": "USD"}),
        ("budget", {"amount": 5, "currency": "USD"}, {"amount": 5}),
        ("title", "The Godfather, Part Two", "The Godfather Part II"),
        ("homepage", "http://www.alien.example/", "https://alien.example"),
        ("genres", ["Sci-Fi", "Drama"], ["drama film", "science fiction film"]),
        ("directors", ["J.J. Abrams"], ["J. J. Abrams"]),
        ("age_rating", "PG-13", "PG 13"),
    ],
)
def test_the_same_fact_agrees_however_it_is_written(field: str, one: Any, other: Any) -> None:
    assert agree(field, one, other)
    assert agree(field, other, one)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("runtime", 117, 119),
        ("release_date", "1982-06-25", "1982-06-26"),
        ("year", 1982, 1983),
        ("budget", {"amount": 25100000, "currency": "USD"}, {"amount": 25100000, "currency": "EUR"}),
        ("budget", {"amount": 25100000, "currency": "USD"}, {"amount": 26000000, "currency": "USD"}),
        ("title", "Alien", "Aliens"),
        ("homepage", "https://alien.example/a", "https://alien.example/b"),
        ("genres", ["Drama"], ["Drama", "Comedy"]),
        ("plot", "A" * 300, "a" * 300),
    ],
)
def test_another_fact_does_not(field: str, one: Any, other: Any) -> None:
    assert not agree(field, one, other)


def test_a_list_keeps_what_is_all_in_it() -> None:
    assert includes("directors", ["Ann Lee", "Bo Ek"], ["bo ek"])
    assert not includes("directors", ["Ann Lee"], ["Ann Lee", "Bo Ek"])


def test_ratings_of_one_rater_are_compared_and_those_of_others_are_not() -> None:
    golden = [{"source": "imdb", "score": 8.1}]
    assert includes("ratings", golden, [{"source": "imdb", "score": 8.2}, {"source": "tmdb", "score": 3.0}])
    assert not includes("ratings", golden, [{"source": "imdb", "score": 7.1}])
