"""Add pins on people, companies and genres."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party_pins",
        sa.Column("entity", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("field", sa.String(50), nullable=False),
        sa.Column("value", _json()),
        sa.Column("told", _json()),
        sa.Column("pinned_at", sa.TIMESTAMP, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "entity_id", "field", name="pk_party_pins"),
        sa.CheckConstraint(
            "entity IN ('director', 'writer', 'actor', 'studio', 'distributor', 'genre')", name="ck_party_pins_entity"
        ),
    )


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def downgrade() -> None:
    op.drop_table("party_pins")
