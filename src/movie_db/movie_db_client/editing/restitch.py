"""Films are stitched anew from what their sources said, under another policy perhaps, and nobody is asked anything."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from movie_db.movie_db_client.editing.merge_split import entries
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_movies
from movie_db.movie_db_client.repository import Repository, UnitOfWork

BATCH: Final = 250
"""Films a transaction."""


def restitch(units: Callable[[], UnitOfWork], numbers: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Stitches these films anew, a batch a transaction, by the units' preferences.

    Yields after each batch how many films it had, and why some of them stay as they were: the database would refuse
    them.
    """
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        with units() as unit:
            refused = _restitch(unit.repository, batch)
            unit.commit()
        yield len(batch), refused


def _restitch(repository: Repository, numbers: Sequence[int]) -> list[str]:
    keys = set(entries(repository, numbers))
    refused: list[str] = []
    while keys:
        try:
            apply_movies(repository, [], again=keys)
            break
        except RejectedMoviesError as unfit:
            refused += [f"{key}: {reason}" for key, reason in sorted(unfit.reasons.items())]
            if not keys & unfit.reasons.keys():
                break
            keys -= unfit.reasons.keys()
    return refused
