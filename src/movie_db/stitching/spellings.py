"""Other spellings of a title, for sources that find only exact titles."""

import re
from collections.abc import Iterator
from typing import Final

from movie_db.stitching.names import article_first

_SMALL: Final = frozenset("a an and as at but by for from in of on or the to vs with".split())
"""Words that are not capitalized in titles, except at the start."""
_ROMAN: Final = dict(enumerate("II III IV V VI VII VIII IX X XI XII XIII XIV XV".split(), 2))
_NUMBER: Final = re.compile(r"(?<=[^\W\d] )(?:(?P<digits>\d{1,2})|(?P<roman>[IVX]{1,4}))(?=$|:| -)")
"""The number of a part, at the end or before a subtitle."""
_SIGNS: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def spellings(title: str, *, articles: bool) -> list[str]:
    """Other spellings of a title, the likeliest first: with plain quotes and dashes, capitalized, with `and` for `&`,
    with Roman or Arabic numerals, and the reverse.

    Args:
        articles: also add an article, or remove it. The result is sometimes the title of another film.
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
    number = _NUMBER.search(title)
    if number and number["digits"] and int(number["digits"]) in _ROMAN:
        yield title[: number.start()] + _ROMAN[int(number["digits"])] + title[number.end() :]
    elif number:
        yield from (
            title[: number.start()] + str(n) + title[number.end() :] for n, r in _ROMAN.items() if r == number["roman"]
        )
