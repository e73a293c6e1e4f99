"""Building blocks of the tables: the base class, shared columns, and types that work the same on both databases."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from sqlalchemy import JSON, TIMESTAMP, Date, Dialect, ForeignKey, Integer, MetaData, String, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A time: timezone-aware in Python, stored as TIMESTAMP in UTC, because SQLite has no time zones."""

    impl = TIMESTAMP
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: give it one, such as UTC")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


AnyJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Bytewise = String(64).with_variant(String(64, collation="C"), "postgresql")
"""Text that sorts by code point, so that an index finds words by prefix."""

NEVER_REUSE_IDS: Final = {"sqlite_autoincrement": True}
"""Table argument that keeps SQLite from reusing the ids of deleted rows."""
Id = Annotated[int, mapped_column(primary_key=True, autoincrement=True, sort_order=-2)]
MovieId = Annotated[int, mapped_column(ForeignKey("movies.movie_id", ondelete="CASCADE"), sort_order=-1)]
MovieKey = Annotated[
    int, mapped_column(ForeignKey("movies.movie_id", ondelete="CASCADE"), primary_key=True, sort_order=-1)
]
Str255 = Annotated[str, mapped_column(String(255))]
Str50 = Annotated[str, mapped_column(String(50))]
Url255 = Annotated[str, mapped_column(String(255))]
LongUrl = Annotated[str, mapped_column(String(2000))]
LongText = Annotated[str, mapped_column(Text)]
Country = Annotated[str, mapped_column(String(2))]
Currency = Annotated[str, mapped_column(String(3))]
Moment = Annotated[datetime, mapped_column(UtcTime)]


class Base(DeclarativeBase):
    """The base of all tables. Ids are never reused, even after their row is deleted."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        int: Integer,
        date: Date,
        datetime: TIMESTAMP,
        dict[str, Any]: AnyJson,
        list[Any]: AnyJson,
        Any: AnyJson,
    }


class Stamped:
    """When a row was created and last changed, by the database's clock, in UTC."""

    created_at: Mapped[datetime] = mapped_column(TIMESTAMP, server_default=func.now(), sort_order=998)
    updated_at: Mapped[datetime] = mapped_column(
        TIMESTAMP, server_default=func.now(), onupdate=func.now(), sort_order=999
    )


class Person(Stamped):
    """A person in one role; who directs and acts has a row in both tables. `dob` is set only if the day is known."""

    name: Mapped[Str255] = mapped_column(index=True)
    dob: Mapped[date | None]
    bio: Mapped[LongText | None]
    nationality: Mapped[Str50 | None]
    birth_year: Mapped[int | None]
    death_date: Mapped[date | None]
    death_year: Mapped[int | None]


class CompanyColumns(Stamped):
    """Columns that studios and distributors share."""

    name: Mapped[Str255] = mapped_column(index=True)
    location: Mapped[Str255 | None]
