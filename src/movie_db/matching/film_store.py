"""The films of a list, to be taken up by row; a long one's on disk: two lists of a million don't crowd the memory."""

import marshal
import mmap
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from movie_db.matching.films import Row
from movie_db.stitching.match import FilmFeatures

SHORT: Final = 50_000
"""A list of so many rows may be held in memory, some 40 MB."""
_FILE: Final = 48
"""Bits of a place within a file; above them stands the file's number."""
NOWHERE: Final = (1 << 64) - 1
"""The place of a film that nobody will ask for."""


class StoreWriter:
    """Puts films into a file of a shelf, its `number`th."""

    def __init__(self, file: BinaryIO, number: int = 0) -> None:
        self._file, self._place = file, number << _FILE

    def put(self, row: Row) -> int:
        """Returns the film's place, for the shelf."""
        return self._put((row.id, row.title, row.year, tuple(row.film)))

    def note(self, text: str) -> int:
        """Puts a text beside the films, and returns its place."""
        return self._put(text)

    def _put(self, what: Any) -> int:
        place = self._place
        self._place += self._file.write(marshal.dumps(what))
        return place


class FilmStore:
    """The films of a list by row, from 0; read-only, so that processes may share it.

    Args:
        files: those that were written, in the order of their numbers.
        places: each film's place in them, or `NOWHERE`.
        left_out: how many rows of the list named no film.
        held: the films themselves, where they are few.
    """

    def __init__(
        self, files: Sequence[Path], places: "array[int]", left_out: int, held: Sequence[Row] | None = None
    ) -> None:
        self._places, self.left_out, self._held = places, left_out, held
        self._files = [_mapped(path) for path in files]

    @classmethod
    def fill(cls, path: Path, rows: Iterable[Row | None]) -> "FilmStore":
        """Writes the films to a file of ours, once; of a short list keeps them."""
        rows = iter(rows)
        first = list(islice(rows, SHORT))
        if len(first) < SHORT:
            held = [row for row in first if row]
            return cls((), array("Q"), len(first) - len(held), held)
        places, left_out = array("Q"), 0
        with path.open("wb") as file:
            writer = StoreWriter(file)
            for row in chain(first, rows):
                if row is None:
                    left_out += 1
                else:
                    places.append(writer.put(row))
        return cls((path,), places, left_out)

    def __len__(self) -> int:
        return len(self._places if self._held is None else self._held)

    def __getitem__(self, row: int) -> FilmFeatures:
        return (self._held[row] if self._held is not None else self.row(row)).film

    def row(self, number: int) -> Row:
        if self._held is not None:
            return self._held[number]
        name, title, year, film = self._at(self._places[number])
        return Row(name, title, year, FilmFeatures(*film))

    def note(self, place: int) -> str:
        """What was put there as a text."""
        return str(self._at(place))

    def _at(self, place: int) -> Any:
        # What we wrote ourselves: no other format reads as fast.
        return marshal.loads(self._files[place >> _FILE][place & ((1 << _FILE) - 1) :])  # noqa: S302


def _mapped(path: Path) -> memoryview:
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b"")
