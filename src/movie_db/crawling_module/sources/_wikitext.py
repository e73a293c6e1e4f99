"""Wikitext as readers see it: comments and references gone, links by their text, lists as items.

Only pieces are parsed (an infobox's value, a section), never a whole article.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import mwparserfromhell
from mwparserfromhell.nodes import HTMLEntity, Tag, Template, Text, Wikilink

SEPARATOR: Final = "\x1f"
LINK_START, LINK_END = "\x02", "\x03"
_MARKS: Final = re.compile(r"[\x02\x03]")

_UNSEEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<ref\b[^<>]*/>|<ref\b[^>]*>.*?</ref\s*>|<(gallery|math|timeline|score)\b.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_LISTS: Final = frozenset(
    "plainlist|plain list|unbulleted list|unbulletedlist|ubl|ublist|ubt|flatlist|flat list|hlist|horizontal list"
    "|bulleted list|cslist|comma separated list|collapsible list|br separated entries|brlist|ordered list|tree list"
    "|pagelist|indented plainlist".split("|")
)
_SHOWN: Final = frozenset(
    "nowrap|nobr|no wrap|small|smaller|big|larger|nobold|nihongo|nihongo2|nihongo3|nihongo foot|abbr|abbrlink|tooltip"
    "|sort|ill|interlanguage link|interlanguage link multi|link-interwiki|illm|not a typo|notatypo|typo|sic|as written"
    "|visible anchor|flag|flagu|flagcountry|flagdeco|nowrap2|noitalic|normal|title|strong|em|color|font color|midsize"
    "|resize|script|keep|allow wrap|proper name|as of|circa|c.|ca.|decrease2|estimation|avoid wrap|no italic|italic title"
    "|literally translated|linktext|nowraplinks|wrap|no bold|film title|formatnum|nbr|zwj|sfrac".split("|")
)
_SECOND: Final = frozenset(
    "lang|langx|transl|transliteration|script|color|font color|resize|lang-zh|hover title".split("|")
)
_LITERAL: Final[Mapping[str, str]] = {
    "!": "|", "·": SEPARATOR, "•": SEPARATOR, "dot": SEPARATOR, "bull": SEPARATOR, "middot": SEPARATOR, "*": SEPARATOR,
    "br": SEPARATOR, "clear": "", ",": ",", "snd": " – ", "spnd": " – ", "spaced ndash": " – ", "ndash": "–", "en dash": "–",
    "mdash": "—", "nbsp": " ", "space": " ", "spaces": " ", "'": "'", "'s": "'s", "-'": "'", "&": "&", "us": "United States",
    "usa": "United States", "uk": "United Kingdom", "gbr": "United Kingdom", "fra": "France", "ger": "Germany",
    "ind": "India", "can": "Canada", "aus": "Australia", "jpn": "Japan", "kor": "South Korea", "ita": "Italy",
    "esp": "Spain", "chn": "China",
}  # fmt: skip
_CURRENCY: Final[Mapping[str, str]] = {
    "us$": "US$", "usd": "US$", "usdollar": "US$", "us dollar": "US$", "united states dollar": "US$", "inr": "₹",
    "indian rupee": "₹", "rupee": "₹", "indian rupees": "₹", "inrconvert": "₹", "gbp": "£", "pound sterling": "£",
    "gbp£": "£", "£": "£", "eur": "€", "euro": "€", "€": "€", "a$": "A$", "aud": "A$", "au$": "A$", "c$": "C$",
    "cad": "C$", "can$": "C$", "hk$": "HK$", "hkd": "HK$", "nz$": "NZ$", "nzd": "NZ$", "jpy": "¥", "yen": "¥", "¥": "¥",
    "jpyconvert": "¥", "cny": "CN¥", "rmb": "CN¥", "cn¥": "CN¥", "krw": "₩", "won": "₩", "skrw": "₩", "php": "₱",
    "philippine peso": "₱", "ngn": "₦", "naira": "₦", "pkr": "PKR ", "lkr": "LKR ", "bdt": "৳", "rub": "₽", "ruble": "₽",
    "ils": "₪", "nis": "₪", "sek": "SEK ", "nok": "NOK ", "dkk": "DKK ", "pln": "PLN ", "brl": "R$", "mxn": "MX$",
    "nt$": "NT$", "twd": "NT$", "s$": "S$", "sgd": "S$", "myr": "MYR ", "rm": "MYR ", "idr": "IDR ", "idrconvert": "IDR ",
    "chf": "CHF ", "thb": "฿", "try": "₺", "uah": "UAH ", "zar": "ZAR ", "currency": "",
}  # fmt: skip
_SCALES: Final[Mapping[str, str]] = {
    "c": "crore", "l": "lakh", "m": "million", "b": "billion", "k": "thousand", "t": "trillion",
}  # fmt: skip
_DATES: Final = frozenset(
    "film date|filmdate|release date|start date|startdate|start date and age|release date and age|film release date"
    "|date|dts|end date|initial release date|video game release".split("|")
)


def without_unseen(wikitext: str) -> str:
    """The text without comments, references and galleries."""
    return _UNSEEN.sub("", wikitext)


_BRACES: Final = re.compile(r"\{\{|\}\}")


def template_end(wikitext: str, start: int) -> int | None:
    """Where the template that opens at `start` ends; None if it is never closed."""
    depth = 0
    for match in _BRACES.finditer(wikitext, start):
        depth += 1 if match[0] == "{{" else -1
        if depth == 0:
            return match.end()
    return None


def parse(wikitext: str) -> Any:
    """The piece as mwparserfromhell's tree."""
    return mwparserfromhell.parse(wikitext, skip_style_tags=True)


