"""A user's own policy in TOML: one table per field, with what differs from `POLICY`."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from movie_db.contract.errors import UsageError
from movie_db.stitching.policy import POLICY, Order, Policy, Rule, Survivorship

_VALUE: Final[tuple[Rule, ...]] = ("first", "agreed", "newest")
_LIST: Final[tuple[Rule, ...]] = ("union", *_VALUE, "longest")
_COMPANIES: Final[tuple[Rule, ...]] = ("credits", "all_credits", "agreed", "newest", "longest")
FITTING: Final[Mapping[str, tuple[Rule, ...]]] = {
    **dict.fromkeys(POLICY, _VALUE),
    **dict.fromkeys(("title", "original_title", "plot", "tagline", "runtime"), (*_VALUE, "longest")),
    **dict.fromkeys(("budget", "box_office"), (*_VALUE, "longest")),
    **dict.fromkeys(("genres", "languages", "countries", "ratings"), _LIST),
    **dict.fromkeys(("directors", "writers", "cast", "studios", "distributors"), _COMPANIES),
    "release_date": ("most_precise", *_VALUE),
    "alternative_titles": ("union",),
    "rating": ("score",),
    "offers": ("first",),
}
"""The rules that are valid for each field."""
_SOURCES: Final = frozenset(source for survivorship in POLICY.values() for source in survivorship.order)


def parse(text: str) -> Policy:
    """Parses a policy, such as `[title]` with `rule = "first"`, `order = ["wikipedia", "tmdb"]` or both.

    Returns:
        The complete policy: the default one with these changes.

    Raises:
        UsageError: the text is invalid. The message says what would be right.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"it is not TOML: {error}") from None
    return {**POLICY, **{field: _survivorship(field, table) for field, table in tables.items()}}


def _survivorship(field: str, table: Any) -> Survivorship:
    if field not in POLICY:
        hint = "the year follows release_date" if field == "year" else f"the fields are {', '.join(POLICY)}"
        raise UsageError(f"there is no field {field!r}: {hint}")
    if not isinstance(table, dict) or not table or table.keys() - {"rule", "order"}:
        raise UsageError(f'[{field}] takes rule = "…", order = ["…", …] or both, and nothing else')
    rule = table.get("rule", POLICY[field].rule)
    if rule not in FITTING[field]:
        raise UsageError(f"the rule of {field} can be {', '.join(FITTING[field])}, not {rule!r}")
    return Survivorship(rule, _order(field, table["order"]) if "order" in table else POLICY[field].order)


def _order(field: str, sources: Any) -> Order:
    if not isinstance(sources, list) or not sources or not all(isinstance(source, str) for source in sources):
        raise UsageError(f'the order of {field} is a list of sources, such as ["wikipedia", "tmdb"]')
    for source in sources:
        # An unknown source may be the user's own, but a near miss of a known one is a typing error.
        close = get_close_matches(source, _SOURCES, n=1, cutoff=0.8) if source not in _SOURCES else []
        if close:
            raise UsageError(f"the order of {field} names {source!r}: is {close[0]!r} meant?")
    return tuple(dict.fromkeys(sources))
