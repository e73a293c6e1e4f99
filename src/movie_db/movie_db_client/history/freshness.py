"""Decides when a source record is due for a refresh.

A new movie's records are due after a day, an old one's after a month, those of people and companies after a quarter.
Where the source says when it last edited the page, a tenth of the time between that edit and the last request counts if
it is longer, up to a year: the heuristic of RFC 9111, 4.2.2. A record requested in the future is due now.
"""

from datetime import datetime, timedelta
from typing import Final

from movie_db.contract.clock import is_ahead
from movie_db.contract.messages import Refresh

DAY: Final = timedelta(hours=20)
"""Less than 24 hours, so that a daily job finds due what it requested yesterday."""
MONTH: Final = timedelta(days=30) - timedelta(hours=4)
QUARTER: Final = timedelta(days=90)
LONGEST: Final = timedelta(days=365)


def minimum_age(year: int | None, at: datetime) -> timedelta:
    """Returns how long records of a movie from this year stay fresh at least."""
    return DAY if year is None or year >= at.year - 1 else MONTH


def is_due(requested_at: datetime, at: datetime, least: timedelta, edited: datetime | None = None) -> bool:
    """Whether a record requested at `requested_at` is due at `at`."""
    if is_ahead(requested_at):
        return True
    quiet = (requested_at - edited) / 10 if edited else timedelta()
    return requested_at < at and requested_at + max(least, min(quiet, LONGEST)) <= at


def is_requested(
    how: Refresh, requested_at: datetime, at: datetime, least: timedelta, edited: datetime | None = None
) -> bool:
    """Whether a refresh of this kind requests the record. `all` skips the minimum age, `pages` skips everything."""
    if how == "pages":
        return requested_at < at or is_ahead(requested_at)
    return is_due(requested_at, at, timedelta() if how == "all" else least, edited)
