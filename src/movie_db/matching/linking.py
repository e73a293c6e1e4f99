"""`movie-db match`: finds the pairs of two lists that are the same film."""

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
"""Called with a stage, the number of films that have passed it, and the number of all films (0 if unknown)."""
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
    """The result in numbers of films, of both lists where there are two; `left_out` are rows without a film."""

    matched: int
    to_review: int
    alone: tuple[int, int]
    left_out: tuple[int, int]


def sources(left: str, right: str, maps: Iterable[str]) -> tuple[ListSide, ListSide]:
    """The two lists, with the columns from `--map`: `left.title=Name,right.year=Released`.

    Raises:
        UsageError: a map is invalid, or names a field that does not exist.
    """
    found: dict[str, dict[str, str]] = {side: {} for side in SIDES}
    for each in (part for given in maps for part in re.split(r",(?=\s*(?:left|right)\.)", given)):
        mapping = re.fullmatch(r"\s*(left|right)\.(\w+)\s*=\s*(.+?)\s*", each)
        if not mapping:
            raise UsageError(f"--map is invalid at {each!r}: write left.title=COLUMN or right.year=COLUMN.")
        if mapping[2] not in FIELDS:
            raise UsageError(f"--map has no field {mapping[2]!r}: the fields are {', '.join(FIELDS)}.")
        found[mapping[1]][mapping[2]] = mapping[3]
    return ListSide("left", left, found["left"]), ListSide("right", right, found["right"])


def match(pair: tuple[ListSide, ListSide], out: Path | None, form: Form, *, everything: bool, show: Show) -> Summary:
    """Links two lists, and writes the pairs to a file or to standard output.

    Only pairs with the status `same` are written. With `everything`, each film of the right list without one gets its
    best pair, with the status `ask` (review) or `different`. The file appears complete or not at all.

    Raises:
        UsageError: a list can't be read, or the file can't be created at this path.
        UnavailableError: the file can't be written, or a database does not respond.
    """
    with tempfile.TemporaryDirectory(prefix="movie_db_match_") as folder, _no_collector():
        if out is None:
            matched = _Matching(pair, Path(folder), show)
            write(matched.found(everything), form, sys.stdout)
        else:
            with atomic_file(out) as part:
                matched = _Matching(pair, Path(folder), show)
                with part.open("w", encoding="utf-8", newline="") as file:
                    write(matched.found(everything), form, file)
    return matched.summary()


@contextmanager
def _no_collector() -> Iterator[None]:
    """Disables garbage collection, which takes a fifth of the time. Matching creates no reference cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Matching:
    """Both lists, their pairs, and the counts of the results that were given out."""

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
        self._to_review: tuple[set[int], set[int]] = set(), set()

    def found(self, everything: bool) -> Iterator[MatchRow]:
        """The pairs, in the order of the right list."""
        duplicates = left_duplicates(self._pairs, self._left), right_duplicates(self._pairs, self._right)
        for link in assign(self._pairs, *duplicates):
            for rows, row in zip(self._of(link.status), link.pair[:2], strict=True):
                rows.add(row)
            if everything or link.status == "same":
                yield self._match_row(link)
            self._show("writing", link.pair.right + 1, len(self._right))

    def _of(self, status: str) -> tuple[set[int], set[int]]:
        return {"same": self._linked, "ask": self._to_review}.get(status, (set(), set()))

    def _match_row(self, link: AssignedLink) -> MatchRow:
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
        """The rival's id, and how many bits it is behind: `left 17 (12.5 bits behind)`."""
        if link.rival is None:
            return ""
        behind = link.pair.bits - link.rival.bits
        if link.rival.right == link.pair.right:
            return f"left {self._left.row(link.rival.left).id} ({behind:.1f} bits behind)"
        return f"right {self._right.row(link.rival.right).id} ({behind:.1f} bits behind)"

    def summary(self) -> Summary:
        left, right = (linked | to_review for linked, to_review in zip(self._linked, self._to_review, strict=True))
        return Summary(
            matched=len(self._linked[1]),
            to_review=len(self._to_review[1]),
            alone=(len(self._left) - len(left), len(self._right) - len(right)),
            left_out=(self._left.left_out, self._right.left_out),
        )


def _check(source: ListSide, found: FilmStore) -> None:
    if not len(found):
        raise UsageError(f"{source.address} has no movie: each needs a title or an id.")


def _size(source: ListSide) -> int:
    path = Path(source.address)
    return path.stat().st_size if path.is_file() else 0
