"""Unicode folding is the same for titles, names, columns, credits, articles and the search."""

from collections.abc import Callable
from pathlib import Path

import pytest

from movie_db import stitching
from movie_db.movie_db_client.data_model import search_words
from movie_db.stitching import columns
from movie_db.stitching.credits import stem
from movie_db.stitching.folding import fold, fold_compact, index_words
from movie_db.stitching.names import fold_name, fold_title
from movie_db.stitching.values import country_code

USES: dict[str, Callable[[str], str]] = {
    "fold": fold,
    "compact": fold_compact,
    "title": fold_title,
    "name": fold_name,
    "credit": stem,
    "column": columns.folded,
    "search": lambda text: " ".join(search_words.words(text)),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bjørn", "bjorn"),
        ("BJØRN", "bjorn"),
        ("Bjo\u0308rn", "bjorn"),
        ("Łukasz", "lukasz"),
        ("Þór", "thor"),
        ("Æon", "aeon"),
        ("Straße", "strasse"),
        ("Amélie", "amelie"),
        ("O’Toole", "otoole"),
        ("İstanbul", "istanbul"),
    ],
)
def test_a_word_folds_to_the_same_for_every_use(use: str, text: str, folded: str) -> None:
    assert USES[use](text) == folded


@pytest.mark.parametrize("written", ["Trinidad & Tobago", "trinidad and tobago", "TRINIDAD AND TOBAGO"])
def test_a_country_is_found_however_it_is_written(written: str) -> None:
    assert country_code(written) == "TT"


@pytest.mark.parametrize("written", ["People's Republic of China", "People’s Republic of China"])
def test_an_apostrophe_does_not_hide_a_country(written: str) -> None:
    assert country_code(written) == "CN"


def test_the_index_splits_before_accents_are_removed_and_composes_again() -> None:
    assert index_words("ガン・한글 & हिन्दी") == ["ガン", "한글", "हिन्दी"]
    assert fold("Fast & Furious") == "fast and furious"
    assert index_words("Fast & Furious") == ["fast", "furious"]


def test_no_other_module_decomposes_texts() -> None:
    package = Path(stitching.__file__).parents[1]
    users = [str(path.relative_to(package)) for path in package.rglob("*.py") if '"NFKD"' in path.read_text("utf-8")]
    assert users == ["stitching/folding.py"]
