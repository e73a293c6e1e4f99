"""Whether two sources say the same of a field, though perhaps not with the same signs. Values are as JSON has them."""

import re
from collections.abc import Hashable
from typing import Any, Final

from movie_db.stitching import credits
from movie_db.stitching.genres import genre_names
from movie_db.stitching.names import fold_title

MINUTES: Final = 1
"""Running times that differ by no more were only rounded otherwise."""
ROUNDED: Final = 0.01
"""Sums that differ by no more of their size were only rounded otherwise."""
SCORE: Final = 0.1
"""Scores of one rater that differ by no more are of two days."""
_TITLE: Final = 255
"""Characters; what is longer is prose, and no two write the same."""
_ADDRESS: Final = re.compile(r"^https?://(?:www\.)?|/+$")


def agree(field: str, one: Any, other: Any) -> bool:
    """Whether two values of a field are the same fact: a date and the year of it, 117 and 116 minutes, `Sci-Fi` and
    `Science Fiction`, $25.1 million and $25,123,000; of lists, whether they hold the same."""
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


def includes(field: str, golden: Any, said: Any) -> bool:
    """Whether a golden value holds all that a source said: of lists, every item of the source's."""
    if field == "ratings":
        kept = {rating["source"]: rating["score"] for rating in golden}
        return all(abs(kept.get(r["source"], r["score"]) - r["score"]) <= SCORE + 1e-9 for r in said)
    if isinstance(golden, list):
        known = {key for item in golden for key in _keys(field, item)}
        return all(key in known for item in said for key in _keys(field, item))
    return agree(field, golden, said)


def _keys(field: str, item: Any) -> tuple[Hashable, ...]:
    """What two spellings of one item of a list have in common."""
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
