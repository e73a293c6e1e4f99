"""All pairs worth comparing, weighed: by as many processes as there are processors, where it is worth it."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from movie_db.matching.shelf import Shelf
from movie_db.stitching.assignment import Pair, Pairs
from movie_db.stitching.candidates import Index, is_near
from movie_db.stitching.match import PRIOR, PRIOR_OF_ALL, bits, weigh

FLOOR = -4.0
"""Pairs of fewer bits can't matter to any other; of them only a film's best is kept."""
_ALONE = 5000
"""So many films a single process compares before others would be up."""
_CHUNK = 2000


def compare(left: Shelf, right: Shelf, show: Callable[[int, int], None]) -> Pairs:
    """The pairs that could be one film, for every film of the right list.

    Args:
        show: told how many films of the right list are done, of how many.
    """
    index = Index(left)
    chunks = [range(start, min(start + _CHUNK, len(right))) for start in range(0, len(right), _CHUNK)]
    found = Pairs()
    for chunk, pairs in zip(chunks, _all(partial(_chunk, index, left, right), chunks, len(right)), strict=True):
        found.extend(pairs)
        show(chunk.stop, len(right))
    return found


def _all(work: Callable[[range], Pairs], chunks: list[range], films: int) -> Iterator[Pairs]:
    workers = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 8)
    if films <= _ALONE or workers == 1:
        yield from map(work, chunks)
        return
    # Forked: the index and the lists are shared, not copied.
    pool = ProcessPoolExecutor(workers, get_context("fork"), _begin, (work,))
    try:
        yield from pool.map(_go_on, chunks)
    finally:
        pool.shutdown(cancel_futures=True)


_work: list[Callable[[range], Pairs]] = []
"""What a worker does; empty in every other process. A pool has no other way to hand over what can't be sent."""


def _begin(work: Callable[[range], Pairs]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us stops us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work.append(work)


def _go_on(chunk: range) -> Pairs:
    return _work[0](chunk)


def _chunk(index: Index, left: Shelf, right: Shelf, rows: range) -> Pairs:
    found = Pairs()
    for row in rows:
        film = right[row]
        near = [(other, known) for other in index.candidates(film) if is_near(known := left[other], film)]
        namesakes = [other for other, known in near if not known.titles.isdisjoint(film.titles)]
        pairs = []
        for other, known in near:
            # Blocking brings all of the list that have the title, not what a search found: one alone is likely it.
            prior = PRIOR_OF_ALL if namesakes == [other] else PRIOR
            pairs.append(Pair(other, row, bits(weigh(known, film), prior)))
        best = max(pairs, key=lambda pair: (pair.bits, -pair.left), default=None)
        for pair in pairs:
            if pair.bits >= FLOOR or pair is best:
                found.append(pair)
    return found
