"""Survivorship: which source's value wins, field by field. The one table that decides it is `POLICY`.

`first`: the first source of the order that has a value. `most_precise`: of the dates within a year of the first
source's, the most precise, then the first. `union`: all values, in the order of the sources. `credits`: the people of
the first source, with the ids that other sources know of them. `all_credits`: the people of all sources; order and
roles come from the first source that names roles. `score`: of all sources' ratings, one of the first rater.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Rule = Literal["first", "most_precise", "union", "credits", "all_credits", "score"]
Order = tuple[str, ...]


class Survivorship(NamedTuple):
    """How the values of one field compete. Sources that `order` does not name come after it, by the alphabet."""

    rule: Rule
    order: Order


_JUSTWATCH: Final[Order] = ("justwatch", "justwatch_page")
_LISTS: Final[Order] = ("own_list", "gallery")
SHOP: Final[Order] = (*_JUSTWATCH, "wikipedia", "tmdb", "wikidata", "imdb", "omdb", *_LISTS)
ENCYCLOPEDIA: Final[Order] = ("wikipedia", "wikidata", "tmdb", "imdb", "omdb", *_JUSTWATCH, *_LISTS)
FACTS: Final[Order] = ("wikidata", "wikipedia", "imdb", "tmdb", "omdb", *_JUSTWATCH, *_LISTS)
RATERS: Final[Order] = ("imdb", "tmdb", "rotten tomatoes", "metacritic", "justwatch")

POLICY: Final[Mapping[str, Survivorship]] = {
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
    "age_rating": Survivorship("first", SHOP),
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
"""Field of `MovieFacts` (and `rating`) → how its values compete. `year` follows the release date.

What is said of `offers` goes through a ledger; here they only get their provenance.
"""

PEOPLE: Final[Order] = ("wikidata", "wikipedia", "tmdb", "imdb", "justwatch", "justwatch_page")
"""Whose facts on a person or company come first; `bio` prefers an encyclopedia's lead."""
BIO: Final[Order] = ("wikipedia", "wikidata", "tmdb", "imdb", "justwatch", "justwatch_page")
