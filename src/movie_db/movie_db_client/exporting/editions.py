"""Editions of an export: everything, or only what openly licensed sources say; and the attribution each requires.

The open edition is recomputed by the same rules from the records with an open licence. Each field has the best value of
an open source, and fields with several parts have only the parts from open sources. Pinned fields are left out: the
licence of a person's value is unknown, and the sources' values were rejected. (A title is required, so the sources' is
used.) Movies without a title from an open source are not in it.
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
"""Fields that are exported together or not at all."""
_OF_GOLDEN: Final = tuple(
    name
    for name in Movie.model_fields
    if name not in {"ids", "offers", "provenance", "budget_currency", "box_office_currency"}
)
"""Columns of an export that come from the golden record's field of the same name."""


def movies_of(connection: Connection, edition: Edition, numbers: Sequence[int], how: Preferences) -> Iterator[Row]:
    """Yields these movies in order as `Movie` for JSON, without those that are not in the edition."""
    if edition == "all":
        return documents.movies(connection, numbers)
    return _open(connection, numbers, with_languages(connection, how))


def _open(connection: Connection, numbers: Sequence[int], how: Preferences) -> Iterator[Row]:
    records_of: dict[int, list[Record]] = {}
    statement = select(SourceRecordRow.movie_id, SourceRecordRow.record)
    statement = statement.where(SourceRecordRow.movie_id.in_(numbers), SourceRecordRow.licence.in_(OPEN))
    for number, record in connection.execute(statement).all():
        records_of.setdefault(number, []).append(fit(Record, record))
    pinned: dict[int, set[str]] = {}
    for number, field in connection.execute(select(PinRow.movie_id, PinRow.field).where(PinRow.movie_id.in_(numbers))):
        pinned.setdefault(number, set()).add(field)
    ids = views.ids_of(connection, "movie", numbers)
    for number in numbers:
        records = records_of.get(number, [])
        golden = _without(fuse(records, None, *how), pinned.get(number, set()))
        if "title" in golden.values:
            yield _film(golden, records, [(row["namespace"], row["value"]) for row in ids.get(number, ())])


def _without(golden: GoldenRecord, pinned: set[str]) -> GoldenRecord:
    gone = (pinned | set(chain.from_iterable(group for group in _TOGETHER if group & pinned))) - {"title"}
    if not gone:
        return golden
    values, provenance = (
        {f: v for f, v in fields.items() if f not in gone} for fields in (golden.values, golden.provenance)
    )
    return GoldenRecord(values, provenance)


def _film(golden: GoldenRecord, records: Iterable[Record], ids: Iterable[Pair]) -> Row:
    """Returns the movie as if the database had only these records, with the ids that these records have."""
    languages = {(record.source, record.source_id): record.language for record in records}
    open_ids = {pair for record in records for pair in record.ids.items()}
    document: dict[str, Any] = {"ids": {}}
    for field in _OF_GOLDEN:
        document |= members(field, contract_value(golden, field), lambda _field, _credit: None)
    for namespace, value in ids:
        if (namespace, value) in open_ids:
            document["ids"].setdefault(namespace, []).append(value)
    document["offers"] = [{"source": "", **one} for one in contract_value(golden, "offers") or ()]
    document["provenance"] = [
        {
            "field": field,
            "source": origin.source,
            "url": origin.url,
            "retrieved_at": origin.retrieved_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "licence": origin.licence,
            "language": languages[origin.source, origin.source_id],
        }
        for field, origin in golden.provenance.items()
    ]
    return contract_movie(cast(MovieDocument, document))


class Attribution(NamedTuple):
    """The attribution that a source in an edition requires.

    `url`, `licence_url` and `attribution` are None if unknown.
    """

    source: str
    name: str
    url: str | None
    licence: str
    licence_url: str | None
    open: bool
    attribution: str | None


def attributions(engine: Engine, edition: Edition) -> list[Attribution]:
    """Returns the required attribution of an edition, sorted by source."""
    statement = (
        select(SourceRecordRow.source, SourceRecordRow.licence).where(SourceRecordRow.movie_id.is_not(None)).distinct()
    )
    if edition == "open":
        statement = statement.where(SourceRecordRow.licence.in_(OPEN))
    with engine.connect() as connection:
        used = {(base_source(source), licence) for source, licence in connection.execute(statement)}
    return [_attribution(source, licence) for source, licence in sorted(used)]


def _attribution(source: str, licence: str) -> Attribution:
    name, url, attribution = SOURCES.get(source, (source, None, None))
    is_open, text = LICENCES.get(licence, (False, None))
    return Attribution(source, name, url, licence, text, is_open, attribution)
