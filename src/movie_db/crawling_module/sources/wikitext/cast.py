"""Parses an article's cast section, its lists and its tables."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from movie_db.crawling_module.sources.wikitext import rendering
from movie_db.crawling_module.sources.wikitext.rendering import LINK_END, LINK_START
from movie_db.crawling_module.sources.wikitext.templates import SEPARATOR
from movie_db.stitching import values

_TABLE: Final = re.compile(r"^[ \t:]*\{\|.*?^[ \t]*\|\}", re.MULTILINE | re.DOTALL)
_BULLET: Final = re.compile(r"^[:*]*\*[ \t]*([^\s*].*)$", re.MULTILINE)


def section_cast(section: str, heading: str) -> Iterator[tuple[str, str]]:
    """Yield name and role ('' if none is given) of everybody in a section, in order.

    It reads lines like `* [[Name]] as Role: description` and `* [[Name]] – Role`; under a heading about cast, not
    characters, also a bare `* [[Name]]`; and tables whose head says which columns have actors, or whose cells say `as
    Role`.
    """
    section = rendering.without_unseen(section)
    bare = "character" not in heading
    start = 0
    for table in _TABLE.finditer(section):
        yield from _lines(section[start : table.start()], bare)
        start = table.end()
        # Lists are put in tables to form columns.
        yield from _lines(table[0], bare) if _BULLET.search(table[0]) else _rows(table[0])
    yield from _lines(section[start:], bare)


_WORD: Final = r"[^\W\d_a-z](?:[\w'’-]|\.(?!\.))*"
_FULL_NAME: Final = re.compile(
    rf"{_WORD}(?: (?:{_WORD}|de|del|de la|da|di|do|dos|van|van der|von|der|den|la|le|el|al|bin|y|ten|\"{_WORD}\"))*"
    rf" {_WORD}",
    re.UNICODE,
)
_LEADING_LINK: Final = re.compile(rf"^{LINK_START}(?P<name>[^{LINK_END}]{{2,80}}){LINK_END}(?P<rest>.*)$", re.DOTALL)
_NOTE: Final = r"(?:\s*\([^()]*\))?"
_LINKED: Final = re.compile(rf"^{_NOTE}\s*(?:$|(?:(?:as[\s:]|\.{{3}}|…)|\s[–—-]+\s)\s*(?P<role>.*)$)", re.DOTALL)
_PLAYS: Final = r"\s+(?:as|plays|portrays|voices|provides the voice of)\s+|\s*(?:\.{3}|…)\s*"
_AS: Final = re.compile(rf"^(?P<name>[^–—:]{{2,80}}?){_NOTE}(?:{_PLAYS})(?P<role>.+)$")
_DASH: Final = re.compile(rf"^(?P<name>[^–—:()]{{2,60}}?){_NOTE}\s[–—-]+\s(?P<role>.+)$")
_ROLE_END: Final = re.compile(r"[:;,–—(]|(?<=[a-z]{4})\.(?:\s|$)|\s-\s")
_QUOTED: Final = re.compile(r"([\"'])([^\"]+)\1")
_LEADER: Final = re.compile(r"(?:\.{2,}|[…,])+$")
_AND: Final = re.compile(r" and | & ")
_CAPTION: Final = re.compile(r"\s*'''.*'''\s*")
"""A line that is entirely bold heads the names below it."""


def _lines(wikitext: str, bare: bool) -> Iterator[tuple[str, str]]:
    lines = "\n".join(f"* {line[:1000]}" for line in _BULLET.findall(wikitext) if not _CAPTION.fullmatch(line))
    for line in rendering.rendered(lines).split(SEPARATOR)[1:]:
        yield from _line(line.strip(), bare)


def _line(line: str, bare: bool) -> Iterator[tuple[str, str]]:
    linked = _LEADING_LINK.match(line)
    if linked and (played := _LINKED.match(linked["rest"])):
        if played["role"] is not None or bare:
            yield from _pairs(linked["name"], played["role"])
        return
    text = rendering.tidy(line)
    match = _AS.match(text)
    if not match and not _behind_dash(line) and (dashed := _DASH.match(text)) and _FULL_NAME.fullmatch(dashed["name"]):
        match = dashed
    if match:
        yield from _pairs(match["name"], match["role"])
    elif bare:
        names = [_LEADER.sub("", re.sub(_NOTE, "", n)) for n in re.split(r",\s+(?![^(]*\))", text)]
        if all(_FULL_NAME.fullmatch(n) for n in names):
            for one in names:
                yield from _pairs(one, None)


def _behind_dash(line: str) -> bool:
    """Whether a line begins without a link and has one after the dash: is it `Role – [[Name]]`, or the reverse?"""
    return not line.startswith(LINK_START) and bool(re.search(rf"\s[–—-]+\s+{LINK_START}", line))


def _pairs(name: str, role: str | None) -> Iterator[tuple[str, str]]:
    """Yield the person, or each of `A B and C D`, with the role as far as it is a name."""
    full = _LEADER.sub("", rendering.tidy(name).strip(" \"'"))
    parts = _AND.split(full)
    names = parts if all(_FULL_NAME.fullmatch(part) for part in parts) else [full]
    character = rendering.tidy(_ROLE_END.split(rendering.tidy(role), maxsplit=1)[0]) if role else ""
    character = quoted[2] if (quoted := _QUOTED.fullmatch(character)) else character
    for one in names:
        if (person := values.name(one)) and len(person.split()) <= 6:
            yield person, values.name(character) or ""


_ROLE_HEAD: Final = re.compile(r"\b(?:roles?|characters?|parts?)\b", re.IGNORECASE)
_ACTOR_HEAD: Final = re.compile(
    r"\b(?:actors?|actress(?:es)?|cast|performers?|played|portrayed|voices?|voiced|starring|stars?|artists?|players?)\b",
    re.IGNORECASE,
)
_AS_CELL: Final = re.compile(r"^(?:as|\.{3}|…)\s+(?P<role>.+)$", re.DOTALL)


def _rows(table: str) -> Iterator[tuple[str, str]]:
    """Yield the people of a table. With several actors' columns (voices in two languages), all have the row's role."""
    head: list[str] = []
    actors: list[int] = []
    role = -1
    for cells, is_head in _grid(table):
        if is_head and not actors:
            head = [rendering.plain(cell) for cell in cells]
            role = next((i for i, text in enumerate(head) if _ROLE_HEAD.search(text)), -1)
            actors = [i for i, text in enumerate(head) if i != role and _ACTOR_HEAD.search(text)]
            actors = actors or [i for i, text in enumerate(head) if role >= 0 and text.lower() == "name"]
        elif actors:
            played = cells[role] if 0 <= role < len(cells) else ""
            for i in actors:
                yield from _cell(cells[i] if i < len(cells) else "", rendering.plain(played))
        elif not head:
            yield from _people_without_head(cells)


_CELL_NOTE: Final = re.compile(rf"{_NOTE}\s*$")


def _cell(cell: str, role: str) -> Iterator[tuple[str, str]]:
    """Yield the people in an actor's cell: its links, or else its text if that is a name."""
    for item in rendering.rendered(cell).split(SEPARATOR):
        links = re.findall(rf"{LINK_START}([^{LINK_END}]*){LINK_END}", item)
        text = _CELL_NOTE.sub("", rendering.tidy(item))
        if links and text.startswith(links[0]):
            names = links if len(links) > 1 else [text if _FULL_NAME.fullmatch(text) else links[0]]
        else:
            names = [text] if _FULL_NAME.fullmatch(text) else []
        for name in names:
            yield from _pairs(name, role)


