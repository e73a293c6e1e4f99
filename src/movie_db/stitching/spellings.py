"""Other ways to write a title: for sources that find a film by its title letter by letter only."""

import re
from collections.abc import Iterator
from typing import Final

from movie_db.stitching.names import article_first

_SMALL: Final = frozenset("a an and as at but by for from in of on or the to vs with".split())
"""Words that titles write with a small letter, unless they come first."""
_ROMAN: Final = dict(enumerate("II III IV V VI VII VIII IX X XI XII XIII XIV XV".split(), 2))
_NUMBER: Final = re.compile(r"(?<=[^\W\d] )(?:(?P<digits>\d{1,2})|(?P<roman>[IVX]{1,4}))(?=$|:| -)")
"""The number of a part, at the end or before a subtitle."""
_SIGNS: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def spellings(title: str, *, articles: bool) -> list[str]:
    """Other spellings of a title, the likeliest first: without typographic signs, with capitals, its `&` or numeral
    written otherwise.

    Args:
        articles: also with an article where it has none, and without where it has one. That is another film's title
            now and then.
    """
    plain = " ".join(article_first(title).translate(_SIGNS).split())
    bases = list(dict.fromkeys(_cased(plain)))
    found = [*bases, *(other for base in bases for other in _others(base, articles))]
    return [other for other in dict.fromkeys(found) if other != title]


def _cased(title: str) -> Iterator[str]:
    if title.islower() or (title.isupper() and len(title) > 4):
        words = title.lower().split()
        capitals = [word[:1].upper() + word[1:] for word in words]
        yield " ".join(
            w if w.lower() in _SMALL and n else c for n, (w, c) in enumerate(zip(words, capitals, strict=True))
        )
        yield " ".join(capitals)
    yield title


def _others(title: str, articles: bool) -> Iterator[str]:
    if " & " in title:
        yield title.replace(" & ", " and ")
    if re.search(r" and ", title, re.IGNORECASE):
        yield re.sub(r" and ", " & ", title, flags=re.IGNORECASE)
    yield from _renumbered(title)
    if articles:
        bare = re.sub(r"^(?:the|an?) ", "", title, flags=re.IGNORECASE)
        yield from (bare[:1].upper() + bare[1:],) if bare != title else (f"The {title}", f"A {title}")


def _renumbered(title: str) -> Iterator[str]:
    told = _NUMBER.search(title)
    if told and told["digits"] and int(told["digits"]) in _ROMAN:
        yield title[: told.start()] + _ROMAN[int(told["digits"])] + title[told.end() :]
    elif told:
        yield from (
            title[: told.start()] + str(n) + title[told.end() :] for n, r in _ROMAN.items() if r == told["roman"]
        )
