"""Texts as the search sees them."""

import pytest

from movie_db.movie_db_client.data_model.search_words import LONGEST, bag, words

CASES = {
    "Amélie's 2nd — “Straße”": ["amelies", "2nd", "strasse"],
    "WALL·E & Spider-Man": ["wall", "e", "spider", "man"],
    "Pokémon: e\u0301t\u00e9": ["pokemon", "ete"],
    "हिन्दी फ़िल्म": ["हिन्दी", "फ़िल्म"],
    "İstanbul": ["istanbul"],
    "$": ["$"],
    "\x00\x07'\"": [],
    "": [],
    "x" * 100: ["x" * LONGEST],
}


@pytest.mark.parametrize(("text", "found"), CASES.items())
def test_words_are_without_case_accents_and_punctuation(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_bag_has_each_word_once_in_order() -> None:
    assert bag(["The Thing", None, "thing the"]) == "the thing"
