"""Splits an infobox's value into names, whatever the form of its list."""

import re
from typing import Final

from movie_db.crawling_module.sources.wikitext.rendering import LINK_END, LINK_START, Piece, rendered, tidy
from movie_db.crawling_module.sources.wikitext.templates import SEPARATOR

_NOTE: Final = re.compile(r"\s?[(\[][^()\[\]]*[)\]]")
_EDGES: Final = " \t,;:&·•*/|–-"
_LABELLED: Final = re.compile(
    r"^(?:(?:screenplay|story|written|directed|original|english|dialogues?|produced|narrated|and|&)\s+"
    r"(?:by\b|version\b)?:?\s*)+",
    re.IGNORECASE,
)
_ELSEWHERE: Final = re.compile(r"^(?:see (?:below|text|list|cast)|various|unknown|n/?a|none|tba|tbd)\b", re.IGNORECASE)


def items(piece: Piece) -> list[str]:
    """Return the distinct names, in order, without notes in brackets and labels (`Story by:`).

    Commas, `and` and `&` separate names only where it is safe: between links, and between people's names, never if a
    part is a suffix (`Jr.`, `Inc.`).
    """
    if not piece:
        return []
    found: list[str] = []
    for item in filter(None, rendered(piece).split(SEPARATOR)):
        full = tidy(item)
        if full.endswith(":") or _ELSEWHERE.match(full):
            continue
        for name in _split(item):
            text = _LABELLED.sub("", tidy(_NOTE.sub("", name)).strip(_EDGES)).strip(_EDGES)
            if any(c.isalnum() for c in text):
                found.append(text)
    return list(dict.fromkeys(found))


_LINK: Final = re.compile(rf"{LINK_START}[^{LINK_END}]*{LINK_END}")
_BETWEEN: Final = re.compile(
    rf"\s*(?:,\s*(?:and\b|&)|[,;•·|]|\s(?:and|&|with|/)\s|(?<={LINK_START})/|/(?={LINK_START}))\s*"
)
_SUFFIX: Final = re.compile(
    r"(?:jr|sr|ii|iii|iv|inc|ltd|llc|l\.l\.c|co|corp|gmbh|s\.?a|s\.?p\.?a|pvt|limited|the|plc|pty|ag|kg|lp|asc|bsc|m\.?d)"
    r"\.?(?:\s*(?:ltd|co|kg)\.?)?",
    re.IGNORECASE,
)


_STOP: Final = re.compile(r"[,;•·|]")


def _split(item: str) -> list[str]:
    """Split an item at commas and the like outside links, if every part may be a name of its own."""
    links = _LINK.findall(item)
    if len(links) > 1 and (parted := _apart(item, links)):
        return parted
    masked = _LINK.sub(LINK_START, _NOTE.sub("", item))
    if masked.count(LINK_START) != len(links):
        links = _LINK.findall(_NOTE.sub("", item))
    parts = [p.strip() for p in _BETWEEN.split(masked) if p.strip()]
    if len(parts) < 2 or any(_SUFFIX.fullmatch(p) for p in parts):
        return [item]
    # "Simpson and Sons" is one firm, "Joel Coen and Ethan Coen" are two people: both parts are full names there.
    if not links and not _STOP.search(masked) and not all(_is_full_name(p) for p in parts):
        return [item]
    remaining = iter(links)
    return [re.sub(LINK_START, lambda _: next(remaining, ""), p) for p in parts]


def _apart(item: str, links: list[str]) -> list[str]:
    """Return links separated by nothing but space, if they are on lines of their own or full names; else none."""
    between = _LINK.sub("|", item).strip().split("|")
    if any(text.strip() for text in between):
        return []
    lines = all("\n" in text for text in between[1:-1])
    return links if lines or all(_is_full_name(link.strip(LINK_START + LINK_END)) for link in links) else []


def _is_full_name(text: str) -> bool:
    words = text.split()
    return len(words) in {2, 3} and all(w[0].isupper() for w in words)
