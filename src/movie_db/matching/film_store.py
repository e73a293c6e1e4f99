"""The films of a list by row. Long lists are stored on disk, to limit the memory for lists of a million rows."""

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
"""Rows of a list that is kept in memory, about 40 MB."""
_FILE: Final = 48
"""Bits of a place that are the offset within a file. The higher bits are the file's number."""
NOWHERE: Final = (1 << 64) - 1
"""The place of a film that is not stored, since it will not be read."""


class StoreWriter:
    """Writes films to file `number` of a store."""

    def __init__(self, file: BinaryIO, number: int = 0) -> None:
        self._file, self._place = file, number << _FILE

    def put(self, row: Row) -> int:
        """Writes a film, and returns its place."""
        return self._put((row.id, row.title, row.year, tuple(row.film)))

    def note(self, text: str) -> int:
        """Writes a text, and returns its place."""
        return self._put(text)

    def _put(self, what: Any) -> int:
        place = self._place
        self._place += self._file.write(marshal.dumps(what))
        return place


class FilmStore:
    """The films of a list by row, from 0. Read-only, so that processes can share it.

    Args:
        files: the files of the store, in the order of their numbers.
        places: the place of each film in the files, or `NOWHERE`.
        left_out: the number of rows without a film.
        in_memory: the films themselves, for a short list.
    """

    def __init__(
        self, files: Sequence[Path], places: "array[int]", left_out: int, in_memory: Sequence[Row] | None = None
    ) -> None:
        self._places, self.left_out, self._in_memory = places, left_out, in_memory
        self._files = [_mapped(path) for path in files]

    @classmethod
    def fill(cls, path: Path, rows: Iterable[Row | None]) -> "FilmStore":
        """Stores the films of a list: in memory if there are few, otherwise in a new file at `path`."""
        rows = iter(rows)
        first = list(islice(rows, SHORT))
        if len(first) < SHORT:
            films = [row for row in first if row]
            return cls((), array("Q"), len(first) - len(films), films)
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
        return len(self._places if self._in_memory is None else self._in_memory)

    def __getitem__(self, row: int) -> FilmFeatures:
        return (self._in_memory[row] if self._in_memory is not None else self.row(row)).film

    def row(self, number: int) -> Row:
        if self._in_memory is not None:
            return self._in_memory[number]
        name, title, year, film = self._at(self._places[number])
        return Row(name, title, year, FilmFeatures(*film))

    def note(self, place: int) -> str:
        """The text at a place."""
        return str(self._at(place))

    def _at(self, place: int) -> Any:
        # The file was written by this process. No other format reads as fast.
        return marshal.loads(self._files[place >> _FILE][place & ((1 << _FILE) - 1) :])  # noqa: S302


def _mapped(path: Path) -> memoryview:
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b"")
