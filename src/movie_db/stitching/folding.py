"""Unicode folding: what two spellings of the same text have in common. Everything that compares texts folds them here.

A text passes through these stages:

1. Repair: UTF-8 that was read as Windows-1252 is decoded again (`Holmâ€™s` → `Holm’s`). Not for an index.
2. Case: the text is case-folded (`STRASSE`, `Straße` → `strasse`).
3. Ampersand: `&` becomes `and`. Not for an index.
4. Apostrophes inside a word are removed (`Ocean’s` → `oceans`).
5. Accents: the text is decomposed (NFKD), letters without a decomposition are replaced (`ø` → `o`), and the combining
   marks of European scripts are removed. The marks of other scripts may be vowels, so they stay.
6. Words: everything that is not a letter, a digit or a mark separates words. A text of signs alone keeps its signs.

Titles, names, column headings, countries and the judge use `fold`, `fold_words` or `fold_compact`. The full-text search
uses `index_words`: it splits a text before the accents are removed, since the index of the database splits words in the
same places, and it composes each word again (NFKC).

`names.py` adds what only titles and names need: numbers, articles, editions, initials.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_APOSTROPHE: Final = re.compile(r"(?<=\w)['’ʼ‘`](?=\w)")
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that Unicode does not decompose."""
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")
_INDEX_WORD: Final = re.compile(
    # Letters, digits, separate accents, and the marks without which words of Indian, Arabic and South-East Asian
    # scripts would be split.
    r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0dff\u0e00-\u0eff\u3099\u309a])+"
)
_NOT_INDEXED: Final = dict.fromkeys([*range(32), 127, ord("'"), ord('"')])
"""Characters that no index accepts as part of a word."""


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """The folded words with a space between them: `Amélie!` → `amelie`, `Fast & Furious` → `fast and furious`."""
    return " ".join(fold_words(text))


@lru_cache(maxsize=16_384)
def fold_compact(text: str) -> str:
    """The folded text without spaces: `J.J. Abrams` and `J. J. Abrams` → `jjabrams`. Empty only for an empty text."""
    return "".join(fold_words(text)) or text


def fold_words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    folded = text.casefold().replace("&", " and ")
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", _repaired(text)).casefold().replace("&", " and ").translate(_LETTERS)
        folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
    if folded.isascii():
        if "'" in folded or "`" in folded:
            folded = _APOSTROPHE.sub("", folded)
        words = _ASCII_WORD.findall(folded)
    else:
        folded = _APOSTROPHE.sub("", folded)
        words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split()
    return words or folded.split() or text.casefold().split()


def index_words(text: str) -> list[str]:
    """The words under which a full-text index finds a text, in order: `Amélie's 2nd` → `amelies`, `2nd`."""
    folded = text.casefold().replace("’", "'")
    bare = _APOSTROPHE.sub("", folded) if "'" in folded else folded
    if bare.isascii():
        words = _ASCII_WORD.findall(bare)
    else:
        words = [word if word.isascii() else _without_accents(word) for word in _INDEX_WORD.findall(bare)]
    return words or list(map(_without_accents, _sign_words(folded)))


def _sign_words(text: str) -> list[str]:
    return list(filter(None, (word.translate(_NOT_INDEXED) for word in text.split())))


@lru_cache(maxsize=16_384)
def _without_accents(word: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word)).translate(_LETTERS)
    return "".join(unicodedata.normalize("NFKC", bare).casefold().split()) or word


def _repaired(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
