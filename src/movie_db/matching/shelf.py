"""The films of a list, to be taken up by row; a long one's on disk: two lists of a million don't crowd the memory."""

import marshal
import mmap
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final

from movie_db.matching.films import Row
from movie_db.stitching.match import Film

SHORT: Final = 50_000
"""A list of so many rows is held in memory, some 40 MB."""


class Shelf:
    """The films of a list by row, from 0; read-only, so that processes may share it.

    Args:
        path: the file that `fill` wrote.
        ends: where each film's bytes end in it.
        left_out: how many rows of the list named no film.
        held: the films themselves, where they are few.
    """

    def __init__(self, path: Path, ends: "array[int]", left_out: int, held: Sequence[Row] | None = None) -> None:
        self._path, self._ends, self.left_out, self._held = path, ends, left_out, held
        if held is not None:
            return
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if ends else b""

    @classmethod
    def fill(cls, path: Path, rows: Iterable[Row | None]) -> "Shelf":
        """Writes the films to a file of ours, once; of a short list keeps them."""
        ends, end, left_out = array("Q"), 0, 0
        rows = iter(rows)
        first = list(islice(rows, SHORT))
        if len(first) < SHORT:
            held = [row for row in first if row]
            return cls(path, ends, len(first) - len(held), held)
        with path.open("wb") as file:
            for row in chain(first, rows):
                if row is None:
                    left_out += 1
                    continue
                end += file.write(marshal.dumps((row.id, row.title, row.year, tuple(row.film))))
                ends.append(end)
        return cls(path, ends, left_out)

    def __len__(self) -> int:
        return len(self._ends if self._held is None else self._held)

    def __getitem__(self, row: int) -> Film:
        return self.row(row).film

    def row(self, number: int) -> Row:
        if self._held is not None:
            return self._held[number]
        start = self._ends[number - 1] if number else 0
        # What we wrote ourselves: no other format reads as fast.
        name, title, year, film = marshal.loads(self._bytes[start : self._ends[number]])  # noqa: S302
        return Row(name, title, year, Film(*film))

    def __reduce__(self) -> "tuple[type[Shelf], tuple[Path, array[int], int, Sequence[Row] | None]]":
        return Shelf, (self._path, self._ends, self.left_out, self._held)
