"""`movie-db match`: two lists of films in, the pairs that are one film out."""

import gc
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

from movie_db.contract.errors import UsageError
from movie_db.contract.files import atomic_file
from movie_db.matching.comparing import compare
from movie_db.matching.duplicates import left_duplicates, right_duplicates
from movie_db.matching.film_store import FilmStore
from movie_db.matching.films import films
from movie_db.matching.tables import FIELDS, open_table
from movie_db.matching.writing import Form, MatchRow, write
from movie_db.stitching.assignment import AssignedLink, assign

Show = Callable[[str, int, int], None]
"""Told a stage, how many films are through it, and of how many (0: not known)."""
Side = Literal["left", "right"]
SIDES: Final[tuple[Side, Side]] = ("left", "right")


@dataclass(frozen=True)
class ListSide:
    """One of the two lists: its path or URL, and the columns that the user named, by field."""

    side: Side
    address: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Summary:
    """What came of it, in films of either list; `left_out` are rows that name no film."""

    matched: int
    to_review: int
    alone: tuple[int, int]
    left_out: tuple[int, int]


def sources(left: str, right: str, maps: Iterable[str]) -> tuple[ListSide, ListSide]:
    """The two lists, with what `--map` says of their columns: `left.title=Name,right.year=Released`.

    Raises:
        UsageError: a map can't be read, or names a field that there is not.
    """
    found: dict[str, dict[str, str]] = {side: {} for side in SIDES}
    for each in (part for given in maps for part in re.split(r",(?=\s*(?:left|right)\.)", given)):
        told = re.fullmatch(r"\s*(left|right)\.(\w+)\s*=\s*(.+?)\s*", each)
        if not told:
            raise UsageError(f"--map can't be read at {each!r}: it is left.title=COLUMN or right.year=COLUMN.")
        if told[2] not in FIELDS:
            raise UsageError(f"--map knows no field {told[2]!r}: choose {', '.join(FIELDS)}.")
        found[told[1]][told[2]] = told[3]
    return ListSide("left", left, found["left"]), ListSide("right", right, found["right"])


def match(pair: tuple[ListSide, ListSide], out: Path | None, form: Form, *, everything: bool, show: Show) -> Summary:
    """Links two lists, and writes the pairs to a file, or without one to standard output.

    Written are the pairs judged the same; with `everything` also, for each film of the right list without one, its
    best pair: to be asked, or different. The file appears whole or not at all.

    Raises:
        UsageError: a list can't be read, or the file can't be where it shall.
        Unavailable: the file can't be written, or a database does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="movie_db_match_") as folder, _no_collector():
        if out is None:
            matched = _Matched(pair, Path(folder), show)
            write(matched.found(everything), form, sys.stdout)
        else:
            with atomic_file(out) as half:
                matched = _Matched(pair, Path(folder), show)
                with half.open("w", encoding="utf-8", newline="") as file:
                    write(matched.found(everything), form, file)
    return matched.summary()


@contextmanager
def _no_collector() -> Iterator[None]:
    """Nothing here holds itself in circles, and to look for that takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Matched:
    """Both lists, and what becomes of their films as it is told."""

    def __init__(self, pair: tuple[ListSide, ListSide], folder: Path, show: Show) -> None:
        show("reading", 0, 0)
        left, right = (partial(open_table, source.address, source.side, source.columns) for source in pair)
        with left() as rows, right():
            self._left = FilmStore.fill(folder / "left", films(rows))
        _check(pair[0], self._left)
        show("reading", len(self._left), 0)
        self._right, self._pairs = compare(self._left, right, _size(pair[1]), folder, partial(show, "comparing"))
        _check(pair[1], self._right)
        self._show = show
        self._linked: tuple[set[int], set[int]] = set(), set()
        self._asked: tuple[set[int], set[int]] = set(), set()

    def found(self, everything: bool) -> Iterator[MatchRow]:
        """The pairs, in the order of the right list."""
        twins = left_duplicates(self._pairs, self._left), right_duplicates(self._pairs, self._right)
        for link in assign(self._pairs, *twins):
            for rows, row in zip(self._of(link.status), link.pair[:2], strict=True):
                rows.add(row)
            if everything or link.status == "same":
                yield self._written(link)
            self._show("writing", link.pair.right + 1, len(self._right))

    def _of(self, status: str) -> tuple[set[int], set[int]]:
        return {"same": self._linked, "ask": self._asked}.get(status, (set(), set()))

    def _written(self, link: AssignedLink) -> MatchRow:
        left, right = self._left.row(link.pair.left), self._right.row(link.pair.right)
        return MatchRow(
            left=left.id,
            right=right.id,
            verdict=link.status,
            probability=round(link.probability, 6),
            left_title=left.title,
            left_year=left.year,
            right_title=right.title,
            right_year=right.year,
            evidence=self._right.note(link.pair.note),
            runner_up=self._runner_up(link),
        )

    def _runner_up(self, link: AssignedLink) -> str:
        """The rival by its id, and by how many bits it is behind: `left 17 (12.5 bits behind)`."""
        if link.rival is None:
            return ""
        behind = link.pair.bits - link.rival.bits
        if link.rival.right == link.pair.right:
            return f"left {self._left.row(link.rival.left).id} ({behind:.1f} bits behind)"
        return f"right {self._right.row(link.rival.right).id} ({behind:.1f} bits behind)"

    def summary(self) -> Summary:
        left, right = (linked | asked for linked, asked in zip(self._linked, self._asked, strict=True))
        return Summary(
            matched=len(self._linked[1]),
            to_review=len(self._asked[1]),
            alone=(len(self._left) - len(left), len(self._right) - len(right)),
            left_out=(self._left.left_out, self._right.left_out),
        )


def _check(source: ListSide, shelf: FilmStore) -> None:
    if not len(shelf):
        raise UsageError(f"{source.address} holds no film: each needs a title or an id.")


def _size(source: ListSide) -> int:
    path = Path(source.address)
    return path.stat().st_size if path.is_file() else 0
