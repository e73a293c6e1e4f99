"""Renders wikitext as readers see it: without comments and references, links by their text, list items separated.

Only pieces are parsed (an infobox, a section), never a complete article.
"""

import html
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, TypeAlias

import mwparserfromhell
from mwparserfromhell.nodes import HTMLEntity, Tag, Template, Text, Wikilink

from movie_db.crawling_module.sources.wikitext import templates
from movie_db.crawling_module.sources.wikitext.templates import SEPARATOR

Piece: TypeAlias = Any
"""Wikitext, or mwparserfromhell's tree of it."""

LINK_START: Final = "\x02"
LINK_END: Final = "\x03"
"""A link's text stands between these two, in rendered text."""

_UNSEEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)"
    # A reference that is never closed must not swallow what stands before the next one.
    r"|<ref\b[^<>]*/>|<ref\b[^>]*>[^<]*(?:<(?!/?ref\b)[^<]*)*</ref\s*>"
    r"|<(gallery|math|timeline|score)\b.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_BRACES: Final = re.compile(r"\{\{|\}\}")
_MARKUP: Final = re.compile(r"[\[{<&*#]|''")
_MARKS: Final = re.compile(r"[\x02\x03]")


def without_unseen(wikitext: str) -> str:
    """The text without comments, references and galleries."""
    return _UNSEEN.sub("", wikitext)


def template_end(wikitext: str, start: int) -> int | None:
    """Where the template that opens at `start` ends; None if it is never closed."""
    depth = 0
    for match in _BRACES.finditer(wikitext, start):
        depth += 1 if match[0] == "{{" else -1
        if depth == 0:
            return match.end()
    return None


def parse(wikitext: str) -> Any:
    """The wikitext as mwparserfromhell's tree."""
    return mwparserfromhell.parse(without_unseen(wikitext), skip_style_tags=True)


def rendered(piece: Piece) -> str:
    """The piece's text: items are parted by SEPARATOR, a link's text stands between LINK_START and LINK_END."""
    if isinstance(piece, str):
        if not _MARKUP.search(piece):
            return piece
        if (text := render_without_parser(piece)) is not None:
            return text
        piece = parse(piece)
    return render_parsed(piece)


def render_parsed(tree: Any) -> str:
    """Like `rendered`, from mwparserfromhell's tree."""
    return "".join(_node(node) for node in tree.nodes)


_HARD: Final = re.compile(r"[{}<\x00-\x03]|&[#\w]+;|://|mailto:")
_HARD_LINE: Final = re.compile(r"^\s*(?:[:;#=]|----|\*+[:;#])", re.MULTILINE)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PLAIN_LINK: Final = re.compile(r"\[\[([^\[\]{}<>=|\n]+)(?:\|([^\[\]{}<>=|\n]*))?\]\]")
_PLAIN_TEMPLATE: Final = re.compile(r"(?<!\{)\{\{(?!\s*!)([^\[\]{}<>]*)\}\}(?!\})")
_BULLETS: Final = re.compile(r"^\*+", re.MULTILINE)


def render_without_parser(piece: str) -> str | None:
    """Render a piece of links, bullets, breaks and plain templates without the parser; None if it has more.

    Templates are rendered innermost first, after links, so that every bar left separates values.
    """
    if _HARD_LINE.search(piece) or _MARKS.search(piece):
        return None
    text = _BREAK.sub(SEPARATOR, _BULLETS.sub(lambda run: SEPARATOR * len(run[0]), piece))
    text = _PLAIN_LINK.sub(lambda link: _shown_link(link[1], link[2]), text)
    if "[" in text or "]" in text:
        return None
    while "{{" in text:
        text, found = _PLAIN_TEMPLATE.subn(lambda template: _render_template(template[1]), text)
        if not found:
            return None
    return None if _HARD.search(_MARKS.sub("", text)) else text


def _render_template(inside: str) -> str:
    name, *parts = inside.split("|")
    values, named = [], {}
    for part in parts:
        key, sign, value = part.partition("=")
        key = key.strip(" \t\n")  # not what stands for a bullet
        if not sign or key.isdecimal():
            values.append(value if sign else part)
        else:
            named[key] = value.strip()
    shown = _shown_template(name, values, lambda key: named.get(key, ""))
    return re.sub("[|=]", "\0", shown)  # which would part the values of a template around this one


def plain(piece: Piece) -> str:
    """A short piece as plain text in one line; what parts items becomes `; `."""
    return tidy(re.sub(rf"\s?{SEPARATOR}[\s{SEPARATOR}]*", "; ", rendered(piece))).strip("; ")


_NOISE: Final = re.compile(r"^[ \t]*(?:\{\|.*?^[ \t]*\|\}|=+[^=\n]+=+[ \t]*$)", re.MULTILINE | re.DOTALL)


def prose(wikitext: str) -> str:
    """A section as paragraphs of plain text, without tables and headings."""
    text = rendered(_NOISE.sub("", without_unseen(wikitext)).strip())
    paragraphs = (tidy(p.replace(SEPARATOR, " ")) for p in re.split(rf"\n\s*\n|\n(?={SEPARATOR})", text))
    return "\n\n".join(p for p in paragraphs if p)


