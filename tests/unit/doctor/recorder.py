"""JSON that remembers which of its fields were read: `content.externalIds.imdbId`, `offers[].package.shortName`."""

from collections.abc import Callable, Iterator
from typing import Any


class Recorder:
    """Makes such JSON; `paths` are the fields that were read, containers of other read fields left out."""

    def __init__(self) -> None:
        self._read: set[str] = set()

    def __call__(self, told: Any, path: str = "") -> Any:
        if isinstance(told, dict):
            return _Object(told, path, self)
        if isinstance(told, list):
            return _List((self(one, f"{path}[]") for one in list.__iter__(told)), path, self)
        return told

    def note(self, path: str) -> None:
        self._read.add(path)

    def of_valid(self, prune: Callable[..., Any]) -> Callable[..., Any]:
        """`contract.parts.prune`, whose check is not recorded, and whose outcome is."""

        def pruned(check: Any, told: Any, *fixed: Any) -> Any:
            valid, lost = prune(check, _plain(told), *fixed)
            return self(valid, getattr(told, "_path", "")), lost

        return pruned

    def loads(self, loads: Callable[..., Any]) -> Callable[..., Any]:
        """`json.loads` or its like, whose answers are recorded."""
        return lambda *args, **kwargs: self(loads(*args, **kwargs))

    @property
    def paths(self) -> set[str]:
        above = {path[:cut] for path in self._read for cut, sign in enumerate(path) if sign in ".["}
        return self._read - above


def _plain(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _plain(one) for key, one in told.items()}
    return [_plain(one) for one in list.__iter__(told)] if isinstance(told, list) else told


class _Object(dict[str, Any]):
    def __init__(self, told: dict[str, Any], path: str, recorder: Recorder) -> None:
        self._path, self._recorder = path, recorder
        super().__init__({key: recorder(one, self._under(key)) for key, one in told.items()})

    def _under(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def __getitem__(self, key: str) -> Any:
        self._recorder.note(self._under(key))
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._recorder.note(self._under(key))
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._recorder.note(self._under(str(key)))
        return super().__contains__(key)


class _List(list[Any]):
    def __init__(self, told: Iterator[Any], path: str, recorder: Recorder) -> None:
        super().__init__(told)
        self._path, self._recorder = path, recorder

    def __iter__(self) -> Iterator[Any]:
        self._recorder.note(f"{self._path}[]")
        return super().__iter__()
