"""Times that were written by a clock that ran ahead decide nothing.

A time in the future says only that a clock was wrong. So it is older than every other: what it dates is due at once,
and gives way to whatever comes.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

SLACK: Final = timedelta(minutes=10)
"""So far may the clocks of two machines be apart."""


def latest() -> datetime:
    """The latest time that can be true now."""
    return datetime.now(UTC) + SLACK


def is_ahead(at: datetime) -> bool:
    """Whether a time is in the future."""
    return at > latest()


def rank(at: datetime) -> tuple[bool, datetime]:
    """What times are ordered by: those in the future before all others, and among themselves as they are."""
    return not is_ahead(at), at


def later(one: datetime, other: datetime) -> bool:
    """Whether one time is later than another, by their ranks."""
    return rank(one) > rank(other)


def moment(at: datetime | None) -> str | None:
    """A moment as the API writes it: UTC, to the second."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
