"""Add builds requested through the API."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "builds",
        sa.Column("build_id", sa.Integer, nullable=False),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("gallery", sa.String(2000), nullable=False),
        sa.Column("film_limit", sa.Integer),
        sa.Column("languages", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")),
        sa.Column("asked_at", sa.TIMESTAMP, nullable=False),
        sa.Column("cancelled_at", sa.TIMESTAMP),
        sa.Column("failed_at", sa.TIMESTAMP),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("build_id", name="pk_builds"),
        sa.UniqueConstraint("run", name="uq_builds_run"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("builds")
