"""Survivorship: which source's value wins, field by field. The one table that decides it is `POLICY`.

Rules that choose one source's value: `first`: of the first source of the order that has one. `agreed`: the value that
most sources give, then the first (`agreement.py` says which values agree). `newest`: the one that was read last.
`longest`: the longest text or list, the greatest number. `most_precise`: of the dates within a year of the earliest
that two sources tell (else of the first source's), the most precise, then the first. `score`: of all sources' ratings,
one of the first rater.

Rules that bring values together: `union`: all values, in the order of the sources. `credits`: the people of the first
source, with the ids that other sources know of them. `all_credits`: the people of all sources; order and roles come
from the first source that names roles. Of people and companies, `agreed`, `newest` and `longest` choose the source
that `credits` begins with.

Of a text (`TEXTS`), only those in the best language that anybody has it in compete.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Rule = Literal["first", "most_precise", "agreed", "newest", "longest", "union", "credits", "all_credits", "score"]
Order = tuple[str, ...]


class Survivorship(NamedTuple):
    """How the values of one field compete. Sources that `order` does not name come after it, by the alphabet."""

    rule: Rule
    order: Order


Policy = Mapping[str, Survivorship]
"""Field of `MovieFacts` (and `rating`) → how its values compete. `year` follows the release date."""

_JUSTWATCH: Final[Order] = ("justwatch", "justwatch_page")
_LISTS: Final[Order] = ("own_list", "gallery")
SHOP: Final[Order] = (*_JUSTWATCH, "wikipedia", "tmdb", "wikidata", "imdb", "omdb", *_LISTS)
ENCYCLOPEDIA: Final[Order] = ("wikipedia", "wikidata", "tmdb", "imdb", "omdb", *_JUSTWATCH, *_LISTS)
FACTS: Final[Order] = ("wikidata", "wikipedia", "imdb", "tmdb", "omdb", *_JUSTWATCH, *_LISTS)
RATERS: Final[Order] = ("imdb", "tmdb", "rotten tomatoes", "metacritic", "justwatch")

POLICY: Final[Policy] = {
    "title": Survivorship("first", SHOP),
    "original_title": Survivorship("first", SHOP),
    "alternative_titles": Survivorship("union", SHOP),
    "release_date": Survivorship("most_precise", SHOP),
    "runtime": Survivorship("first", SHOP),
    "plot": Survivorship("first", ENCYCLOPEDIA),
    "tagline": Survivorship("first", SHOP),
    "genres": Survivorship("union", SHOP),
    "languages": Survivorship("union", FACTS),
    "countries": Survivorship("union", SHOP),
    "budget": Survivorship("first", ENCYCLOPEDIA),
    "box_office": Survivorship("first", ENCYCLOPEDIA),
    "age_rating": Survivorship("first", (*_JUSTWATCH, "tmdb", "omdb", "wikidata")),
    "ratings": Survivorship("union", ("imdb", "tmdb", "omdb", *SHOP)),
    "rating": Survivorship("score", RATERS),
    "directors": Survivorship("credits", SHOP),
    "writers": Survivorship("credits", SHOP),
    "cast": Survivorship("all_credits", SHOP),
    "studios": Survivorship("credits", FACTS),
    "distributors": Survivorship("credits", FACTS),
    "poster_url": Survivorship("first", SHOP),
    "trailer_url": Survivorship("first", SHOP),
    "homepage": Survivorship("first", FACTS),
    "offers": Survivorship("first", SHOP),
}
"""The policy, unless a person gives another (`policy_toml.py`).

What is said of `offers` goes through a ledger; here they only get their provenance.
"""

_OF_LANGUAGE: Final = re.compile(r"_[a-z]{2,3}$")


def base_source(source: str) -> str:
    """The source that a name is of: `wikipedia_it`, the Italian texts of Wikipedia, are `wikipedia`'s."""
    return _OF_LANGUAGE.sub("", source)


TEXTS: Final = frozenset({"title", "plot", "tagline"})
"""Fields whose value is of a language."""
ENGLISH: Final = ("en",)


class Preferences(NamedTuple):
    """How the films of a database are stitched: by which policy, and in which languages, best first."""

    policy: Policy = POLICY
    languages: tuple[str, ...] = ENGLISH


DEFAULTS: Final = Preferences()

PEOPLE: Final[Order] = ("wikidata", "wikipedia", "tmdb", "imdb", "justwatch", "justwatch_page")
"""Whose facts on a person or company come first; `bio` prefers an encyclopedia's lead."""
BIO: Final[Order] = ("wikipedia", "wikidata", "tmdb", "imdb", "justwatch", "justwatch_page")
