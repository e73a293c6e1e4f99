"""A Wikipedia infobox: found by its braces, its values by their names."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from movie_db.crawling_module.sources.wikitext import rendering
from movie_db.crawling_module.sources.wikitext.rendering import Piece


class Infobox(NamedTuple):
    """`name` as the page writes it (`Infobox film`); `values` by names in lower case with `_`, none of them empty."""

    name: str
    values: Mapping[str, Piece]

    def first(self, *names: str) -> Piece:
        """The first value that is given under one of the names, else ''."""
        return next((self.values[n] for n in names if n in self.values), "")


_OPENING: Final = re.compile(r"\{\{\s*(?:template:\s*)?(?P<name>infobox(?![a-z])[^|{}<\n]*)", re.IGNORECASE)
_OF_FILMS: Final = re.compile(r"infobox (?:.*\b)?(?:film|movie|cartoon|ova)\b", re.IGNORECASE)


def infobox(top: str) -> Infobox | None:
    """Return the infobox of an article's top (without comments and references): a film's if there is one, or else the
    first.

    A box whose braces never close is read line by line, up to the first line that begins in bold.
    """
    found = list(_OPENING.finditer(top))
    if not found:
        return None
    match = next((m for m in found if _OF_FILMS.match(m["name"])), found[0])
    name = " ".join(match["name"].replace("_", " ").split())
    return Infobox(name, _values(top, match.start()))


_PARAMETER: Final = re.compile(r"^[ \t]*\|([\w .-]{1,60})=", re.MULTILINE)
_END: Final = re.compile(r"^'''|^\}\}\s*$", re.MULTILINE)


def _values(top: str, start: int) -> dict[str, Piece]:
    end = rendering.template_end(top, start)
    if end is not None:
        if (found := values_without_parser(top[start:end])) is not None:
            return found
        if (parsed := values_by_parser(top[start:end])) is not None:
            return parsed
    pieces = _PARAMETER.split(_END.split(top[start:], maxsplit=1)[0])[1:]
    return {_key(name): value.strip() for name, value in zip(pieces[::2], pieces[1::2], strict=True) if value.strip()}


def values_by_parser(box: str) -> dict[str, Piece] | None:
    """The values of the first template in `box`, as mwparserfromhell reads it; None if it finds none."""
    for template in rendering.parse(box).ifilter_templates(recursive=False):
        return {_key(str(p.name)): p.value for p in template.params if str(p.value).strip()}
    return None


_MARK: Final = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|")
_CLOSED_BY: Final = {"{{": "}}", "[[": "]]"}
_LINK: Final = re.compile(r"\[\[[^\[\]{}<>|\n]+(?:\||\]\])")
_HARD: Final = re.compile(r"\{\{\{|\}\}\}|\[\[\[|\]\]\]|<nowiki|\{\||\|\}(?!\})", re.IGNORECASE)
_MARKUP: Final = re.compile(r"[\[{<]")


def values_without_parser(box: str) -> dict[str, Piece] | None:
    """Return the values of a box whose brackets all close, split at its own bars; None if it is not that simple.

    Parsing a complete box takes more time than everything else about an article.
    """
    if _HARD.search(box):
        return None
    opened: list[re.Match[str]] = []
    bars: list[int] = []
    for mark in _MARK.finditer(box, 2, len(box) - 2):
        if mark[0] in _CLOSED_BY:
            opened.append(mark)
        elif mark[0] == "|":
            if not opened:
                bars.append(mark.start())
        else:
            opening = opened.pop() if opened else None
            if opening is None or _CLOSED_BY[opening[0]] != mark[0]:
                return None
            if mark[0] == "]]" and not _LINK.match(box, opening.start()):
                return None
    if opened:
        return None
    found: dict[str, Piece] = {}
    for start, end in pairwise((*bars, len(box) - 2)):
        name, sign, value = box[start + 1 : end].partition("=")
        if _MARKUP.search(name) or (not sign and name.strip()):
            return None
        if value.strip():
            found[_key(name)] = value
    return found


def _key(name: str) -> str:
    return "_".join(name.replace("_", " ").lower().split())
