"""Splits texts into search words without case, accents and punctuation, the same on every database."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 64
"""Maximum length of a word in characters; the rest is cut off."""
_WORD: Final = re.compile(
    # Letters, digits, spacing accents, and the combining marks that the scripts of India, Arabia and
    # South-East Asia depend on.
    r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0dff\u0e00-\u0eff\u3099\u309a])+"
)
_ASCII: Final = re.compile(r"[a-z0-9]+")
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['ʼ‘`](?=\w)")
_UNSEEN: Final = dict.fromkeys([*range(32), 127, ord("'"), ord('"')])
"""Characters that no index treats as part of a word."""
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def words(text: str) -> list[str]:
    """Returns the words of a text in order: `Amélie's 2nd` → `amelies`, `2nd`. A text of symbols only keeps them."""
    return list(map(_one, _found(text)))


def _found(text: str) -> list[str]:
    """Returns the words in lower case, otherwise unchanged."""
    plain = text.casefold().replace("’", "'")
    bare = _APOSTROPHE.sub("", plain) if "'" in plain else plain
    found = (_ASCII if bare.isascii() else _WORD).findall(bare)
    return found or list(filter(None, (word.translate(_UNSEEN) for word in plain.split())))


def _one(word: str) -> str:
    return word[:LONGEST] if word.isascii() else _plain(word)[:LONGEST]


def _plain(word: str) -> str:
    """Removes accents, and composes letters written as two characters."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word)).translate(_LETTERS)
    return "".join(unicodedata.normalize("NFKC", bare).casefold().split()) or word


def bag(texts: Iterable[str | None]) -> str:
    """Returns the distinct words of several texts, sorted and joined by spaces."""
    found: set[str] = set()
    for text in texts:
        if text:
            found.update(_found(text))
    return " ".join(sorted(set(map(_one, found))))


def names(texts: Iterable[str]) -> str:
    """Returns the distinct words of several names. Reading them as one text takes half the time."""
    return bag([" ".join(texts)])
