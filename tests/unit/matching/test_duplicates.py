"""Rows of one list that tell of one film are no rivals."""

from pathlib import Path
from typing import Any

import pytest

from movie_db.matching.duplicates import is_same_film, left_duplicates, right_duplicates
from movie_db.matching.film_store import FilmStore
from movie_db.matching.films import films
from movie_db.matching.tables import open_table
from movie_db.stitching.assignment import Pair, Pairs

HEAD = "title,year,director,imdb,runtime\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Any:
    """`shelf(rows)` has the films of a list."""

    def filled(rows: Any) -> Any:
        path = tmp_path / "list.csv"
        path.write_text(HEAD + rows, "utf-8")
        with open_table(str(path), "left", {}) as rows:
            return FilmStore.fill(tmp_path / "shelf", films(rows))

    return filled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Heat,1995,,tt0113277", "Scontro,,,tt0113277"),
        ("Don’t Blink,2014,Travis Oates,", "Don't Blink,2014,Travis Oates,"),
        ("Super,2010,James Gunn,", "Super,2011,James Gunn,"),
        ("Super,2010,James Gunn,,96", "Super,2011,James Gunn,,90"),
        ("Batman Begins (IMAX),2005,,", "Batman Begins,2005,Christopher Nolan,"),
        ("Fantasia 2000 (Theatrical Release),2000,Don Hahn,", "Fantasia 2000 (IMAX),2000,,"),
    ],
)
def test_an_id_a_director_or_an_edition_proves_two_rows_one(shelf: Any, one: Any, other: Any) -> None:
    both = shelf(f"{one}\n{other}\n")
    assert is_same_film(both.row(0), both.row(1))
    assert is_same_film(both.row(1), both.row(0))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thirst,2009,,", "Thirst,2009,,"),
        ("Thirst,2009,,", "Thirst,2009,Park Chan-wook,"),
        ("Hotel,2003,Mike Figgis,", "Hotel,2003,Greg Yaitanes,"),
        ("Funny Games,1997,Michael Haneke,", "Funny Games,2007,Michael Haneke,"),
        ("Super,,James Gunn,", "Super,,James Gunn,"),
        ("Bottle Rocket,1993,Wes Anderson,,13", "Bottle Rocket,1994,Wes Anderson,,91"),
        ("Heat,1995,Michael Mann,tt0113277", "Heat,1995,Michael Mann,tt0000001"),
        ("Beauty and the Beast (3D),2012,,", "Beauty and the Beast,1991,,"),
        ("Hotel (IMAX),2003,Mike Figgis,", "Hotel,2003,Greg Yaitanes,"),
    ],
)
def test_the_same_title_and_year_alone_prove_nothing(shelf: Any, one: Any, other: Any) -> None:
    both = shelf(f"{one}\n{other}\n")
    assert not is_same_film(both.row(0), both.row(1))


def test_twins_are_found_among_those_that_would_be_the_same_film_of_the_other_list(shelf: Any) -> None:
    rows = shelf("Super,2010,James Gunn,\nHeat,1995,Michael Mann,\nSuper,2011,James Gunn,\nSuper (IMAX),2010,,\n")
    meeting = [(0, 0, 9.0), (0, 2, 8.0), (0, 3, 7.0), (1, 1, 9.0), (2, 1, 9.0)]
    assert right_duplicates(Pairs(Pair(*pair) for pair in meeting), rows) == {2: 0, 3: 0}
    assert left_duplicates(Pairs(Pair(b, a, bits) for a, b, bits in meeting), rows) == {2: 0, 3: 0}


def test_rows_that_meet_no_film_in_common_are_not_compared(shelf: Any) -> None:
    rows = shelf("Super,2010,James Gunn,\nSuper,2011,James Gunn,\n")
    assert right_duplicates(Pairs([Pair(0, 0, 9.0), Pair(1, 1, 9.0), Pair(0, 1, -3.0)]), rows) == {}
