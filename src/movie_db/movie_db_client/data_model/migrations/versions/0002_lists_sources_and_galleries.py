"""Add lists of contributors, countries, languages and titles; source records, galleries, offers and decisions."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PEOPLE: dict[str, sa.types.TypeEngine[Any]] = {
    "birth_year": sa.Integer(),
    "death_date": sa.Date(),
    "death_year": sa.Integer(),
}
_NEW_COLUMNS: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "directors": _PEOPLE,
    "writers": _PEOPLE,
    "actors": _PEOPLE,
    "studios": {"founded_year": sa.Integer()},
    "movies": {
        "release_year": sa.Integer(),
        "release_month": sa.Integer(),
        "release_date_precision": sa.String(5),
        "budget_currency": sa.String(3),
        "box_office_currency": sa.String(3),
    },
    "ratings": {"votes": sa.Integer(), "original": sa.String(255)},
    "movie_genres": {"position": sa.Integer()},
}
_INDEXES_ON_OLD_TABLES = {
    "directors": ["name"],
    "writers": ["name"],
    "actors": ["name"],
    "studios": ["name"],
    "distributors": ["name"],
    "movies": [
        "title",
        "release_year",
        "imdb_id",
        "tmdb_id",
        "director_id",
        "writer_id",
        "studio_id",
        "distributor_id",
    ],
    "cast": ["movie_id", "actor_id"],
    "movie_genres": ["genre_id"],
}
_NEW_TABLES = (
    "movie_directors",
    "movie_writers",
    "movie_studios",
    "movie_distributors",
    "movie_countries",
    "movie_languages",
    "alternative_titles",
    "external_ids",
    "offers",
    "movie_redirects",
    "pins",
    "source_records",
    "source_record_ids",
    "source_outcomes",
    "field_provenance",
    "galleries",
    "gallery_entries",
    "review_queue",
    "decisions",
    "rejected_items",
    "ingest_progress",
    "runs",
)


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(JSONB(), "postgresql")


def _new(table: str, *columns: sa.schema.SchemaItem, key: tuple[str, ...], numbered: bool = False) -> None:
    op.create_table(
        table,
        *columns,
        sa.Column("created_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
        sqlite_autoincrement=numbered,
    )


def _required(name: str, kind: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=True)


def _foreign(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{column}"], name=f"fk_{table}_{column}_{other}", ondelete=ondelete
    )


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=unique)


def upgrade() -> None:
    for table, columns in _NEW_COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    for table, names in _INDEXES_ON_OLD_TABLES.items():
        for name in names:
            _index(table, name)
    _index("genres", "name", unique=True)
    _index("ratings", "movie_id", "source", unique=True)
    _lists_of_a_film()
    _create_source_tables()
    _galleries_and_runs()
    _what_a_person_decided()


def _lists_of_a_film() -> None:
    for other in "director", "writer", "studio", "distributor":
        table, column = f"movie_{other}s", f"{other}_id"
        _new(
            table,
            _required("movie_id", sa.Integer),
            _required(column, sa.Integer),
            _required("position", sa.Integer),
            _foreign(table, "movie_id", "movies"),
            _foreign(table, column, f"{other}s"),
            key=("movie_id", column),
        )
        _index(table, column)
    for table, column, length in (
        ("movie_countries", "country", 2),
        ("movie_languages", "language", 3),
        ("alternative_titles", "title", 255),
    ):
        _new(
            table,
            _required("movie_id", sa.Integer),
            _required(column, sa.String(length)),
            _required("position", sa.Integer),
            _foreign(table, "movie_id", "movies"),
            key=("movie_id", column),
        )
    _index("alternative_titles", "title")
    _new(
        "external_ids",
        _required("entity", sa.String(20)),
        _required("namespace", sa.String(20)),
        _required("value", sa.String(255)),
        _required("entity_id", sa.Integer),
        sa.CheckConstraint(
            "entity IN ('movie', 'director', 'writer', 'actor', 'studio', 'distributor')",
            name=op.f("ck_external_ids_entity"),
        ),
        key=("entity", "namespace", "value"),
    )
    _index("external_ids", "entity", "entity_id")
    _index("external_ids", "value")
    _new(
        "offers",
        _number("offer_id"),
        _required("movie_id", sa.Integer),
        _required("source", sa.String(255)),
        _required("provider", sa.String(255)),
        _required("country", sa.String(2)),
        _required("kind", sa.String(30)),
        sa.Column("presentation", sa.String(20)),
        sa.Column("price", sa.Numeric(15, 2)),
        sa.Column("currency", sa.String(3)),
        sa.Column("url", sa.String(2000)),
        sa.Column("available_to", sa.String(10)),
        _required("first_seen", sa.TIMESTAMP),
        _required("last_seen", sa.TIMESTAMP),
        sa.Column("left_at", sa.TIMESTAMP),
        _foreign("offers", "movie_id", "movies"),
        key=("offer_id",),
        numbered=True,
    )
    _index("offers", "movie_id")
    _index("offers", "provider", "country", "left_at")
    _new(
        "movie_redirects",
        _required("old_movie_id", sa.Integer),
        _required("movie_id", sa.Integer),
        _foreign("movie_redirects", "movie_id", "movies"),
        key=("old_movie_id",),
    )
    _index("movie_redirects", "movie_id")


def _create_source_tables() -> None:
    _new(
        "source_records",
        _number("record_id"),
        _required("entity", sa.String(20)),
        sa.Column("movie_id", sa.Integer),
        _required("source", sa.String(50)),
        _required("source_id", sa.String(255)),
        _required("url", sa.String(2000)),
        _required("retrieved_at", sa.TIMESTAMP),
        _required("licence", sa.String(255)),
        sa.Column("language", sa.String(3)),
        sa.Column("probability", sa.Float),
        sa.Column("evidence", _json()),
        _required("record", _json()),
        sa.CheckConstraint("entity IN ('movie', 'person', 'company')", name=op.f("ck_source_records_entity")),
        sa.UniqueConstraint("entity", "source", "source_id", name="uq_source_records_entity_source_source_id"),
        _foreign("source_records", "movie_id", "movies"),
        key=("record_id",),
        numbered=True,
    )
    _index("source_records", "movie_id")
    _new(
        "source_record_ids",
        _required("entity", sa.String(20)),
        _required("namespace", sa.String(20)),
        _required("value", sa.String(300)),
        _required("record_id", sa.Integer),
        _foreign("source_record_ids", "record_id", "source_records"),
        key=("entity", "namespace", "value", "record_id"),
    )
    _index("source_record_ids", "record_id")
    _new(
        "source_outcomes",
        _required("movie_id", sa.Integer),
        _required("source", sa.String(50)),
        _required("outcome", sa.String(20)),
        _required("run", sa.String(64)),
        _foreign("source_outcomes", "movie_id", "movies"),
        key=("movie_id", "source"),
    )
    _new(
        "field_provenance",
        _required("movie_id", sa.Integer),
        _required("field", sa.String(50)),
        _required("source", sa.String(255)),
        _required("source_id", sa.String(255)),
        _required("url", sa.String(2000)),
        _required("retrieved_at", sa.TIMESTAMP),
        _required("licence", sa.String(255)),
        _required("beaten", _json()),
        _foreign("field_provenance", "movie_id", "movies"),
        key=("movie_id", "field"),
    )


def _galleries_and_runs() -> None:
    _new(
        "galleries",
        _number("gallery_id"),
        _required("gallery", sa.String(2000)),
        sa.Column("provider", sa.String(255)),
        sa.Column("country", sa.String(2)),
        sa.Column("declared", sa.Integer),
        sa.Column("found", sa.Integer),
        sa.Column("slices", _json()),
        sa.Column("door", sa.String(255)),
        sa.Column("note", sa.Text),
        sa.Column("listed_at", sa.TIMESTAMP),
        sa.UniqueConstraint("gallery", name="uq_galleries_gallery"),
        key=("gallery_id",),
        numbered=True,
    )
    _new(
        "gallery_entries",
        _required("gallery_id", sa.Integer),
        _required("key", sa.String(300)),
        _required("position", sa.Integer),
        sa.Column("movie_id", sa.Integer),
        sa.Column("entry", _json()),
        _required("first_seen", sa.TIMESTAMP),
        _required("last_seen", sa.TIMESTAMP),
        _foreign("gallery_entries", "gallery_id", "galleries"),
        _foreign("gallery_entries", "movie_id", "movies", "SET NULL"),
        key=("gallery_id", "key"),
    )
    _index("gallery_entries", "movie_id")
    _new(
        "rejected_items",
        _number("rejected_id"),
        _required("segment", sa.String(255)),
        _required("position", sa.BigInteger),
        _required("reason", sa.Text),
        _required("raw", sa.Text),
        key=("rejected_id",),
        numbered=True,
    )
    _index("rejected_items", "segment", "position", unique=True)
    _new(
        "ingest_progress",
        _required("segment", sa.String(255)),
        _required("position", sa.BigInteger),
        key=("segment",),
    )
    _new(
        "runs",
        _required("run", sa.String(64)),
        _required("gallery", sa.String(2000)),
        sa.Column("film_limit", sa.Integer),
        _required("started_at", sa.TIMESTAMP),
        sa.Column("finished_at", sa.TIMESTAMP),
        sa.Column("movies", sa.Integer),
        sa.Column("sources", _json()),
        key=("run",),
    )


def _what_a_person_decided() -> None:
    _new(
        "review_queue",
        _number("review_id"),
        _required("key", sa.String(1000)),
        sa.Column("movie_id", sa.Integer),
        _required("probability", sa.Float),
        sa.Column("status", sa.String(20), server_default="open", nullable=False),
        _required("item", _json()),
        sa.CheckConstraint("status IN ('open', 'decided', 'settled')", name=op.f("ck_review_queue_status")),
        sa.UniqueConstraint("key", name="uq_review_queue_key"),
        _foreign("review_queue", "movie_id", "movies"),
        key=("review_id",),
        numbered=True,
    )
    _index("review_queue", "movie_id")
    _index("review_queue", "probability")
    _new(
        "decisions",
        _number("decision_id"),
        _required("key", sa.String(1000)),
        _required("verdict", sa.String(20)),
        sa.Column("entry_key", sa.String(300)),
        sa.Column("source", sa.String(50)),
        sa.Column("source_id", sa.String(255)),
        sa.Column("note", sa.Text),
        _required("decided_at", sa.TIMESTAMP),
        sa.CheckConstraint("verdict IN ('same', 'different')", name=op.f("ck_decisions_verdict")),
        sa.UniqueConstraint("key", name="uq_decisions_key"),
        key=("decision_id",),
        numbered=True,
    )
    _index("decisions", "entry_key")
    _new(
        "pins",
        _required("movie_id", sa.Integer),
        _required("field", sa.String(50)),
        sa.Column("value", _json()),
        sa.Column("note", sa.Text),
        _required("pinned_at", sa.TIMESTAMP),
        _foreign("pins", "movie_id", "movies"),
        key=("movie_id", "field"),
    )


def downgrade() -> None:
    for table in reversed(_NEW_TABLES):
        op.drop_table(table)
    op.drop_index("ix_ratings_movie_id_source", "ratings")
    op.drop_index("ix_genres_name", "genres")
    for table, names in _INDEXES_ON_OLD_TABLES.items():
        for name in names:
            op.drop_index(f"ix_{table}_{name}", table)
    for table, columns in _NEW_COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