_LEFT_OVER: Final = re.compile(r"'{2,}|</?[a-zA-Z][^<>]*>|\[\[|\]\]|\{\{|\}\}|[\x02\x03\u200b]")
_SPACE_BEFORE: Final = re.compile(r"\s([,.;:)])")
_EMPTY_BRACKETS: Final = re.compile(r"\(\s*[;,]?\s*\)\s?")


def tidy(text: str) -> str:
    """Rendered text in one line, without what damaged markup leaves over."""
    line = " ".join(text.split())
    if line.replace(" ", "").isalpha():  # as most names are
        return line
    line = " ".join(_LEFT_OVER.sub("", text).split())
    return _EMPTY_BRACKETS.sub("", _SPACE_BEFORE.sub(r"\1", line)).strip()


def _node(node: Any) -> str:
    if isinstance(node, Text):
        return str(node.value)
    if isinstance(node, Wikilink):
        return _link(node)
    if isinstance(node, Template):
        return _template(node)
    if isinstance(node, Tag):
        return _tag(node)
    if isinstance(node, HTMLEntity):
        return html.unescape(str(node))
    # An external link shows its text; arguments, comments and the like show nothing.
    return rendered(node.title) if getattr(node, "url", None) is not None and node.title is not None else ""


_NOT_SHOWN: Final = re.compile(r"\s*(?:file|image|category|media)\s*:", re.IGNORECASE)


def _link(node: Any) -> str:
    return _shown_link(str(node.title), _MARKS.sub("", rendered(node.text)) if node.text is not None else "")


def _shown_link(target: str, text: str | None) -> str:
    if _NOT_SHOWN.match(target):
        return ""
    text = text or ""
    text = text if text.strip() else target.lstrip(": ").replace("_", " ")
    # [[Coen brothers|Joel Coen<br>Ethan Coen]] are two.
    return SEPARATOR.join(f"{LINK_START}{part}{LINK_END}" for part in text.split(SEPARATOR))


_ITEM_TAGS: Final = frozenset({"br", "li", "dd", "dt", "hr", "p", "div", "tr", "td"})
_UNSEEN_TAGS: Final = frozenset({"ref", "gallery", "math", "del", "s", "table", "style", "score", "timeline"})


def _tag(node: Any) -> str:
    tag = str(node.tag).strip().lower()
    if tag in _UNSEEN_TAGS:
        return ""
    inner = rendered(node.contents) if node.contents is not None else ""
    return SEPARATOR + inner if tag in _ITEM_TAGS else inner


def _template(node: Any) -> str:
    return _shown_template(str(node.name), list(_positional(node)), partial(_named, node))


def _shown_template(written: str, values: list[str], named: Callable[[str], str]) -> str:
    """Return what readers see of a template; `values` are the unnamed ones, `named` returns a named one, or ''."""
    name = " ".join(written.replace("_", " ").lower().split()).removeprefix("template:")
    if name in templates.LITERAL:
        return templates.LITERAL[name]
    if name in templates.LISTS:
        return SEPARATOR + SEPARATOR.join(values) + SEPARATOR
    if name in templates.DATES:
        return SEPARATOR + SEPARATOR.join(_dates([_MARKS.sub("", v).strip() for v in values])) + SEPARATOR
    if name in templates.CURRENCIES:
        return _amount(templates.CURRENCIES[name], values)
    if name == "duration":
        return _duration(values, named)
    if name in templates.SECOND:
        return values[1] if len(values) > 1 else ""
    if name == "linktext":
        return "".join(values)
    if name in templates.SHOWN or name.startswith("lang-"):
        # {{ill}} shows `lt` where it is given.
        return named("lt") or (values[0] if values else "")
    return ""


def _positional(node: Any) -> Iterator[str]:
    """The unnamed (or numbered) values of a template, in order."""
    return (rendered(p.value) for p in node.params if not p.showkey or str(p.name).strip().isdecimal())


def _named(node: Any, name: str) -> str:
    return rendered(node.get(name).value).strip() if node.has(name) else ""


def _amount(sign: str, values: list[str]) -> str:
    if not values:
        return sign  # {{INR}} alone stands before its amount
    scale = templates.SCALES.get(values[1].strip().lower(), "") if len(values) > 1 else ""
    return f"{sign}{_MARKS.sub('', values[0]).strip()} {scale}".strip()


def _duration(values: list[str], named: Callable[[str], str]) -> str:
    hours, minutes = [v.strip() for v in [*values, "", ""][:2]]
    hours, minutes = named("h") or hours, named("m") or minutes
    return f"{hours or 0}h {minutes or 0}m" if hours or minutes else ""


def _dates(values: list[str]) -> Iterator[str]:
    """The dates of {{Film date|year|month|day|place|year|…}}, each with its place in brackets."""
    for start in range(0, len(values), 4):
        year, month, day, place = [*values[start : start + 4], "", "", ""][:4]
        if len(year) == 4 and year.isdecimal() and (not month or month.isdecimal()):
            digits = [f"{int(p):02}" for p in (month, day) if p.isdecimal() and len(p) <= 2]
            written = "-".join([year, *digits])
        else:
            # {{Start date|March 3, 1999}}, {{dts|1999|March|3}}
            written = " ".join(v for v in (month, day, year) if v)
        yield f"{written} ({place})" if place else written
