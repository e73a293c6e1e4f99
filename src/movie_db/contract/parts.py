"""Leaves out the bad parts of a record, and keeps the rest.

A record is checked whole first, which is all that a good one costs. Only if that fails is it checked part by part:
a bad optional property is left out, and so is a list's item that lacks something it needs. Each part that is left
out is named with the reason.
"""

import json
from collections.abc import Callable, Collection
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import ValidationError

T = TypeVar("T")
Path = tuple[str | int, ...]
UNREADABLE: Final = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading a damaged answer may raise, where its shape was not checked."""
_LONGEST: Final = 10_000
_GONE: Final = object()
_PLAINER: Final = {"string_pattern_mismatch": "This has not the form it should have"}
"""What is said instead of a message of pydantic's that shows a regular expression."""


class LeftOut(NamedTuple):
    """A part that was left out: where it stood, what is wrong with it, and the part as JSON (cut at 10,000 letters)."""

    path: str
    reason: str
    raw: str


def prune(check: Callable[[Any], T], told: Any, fixed: Collection[str] = ()) -> tuple[T, tuple[LeftOut, ...]]:
    """What `check` makes of `told` without its bad parts, and these parts. `told` itself is not changed.

    Args:
        check: a validator of pydantic, such as a model's `model_validate`.
        told: dictionaries, lists and plain values; models in it count as good.
        fixed: properties of the record itself that can't be left out, as it would mean something else without them.

    Raises:
        ValidationError: the record lacks something it needs, or one of the fixed properties is bad.
    """
    try:
        return check(told), ()
    except ValidationError as error:
        return _Pruner(told, fixed).pruned(check, error)


class _Pruner:
    def __init__(self, told: Any, fixed: Collection[str]) -> None:
        self._original = told
        self._fixed = fixed
        self._places: dict[int, Path] = {}
        self._told = self._copied(told, ())
        self._reasons: dict[Path, str] = {}

    def pruned(self, check: Callable[[Any], T], error: ValidationError) -> tuple[T, tuple[LeftOut, ...]]:
        first = error
        while True:
            if not self._remove(error):
                raise first
            try:
                return check(self._told), tuple(map(self._left_out, self._reasons))
            except ValidationError as another:
                error = another

    def _copied(self, value: Any, path: Path) -> Any:
        """A copy of the containers, each with its place on record: items move up when others before them go."""
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
        """Removes the smallest part around each error; False if one is of the record itself."""
        lists: list[list[Any]] = []
        for found in error.errors(include_url=False, include_context=False, include_input=False):
            parent, key = self._part_at(found["loc"])
            if parent is None or (parent is self._told and key in self._fixed):
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
        self._sweep(self._told)
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
        """The container and the key of the deepest part on the way to a place."""
        parent: Any = None
        key: Any = None
        here = self._told
        for step in place:
            inside = isinstance(here, dict) and step in here
            if not inside and not (isinstance(here, list) and isinstance(step, int) and step < len(here)):
                break
            parent, key, here = here, step, here[step]
        return parent, key

    def _note(self, path: Path, reason: str) -> None:
        """Notes a part; what went within it before is the reason for the whole, and no part of its own."""
        within = [known for known in self._reasons if known[: len(path)] == path]
        self._reasons[path] = self._reasons[within[0]] if within else reason
        for known in within:
            if known != path:
                del self._reasons[known]

    def _left_out(self, path: Path) -> LeftOut:
        value = self._original
        for step in path:
            value = value[step]
        raw = json.dumps(value, ensure_ascii=False, default=str)[:_LONGEST]
        return LeftOut(".".join(map(str, path)), self._reasons[path], raw.encode("utf-8", "replace").decode())
