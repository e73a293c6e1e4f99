"""When what a source said is to be asked for again.

A new film's records are due after a day, an old one's after a month, a person's or company's after a quarter. Where the
source tells when it last edited the page, a tenth of the time that it had been quiet when it was read counts, if that
is longer, up to a year: the heuristic of RFC 9111, 4.2.2, since what was not edited for years seldom is tomorrow.
What was asked for in the future is due now.
"""

from datetime import datetime, timedelta
from typing import Final

from movie_db.contract.clock import is_ahead
from movie_db.contract.messages import Refresh

DAY: Final = timedelta(hours=20)
"""Less than 24 hours, so that what a daily job asked yesterday is due today."""
MONTH: Final = timedelta(days=30) - timedelta(hours=4)
QUARTER: Final = timedelta(days=90)
LONGEST: Final = timedelta(days=365)


def of_film(year: int | None, at: datetime) -> timedelta:
    """How long the records of a film of this year are good at least."""
    return DAY if year is None or year >= at.year - 1 else MONTH


def is_due(requested_at: datetime, at: datetime, least: timedelta, edited: datetime | None = None) -> bool:
    """Whether a record that was asked for then is due at `at`."""
    if is_ahead(requested_at):
        return True
    quiet = (requested_at - edited) / 10 if edited else timedelta()
    return requested_at < at and requested_at + max(least, min(quiet, LONGEST)) <= at


def is_requested(
    how: Refresh, requested_at: datetime, at: datetime, least: timedelta, edited: datetime | None = None
) -> bool:
    """The same, for a refresh of this kind: `all` waits for no day or month, but lets quiet pages be quiet."""
    if how == "pages":
        return requested_at < at or is_ahead(requested_at)
    return is_due(requested_at, at, timedelta() if how == "all" else least, edited)
