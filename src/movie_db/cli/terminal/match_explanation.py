"""Why each source's page was taken for a film: with which probability, on which evidence, or by whose word."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from movie_db.contract.fitting import fit
from movie_db.contract.messages import SourceRecord
from movie_db.movie_db_client.entity_resolution.by_title import Side, compare
from movie_db.movie_db_client.entity_resolution.decisions import link_key, pair_key
from movie_db.movie_db_client.ingest.stored_records import ENTRY
from movie_db.movie_db_client.repository import Repository, Row

_WORDS: Final = {"same": "the same film", "different": "another film"}


def explain(repository: Repository, number: int) -> Iterator[str]:
    """The film's records and entries, a line of text each, with the reasons below them."""
    (film,) = repository.read("movies", movie_id=[number])
    year = f" ({film['release_year']})" if film["release_year"] else ""
    yield f"{film['title']}{year}, film {number}"
    records = repository.read("source_records", movie_id=[number])
    ids: dict[int, set[tuple[str, str]]] = {row["record_id"]: set() for row in records}
    for row in repository.read("source_record_ids", record_id=list(ids)):
        ids[row["record_id"]].add((row["namespace"], row["value"]))
    entries = {row["record_id"]: sorted(v for n, v in ids[row["record_id"]] if n == ENTRY) for row in records}
    keys = sorted({key for held in entries.values() for key in held})
    rows = repository.read("decisions", entry_key=keys) + repository.read("decisions", other_key=keys)
    decided = {row["key"]: row for row in rows}
    for record in records:
        yield ""
        yield f"{record['source']} {record['source_id']}  {record['url']}"
        yield from _why_linked(record, entries[record["record_id"]], decided)
        told = ", ".join(f"{n} {v}" for n, v in sorted(ids[record["record_id"]]) if n != ENTRY)
        yield f"  bears {told or 'no id'}; read {record['retrieved_at']:%Y-%m-%d %H:%M} UTC"
    yield from _entries(repository, keys, records, entries, ids, decided)
    apart = [row for row in decided.values() if row["verdict"] == "different"]
    if apart:
        yield ""
        yield "Kept apart by persons:"
    for parted in apart:
        yield f"  {parted['entry_key']} and {_other(parted)}: {_by(parted)}"


def _why_linked(record: Row, entries: list[str], decided: dict[str, Row]) -> Iterator[str]:
    said = [decided.get(link_key(key, record["source"], record["source_id"])) for key in entries]
    words = [f"  {_by(row)}" for row in said if row and row["verdict"] == "same"]
    yield from words
    if record["probability"] is not None:
        yield f"  taken for {', '.join(entries)} at a probability of {record['probability']:.4f}"
        yield from (f"    {finding}" for finding in record["evidence"] or ())
    elif not words:
        yield f"  what the gallery of {', '.join(entries)} led to, or an id proved"


def _entries(
    repository: Repository,
    keys: list[str],
    records: list[Row],
    entries: dict[int, list[str]],
    ids: dict[int, set[tuple[str, str]]],
    decided: dict[str, Row],
) -> Iterator[str]:
    """The entries of galleries that are this film, and why they are one."""
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
            yield from _alike(sides[one], sides[other])


def _side(key: str, records: list[Row], entries: dict[int, list[str]], ids: dict[int, set[tuple[str, str]]]) -> Side:
    mine = [row for row in records if key in entries[row["record_id"]]]
    bears = frozenset(pair for row in mine for pair in ids[row["record_id"]] if pair[0] != ENTRY)
    return Side([key], bears, [fit(SourceRecord, row["record"]) for row in mine])


def _alike(one: Side, other: Side) -> Iterator[str]:
    """What the judge says of two entries without a common id."""
    verdict = compare(one, other)
    yield f"  {one.keys[0]} and {other.keys[0]} are alike, with a probability of {verdict.probability:.4f}"
    yield from (f"    {finding}" for finding in map(str, verdict.evidence))


def _other(row: Row) -> str:
    return str(row["other_key"] or f"{row['source']}:{row['source_id']}")


def _by(row: Row) -> str:
    why = f": {row['note']}" if row["note"] else ""
    return f"{_WORDS[row['verdict']]}, said {row['decided_by'] or 'a person'} on {row['decided_at']:%Y-%m-%d}{why}"
