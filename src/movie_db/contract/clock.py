"""Protection against clocks that run ahead.

A time in the future shows only that a clock was wrong. It ranks before every other time, so what it dates is due at
once, and anything else replaces it.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

SLACK: Final = timedelta(minutes=10)
"""Tolerated difference between the clocks of two machines."""


def latest() -> datetime:
    """The latest time that is not in the future."""
    return datetime.now(UTC) + SLACK


def is_ahead(at: datetime) -> bool:
    """Whether a time is in the future."""
    return at > latest()


def rank(at: datetime) -> tuple[bool, datetime]:
    """A sort key for times: those in the future come first."""
    return not is_ahead(at), at


def later(one: datetime, other: datetime) -> bool:
    """Whether one time ranks after another (see `rank`)."""
    return rank(one) > rank(other)


def moment(at: datetime | None) -> str | None:
    """A time as the API writes it: ISO 8601 in UTC, to the second."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
