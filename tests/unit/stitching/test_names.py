"""Spellings of the same title and name become equal, others do not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.stitching.folding import fold
from movie_db.stitching.names import fold_name, fold_title, spell_numbers

SAME_TITLES = [
    ("Amélie", "AMELIE"),
    ("WALL·E", "Wall-E"),
    ("Fast & Furious", "Fast and Furious"),
    ("The Godfather, Part Two", "The Godfather Part II"),
    ("The Godfather Part II", "Godfather Part 2"),
    ("A Star Is Born", "Star Is Born"),
    ("Ocean’s Eleven", "Ocean's Eleven"),
    ("Mission: Impossible – Fallout", "Mission Impossible - Fallout"),
    ("Æon Flux", "Aeon Flux"),
    ("Straße", "STRASSE"),
    ("Smørrebrød", "Smorrebrod"),
    ("Ёлки", "Елки"),
    ("İstanbul", "Istanbul"),
    ("Rocky IV", "Rocky 4"),
    ("Face/Off", "Face Off"),
    ("ｱｷﾗ", "アキラ"),
    ("Hunger Games, The", "The Hunger Games"),
    ("Amor brujo, El", "El amor brujo"),
    ("Ocean's Eleven", "Oceans 11"),
    ("12 Angry Men", "Twelve Angry Men"),
    ("Batman v Superman", "Batman vs. Superman"),
    ("Saw V", "Saw 5"),
]
OTHER_TITLES = [
    ("Alien", "Aliens"),
    ("Rocky II", "Rocky III"),
    ("दिल", "दाल"),
    ("가", "나"),
    ("Malcolm X", "Malcolm 10"),
    ("I, Robot", "1 Robot"),
    ("$", "*"),
    ("ガン", "カン"),
]
SAME_NAMES = [
    ("Robert Downey, Jr.", "Robert Downey"),
    ("J.J. Abrams", "J. J. Abrams"),
    ("JJ Abrams", "J. J. Abrams"),
    ("Alfonso Cuarón", "Alfonso Cuaron"),
    ("Chloë Grace Moretz", "Chloe Grace Moretz"),
    ("Peter O'Toole", "Peter O’Toole"),
]


@pytest.mark.parametrize(("one", "other"), SAME_TITLES)
def test_spellings_of_one_title_fold_alike(one: Any, other: Any) -> None:
    assert fold_title(one) == fold_title(other)


@pytest.mark.parametrize(("one", "other"), OTHER_TITLES)
def test_titles_of_other_films_stay_apart(one: Any, other: Any) -> None:
    assert fold_title(one) != fold_title(other)


@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_spellings_of_one_name_fold_alike(one: Any, other: Any) -> None:
    assert fold_name(one) == fold_name(other)


def test_small_numbers_are_spelled() -> None:
    assert spell_numbers("oceans 11 and 1999") == "oceans eleven and 1999"


def test_a_title_that_is_an_article_keeps_it() -> None:
    assert fold_title("The") == "the"


@given(st.text(min_size=1))
def test_no_title_that_is_not_blank_folds_to_nothing(title: Any) -> None:
    assert bool(fold_title(title)) == bool(title.casefold().strip()) or not title.isprintable()


@given(st.text())
def test_a_folded_text_folds_to_itself(text: Any) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("title", ["Heat (IMAX)", "Heat (3D)", "Heat [Director's Cut]", "Heat (1995 re-release)"])
def test_a_mark_of_an_edition_is_no_part_of_the_title(title: str) -> None:
    assert fold_title(title) == "heat"


@pytest.mark.parametrize(
    "title", ["Piranha 3D", "The Final Cut", "Birdman (or the Unexpected Virtue of Ignorance)", "(IMAX)"]
)
def test_words_of_an_edition_without_brackets_or_other_words_in_them_stay(title: str) -> None:
    assert len(fold_title(title).split()) == len(title.removeprefix("The ").split())


@pytest.mark.parametrize(("garbled", "meant"), [("Holmâ€™s", "holms"), ("RodrÃ­guez", "rodriguez"), ("SÃO", "sao")])
def test_letters_that_were_read_in_another_encoding_are_mended(garbled: Any, meant: Any) -> None:
    assert fold(garbled) == meant
