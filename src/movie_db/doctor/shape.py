"""Compares responses with the fields that a parser reads (`READS`). Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from rapidfuzz import fuzz

SIMILAR: Final = 60
"""The least similarity of a field's old and new name, of 100."""


class Deviation(NamedTuple):
    """One field that differs from what its parser reads. `renamed` is its possible new name."""

    path: str
    kind: Literal["gone", "null", "empty", "other"]
    message: str
    renamed: str | None = None

    @property
    def harmful(self) -> bool:
        """Whether the parser certainly loses data; a field that is null may be null by chance."""
        return self.kind in {"gone", "other"}


@dataclass
class _Node:
    """One step of the declared paths: its children, whether it is a list, and the kind of a leaf."""

    under: dict[str, _Node] = field(default_factory=dict)
    listed: bool = False
    kind: str = ""
    rare: bool = True

    @property
    def shape(self) -> str:
        return "list" if self.listed else "object" if self.under else self.kind


def deviations(answers: Sequence[Any], reads: Mapping[str, str], within: str = "") -> list[Deviation]:
    """How responses of one source differ from what is read from them. A field is gone if none of them has it.

    The prefix `within` is removed from paths.
    """
    found = _compare(answers, _tree(reads), "")
    return [
        d._replace(path=d.path.removeprefix(within), message=d.message.replace(f"`{within}", "`", 1)) for d in found
    ]


def _tree(reads: Mapping[str, str]) -> _Node:
    root = _Node()
    for path, kind in reads.items():
        node, rare = root, kind.endswith("?")
        for step in path.split("."):
            node = node.under.setdefault(step.removesuffix("[]"), _Node())
            node.listed = node.listed or step.endswith("[]")
            node.rare = node.rare and rare
        node.kind = kind.removesuffix("?")
    return root


def _compare(values: Iterable[Any], node: _Node, path: str) -> Iterator[Deviation]:
    parents = [value for value in values if isinstance(value, dict)]
    for key, child in node.under.items():
        if parents:
            yield from _field(parents, node, key, child, f"{path}.{key}" if path else key)


def _field(parents: list[dict[str, Any]], node: _Node, key: str, child: _Node, path: str) -> Iterator[Deviation]:
    every = [v for parent in parents for v in parent.values()] if key == "*" else [p[key] for p in parents if key in p]
    present = [value for value in every if value is not None]
    fitting = [value for value in present if _fits(value, child.shape)]
    if not every and key != "*":
        if not child.rare:
            renamed = _renamed(parents, node, key, child)
            more = f"; `{renamed}` may be its new name" if renamed else ""
            yield Deviation(path, "gone", f"`{path}` is gone{more}", renamed)
    elif not present:
        if not child.rare:
            yield Deviation(path, "null", f"`{path}` is null everywhere")
    elif not fitting:
        now = _kind_of(present[0])
        yield Deviation(path, "other", f"`{path}` is {_article(now)} now; {_article(child.shape)} was expected")
    elif child.listed:
        entries = [entry for value in fitting for entry in value]
        wrong = [entry for entry in entries if not _fits(entry, "object" if child.under else child.kind)]
        if not entries and not child.rare:
            yield Deviation(path, "empty", f"`{path}` is empty everywhere")
        elif entries and len(wrong) == len(entries) and not all(entry is None for entry in entries):
            yield Deviation(path, "other", f"`{path}` holds {_kind_of(wrong[0])} values now")
        yield from _compare(entries, child, f"{path}[]")
    elif child.shape == "text" and not child.rare and not any(value.strip() for value in fitting):
        yield Deviation(path, "empty", f"`{path}` is empty everywhere")
    else:
        yield from _compare(fitting, child, path)


def _renamed(parents: list[dict[str, Any]], node: _Node, key: str, child: _Node) -> str | None:
    """An undeclared sibling of the same shape that has a similar name, or is the only one of its kind."""
    if "*" in node.under:
        return None
    undeclared = {name for parent in parents for name in parent if name not in node.under}
    candidates = sorted(
        (name for name in undeclared if _same_shape([p[name] for p in parents if p.get(name) is not None], child)),
        key=lambda name: (-fuzz.ratio(name.casefold(), key.casefold()), name),
    )
    close = [name for name in candidates if fuzz.ratio(name.casefold(), key.casefold()) >= SIMILAR]
    return next(iter(close or (candidates if len(candidates) == 1 else [])), None)


def _same_shape(values: list[Any], child: _Node) -> bool:
    if not values or not all(_fits(value, child.shape) for value in values):
        return False
    within = [one for value in values for one in (value if child.listed else [value])]
    declared = [name for name in child.under if name != "*"]
    return not declared or any(isinstance(one, dict) and any(name in one for name in declared) for one in within)


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list) else "object" if isinstance(value, dict) else "null"


def _article(kind: str) -> str:
    return kind if kind in {"text", "null"} else f"an {kind}" if kind == "object" else f"a {kind}"


def _fits(value: Any, kind: str) -> bool:
    return kind == "any" or _kind_of(value) == kind
