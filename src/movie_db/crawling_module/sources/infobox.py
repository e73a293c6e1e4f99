"""A Wikipedia infobox: found by its braces, read as raw values by name."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from movie_db.crawling_module.sources import _wikitext


class Infobox(NamedTuple):
    """`name` as the page writes it (`Infobox film`); `values` are wikitext, by names in lower case with `_`."""

    name: str
    values: Mapping[str, str]

    def first(self, *names: str) -> str:
        """The first value that is given under one of the names, else ''."""
        return next((v for n in names if (v := self.values.get(n, ""))), "")


_OPENING: Final = re.compile(r"\{\{\s*(?:template:\s*)?(?P<name>infobox\b[^|{}<\n]*)", re.IGNORECASE)
_PARAMETER: Final = re.compile(r"^\s*\|\s*([\w .-]+?)\s*=", re.MULTILINE)
_OF_FILMS: Final = re.compile(r"infobox (?:.*\b)?(?:film|movie|cartoon|ova)\b", re.IGNORECASE)


def infobox(top: str) -> Infobox | None:
    """The infobox of an article's top (comments and references removed): that of a film if one is there, else the first.

    A box whose braces never close is read line by line, up to the first line that begins in bold.
    """
    found = list(_OPENING.finditer(top))
    if not found:
        return None
    match = next((m for m in found if _OF_FILMS.match(m["name"])), found[0])
    name = " ".join(match["name"].replace("_", " ").split())
    return Infobox(name, _values(top, match.start()))


def _values(top: str, start: int) -> dict[str, str]:
    end = _wikitext.template_end(top, start)
    if end is not None:
        for template in _wikitext.parse(top[start:end]).ifilter_templates(recursive=False):
            pairs = ((_key(str(p.name)), str(p.value).strip()) for p in template.params)
            return {key: value for key, value in pairs if value}
    box = re.split(r"^'''|^\}\}\s*$", top[start:], maxsplit=1, flags=re.MULTILINE)[0]
    pieces = _PARAMETER.split(box)[1:]
    return {_key(name): value.strip() for name, value in zip(pieces[::2], pieces[1::2], strict=True) if value.strip()}


def _key(name: str) -> str:
    return "_".join(name.replace("_", " ").lower().split())
