"""Recomputes golden records from the stored source records, for example after a change of policy. Makes no requests."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from movie_db.movie_db_client.editing.merge_split import entry_keys
from movie_db.movie_db_client.ingest.films import RejectedMoviesError, apply_movies
from movie_db.movie_db_client.repository import Repository, UnitOfWork

BATCH: Final = 250
"""Movies per transaction."""


def restitch_movies(units: Callable[[], UnitOfWork], numbers: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Recomputes these movies by the preferences of the units, one batch per transaction.

    Yields:
        After each batch its size, and for each movie that the database would reject, and which stays unchanged, why.
    """
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        with units() as unit:
            rejected = _restitch(unit.repository, batch)
            unit.commit()
        yield len(batch), rejected


def _restitch(repository: Repository, numbers: Sequence[int]) -> list[str]:
    keys = set(entry_keys(repository, numbers))
    rejected: list[str] = []
    while keys:
        try:
            apply_movies(repository, [], again=keys)
            break
        except RejectedMoviesError as error:
            rejected += [f"{key}: {reason}" for key, reason in sorted(error.reasons.items())]
            if not keys & error.reasons.keys():
                break
            keys -= error.reasons.keys()
    return rejected
