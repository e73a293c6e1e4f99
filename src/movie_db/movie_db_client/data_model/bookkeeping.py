"""Classes ↔ tables: how the films were gathered, what each source said, and what a person decided of it."""

from typing import Any, Final

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger

from movie_db.movie_db_client.data_model.columns import (
    Base,
    Country,
    Id,
    LongText,
    LongUrl,
    Moment,
    MovieKey,
    Stamped,
    Str50,
    Str255,
)

_IDS_FOR_EVER: Final = {"sqlite_autoincrement": True}


class SourceRecordRow(Stamped, Base):
    """What one source says of one film, person or company, as it said it: films are stitched from these anew.

    `record` is the contract's SourceRecord (entity movie), PersonItem or CompanyItem as JSON. A person's or company's
    record has no movie_id: it finds its rows by the ids in it. `probability` and `evidence` say why the record was
    taken for this film; without them an id said so.
    """

    __tablename__ = "source_records"
    __table_args__ = (
        CheckConstraint("entity IN ('movie', 'person', 'company')", name="entity"),
        UniqueConstraint("entity", "source", "source_id"),
        _IDS_FOR_EVER,
    )
    record_id: Mapped[Id]
    entity: Mapped[str] = mapped_column(String(20))
    movie_id: Mapped[int | None] = mapped_column(ForeignKey("movies.movie_id", ondelete="CASCADE"), index=True)
    source: Mapped[Str50]
    source_id: Mapped[Str255]
    url: Mapped[LongUrl]
    retrieved_at: Mapped[Moment]
    licence: Mapped[Str255]
    language: Mapped[str | None] = mapped_column(String(3))
    probability: Mapped[float | None] = mapped_column(Float)
    evidence: Mapped[list[Any] | None]
    record: Mapped[dict[str, Any]]


class SourceRecordIdRow(Stamped, Base):
    """Which records speak of which id: what finds the records of a film, person or company, whatever id it comes by.

    Not unique, unlike `external_ids`: two records may contradict. The namespace `entry` ties the records that one
    entry of a gallery (by its key) was linked to.
    """

    __tablename__ = "source_record_ids"
    __table_args__ = (
        PrimaryKeyConstraint("entity", "value", "namespace", "record_id"),
        Index(None, "record_id"),
        {"sqlite_with_rowid": False},
    )
    entity: Mapped[str] = mapped_column(String(20))
    namespace: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(300))
    record_id: Mapped[int] = mapped_column(ForeignKey("source_records.record_id", ondelete="CASCADE"))


class SourceOutcomeRow(Stamped, Base):
    """What became of asking one source for one film, last time: nothing found is another fact than blocked."""

    __tablename__ = "source_outcomes"
    movie_id: Mapped[MovieKey]
    source: Mapped[Str50] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    run: Mapped[str] = mapped_column(String(64))


class FieldProvenanceRow(Stamped, Base):
    """Where the value of one field of a film comes from; `beaten` lists the values it beat, with their sources."""

    __tablename__ = "field_provenance"
    movie_id: Mapped[MovieKey]
    field: Mapped[Str50] = mapped_column(primary_key=True)
    source: Mapped[Str255]
    source_id: Mapped[Str255]
    url: Mapped[LongUrl]
    retrieved_at: Mapped[Moment]
    licence: Mapped[Str255]
    beaten: Mapped[list[Any]]


class GalleryRow(Stamped, Base):
    """A page of films, by its address; the counts are those of its last listing."""

    __tablename__ = "galleries"
    __table_args__ = _IDS_FOR_EVER
    gallery_id: Mapped[Id]
    gallery: Mapped[LongUrl] = mapped_column(unique=True)
    provider: Mapped[Str255 | None]
    country: Mapped[Country | None]
    declared: Mapped[int | None]
    found: Mapped[int | None]
    slices: Mapped[list[Any] | None]
    door: Mapped[Str255 | None]
    note: Mapped[LongText | None]
    listed_at: Mapped[Moment | None]


class GalleryEntryRow(Stamped, Base):
    """One film's place in one gallery; `entry` is the contract's MovieListEntry as JSON.

    `left_at` is the first whole listing that no longer has it.
    """

    __tablename__ = "gallery_entries"
    gallery_id: Mapped[int] = mapped_column(
        ForeignKey("galleries.gallery_id", ondelete="CASCADE"), primary_key=True, sort_order=-1
    )
    key: Mapped[str] = mapped_column(String(300), primary_key=True, index=True)
    position: Mapped[int]
    movie_id: Mapped[int | None] = mapped_column(ForeignKey("movies.movie_id", ondelete="SET NULL"), index=True)
    entry: Mapped[dict[str, Any] | None]
    first_seen: Mapped[Moment]
    last_seen: Mapped[Moment]
    left_at: Mapped[Moment | None]


