"""Add full-text search, and index existing movies."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from movie_db.movie_db_client.data_model.search_index import fill

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WORDS = "array_remove(string_to_array(titles || ' ' || people || ' ' || plot, ' '), '')"
_FTS = """CREATE VIRTUAL TABLE movie_fts USING fts5(
    titles, people, plot, content='movie_search', content_rowid='movie_id', detail='column', columnsize=0,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
)"""
_OLD = """INSERT INTO movie_fts(movie_fts, rowid, titles, people, plot)
    VALUES ('delete', old.movie_id, old.titles, old.people, old.plot);"""
_NEW = "INSERT INTO movie_fts(rowid, titles, people, plot) VALUES (new.movie_id, new.titles, new.people, new.plot);"
_TRIGGERS = {"INSERT": _NEW, "DELETE": _OLD, "UPDATE": _OLD + _NEW}


def upgrade() -> None:
    op.create_table(
        "movie_search",
        sa.Column("movie_id", sa.Integer, nullable=False),
        sa.Column("titles", sa.Text, nullable=False),
        sa.Column("people", sa.Text, nullable=False),
        sa.Column("plot", sa.Text, nullable=False),
        *_stamps(),
        sa.PrimaryKeyConstraint("movie_id", name="pk_movie_search"),
        sa.ForeignKeyConstraint(
            ["movie_id"], ["movies.movie_id"], ondelete="CASCADE", name="fk_movie_search_movie_id_movies"
        ),
    )
    bytewise = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
    op.create_table(
        "search_words",
        sa.Column("word", bytewise, nullable=False),
        sa.Column("backwards", bytewise, nullable=False),
        *_stamps(),
        sa.PrimaryKeyConstraint("word", name="pk_search_words"),
    )
    op.create_index("ix_search_words_backwards", "search_words", ["backwards"])
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        fill(connection)
        op.execute(f"CREATE INDEX ix_movie_search_words ON movie_search USING gin (array_to_tsvector({_WORDS}))")
        return
    op.execute(_FTS)
    for event, does in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER movie_fts_{event.lower()} AFTER {event} ON movie_search BEGIN {does} END")
    fill(connection)


def _stamps() -> list[sa.Column[Any]]:
    return [
        sa.Column(name, sa.TIMESTAMP, server_default=sa.func.now(), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE movie_fts")
    op.drop_table("search_words")
    op.drop_table("movie_search")