def rendered(tree: Any) -> str:
    """The tree's text: items are parted by SEPARATOR, a link's text stands between LINK_START and LINK_END."""
    return "".join(_node(node) for node in tree.nodes)


def plain(wikitext: str) -> str:
    """A short piece as plain text in one line; what parts items becomes `; `."""
    text = re.sub(rf"\s*{SEPARATOR}[\s{SEPARATOR}]*", "; ", rendered(parse(without_unseen(wikitext))))
    return _tidy(_MARKS.sub("", text)).strip("; ")


_NOISE: Final = re.compile(r"^[ \t]*(?:\{\|.*?^[ \t]*\|\}|=+[^=\n]+=+[ \t]*$)", re.MULTILINE | re.DOTALL)


def prose(wikitext: str) -> str:
    """A section as paragraphs of plain text, without tables and headings."""
    text = rendered(parse(_NOISE.sub("", without_unseen(wikitext)).strip()))
    paragraphs = (_tidy(_MARKS.sub("", p.replace(SEPARATOR, " "))) for p in re.split(r"\n\s*\n|\n(?=\x1f)", text))
    return "\n\n".join(p for p in paragraphs if p)


_QUOTES: Final = re.compile(r"'{2,}")
_TAGS: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_LEFT_OVER: Final = re.compile(r"\[\[|\]\]|\{\{|\}\}")


def _tidy(text: str) -> str:
    text = _LEFT_OVER.sub("", _TAGS.sub("", _QUOTES.sub("", text)))
    text = re.sub(r"\s+([,.;:)])", r"\1", " ".join(text.replace("\xa0", " ").replace("\u200b", "").split()))
    return re.sub(r"\(\s*[;,]?\s*\)\s?", "", text).strip()


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
    # An external link's text; arguments, comments and the like show nothing.
    return rendered(node.title) if getattr(node, "title", None) is not None and hasattr(node, "url") else ""


_NOT_SHOWN: Final = re.compile(r"\s*(?:file|image|category|media)\s*:", re.IGNORECASE)


def _link(node: Any) -> str:
    target = str(node.title)
    if _NOT_SHOWN.match(target):
        return ""
    text = rendered(node.text) if node.text is not None and str(node.text).strip() else ""
    text = text or target.lstrip(": ").replace("_", " ")
    return LINK_START + _MARKS.sub("", text).replace(SEPARATOR, " ") + LINK_END


_ITEM_TAGS: Final = frozenset({"br", "li", "dd", "dt", "hr", "p", "div", "tr", "td"})
_UNSEEN_TAGS: Final = frozenset({"ref", "gallery", "math", "del", "s", "table", "style", "score", "timeline"})


def _tag(node: Any) -> str:
    tag = str(node.tag).strip().lower()
    if tag in _UNSEEN_TAGS:
        return ""
    inner = rendered(node.contents) if node.contents is not None else ""
    return SEPARATOR + inner if tag in _ITEM_TAGS else inner


def positional(node: Any) -> Iterator[Any]:
    """The values of a template's unnamed (or numbered) parameters, in order."""
    return (p.value for p in node.params if not p.showkey or str(p.name).strip().isdecimal())


def _template(node: Any) -> str:
    name = " ".join(str(node.name).replace("_", " ").lower().split()).removeprefix("template:")
    if name in _LISTS:
        return SEPARATOR + SEPARATOR.join(rendered(v) for v in positional(node)) + SEPARATOR
    if name in _DATES:
        return _date(node)
    if name in _CURRENCY:
        return _amount(node, _CURRENCY[name])
    if name in _LITERAL:
        return _LITERAL[name]
    if name == "duration":
        return _duration(node)
    if name in _SECOND:
        return _shown(node, 1)
    if name in _SHOWN or name.startswith("lang-"):
        return _shown(node, 0)
    return ""


