"""Normalizes URL paths before any rule is applied to them."""

import re
from typing import Final
from urllib.parse import unquote

_DOT: Final = re.compile(r"%2e", re.IGNORECASE)
_PARAMETERS: Final = re.compile(r";[^/]*")
_MOST_DECODINGS: Final = 5


def without_dots(path: str) -> str:
    """Removes `.` and `..` segments, percent-encoded or not (RFC 3986, 5.2.4 and 6.2.2); the page stays the same."""
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for place, segment in enumerate(segments, 1):
        plain = _DOT.sub(".", segment)
        if plain not in {".", ".."}:
            kept.append(segment)
            continue
        if plain == ".." and kept:
            kept.pop()
        if place == len(segments):
            kept.append("")
    return "/" + "/".join(kept)


def lenient(path: str) -> str:
    """The path as the most lenient server might read it.

    Decodes escapes repeatedly, turns backslashes into slashes, merges slashes, and drops segment parameters (`;a=b`).
    """
    for _ in range(_MOST_DECODINGS):
        path, before = unquote(path), path
        if path == before:
            break
    return without_dots(re.sub("/+", "/", _PARAMETERS.sub("", path.replace("\\", "/"))))
