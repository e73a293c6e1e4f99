"""A title is looked up in the ways that others write it."""

from typing import Any

import pytest

from movie_db.stitching.spellings import spellings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Matrix, The", "The Matrix"),
        ("line of duty", "Line of Duty"),
        ("do it like an hombre", "Do It Like An Hombre"),
        ("THE THIN RED LINE", "The Thin Red Line"),
        ("m", "M"),
        ("Batman & Harley Quinn", "Batman and Harley Quinn"),
        ("Tom and Jerry", "Tom & Jerry"),
        ("Scary Movie II", "Scary Movie 2"),
        ("Rocky 4", "Rocky IV"),
        ("The Purge 2: Anarchy", "The Purge II: Anarchy"),
        ("Ocean’s Eleven", "Ocean's Eleven"),
        ("batman & robin", "Batman and Robin"),
    ],
)
def test_other_spellings_are_tried(written: Any, meant: Any) -> None:
    assert meant in spellings(written, articles=False)


def test_articles_come_and_go_only_where_that_is_asked_for() -> None:
    assert "The Scheme" in spellings("Scheme", articles=True)
    assert "Intruder" in spellings("The Intruder", articles=True)
    assert spellings("Scheme", articles=False) == []
    assert spellings("The Intruder", articles=False) == []


@pytest.mark.parametrize("title", ["Heat", "Malcolm X", "1917", "Apollo 13", "WALL·E", "", "X"])
def test_a_title_is_no_other_spelling_of_itself(title: str) -> None:
    assert title not in spellings(title, articles=True)
