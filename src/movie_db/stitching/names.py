"""Titles and names of people, made comparable. `folding.py` does the Unicode folding."""

import re
from functools import lru_cache
from typing import Final

from movie_db.stitching.folding import fold_words

_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
_NUMBERS: Final = {
    **{word: str(n) for n, word in enumerate(_WORDS)},
    **{roman: str(n) for n, roman in enumerate("ii iii iv v vi vii viii ix".split(), 2)},
    **{roman: str(n) for n, roman in enumerate("xi xii xiii xiv xv".split(), 11)},
}
"""Number words and Roman numerals, except I and X, which are mostly a pronoun and a name."""
_MARKERS: Final = frozenset("part pt vol volume chapter episode ep".split())
"""Words before the number of a part."""
_ARTICLES: Final = frozenset(("the", "a", "an"))
_ARTICLE_LAST: Final = re.compile(r"(.+), (the|an?|les?|la|l['’]|el|los|las|il|der|die|das)", re.IGNORECASE)
"""A title with its article at the end, for sorting."""
_ELIDED: Final = frozenset("'’")
_EDITION: Final = re.compile(
    r"\s*[(\[](?:(?:in )?(?:imax|3-?d)\b[^)\]]*|[^)\]]*\b(?:cut|edition|re-?release|re-?issue|remastered|restored"
    r"|release|version))[)\]]$",
    re.IGNORECASE,
)
"""An edition in brackets after a title: `(IMAX)`, `(Director's Cut)`."""
_INITIALS: Final = re.compile(r"\b(\w) (?=\w\b)")
_VERSUS: Final = frozenset(("v", "vs", "versus"))
SUFFIXES: Final = frozenset(("jr", "sr"))


@lru_cache(maxsize=50_000)
def fold_title(title: str) -> str:
    """The folded title, with numbers as digits and without an article at either end: `The Godfather, Part Two` →
    `godfather part 2`, `Hunger Games, The` → `hunger games`. A `v` inside a title is `vs`, not 5."""
    title = without_edition(title)
    words = fold_words(article_first(title))
    if not _VERSUS.isdisjoint(words):
        for i, word in enumerate(words):
            if word in _VERSUS and 0 < i < len(words) - 1 and words[i - 1] not in _MARKERS:
                words[i] = "vs"
    words = [_NUMBERS.get(word, word) for word in words]
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def article_first(title: str) -> str:
    """The title with its article first: `Hunger Games, The` → `The Hunger Games`."""
    match = _ARTICLE_LAST.fullmatch(title) if ", " in title else None
    return f"{match[2]}{'' if match[2][-1] in _ELIDED else ' '}{match[1]}" if match else title


def without_edition(title: str) -> str:
    """The title without the name of an edition in brackets."""
    return (_EDITION.sub("", title) or title) if title.endswith((")", "]")) else title


def spell_numbers(title: str) -> str:
    """A folded title with numbers up to twenty as words."""
    words = title.split()
    return " ".join(_WORDS[int(word)] if word.isdecimal() and int(word) < len(_WORDS) else word for word in words)


@lru_cache(maxsize=50_000)
def fold_name(name: str) -> str:
    """A person's folded name, without `Jr.` and with initials joined: `J. J. Abrams, Jr.` → `jj abrams`."""
    full = fold_words(name)
    words = full if SUFFIXES.isdisjoint(full) else [word for word in full if word not in SUFFIXES] or full
    plain = " ".join(words)
    return _INITIALS.sub(r"\1", plain) if words and min(map(len, words)) == 1 else plain
