"""Add the rating system of a movie's certification."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("movies", sa.Column("age_rating_system", sa.String(50)))


def downgrade() -> None:
    op.drop_column("movies", "age_rating_system")
