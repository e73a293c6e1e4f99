"""Titles and names made comparable: what two spellings of the same thing have in common."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_NUMBERS: Final = {
    **{word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine ten".split())},
    **{roman: str(n) for n, roman in enumerate("ii iii iv v vi vii viii ix".split(), 2)},
}
"""Number words and Roman numerals; I and X are left out, they are mostly a pronoun and a name."""
_ARTICLES: Final = frozenset(("the", "a", "an"))
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_SUFFIXES: Final = frozenset(("jr", "sr"))


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case, without accents and punctuation, words apart by one space: `Amélie!` → `amelie`.

    Other scripts keep their marks, since those may be vowels; a title of signs alone (`$`) keeps its signs.
    """
    plain = text.casefold().replace("&", " and ")
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ").translate(_LETTERS)
        plain = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", plain))
    plain = re.sub(r"(?<=\w)['’ʼ‘`](?=\w)", "", plain)
    if plain.isascii():
        words = re.findall(r"[a-z0-9]+", plain)
    else:
        words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain).split()
    return " ".join(words or plain.split())


@lru_cache(maxsize=50_000)
def fold_title(title: str) -> str:
    """A title folded, numbers as digits, without a leading article: `The Godfather, Part Two` → `godfather part 2`."""
    words = [_NUMBERS.get(word, word) for word in fold(title).split()]
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


@lru_cache(maxsize=50_000)
def fold_name(name: str) -> str:
    """A person's name folded, without `Jr.`: `Robert Downey, Jr.` → `robert downey`. Initials stand together."""
    words = [word for word in fold(name).split() if word not in _SUFFIXES]
    joined = re.sub(r"\b(\w) (?=\w\b)", r"\1", " ".join(words))
    return joined or fold(name)