class ChangeRow(Stamped, Base):
    """What is otherwise than it was: because a source told something new of a film, or a gallery of its films.

    `field` is one of the golden record, `offers`, or `gallery`; `old` is absent for what came, `new` for what left.
    Values are as the contract writes them: credits, companies and ratings as objects, sums as amount and currency. A
    rating that `counts` is the film's own. Changes of older versions have less: credits without ids and billing, or as
    `{"text": …}` where it can't be read which part is the role; ratings as scores by rater, without the film's own.
    Some rows are no news, and are kept so that the film can be shown as it was: counts of votes, and offers' terms.
    `source` is whose word it is: a source, or a gallery by its address. What comes of our own judgement is none.
    """

    __tablename__ = "changes"
    __table_args__ = _IDS_FOR_EVER
    change_id: Mapped[Id]
    movie_id: Mapped[int | None] = mapped_column(ForeignKey("movies.movie_id", ondelete="CASCADE"), index=True)
    entry_key: Mapped[str | None] = mapped_column(String(300))
    field: Mapped[Str50]
    old: Mapped[Any | None]
    new: Mapped[Any | None]
    source: Mapped[LongUrl]
    at: Mapped[Moment] = mapped_column(index=True)


class ReviewRow(Stamped, Base):
    """A pair that a person shall judge; `item` is the contract's ReviewItem as JSON.

    The question is whether the entry `entry_key` is the film of the item's candidate record or, if `other_key` names
    one, the film of another entry. `settled` are those that a later run answered by itself.
    """

    __tablename__ = "review_queue"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'decided', 'settled')", name="status"),
        _IDS_FOR_EVER,
    )
    review_id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(1000), unique=True)
    movie_id: Mapped[int | None] = mapped_column(ForeignKey("movies.movie_id", ondelete="CASCADE"), index=True)
    entry_key: Mapped[str | None] = mapped_column(String(300), index=True)
    other_key: Mapped[str | None] = mapped_column(String(300), index=True)
    probability: Mapped[float] = mapped_column(Float, index=True)
    status: Mapped[str] = mapped_column(String(20), server_default="open")
    item: Mapped[dict[str, Any]]


class DecisionRow(Stamped, Base):
    """What a person decided of a pair: a fact that no re-run overwrites. `key` is the pair's in the review queue.

    The pair is the entry `entry_key` and the record (`source`, `source_id`), or that entry and the entry `other_key`.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("verdict IN ('same', 'different')", name="verdict"),
        _IDS_FOR_EVER,
    )
    decision_id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(1000), unique=True)
    verdict: Mapped[str] = mapped_column(String(20))
    entry_key: Mapped[str | None] = mapped_column(String(300), index=True)
    other_key: Mapped[str | None] = mapped_column(String(300), index=True)
    source: Mapped[Str50 | None]
    source_id: Mapped[Str255 | None]
    note: Mapped[LongText | None]
    decided_by: Mapped[Str255 | None]
    decided_at: Mapped[Moment]


class RejectedItemRow(Stamped, Base):
    """A message that broke the contract, word for word, where it stood in the log, and why."""

    __tablename__ = "rejected_items"
    __table_args__ = (Index(None, "segment", "position", unique=True), _IDS_FOR_EVER)
    rejected_id: Mapped[Id]
    segment: Mapped[Str255]
    position: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[LongText]
    raw: Mapped[LongText]


class IngestProgressRow(Stamped, Base):
    """How many bytes of a segment of a log are in the database.

    `segment` is the log's name (see `contract/log_id.py`), a colon, and the segment's path within the data folder. The
    path alone is what versions before logs had names wrote.
    """

    __tablename__ = "ingest_progress"
    segment: Mapped[Str255] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class RunRow(Stamped, Base):
    """One run of the crawler; `sources` counts requests, outcomes and fields by source.

    `coverage` is how full the whole database was when the run was reported on. `languages` are those in which it asked
    for texts, best first: those of the newest run are the database's.
    """

    __tablename__ = "runs"
    run: Mapped[str] = mapped_column(String(64), primary_key=True)
    gallery: Mapped[LongUrl]
    film_limit: Mapped[int | None]
    started_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    movies: Mapped[int | None]
    sources: Mapped[dict[str, Any] | None]
    coverage: Mapped[dict[str, Any] | None]
    languages: Mapped[list[Any] | None]


class BuildRow(Stamped, Base):
    """A build that the API was asked for. Its crawler calls its run `run`: what became of it stands in `runs`.

    `languages` are those in which texts are asked for, best first; None: those of the crawler's settings. `reason` says
    why the build failed.
    """

    __tablename__ = "builds"
    __table_args__ = _IDS_FOR_EVER
    build_id: Mapped[Id]
    run: Mapped[str] = mapped_column(String(64), unique=True)
    gallery: Mapped[LongUrl]
    film_limit: Mapped[int | None]
    languages: Mapped[list[Any] | None]
    asked_at: Mapped[Moment]
    cancelled_at: Mapped[Moment | None]
    failed_at: Mapped[Moment | None]
    reason: Mapped[LongText | None]


class ApiKeyRow(Stamped, Base):
    """Who may write by the API: of a key, its SHA-256 in hexadecimal digits is kept."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("scope IN ('read', 'write', 'admin')", name="scope"), _IDS_FOR_EVER)
    key_id: Mapped[Id]
    name: Mapped[Str255] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(10))
    revoked_at: Mapped[Moment | None]
