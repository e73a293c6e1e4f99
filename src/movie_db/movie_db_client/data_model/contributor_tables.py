"""Tables of people and companies, by role, and of their credits in movies."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from movie_db.movie_db_client.data_model.columns import (
    NEVER_REUSE_IDS,
    Base,
    CompanyColumns,
    Id,
    Moment,
    MovieId,
    MovieKey,
    Person,
    Stamped,
    Str50,
    Str255,
)


class DirectorRow(Person, Base):
    __tablename__ = "directors"
    __table_args__ = NEVER_REUSE_IDS
    director_id: Mapped[Id]


class WriterRow(Person, Base):
    __tablename__ = "writers"
    __table_args__ = NEVER_REUSE_IDS
    writer_id: Mapped[Id]


class ActorRow(Person, Base):
    __tablename__ = "actors"
    __table_args__ = NEVER_REUSE_IDS
    actor_id: Mapped[Id]


class StudioRow(CompanyColumns, Base):
    """`founded` is set only if the day is known, otherwise `founded_year` alone."""

    __tablename__ = "studios"
    __table_args__ = NEVER_REUSE_IDS
    studio_id: Mapped[Id]
    founded: Mapped[date | None]
    founded_year: Mapped[int | None]


class DistributorRow(CompanyColumns, Base):
    __tablename__ = "distributors"
    __table_args__ = NEVER_REUSE_IDS
    distributor_id: Mapped[Id]


class CastMemberRow(Stamped, Base):
    """One role of one actor. `role` is '' if unknown; `billing_order` counts from 1."""

    __tablename__ = "cast"
    __table_args__ = NEVER_REUSE_IDS
    cast_id: Mapped[Id]
    movie_id: Mapped[MovieId] = mapped_column(index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actors.actor_id", ondelete="CASCADE"), index=True)
    role: Mapped[Str255]
    billing_order: Mapped[int | None]


class MovieDirectorRow(Stamped, Base):
    __tablename__ = "movie_directors"
    movie_id: Mapped[MovieKey]
    director_id: Mapped[int] = mapped_column(
        ForeignKey("directors.director_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class MovieWriterRow(Stamped, Base):
    __tablename__ = "movie_writers"
    movie_id: Mapped[MovieKey]
    writer_id: Mapped[int] = mapped_column(
        ForeignKey("writers.writer_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class MovieStudioRow(Stamped, Base):
    __tablename__ = "movie_studios"
    movie_id: Mapped[MovieKey]
    studio_id: Mapped[int] = mapped_column(
        ForeignKey("studios.studio_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class MovieDistributorRow(Stamped, Base):
    __tablename__ = "movie_distributors"
    movie_id: Mapped[MovieKey]
    distributor_id: Mapped[int] = mapped_column(
        ForeignKey("distributors.distributor_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class ContributorPinRow(Stamped, Base):
    """A field of a person, company or genre with the value that a person set. No refresh changes it.

    `entity` names the table and `entity_id` the row in it, so there is no foreign key. `told` is the value from the
    sources. It returns when the pin is deleted, and credits find a renamed row by it.
    """

    __tablename__ = "party_pins"
    __table_args__ = (
        CheckConstraint("entity IN ('director', 'writer', 'actor', 'studio', 'distributor', 'genre')", name="entity"),
    )
    entity: Mapped[str] = mapped_column(String(20), primary_key=True)
    entity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[Str50] = mapped_column(primary_key=True)
    value: Mapped[Any | None]
    told: Mapped[Any | None]
    pinned_at: Mapped[Moment]
