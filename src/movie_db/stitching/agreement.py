"""Whether two sources agree on a field, although they may write it differently. Values are as in JSON."""

import re
from collections.abc import Hashable
from typing import Any, Final

from movie_db.stitching import credits
from movie_db.stitching.genres import genre_names
from movie_db.stitching.names import fold_title

MINUTES: Final = 1
"""Running times within this difference agree: they are rounded differently."""
ROUNDED: Final = 0.01
"""Sums within this relative difference agree: they are rounded differently."""
SCORE: Final = 0.1
"""Scores of one rater within this difference agree: they are of different days."""
_TITLE: Final = 255
"""Characters. Longer values are prose, which never agrees."""
_ADDRESS: Final = re.compile(r"^https?://(?:www\.)?|/+$")


def agree(field: str, one: Any, other: Any) -> bool:
    """Whether two values of a field state the same fact: a date and its year, 117 and 116 minutes, `Sci-Fi` and
    `Science Fiction`, $25.1 million and $25,123,000. Lists agree if they have the same items."""
    if one == other:
        return True
    if isinstance(one, list):
        return {_keys(field, item) for item in one} == {_keys(field, item) for item in other}
    if field == "release_date":
        return bool(one.startswith(other) or other.startswith(one))
    if field == "runtime":
        return bool(abs(one - other) <= MINUTES)
    if field in {"budget", "box_office"}:
        return _same_sum(one, other)
    if field == "homepage" or field.endswith("_url"):
        return _ADDRESS.sub("", one) == _ADDRESS.sub("", other)
    if not isinstance(one, str) or max(len(one), len(other)) > _TITLE:
        return False
    return fold_title(one) == fold_title(other)


def includes(field: str, golden: Any, given: Any) -> bool:
    """Whether a golden value includes a source's value: for lists, every item of it."""
    if field == "ratings":
        scores = {rating["source"]: rating["score"] for rating in golden}
        return all(abs(scores.get(r["source"], r["score"]) - r["score"]) <= SCORE + 1e-9 for r in given)
    if isinstance(golden, list):
        keys = {key for item in golden for key in _keys(field, item)}
        return all(key in keys for item in given for key in _keys(field, item))
    return agree(field, golden, given)


def _keys(field: str, item: Any) -> tuple[Hashable, ...]:
    """The keys of a list item, equal for all its spellings."""
    if isinstance(item, dict):
        item = item.get("name") or item.get("source") or ""
    if field == "genres":
        return tuple(genre_names(item))
    if field in {"directors", "writers", "cast", "studios", "distributors"}:
        return (credits.stem(item),)
    return (fold_title(item),)


def _same_sum(one: dict[str, Any], other: dict[str, Any]) -> bool:
    currencies = {one.get("currency"), other.get("currency")} - {None}
    first, second = float(one["amount"]), float(other["amount"])
    return len(currencies) < 2 and abs(first - second) <= ROUNDED * max(first, second)
