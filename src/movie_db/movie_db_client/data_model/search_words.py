"""Words of the full-text search: folded as `stitching/folding.py` defines, the same on every database."""

from collections.abc import Iterable
from typing import Final

from movie_db.stitching.folding import index_words

LONGEST: Final = 64
"""Characters of a word; the rest is left out."""


def words(text: str) -> list[str]:
    """The words of a text, in order: `Amélie's 2nd` → `amelies`, `2nd`. A text of signs alone keeps them."""
    return [word[:LONGEST] for word in index_words(text)]


def bag(texts: Iterable[str | None]) -> str:
    """Returns the distinct words of several texts, sorted and joined by spaces."""
    found: set[str] = set()
    for text in texts:
        if text:
            found.update(words(text))
    return " ".join(sorted(found))


def names(people: Iterable[str]) -> str:
    """Returns the distinct words of several names. Reading them as one text takes half the time."""
    return bag([" ".join(people)])
