"""Editions of the films: all that is known of them, or what open sources alone say; and whom either owes thanks.

The open edition is stitched anew, by the same rules, of the records that bear an open licence. So of each field it has
the best value that an open source told, and of fields that are put together only the parts that open sources told. A
field that a person pinned is left out of it: nobody said under which licence the person's value is, and the sources'
were refused. (A title has to be; the sources' is taken.) Films whose title no open source tells are not in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from itertools import chain
from typing import Any, Final, Literal, NamedTuple, cast

from sqlalchemy import Connection, Engine, select

from movie_db.contract.fitting import fit
from movie_db.contract.licences import LICENCES, OPEN, SOURCES
from movie_db.contract.messages import Movie
from movie_db.contract.messages import SourceRecord as Record
from movie_db.movie_db_client.data_model.bookkeeping import SourceRecordRow
from movie_db.movie_db_client.data_model.tables import PinRow
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.reading import documents
from movie_db.movie_db_client.reading.movie_document import MovieDocument, contract_movie, contract_value, members
from movie_db.movie_db_client.reading.stitched import with_languages
from movie_db.movie_db_client.repository import Row, views
from movie_db.stitching.fuse import GoldenRecord, fuse
from movie_db.stitching.policy import Preferences, base_source

Edition = Literal["all", "open"]
_TOGETHER: Final = (
    frozenset(("year", "release_date")),
    frozenset(("rating", "rating_count")),
    frozenset(("age_rating", "age_rating_system")),
)
"""Fields of which none is told without the others."""
_OF_GOLDEN: Final = tuple(
    name
    for name in Movie.model_fields
    if name not in {"ids", "offers", "provenance", "budget_currency", "box_office_currency"}
)
"""Members of an export that a golden record's field of that name fills."""


def films(connection: Connection, edition: Edition, numbers: Sequence[int], how: Preferences) -> Iterator[Row]:
    """The films of these numbers, in their order, as `Movie` for JSON; those that are not in the edition left out."""
    if edition == "all":
        return documents.movies(connection, numbers)
    return _open(connection, numbers, with_languages(connection, how))


def _open(connection: Connection, numbers: Sequence[int], how: Preferences) -> Iterator[Row]:
    told: dict[int, list[Record]] = {}
    asked = select(SourceRecordRow.movie_id, SourceRecordRow.record)
    asked = asked.where(SourceRecordRow.movie_id.in_(numbers), SourceRecordRow.licence.in_(OPEN))
    for number, record in connection.execute(asked).all():
        told.setdefault(number, []).append(fit(Record, record))
    pinned: dict[int, set[str]] = {}
    for number, field in connection.execute(select(PinRow.movie_id, PinRow.field).where(PinRow.movie_id.in_(numbers))):
        pinned.setdefault(number, set()).add(field)
    ids = views.ids_of(connection, "movie", numbers)
    for number in numbers:
        records = told.get(number, [])
        golden = _without(fuse(records, None, *how), pinned.get(number, set()))
        if "title" in golden.values:
            yield _film(golden, records, [(row["namespace"], row["value"]) for row in ids.get(number, ())])


def _without(golden: GoldenRecord, pinned: set[str]) -> GoldenRecord:
    gone = (pinned | set(chain.from_iterable(group for group in _TOGETHER if group & pinned))) - {"title"}
    if not gone:
        return golden
    values, provenance = (
        {f: v for f, v in told.items() if f not in gone} for told in (golden.values, golden.provenance)
    )
    return GoldenRecord(values, provenance)


def _film(golden: GoldenRecord, records: Iterable[Record], ids: Iterable[Pair]) -> Row:
    """The film as the database would show it, had it no other records; of its ids those that these tell."""
    languages = {(record.source, record.source_id): record.language for record in records}
    known = {pair for record in records for pair in record.ids.items()}
    document: dict[str, Any] = {"ids": {}}
    for field in _OF_GOLDEN:
        document |= members(field, contract_value(golden, field), lambda _field, _credit: None)
    for namespace, value in ids:
        if (namespace, value) in known:
            document["ids"].setdefault(namespace, []).append(value)
    document["offers"] = [{"source": "", **one} for one in contract_value(golden, "offers") or ()]
    document["provenance"] = [
        {
            "field": field,
            "source": told.source,
            "url": told.url,
            "retrieved_at": told.retrieved_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "licence": told.licence,
            "language": languages[told.source, told.source_id],
        }
        for field, told in golden.provenance.items()
    ]
    return contract_movie(cast(MovieDocument, document))


class Credited(NamedTuple):
    """A source whose words are in an edition, under which licence, and what is to be said where they are shown.

    `url`, `licence_url` and `attribution` are None where nobody told.
    """

    source: str
    name: str
    url: str | None
    licence: str
    licence_url: str | None
    open: bool
    attribution: str | None


def credits(engine: Engine, edition: Edition) -> list[Credited]:
    """Whom an edition owes thanks, sorted by source."""
    asked = (
        select(SourceRecordRow.source, SourceRecordRow.licence).where(SourceRecordRow.movie_id.is_not(None)).distinct()
    )
    if edition == "open":
        asked = asked.where(SourceRecordRow.licence.in_(OPEN))
    with engine.connect() as connection:
        told = {(base_source(source), licence) for source, licence in connection.execute(asked)}
    return [_credited(source, licence) for source, licence in sorted(told)]


def _credited(source: str, licence: str) -> Credited:
    name, url, attribution = SOURCES.get(source, (source, None, None))
    is_open, text = LICENCES.get(licence, (False, None))
    return Credited(source, name, url, licence, text, is_open, attribution)