def _shown(node: Any, index: int) -> str:
    lt = _named(node, "lt")
    values = list(positional(node))
    return lt or (rendered(values[index]) if index < len(values) else "")


def _named(node: Any, name: str) -> str:
    return rendered(node.get(name).value).strip() if node.has(name) else ""


def _amount(node: Any, sign: str) -> str:
    values = [rendered(v).strip() for v in positional(node)]
    amount = f"{sign}{values[0]}" if values else ""
    return f"{amount} {_SCALES[values[1].lower()]}" if len(values) > 1 and values[1].lower() in _SCALES else amount


def _duration(node: Any) -> str:
    values = [rendered(v).strip() for v in positional(node)] + ["", ""]
    hours, mins = _named(node, "h") or values[0], _named(node, "m") or values[1]
    return f"{hours or 0}h {mins or 0}m" if (hours or mins) else ""


def _date(node: Any) -> str:
    """The dates of {{Film date|year|month|day|place|year|…}}, as items, each with its place in brackets."""
    values = [_MARKS.sub("", rendered(v)).strip() for v in positional(node)]
    shown = []
    for start in range(0, len(values), 4):
        year, month, day, place = (values[start : start + 4] + ["", "", ""])[:4]
        if not (len(year) == 4 and year.isdecimal()):
            if year:
                shown.append(year)
            continue
        parts = [f"{int(p):02}" for p in (month, day) if p.isdecimal() and len(p) <= 2]
        written = (
            "-".join([year, *parts]) if len(parts) == 2 or not month or month.isdecimal() else f"{month} {day} {year}"
        )
        shown.append(f"{written} ({place})" if place else written)
    return SEPARATOR + SEPARATOR.join(shown) + SEPARATOR


Splitter = Callable[[str], list[str]]
_NOTE: Final = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_LABEL: Final = re.compile(r"^[^:]{0,40}:$")
_CREDITED: Final = re.compile(
    r"^(?:(?:screenplay|story|written|directed|original|english|dialogues?|produced|narrated|and|&)\s+(?:by\b|version\b)?:?\s*)+",
    re.IGNORECASE,
)


def items(wikitext: str) -> list[str]:
    """The names in an infobox's value, whatever form its list has; notes in brackets and labels are left out.

    Commas, `and` and `&` part names only where it is safe: between links, and between plain names of people or firms
    where no part is a mere suffix (`Jr.`, `Inc.`).
    """
    found: list[str] = []
    for item in re.split(rf"{SEPARATOR}+", rendered(parse(without_unseen(wikitext)))):
        for name in _split(item):
            text = _tidy(_NOTE.sub("", _MARKS.sub("", name)))
            text = _CREDITED.sub("", text.strip(" ,;&·•*/|–-")).strip(" ,;&·•*/|–-")
            if text and not _LABEL.match(text) and any(c.isalnum() for c in text):
                found.append(text)
    return list(dict.fromkeys(found))


_BETWEEN: Final = re.compile(r"\s*(?:,\s*(?:and\b|&)|[,;•·/|]|\s(?:and|&|with)\s)\s*")
_SUFFIX: Final = re.compile(
    r"(?:jr|sr|ii|iii|iv|inc|ltd|llc|l\.l\.c|co|corp|gmbh|s\.?a|s\.?p\.?a|pvt|limited|the|plc|pty|ag|kg|lp|asc|bsc|m\.?d)\.?"
    r"(?:\s*(?:ltd|co|kg)\.?)?",
    re.IGNORECASE,
)


def _split(item: str) -> list[str]:
    """Parts an item at commas and the like outside of links, if each part is a link or looks like a name of its own."""
    links = re.findall(rf"{LINK_START}[^{LINK_END}]*{LINK_END}", item)
    masked = re.sub(rf"{LINK_START}[^{LINK_END}]*{LINK_END}", LINK_START, _NOTE.sub("", item) if not links else item)
    parts = [p.strip() for p in _BETWEEN.split(masked) if p.strip()]
    unlinked = [p for p in parts if LINK_START not in p]
    if len(parts) < 2 or any(_SUFFIX.fullmatch(p) for p in unlinked):
        return [item]
    if not links and (" and " in f" {masked} " or "&" in masked) and not re.search(r",", masked):
        # "Simpson and Sons" is one firm, "Joel Coen and Ethan Coen" are two people: both parts are full names then.
        if not all(len(p.split()) in {2, 3} and all(w[:1].isupper() for w in p.split()) for p in parts):
            return [item]
    remaining = iter(links)
    return [re.sub(LINK_START, lambda _: next(remaining, ""), p) for p in parts]
