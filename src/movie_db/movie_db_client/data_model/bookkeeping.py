"""Tables about how movies were gathered: source records, provenance, galleries, changes, reviews, decisions, runs."""

from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger

from movie_db.movie_db_client.data_model.columns import (
    NEVER_REUSE_IDS,
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


class SourceRecordRow(Stamped, Base):
    """What one source says about one movie, person or company. Movies are stitched from these records.

    `record` is the contract's SourceRecord (entity movie), PersonItem or CompanyItem as JSON. Records of people and
    companies have no movie_id; they belong to the rows that share their ids. `probability` and `evidence` explain why
    the record was matched to the movie; both are NULL if an id decided.
    """

    __tablename__ = "source_records"
    __table_args__ = (
        CheckConstraint("entity IN ('movie', 'person', 'company')", name="entity"),
        UniqueConstraint("entity", "source", "source_id"),
        NEVER_REUSE_IDS,
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
    """The ids in each record, by which the records of a movie, person or company are found.

    Unlike `external_ids`, it is not unique, because records may contradict each other. The namespace `entry` links
    records to gallery entries by key.
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
    """The latest outcome of requesting one source for one movie, such as `found`, `not_found` or `blocked`."""

    __tablename__ = "source_outcomes"
    movie_id: Mapped[MovieKey]
    source: Mapped[Str50] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    run: Mapped[str] = mapped_column(String(64))


class FieldProvenanceRow(Stamped, Base):
    """Where the value of one field comes from. `beaten` lists the values it won over, with their sources."""

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
    """A gallery, by its address. The counts are those of its last listing."""

    __tablename__ = "galleries"
    __table_args__ = NEVER_REUSE_IDS
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
    """A movie's entry in a gallery. `entry` is the contract's MovieListEntry as JSON.

    `left_at` is the time of the first complete listing without it.
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
    """A change: a source gave a new value for a movie, or a movie arrived in or left a gallery.

    `field` is a field of the golden record, `offers` or `gallery`. `old` is NULL for what arrived, `new` for what left.
    Values are JSON of the contract: credits, companies and ratings as objects, sums as amount and currency. The rating
    with `counts` is the movie's own. Changes written by older versions have less: credits without ids and billing, or
    `{"text": …}` where the role can't be told from the name; ratings as scores by rater, without the movie's own. Some
    rows are only for `as_of` and not shown as news: vote counts and terms of offers. `source` is the source, or the
    gallery's address. Changes in our own judgement are not recorded.
    """

    __tablename__ = "changes"
    __table_args__ = NEVER_REUSE_IDS
    change_id: Mapped[Id]
    movie_id: Mapped[int | None] = mapped_column(ForeignKey("movies.movie_id", ondelete="CASCADE"), index=True)
    entry_key: Mapped[str | None] = mapped_column(String(300))
    field: Mapped[Str50]
    old: Mapped[Any | None]
    new: Mapped[Any | None]
    source: Mapped[LongUrl]
    at: Mapped[Moment] = mapped_column(index=True)


class ReviewRow(Stamped, Base):
    """A pair to review. `item` is the contract's ReviewItem as JSON.

    The question is whether the entry `entry_key` is the movie of the item's candidate record or, if `other_key` is set,
    the movie of that entry. `settled` questions were answered by a later run.
    """

    __tablename__ = "review_queue"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'decided', 'settled')", name="status"),
        NEVER_REUSE_IDS,
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
    """A person's decision on a pair, which no later run overwrites. `key` is the pair's key in the review queue.

    The pair is the entry `entry_key` and the record (`source`, `source_id`), or two entries, `entry_key` and
    `other_key`.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("verdict IN ('same', 'different')", name="verdict"),
        NEVER_REUSE_IDS,
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
    """A message that violated the contract, verbatim, with its position in the log and the reason."""

    __tablename__ = "rejected_items"
    __table_args__ = (Index(None, "segment", "position", unique=True), NEVER_REUSE_IDS)
    rejected_id: Mapped[Id]
    segment: Mapped[Str255]
    position: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[LongText]
    raw: Mapped[LongText]


class IngestProgressRow(Stamped, Base):
    """How many bytes of a segment are ingested.

    `segment` is the log's name (see `contract/log_id.py`), a colon, and the segment's path within the data folder.
    Versions before logs had names stored the path alone.
    """

    __tablename__ = "ingest_progress"
    segment: Mapped[Str255] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class RunRow(Stamped, Base):
    """One run of the crawler. `sources` counts requests, outcomes and fields by source.

    `coverage` is that of the whole database when the run was reported. `languages` are the languages it requested texts
    in, best first; those of the newest run apply to the database.
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
    """A build requested through the API. `run` is the name of its run, whose progress is in `runs`.

    `languages` are the languages to request texts in, best first; NULL means those of the crawler's settings. `reason`
    says why the build failed.
    """

    __tablename__ = "builds"
    __table_args__ = NEVER_REUSE_IDS
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
    """A key of the API. Only its SHA-256 digest is stored, in hexadecimal."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("scope IN ('read', 'write', 'admin')", name="scope"), NEVER_REUSE_IDS)
    key_id: Mapped[Id]
    name: Mapped[Str255] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(10))
    revoked_at: Mapped[Moment | None]
