"""The ledger of offers: when each was first and last seen, and when it left. Rows are never deleted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from movie_db.contract.clock import later, rank
from movie_db.contract.messages import Offer, SourceRecord
from movie_db.movie_db_client.ingest import changes
from movie_db.movie_db_client.ingest.batch_movies import BatchMovie
from movie_db.movie_db_client.ingest.stored_records import StoredRecord
from movie_db.movie_db_client.repository import Repository, Row

KEY: Final = ("source", "provider", "country", "kind", "presentation")
_TERMS: Final = ("price", "currency", "url", "available_to")


def save(repository: Repository, films: Sequence[BatchMovie], seen: Iterable[StoredRecord]) -> list[Row]:
    """Writes the ledgers of the movies, and returns rows of `changes`. `seen` holds the records that arrived."""
    before: dict[int, list[Row]] = {}
    for row in repository.read("offers", movie_id=[n for film in films for n in film.was]):
        before.setdefault(row["movie_id"], []).append(row)
    of_entry: dict[str, list[SourceRecord]] = {}
    for stored in seen:
        for key in stored.entries:
            of_entry.setdefault(key, []).append(stored.record)
    book = {film: [row for n in film.was for row in before.get(n, ())] for film in films}
    _split_ledger(book)
    added, changed, gone, moved = [], [], [], []
    for film, rows in book.items():
        had = {row["offer_id"]: row for row in rows}
        records = [record for key in film.keys for record in of_entry.get(key, ())]
        offer_rows = ledger(rows, records, [stored.record for stored in film.records], film.number)
        kept = {row["offer_id"] for row in offer_rows if "offer_id" in row}
        added += [row for row in offer_rows if "offer_id" not in row]
        changed += [row for row in offer_rows if "offer_id" in row and row != had[row["offer_id"]]]
        gone += [number for number in had if number not in kept]
        moved += changes.offer_changes(film, rows, offer_rows)
    repository.delete("offers", offer_id=gone)
    repository.update("offers", changed)
    repository.insert("offers", added)
    return moved


def _split_ledger(book: dict[BatchMovie, list[Row]]) -> None:
    """Moves ledger rows to a movie that was split off, if only its own records account for them."""
    keepers = {number: film for film in book for number in film.was}
    for film in book:
        for number in film.left & keepers.keys():
            rows = book[keepers[number]]
            own = _offered(film) - _offered(keepers[number])
            book[film] += [row for row in rows if _place(row) in own]
            book[keepers[number]] = [row for row in rows if _place(row) not in own]


def _offered(film: BatchMovie) -> set[tuple[Any, ...]]:
    return {_place(_row(offer, stored.record, 0)) for stored in film.records for offer in stored.record.facts.offers}


def ledger(
    rows: Iterable[Row], seen: Sequence[SourceRecord], current: Sequence[SourceRecord], movie_id: int
) -> list[Row]:
    """Returns one movie's offers after the records in `seen`.

    Args:
        rows: the ledger before, of all movies that are this movie now.
        seen: the records that arrived, new or old. Each dates its offers.
        current: the movie's newest records. Offers that they no longer have, have left.

    Returns:
        Rows without `offer_id` are new. Of two rows for the same offer, the first is kept. Provider names are compared
        without surrounding blanks, which older versions stored.
    """
    book: dict[tuple[Any, ...], Row] = {}
    for row in sorted(rows, key=lambda r: r["offer_id"]):
        _note(book, {**row, "movie_id": movie_id, "provider": row["provider"].strip()})
    for record in (*seen, *current):
        for offer in record.facts.offers:
            _note(book, _row(offer, record, movie_id))
    present = [(record, {_place(_row(offer, record, 0)) for offer in record.facts.offers}) for record in current]
    for row in book.values():
        row["left_at"] = _left(row, present)
    return list(book.values())


def _row(offer: Offer, record: SourceRecord, movie_id: int) -> Row:
    return {
        "movie_id": movie_id,
        "source": record.source,
        "provider": offer.provider,
        "country": offer.country,
        "kind": offer.kind,
        "presentation": offer.presentation,
        "price": offer.price,
        "currency": offer.currency,
        "url": offer.url,
        "available_to": offer.available_to,
        "first_seen": record.retrieved_at,
        "last_seen": record.retrieved_at,
        "left_at": None,
    }


def _place(row: Row) -> tuple[Any, ...]:
    return tuple([row[field] for field in KEY])


def _note(book: dict[tuple[Any, ...], Row], row: Row) -> None:
    stored = book.setdefault(_place(row), row)
    if stored is row:
        return
    if _age(row) > _age(stored):
        stored.update({field: row[field] for field in _TERMS})
    stored["first_seen"] = min(stored["first_seen"], row["first_seen"])
    stored["last_seen"] = max(stored["last_seen"], row["last_seen"], key=rank)


def _age(row: Row) -> tuple[tuple[bool, datetime], tuple[str, ...]]:
    return rank(row["last_seen"]), tuple(str(row[field]) for field in _TERMS)


def _left(row: Row, present: Sequence[tuple[SourceRecord, set[tuple[Any, ...]]]]) -> datetime | None:
    """Returns when an offer was found gone: by a newer record of its source for its country or without offers."""
    gone: datetime | None = None
    place = _place(row)
    for record, places in present:
        if record.source != row["source"]:
            continue
        if place in places:
            return None
        covers = not places or any(o.country == row["country"] for o in record.facts.offers)
        if covers and later(record.retrieved_at, row["last_seen"]):
            gone = max(filter(None, (gone, record.retrieved_at)), key=rank)
    before: datetime | None = row["left_at"]
    return before if gone and before and row["last_seen"] < before <= gone else gone
