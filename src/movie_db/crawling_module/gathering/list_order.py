"""The movies of a list in gathering order, read from the log when needed: a list may have a million entries."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, overload

from movie_db.contract import log
from movie_db.contract.errors import ContractError
from movie_db.contract.messages import MovieListEntry, parse

IDS: Final = frozenset(("imdb", "tmdb", "wikidata", "wikipedia"))


def order(entry: MovieListEntry) -> tuple[bool, str]:
    """The sort key of an entry. Movies with ids come first, so that no guess takes their pages."""
    return not (entry.ids.keys() & IDS), entry.key


class ListedFilms(Sequence[MovieListEntry]):
    """The entries of a list's segment, in order, each key once (the last line counts). Only positions are in memory."""

    def __init__(self, segment: Path) -> None:
        self._segment = segment
        places: dict[str, tuple[bool, int]] = {}
        for line in log.read(segment) if segment.exists() else ():
            try:
                message = parse(line.raw)
            except ContractError:
                continue
            if isinstance(message, MovieListEntry):
                places[message.key] = (order(message)[0], line.end - len(line.raw))
        ordered = sorted((late, key, start) for key, (late, start) in places.items())
        self._starts = [start for _, _, start in ordered]

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> MovieListEntry: ...
    @overload
    def __getitem__(self, index: slice) -> list[MovieListEntry]: ...
    def __getitem__(self, index: int | slice) -> MovieListEntry | list[MovieListEntry]:
        if isinstance(index, int):
            return self._read([self._starts[index]])[0]
        return self._read(self._starts[index])

    def _read(self, starts: Sequence[int]) -> list[MovieListEntry]:
        found = []
        with open(self._segment, "rb") as file:
            for start in starts:
                file.seek(start)
                message = parse(file.readline())
                if isinstance(message, MovieListEntry):
                    found.append(message)
        return found
