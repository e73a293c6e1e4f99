"""Add decisions on pairs of movies, and find reviews by entry and movies by title."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from movie_db.stitching.names import fold_title

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PAIR = "ids:"
"""Former prefix of the keys of questions on two movies."""
_ADDED: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "review_queue": {"entry_key": sa.String(300), "other_key": sa.String(300)},
    "decisions": {"other_key": sa.String(300), "decided_by": sa.String(255)},
}
_INDEXED = (("review_queue", "entry_key"), ("review_queue", "other_key"), ("decisions", "other_key"))


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    for table, name in _INDEXED:
        op.create_index(f"ix_{table}_{name}", table, [name])
    op.create_table(
        "title_keys",
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("movie_id", sa.Integer, nullable=False),
        sa.Column("first_year", sa.Integer),
        sa.Column("last_year", sa.Integer),
        sa.Column("united", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("title", "movie_id", name="pk_title_keys"),
        sa.ForeignKeyConstraint(
            ["movie_id"], ["movies.movie_id"], ondelete="CASCADE", name="fk_title_keys_movie_id_movies"
        ),
    )
    op.create_index("ix_title_keys_movie_id", "title_keys", ["movie_id"])
    queue = _queue()
    for number, key, item in op.get_bind().execute(sa.select(queue.c.review_id, queue.c.key, queue.c.item)).all():
        pair = key.startswith(_PAIR)
        values = {"entry_key": item["entry"]["key"], "key": key.removeprefix(_PAIR)}
        values["other_key"] = key.rpartition(" | ")[2] if pair else None
        op.execute(queue.update().where(queue.c.review_id == number).values(values))
    _fold_titles()


def _fold_titles() -> None:
    """Fills title_keys for existing movies. A movie's next record replaces its rows."""
    titles = op.get_bind().execute(
        sa.text(
            "SELECT movie_id, title, release_year FROM movies UNION SELECT movie_id, original_title, release_year "
            "FROM movies UNION SELECT a.movie_id, a.title, m.release_year FROM alternative_titles a "
            "JOIN movies m ON m.movie_id = a.movie_id"
        )
    )
    keys = {(fold_title(title)[:300], number): year for number, title, year in titles if title}
    table = sa.table("title_keys", *map(sa.column, ("title", "movie_id", "first_year", "last_year", "united")))
    op.bulk_insert(
        table,
        [
            {"title": title, "movie_id": number, "first_year": year, "last_year": year, "united": False}
            for (title, number), year in keys.items()
        ],
    )


def downgrade() -> None:
    queue = _queue()
    op.execute(queue.update().where(queue.c.other_key.is_not(None)).values(key=_PAIR + queue.c.key))
    op.drop_table("title_keys")
    for table, name in reversed(_INDEXED):
        op.drop_index(f"ix_{table}_{name}", table)
    for table, columns in _ADDED.items():
        for name in reversed(columns):
            op.drop_column(table, name)


def _queue() -> sa.Table:
    return sa.Table(
        "review_queue",
        sa.MetaData(),
        sa.Column("review_id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(1000)),
        sa.Column("entry_key", sa.String(300)),
        sa.Column("other_key", sa.String(300)),
        sa.Column("item", sa.JSON),
    )