def _people_without_head(cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the people of a row without a head: `[[Name]]` before a cell `as Role`, or both in one."""
    for cell, following in zip(cells, [*cells[1:], ""], strict=True):
        line = rendering.rendered(cell).strip()
        linked = _LEADING_LINK.match(line)
        after = _AS_CELL.match(rendering.plain(following))
        if after and linked and not linked["rest"].strip():
            yield from _pairs(linked["name"], after["role"])
        elif linked and _AS_CELL.match(linked["rest"].strip()):
            yield from _line(line, bare=False)


def _grid(table: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the rows of a table as wikitext of their cells, with spanning cells repeated, and whether all are heads."""
    parsed = next(rendering.parse(table).ifilter_tags(matches=lambda n: n.tag == "table"), None)
    if parsed is None:
        return
    rows: list[list[Any]] = [[]]
    for node in parsed.contents.ifilter_tags(recursive=False):
        if node.tag == "tr":
            rows.append(list(node.contents.ifilter_tags(recursive=False, matches=_is_cell)))
        elif _is_cell(node):
            rows[-1].append(node)
    above: dict[int, tuple[int, str]] = {}
    for row in filter(None, rows):
        cells: list[str] = []
        left = list(reversed(row))
        while left or len(cells) in above:
            if len(cells) in above:
                more, text = above.pop(len(cells))
                height, width = more, 1
            else:
                node = left.pop()
                text, height, width = str(node.contents), _span(node, "rowspan"), _span(node, "colspan")
            for _ in range(width):
                if height > 1:
                    above[len(cells)] = (height - 1, text)
                cells.append(text)
        yield cells, all(node.tag == "th" for node in row)


def _is_cell(node: Any) -> bool:
    return str(node.tag) in {"td", "th"}


def _span(node: Any, name: str) -> int:
    digits = re.sub(r"\D", "", str(node.get(name).value)) if node.has(name) else ""
    return min(int(digits[:3] or 1), 50) or 1
