"""The right list read, and all its pairs worth comparing weighed: by as many processes as there are processors, where
it is worth it."""

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
"""Pairs of fewer bits can't matter to any other; of them only a film's best is kept."""
NAMESAKE: Final = 3.0
"""Bits from which on titles are the same, but for a misspelling in a long one."""
_ALONE: Final = 500_000
"""So many bytes of a list a single process reads and compares before others would be up."""
_CHUNK: Final = 1000
_ASIDE: Final = 0.25
"""Seconds between two looks at how far the processes are."""


class _Chunk(NamedTuple):
    """What became of some rows of the right list: the films' places on the shelf, how many rows named none, and the
    pairs, whose right rows count from the chunk's first film."""

    number: int
    places: "array[int]"
    left_out: int
    pairs: Pairs


class _Work(NamedTuple):
    """What every process needs: each reads the whole right list, and takes its share of the chunks."""

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
            for known, evidence, sum_of in weighed:
                note = writer.note("; ".join(map(str, evidence)))
                found.append(Pair(known, len(places), sum_of, note))
            places.append(writer.put(row) if weighed else NOWHERE)
        return _Chunk(number, places, left_out, found)

    def _weighed(self, film: FilmFeatures) -> list[tuple[int, list[Evidence], float]]:
        """The films of the left list that it could be, by row, with the evidence and its bits; else the likeliest."""
        met = self.blocks.candidates(film)
        near = [(n, known) for n in met if is_worth_comparing(known := self.left[n], film)] if met else []
        if not near:
            return []
        found = [(n, weigh(known, film)) for n, known in near]
        namesakes = [n for n, told in found if any(e.what == "title" and e.bits >= NAMESAKE for e in told)]
        # Blocking brings all of the list that have the title, not what a search found: one alone is likely it.
        weighed = [(n, told, bits(told, PRIOR_OF_ALL if namesakes == [n] else PRIOR)) for n, told in found]
        likely = [each for each in weighed if each[2] >= FLOOR]
        return likely or [max(weighed, key=lambda each: (each[2], -each[0]))]


def compare(
    left: FilmStore,
    right: Callable[[], AbstractContextManager[Rows]],
    size: int,
    folder: Path,
    show: Callable[[int, int], None],
) -> tuple[FilmStore, Pairs]:
    """The films of the right list, and the pairs that could be one film.

    Args:
        right: opens the list; its rows are read where they are compared.
        size: in bytes; 0 where nobody knows.
        show: told how many rows of the right list are done, and of how many (0: not known).
    """
    parts = _processors() if size > _ALONE else 1
    context = get_context("fork")
    files = [folder / f"right{part}" for part in range(parts)]
    work = _Work(Index(left), left, right, files, context.RawArray("Q", parts))
    if parts == 1:
        shares = [work.share(0)]
    else:
        # Forked: the index and the left list are shared, not copied.
        pool = ProcessPoolExecutor(parts, context, _begin, (work,))
        try:
            running = [pool.submit(_go_on, part) for part in range(parts)]
            while wait(running, _ASIDE, FIRST_EXCEPTION).not_done and not any(
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
"""What a worker does; empty in every other process. A pool has no other way to hand over what can't be sent."""


def _begin(work: _Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us stops us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work.append(work)


def _go_on(part: int) -> list[_Chunk]:
    return _work[0].share(part)
