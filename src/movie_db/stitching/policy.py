"""The survivorship policy: which source's value wins, field by field. The table `POLICY` decides.

Rules that choose one source's value:

- `first`: the value of the first source in the order.
- `agreed`: the value that most sources give, then the first (`agreement.py` defines which values agree).
- `newest`: the value that was retrieved last.
- `longest`: the longest text or list, or the greatest number.
- `most_precise`: the most precise date, then the first, within a year of the earliest date that two sources give
  (otherwise of the first source's date).
- `score`: the rating of the first rater, from any source.

Rules that merge values:

- `union`: all values, in the order of the sources.
- `credits`: the contributors of the first source, with the ids that other sources add. `agreed`, `newest` and
  `longest` do the same, but start with the source that they choose.
- `all_credits`: the contributors of all sources, with order and roles from the first source that gives roles.

Of texts (`TEXTS`), only those in the best available language compete.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Rule = Literal["first", "most_precise", "agreed", "newest", "longest", "union", "credits", "all_credits", "score"]
Order = tuple[str, ...]


class Survivorship(NamedTuple):
    """How the values of one field compete. Sources that `order` does not name follow in alphabetical order."""

    rule: Rule
    order: Order


Policy = Mapping[str, Survivorship]
"""The rules by field of `MovieFacts`, and for `rating`. `year` follows the release date."""

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
"""The default policy. Users may set their own (`policy_toml.py`).

Offers are computed from a ledger; the rule only determines their provenance.
"""

_OF_LANGUAGE: Final = re.compile(r"_[a-z]{2,3}$")


def base_source(source: str) -> str:
    """The source without a language suffix: `wikipedia_it` (Italian texts of Wikipedia) → `wikipedia`."""
    return _OF_LANGUAGE.sub("", source)


TEXTS: Final = frozenset({"title", "plot", "tagline"})
"""Fields whose values are in a language."""
ENGLISH: Final = ("en",)


class Preferences(NamedTuple):
    """The policy of a database, and its languages by preference."""

    policy: Policy = POLICY
    languages: tuple[str, ...] = ENGLISH


DEFAULTS: Final = Preferences()

PEOPLE: Final[Order] = ("wikidata", "wikipedia", "tmdb", "imdb", "justwatch", "justwatch_page")
"""The order of sources for facts about people and companies, except `bio`."""
BIO: Final[Order] = ("wikipedia", "wikidata", "tmdb", "imdb", "justwatch", "justwatch_page")
