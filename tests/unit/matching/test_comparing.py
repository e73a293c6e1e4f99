"""The right list is read and compared by several processes as by one."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import UsageError
from movie_db.matching.comparing import compare
from movie_db.matching.film_store import FilmStore
from movie_db.matching.films import films
from movie_db.matching.tables import open_table

FEW, MANY = 0, 10**9
"""Sizes of lists that one process and that several read."""


@pytest.fixture
def lists(tmp_path: Path) -> Any:
    """`lists(left, right)` writes both lists and compares them: by one process, and by all."""

    def compared(left: Any, right: Any, size: Any) -> Any:
        for name, text in (("left.csv", left), ("right.csv", right)):
            (tmp_path / name).write_text(text, "utf-8")
        opened = [partial(open_table, str(tmp_path / f"{side}.csv"), side, {}) for side in ("left", "right")]
        with opened[0]() as rows:
            shelf = FilmStore.fill(tmp_path / "left", films(rows))
        progress = []
        found, pairs = compare(shelf, opened[1], size, tmp_path, lambda *counts: progress.append(counts))
        linked = [(pairs[n].left, pairs[n].right, pairs[n].bits, found.note(pairs[n].note)) for n in range(len(pairs))]
        linked_rows = {row: found.row(row)[:3] for _, row, *_ in linked}
        return linked, linked_rows, len(found), found.left_out, progress[-1]

    return compared


def test_several_processes_find_what_one_does(lists: Any) -> None:
    left = "id,title,year\n" + "".join(f"l{n},The Story of Number {n},{1950 + n % 60}\n" for n in range(500))
    right = "id,title,year\n" + "".join(
        f"r{n},Story of Number {n},{1950 + n % 60}\n" if n % 7 else f"r{n},,\n" for n in range(4000)
    )
    alone, together = (lists(left, right, size) for size in (FEW, MANY))
    assert alone == together
    pairs, rows, films_there, left_out, progress = together
    assert (films_there, left_out, progress) == (3428, 572, (4000, 4000))
    assert rows[0] == ("r1", "Story of Number 1", 1951)
    best = {rows[right][0]: left for left, right, bits, _ in pairs if bits > 6}
    assert best == {f"r{n}": n for n in range(500) if n % 7}
    assert pairs[0][3].startswith("title: equal, 'story of number 1'")


@pytest.mark.parametrize("size", [FEW, MANY])
def test_what_is_wrong_in_the_right_list_is_said_whoever_reads_it(lists: Any, size: Any) -> None:
    with pytest.raises(UsageError, match="is a quote open"):
        lists("title\nHeat\n", 'title\nHeat\n"Alien\n' + "x\n" * 100_000, size)


def test_a_misspelt_film_is_as_likely_meant_as_one_of_the_very_title_where_no_other_is_near(lists: Any) -> None:
    left = "id,title,year\na,The Grand Budapest Hotel,2014\nb,Solaris,1972\nc,Millennium Actress,2001\n"
    right = "title,year\nThe Grand Budapst Hotel,2014\nMillenium Actres,2001\n"
    pairs, *_ = lists(left, right, FEW)
    assert [(left, right) for left, right, bits, _ in pairs if bits > 8] == [(0, 0)]
    twice = left + "d,The Grand Budapest Hostel,2014\n"
    pairs, *_ = lists(twice, right, FEW)
    assert not [bits for *_, bits, _ in pairs if bits > 8]
