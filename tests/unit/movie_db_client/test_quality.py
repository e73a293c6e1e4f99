"""A source that tells less than it did is named, with the field and where it is read."""

from typing import Any

import pytest

from movie_db.movie_db_client.history.quality import alarms


def run(found: int, requests: int = 100, **filled: int) -> dict[str, Any]:
    return {"wikipedia": {"outcomes": {"found": found, "not_found": requests - found}, "filled": filled}}


def result(now: Any, *before: Any) -> list[str]:
    return list(map(str, alarms(now, before)))


def test_a_field_that_a_source_tells_of_fewer_films_is_named_with_its_parser() -> None:
    assert result(run(100, title=100, runtime=12), run(100, title=100, runtime=93)) == [
        "wikipedia: runtime fell from 93 % to 12 % of its movies: sources/wikipedia.py may no longer parse its answers"
    ]


def test_a_field_that_is_gone_altogether_falls_to_nothing() -> None:
    assert [a.field for a in alarms(run(100, title=100), [run(100, title=100, plot=50)])] == ["plot"]


@pytest.mark.parametrize(("now", "alarm"), [(80, False), (79, True)])
def test_only_a_fall_by_more_than_a_fifth_is_one(now: int, alarm: bool) -> None:
    assert bool(result(run(100, runtime=now), run(100, runtime=100))) == alarm
    assert bool(result(run(100, title=100, runtime=now // 2), run(100, title=100, runtime=50))) == alarm


def test_shares_count_not_films() -> None:
    assert result(run(50, 50, runtime=45), run(100, runtime=90)) == []


def test_a_run_of_a_few_films_of_a_gallery_is_none_to_compare_with() -> None:
    refreshed = run(20, 20, title=20, budget=20)
    assert result(run(100, title=100, budget=60), refreshed) == []
    assert result(refreshed, run(100, title=100, budget=60, plot=90)) == []


def test_pages_that_are_no_longer_found_are_a_fall_but_not_those_that_did_not_come() -> None:
    assert result(run(10, title=10), run(100, title=100)) == [
        "wikipedia: found fell from 100 % to 10 % of the movies it was requested for: "
        "sources/wikipedia.py may no longer parse its answers"
    ]
    down = {"wikipedia": {"outcomes": {"found": 10, "failed": 60, "blocked": 30}, "filled": {"title": 10}}}
    assert result(down, run(100, title=100)) == []


def test_a_few_films_a_first_run_and_a_source_not_asked_raise_none() -> None:
    assert result(run(9, 9, title=9), run(9, 9, title=9, plot=9)) == []
    assert result(run(100, title=1)) == []
    assert result({}, run(100, title=100)) == []
    assert result(run(100), run(100, title=100)) == [], "a run of a version that did not count fields"


def test_a_fall_is_told_by_the_next_runs_too() -> None:
    good, bad = run(100, title=100, runtime=93), run(100, title=100, runtime=12)
    assert len(result(bad, bad, bad, good)) == 1
