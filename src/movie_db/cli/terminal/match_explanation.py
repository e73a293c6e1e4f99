"""Why each source's page was linked to a movie: the probability and evidence, or who decided it."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from movie_db.contract.fitting import fit
from movie_db.contract.messages import SourceRecord
from movie_db.movie_db_client.entity_resolution.by_title import Side, compare
from movie_db.movie_db_client.entity_resolution.decisions import link_key, pair_key
from movie_db.movie_db_client.ingest.stored_records import ENTRY
from movie_db.movie_db_client.repository import Repository, Row

_WORDS: Final = {"same": "the same movie", "different": "a different movie"}


def explain(repository: Repository, number: int) -> Iterator[str]:
    """The movie's records and entries, one line of text each, followed by the reasons."""
    (film,) = repository.read("movies", movie_id=[number])
    year = f" ({film['release_year']})" if film["release_year"] else ""
    yield f"{film['title']}{year}, movie {number}"
    records = repository.read("source_records", movie_id=[number])
    ids: dict[int, set[tuple[str, str]]] = {row["record_id"]: set() for row in records}
    for row in repository.read("source_record_ids", record_id=list(ids)):
        ids[row["record_id"]].add((row["namespace"], row["value"]))
    entries = {row["record_id"]: sorted(v for n, v in ids[row["record_id"]] if n == ENTRY) for row in records}
    keys = sorted({key for of_record in entries.values() for key in of_record})
    rows = repository.read("decisions", entry_key=keys) + repository.read("decisions", other_key=keys)
    decided = {row["key"]: row for row in rows}
    for record in records:
        yield ""
        yield f"{record['source']} {record['source_id']}  {record['url']}"
        yield from _why_linked(record, entries[record["record_id"]], decided)
        listed = ", ".join(f"{n} {v}" for n, v in sorted(ids[record["record_id"]]) if n != ENTRY)
        yield f"  ids: {listed or 'none'}; read {record['retrieved_at']:%Y-%m-%d %H:%M} UTC"
    yield from _entries(repository, keys, records, entries, ids, decided)
    apart = [row for row in decided.values() if row["verdict"] == "different"]
    if apart:
        yield ""
        yield "Decided to be different:"
    for row in apart:
        yield f"  {row['entry_key']} and {_other(row)}: {_by(row)}"


def _why_linked(record: Row, entries: list[str], decided: dict[str, Row]) -> Iterator[str]:
    links = [decided.get(link_key(key, record["source"], record["source_id"])) for key in entries]
    decisions = [f"  {_by(row)}" for row in links if row and row["verdict"] == "same"]
    yield from decisions
    if record["probability"] is not None:
        yield f"  linked to {', '.join(entries)} with a probability of {record['probability']:.4f}"
        yield from (f"    {finding}" for finding in record["evidence"] or ())
    elif not decisions:
        yield f"  linked to {', '.join(entries)} by the gallery or by an id"


def _entries(
    repository: Repository,
    keys: list[str],
    records: list[Row],
    entries: dict[int, list[str]],
    ids: dict[int, set[tuple[str, str]]],
    decided: dict[str, Row],
) -> Iterator[str]:
    """The list entries of this movie, and why they are the same movie."""
    yield ""
    for listed in repository.read("gallery_entries", key=keys):
        (gallery,) = repository.read("galleries", gallery_id=[listed["gallery_id"]])
        yield f"entry {listed['key']} of {gallery['gallery']}"
    sides = {key: _side(key, records, entries, ids) for key in keys}
    for one, other in combinations(keys, 2):
        if row := decided.get(pair_key(one, other)):
            yield f"  {one} and {other}: {_by(row)}"
        elif shared := sides[one].ids & sides[other].ids:
            yield f"  {one} and {other} share {', '.join(f'{n} {v}' for n, v in sorted(shared))}"
        else:
            yield from _similarity(sides[one], sides[other])


def _side(key: str, records: list[Row], entries: dict[int, list[str]], ids: dict[int, set[tuple[str, str]]]) -> Side:
    mine = [row for row in records if key in entries[row["record_id"]]]
    bears = frozenset(pair for row in mine for pair in ids[row["record_id"]] if pair[0] != ENTRY)
    return Side([key], bears, [fit(SourceRecord, row["record"]) for row in mine])


def _similarity(one: Side, other: Side) -> Iterator[str]:
    """The evidence for two entries that share no id."""
    verdict = compare(one, other)
    yield f"  {one.keys[0]} and {other.keys[0]} are the same with a probability of {verdict.probability:.4f}"
    yield from (f"    {finding}" for finding in map(str, verdict.evidence))


def _other(row: Row) -> str:
    return str(row["other_key"] or f"{row['source']}:{row['source_id']}")


def _by(row: Row) -> str:
    why = f": {row['note']}" if row["note"] else ""
    return (
        f"{_WORDS[row['verdict']]}, decided by {row['decided_by'] or 'a person'} on {row['decided_at']:%Y-%m-%d}{why}"
    )
