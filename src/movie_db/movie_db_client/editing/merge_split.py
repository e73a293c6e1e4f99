"""Merges movies that were wrongly split, and splits movies that were wrongly merged.

Both are stored as decisions, which every later run obeys.
"""

from collections.abc import Collection, Sequence
from itertools import product

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.editing.finding import find_movie
from movie_db.movie_db_client.editing.review import stitch
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.entity_resolution.decisions import Decider, keep
from movie_db.movie_db_client.ingest.stored_records import ENTRY
from movie_db.movie_db_client.repository import Repository, Row, UnitOfWork
from movie_db.stitching.policy import base_source


def merge_movies(unit: UnitOfWork, keep_movie: str, other: str, by: Decider) -> int:
    """Merges two movies under the number of the first, and returns it. The other number redirects to it.

    Args:
        other: a movie, or a record such as `wikidata:Q184843` that belongs to no movie. This is how a record that was
            split off comes back.

    Raises:
        UsageError: a movie does not exist, both are the same already, or the database rejects the result.
    """
    repository = unit.repository
    number = find_movie(repository, keep_movie)
    ours = entry_keys(repository, [number])
    if record := _loose_record(repository, other):
        keep(repository, [by.link(ours[0], *record, "same")])
        stitch(repository, {ours[0]})
        unit.commit()
        return number
    gone = find_movie(repository, other)
    if gone == number:
        raise UsageError(f"{keep_movie} and {other} are both movie {number} already.")
    theirs = entry_keys(repository, [gone])
    keep(repository, [by.pair(a, b, "same") for a, b in product(ours, theirs)])
    stitch(repository, {*ours, *theirs}, keep={number: ours[0]})
    unit.commit()
    return number


def _loose_record(repository: Repository, name: str) -> Pair | None:
    """Returns the record with this source and id if it belongs to no movie."""
    source, _, source_id = name.partition(":")
    rows = repository.read("source_records", entity=["movie"], source=[source], source_id=[source_id])
    return (source, source_id) if rows and rows[0]["movie_id"] is None else None


def split_movie(unit: UnitOfWork, movie: str, records: Sequence[str], by: Decider) -> list[int]:
    """Splits records from a movie. The entries they came with become a movie of their own.

    An entry follows its own record, the one from its gallery. Records without an entry are stored, but belong to no
    movie.

    Args:
        records: names such as `wikidata:Q184843`.

    Returns:
        The numbers of the resulting movies, the original first.

    Raises:
        UsageError: the movie does not exist, lacks one of the records, or has no others.
    """
    repository = unit.repository
    number = find_movie(repository, movie)
    rows = repository.read("source_records", movie_id=[number])
    names = {(row["source"], row["source_id"]): row for row in rows}
    gone = {(source, source_id) for source, _, source_id in (record.partition(":") for record in records)}
    gone |= {name for name in names if (base_source(name[0]), name[1]) in gone}  # a record's texts in other languages
    if missing := gone - names.keys():
        listed = ", ".join(f"{s}:{i}" for s, i in sorted(names))
        raise UsageError(f"Movie {number} has no record {':'.join(min(missing))}. Its records: {listed}.")
    if gone == names.keys():
        raise UsageError(f"These are all records of movie {number}: name only those that belong to another movie.")
    ties = _ties(repository, rows)
    leaving = {key for key, tied in ties.items() if _own(key, tied, names) <= gone}
    staying = sorted(ties.keys() - leaving)
    decisions = [by.pair(a, b, "different") for a, b in product(sorted(leaving), staying)]
    for key in sorted(ties):
        foreign = names.keys() - gone if key in leaving else gone
        decisions += [by.link(key, *name, "different") for name in sorted(foreign)]
    keep(repository, decisions)
    stitch(repository, set(ties), keep={number: staying[0]} if staying else {})
    now = {row["key"]: row["movie_id"] for row in repository.read("gallery_entries", key=ties.keys())}
    unit.commit()
    return sorted(set(filter(None, now.values())), key=lambda n: (n != number, n))


def entry_keys(repository: Repository, numbers: Collection[int]) -> list[str]:
    """Returns the keys of these movies' list entries."""
    rows = repository.read("source_records", movie_id=numbers)
    return sorted(_ties(repository, rows))


def _ties(repository: Repository, rows: Sequence[Row]) -> dict[str, set[Pair]]:
    """Maps each entry that is tied to these records to those it is tied to."""
    names = {row["record_id"]: (row["source"], row["source_id"]) for row in rows}
    found: dict[str, set[Pair]] = {}
    for tie in repository.read("source_record_ids", record_id=names):
        if tie["namespace"] == ENTRY:
            found.setdefault(tie["value"], set()).add(names[tie["record_id"]])
    return found


def _own(key: str, tied: set[Pair], names: dict[Pair, Row]) -> set[Pair]:
    """Returns an entry's records from its gallery: those that have its key, or that the judge did not link."""
    keyed = {name for name in tied if name[1] in {key, key.partition(":")[2]}}
    return keyed or {name for name in tied if names[name]["probability"] is None} or tied
