"""Texts as the search sees them: words without case, accents and punctuation, the same on every database."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 64
"""Characters of a word; what is behind them is left out."""
_WORD: Final = re.compile(
    # Letters, digits, accents that are signs of their own, and the marks without which scripts of India, Arabia and
    # South-East Asia fall to pieces.
    r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0dff\u0e00-\u0eff\u3099\u309a])+"
)
_ASCII: Final = re.compile(r"[a-z0-9]+")
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['ʼ‘`](?=\w)")
_UNSEEN: Final = dict.fromkeys([*range(32), 127, ord("'"), ord('"')])
"""Signs that no index takes for a part of a word."""
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def words(text: str) -> list[str]:
    """The words of a text, in its order: `Amélie's 2nd` → `amelies`, `2nd`. A text of signs alone keeps them."""
    return list(map(_one, _found(text)))


def _found(text: str) -> list[str]:
    """The words as they stand there, in lower case."""
    plain = text.casefold().replace("’", "'")
    bare = _APOSTROPHE.sub("", plain) if "'" in plain else plain
    found = (_ASCII if bare.isascii() else _WORD).findall(bare)
    return found or list(filter(None, (word.translate(_UNSEEN) for word in plain.split())))


def _one(word: str) -> str:
    return word[:LONGEST] if word.isascii() else _plain(word)[:LONGEST]


def _plain(word: str) -> str:
    """A word without accents; what is one letter in two signs, as one sign."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word)).translate(_LETTERS)
    return "".join(unicodedata.normalize("NFKC", bare).casefold().split()) or word


def bag(texts: Iterable[str | None]) -> str:
    """The distinct words of several texts, sorted, with a space between them."""
    found: set[str] = set()
    for text in texts:
        if text:
            found.update(_found(text))
    return " ".join(sorted(set(map(_one, found))))


def names(texts: Iterable[str]) -> str:
    """The distinct words of several names, read as one text, which takes half the time."""
    return bag([" ".join(texts)])
