"""Reads the right list, and weighs the candidate pairs of its films. Long lists use one process per processor."""

import os
import signal
from array import array
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

from movie_db.matching.film_store import NOWHERE, FilmStore, StoreWriter
from movie_db.matching.films import films
from movie_db.matching.tables import Cell, Rows
from movie_db.stitching.assignment import Pair, Pairs
from movie_db.stitching.candidates import Index, is_worth_comparing
from movie_db.stitching.match import PRIOR, PRIOR_OF_ALL, Evidence, FilmFeatures, bits, weigh

FLOOR: Final = -4.0
"""Pairs with fewer bits don't affect others. Only the best one of each film is kept."""
NAMESAKE: Final = 3.0
"""Bits from which on titles count as equal, which allows a misspelling in a long one."""
_SINGLE_PROCESS: Final = 500_000
"""Bytes of a list that one process compares before further processes would have started."""
_CHUNK: Final = 1000
_INTERVAL: Final = 0.25
"""Seconds between two reports of progress."""


class _Chunk(NamedTuple):
    """The result for some rows of the right list: the films' places in the store, the number of rows without a film,
    and the pairs, whose right rows count from the first film of the chunk."""

    number: int
    places: "array[int]"
    left_out: int
    pairs: Pairs


class _Work(NamedTuple):
    """The work of all processes. Each reads the complete right list, and compares its share of the chunks."""

    blocks: Index
    left: FilmStore
    right: Callable[[], AbstractContextManager[Rows]]
    files: Sequence[Path]
    done: MutableSequence[int]

    def share(self, part: int) -> list[_Chunk]:
        with self.files[part].open("wb") as file, self.right() as rows:
            writer = StoreWriter(file, part)
            chunks: list[_Chunk] = []
            for number, some in enumerate(iter(lambda: list(islice(rows, _CHUNK)), [])):
                if number % len(self.files) == part:
                    chunks.append(self._chunk(number, some, writer))
                    self.done[part] += len(some)
        return chunks

    def _chunk(self, number: int, rows: Sequence[tuple[int, Mapping[str, Cell]]], writer: StoreWriter) -> _Chunk:
        places, left_out, found = array("Q"), 0, Pairs()
        for row in films(iter(rows)):
            if row is None:
                left_out += 1
                continue
            weighed = self._weighed(row.film)
            for left_row, evidence, weight in weighed:
                note = writer.note("; ".join(map(str, evidence)))
                found.append(Pair(left_row, len(places), weight, note))
            places.append(writer.put(row) if weighed else NOWHERE)
        return _Chunk(number, places, left_out, found)

    def _weighed(self, film: FilmFeatures) -> list[tuple[int, list[Evidence], float]]:
        """The films of the left list that it could be, by row, with evidence and bits; otherwise the likeliest one."""
        met = self.blocks.candidates(film)
        near = [(n, other) for n in met if is_worth_comparing(other := self.left[n], film)]
        if not near:
            return []
        found = [(n, weigh(other, film)) for n, other in near]
        namesakes = [n for n, evidence in found if any(e.what == "title" and e.bits >= NAMESAKE for e in evidence)]
        # Blocking finds all films of this title in the list, so a single one is likely the same film.
        weighed = [(n, e, bits(e, PRIOR_OF_ALL if namesakes == [n] else PRIOR)) for n, e in found]
        likely = [each for each in weighed if each[2] >= FLOOR]
        return likely or [max(weighed, key=lambda each: (each[2], -each[0]))]


def compare(
    left: FilmStore,
    right: Callable[[], AbstractContextManager[Rows]],
    size: int,
    folder: Path,
    show: Callable[[int, int], None],
) -> tuple[FilmStore, Pairs]:
    """Compares the right list with the left one.

    Args:
        right: opens the right list. Every process reads it.
        size: the size of the right list in bytes; 0 if unknown.
        show: called with the number of compared rows, and the number of all rows (0 if unknown).

    Returns:
        The films of the right list, and the pairs that could be the same film.
    """
    parts = _processors() if size > _SINGLE_PROCESS else 1
    context = get_context("fork")
    files = [folder / f"right{part}" for part in range(parts)]
    work = _Work(Index(left), left, right, files, context.RawArray("Q", parts))
    if parts == 1:
        shares = [work.share(0)]
    else:
        # Forked processes share the index and the left list without copying them.
        pool = ProcessPoolExecutor(parts, context, _begin, (work,))
        try:
            running = [pool.submit(_compare_share, part) for part in range(parts)]
            while wait(running, _INTERVAL, FIRST_EXCEPTION).not_done and not any(
                r.done() and r.exception() for r in running
            ):
                show(sum(work.done), 0)
            shares = [each.result() for each in running]
        finally:
            pool.shutdown(cancel_futures=True)
    places, left_out, pairs = array("Q"), 0, Pairs()
    for chunk in sorted((chunk for share in shares for chunk in share), key=lambda chunk: chunk.number):
        pairs.extend(chunk.pairs, len(places))
        places.extend(chunk.places)
        left_out += chunk.left_out
    show(len(places) + left_out, len(places) + left_out)
    return FilmStore(files, places, left_out), pairs


def _processors() -> int:
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 8)


_work: list[_Work] = []
"""The work of a worker process. A global, because it can't be pickled for the pool."""


def _begin(work: _Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process stops its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work.append(work)


def _compare_share(part: int) -> list[_Chunk]:
    return _work[0].share(part)
