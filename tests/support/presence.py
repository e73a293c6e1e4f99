"""Values that a test knows to be present."""

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    """The value, where its type says that it may be None and the test says that it is not."""
    assert value is not None
    return value
