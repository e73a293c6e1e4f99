"""Leaves out the invalid parts of a record, and keeps the rest.

A valid record costs one validation. If that fails, invalid optional properties and invalid items of lists are removed
until the record is valid. Each removed part is reported with the reason.
"""

import json
from collections.abc import Callable, Collection
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import ValidationError

T = TypeVar("T")
Path = tuple[str | int, ...]
UNREADABLE: Final = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError)
"""The errors that parsing a damaged response may raise, if its shape was not validated."""
_LONGEST: Final = 10_000
_GONE: Final = object()
_PLAINER: Final = {"string_pattern_mismatch": "String does not have the expected form"}
"""Replacements for messages of pydantic that show a regular expression."""


class LeftOut(NamedTuple):
    """A part that was left out: its path, the reason, and the part as JSON (cut at 10,000 characters)."""

    path: str
    reason: str
    raw: str


def prune(check: Callable[[Any], T], record: Any, fixed: Collection[str] = ()) -> tuple[T, tuple[LeftOut, ...]]:
    """Validates a record without its invalid parts. The record itself is not changed.

    Args:
        check: a validator of pydantic, such as a model's `model_validate`.
        record: dictionaries, lists and plain values. Models in it count as valid.
        fixed: properties of the record itself that are never left out.

    Returns:
        The result of `check`, and the parts that were left out.

    Raises:
        ValidationError: a required property is missing or invalid, or a fixed one is invalid.
    """
    try:
        return check(record), ()
    except ValidationError as error:
        return _Pruner(record, fixed).pruned(check, error)


class _Pruner:
    def __init__(self, record: Any, fixed: Collection[str]) -> None:
        self._original = record
        self._fixed = fixed
        self._places: dict[int, Path] = {}
        self._record = self._copied(record, ())
        self._reasons: dict[Path, str] = {}

    def pruned(self, check: Callable[[Any], T], error: ValidationError) -> tuple[T, tuple[LeftOut, ...]]:
        first = error
        while True:
            if not self._remove(error):
                raise first
            try:
                return check(self._record), tuple(map(self._left_out, self._reasons))
            except ValidationError as another:
                error = another

    def _copied(self, value: Any, path: Path) -> Any:
        """A copy of the containers. The original path of each is noted, since items move when others are removed."""
        copy: Any
        if isinstance(value, dict):
            copy = {key: self._copied(item, (*path, key)) for key, item in value.items()}
        elif isinstance(value, list | tuple):
            copy = [self._copied(item, (*path, n)) for n, item in enumerate(value)]
        else:
            return value
        self._places[id(copy)] = path
        return copy

    def _remove(self, error: ValidationError) -> bool:
        """Removes the smallest part around each error; False if an error concerns the record itself."""
        lists: list[list[Any]] = []
        for found in error.errors(include_url=False, include_context=False, include_input=False):
            parent, key = self._part_at(found["loc"])
            if parent is None or (parent is self._record and key in self._fixed):
                return False
            value = parent[key]
            if value is _GONE:
                continue
            path = self._places.get(id(value), (*self._places[id(parent)], key))
            wrong = _PLAINER.get(found["type"], found["msg"])
            self._note(path, f"{'.'.join(map(str, found['loc']))}: {wrong}")
            parent[key] = _GONE
            if isinstance(parent, list):
                lists.append(parent)
        self._sweep(self._record)
        for one in lists:
            one[:] = [item for item in one if item is not _GONE]
        return True

    def _sweep(self, value: Any) -> None:
        if isinstance(value, dict):
            for key in [key for key, item in value.items() if item is _GONE]:
                del value[key]
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            self._sweep(item)

    def _part_at(self, place: Path) -> tuple[Any, Any]:
        """The container and the key of the deepest existing part on a path."""
        parent: Any = None
        key: Any = None
        here = self._record
        for step in place:
            inside = isinstance(here, dict) and step in here
            if not inside and not (isinstance(here, list) and isinstance(step, int) and step < len(here)):
                break
            parent, key, here = here, step, here[step]
        return parent, key

    def _note(self, path: Path, reason: str) -> None:
        """Notes a part. It replaces parts within it that were noted before, and takes over their reason."""
        within = [noted for noted in self._reasons if noted[: len(path)] == path]
        self._reasons[path] = self._reasons[within[0]] if within else reason
        for noted in within:
            if noted != path:
                del self._reasons[noted]

    def _left_out(self, path: Path) -> LeftOut:
        value = self._original
        for step in path:
            value = value[step]
        raw = json.dumps(value, ensure_ascii=False, default=str)[:_LONGEST]
        return LeftOut(".".join(map(str, path)), self._reasons[path], raw.encode("utf-8", "replace").decode())
