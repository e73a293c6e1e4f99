"""When a record is due: new films daily, old ones monthly, quiet pages after a tenth of their quiet time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from movie_db.movie_db_client.history.freshness import DAY, MONTH, QUARTER, is_due, is_requested, minimum_age

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def ago(days: Any) -> Any:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(("year", "least"), [(2026, DAY), (2025, DAY), (None, DAY), (2024, MONTH), (1979, MONTH)])
def test_new_films_are_due_daily_and_old_ones_monthly(year: Any, least: Any) -> None:
    assert minimum_age(year, NOW) == least


def test_what_a_daily_job_asked_for_yesterday_is_due_today() -> None:
    assert is_due(NOW - timedelta(hours=23, minutes=50), NOW, DAY)
    assert not is_due(NOW - timedelta(hours=10), NOW, DAY)


def test_a_page_that_was_quiet_for_long_is_due_after_a_tenth_of_that() -> None:
    edited = ago(1031)
    assert not is_due(ago(31), NOW, MONTH, edited), "quiet for 1,000 days: due after 100"
    assert is_due(ago(101), NOW, MONTH, ago(1101))
    assert is_due(ago(31), NOW, MONTH, ago(40)), "edited shortly before: due after a month"


def test_nothing_is_good_for_longer_than_a_year() -> None:
    assert is_due(ago(366), NOW, QUARTER, ago(20_000))
    assert not is_due(ago(364), NOW, QUARTER, ago(20_000))


def test_all_waits_for_no_month_but_lets_quiet_pages_be_quiet() -> None:
    assert is_requested("all", ago(1), NOW, MONTH)
    assert not is_requested("all", ago(1), NOW, MONTH, ago(1001))
    assert is_requested("all", ago(1), NOW, MONTH, ago(2))
    assert not is_requested("due", ago(1), NOW, MONTH)


def test_pages_asks_for_everything_but_what_this_refresh_asked_for_itself() -> None:
    assert is_requested("pages", ago(1), NOW, MONTH, ago(1001))
    assert not is_requested("pages", NOW, NOW, MONTH)
