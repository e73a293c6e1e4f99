"""Add changes, and when entries left their galleries."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gallery_entries", sa.Column("left_at", sa.TIMESTAMP))
    op.create_table(
        "changes",
        sa.Column("change_id", sa.Integer, nullable=False),
        sa.Column("movie_id", sa.Integer),
        sa.Column("entry_key", sa.String(300)),
        sa.Column("field", sa.String(50), nullable=False),
        sa.Column("old", _json()),
        sa.Column("new", _json()),
        sa.Column("source", sa.String(2000), nullable=False),
        sa.Column("at", sa.TIMESTAMP, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name="pk_changes"),
        sa.ForeignKeyConstraint(
            ["movie_id"], ["movies.movie_id"], ondelete="CASCADE", name="fk_changes_movie_id_movies"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_movie_id", "changes", ["movie_id"])
    op.create_index("ix_changes_at", "changes", ["at"])


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(JSONB(), "postgresql")


def downgrade() -> None:
    op.drop_table("changes")
    op.drop_column("gallery_entries", "left_at")
