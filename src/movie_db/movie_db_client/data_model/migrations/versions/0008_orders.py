"""Add indexes for the sort orders of movies, so that a late page is as fast as the first."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = ("release_year", "runtime", "rating", "rating_count")


def upgrade() -> None:
    for column in _COLUMNS:
        op.create_index(f"ix_movies_{column}_movie_id", "movies", [column, "movie_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('CREATE INDEX ix_movies_title_bytewise ON movies (title COLLATE "C", movie_id)')


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_movies_title_bytewise", "movies")
    for column in _COLUMNS:
        op.drop_index(f"ix_movies_{column}_movie_id", "movies")
