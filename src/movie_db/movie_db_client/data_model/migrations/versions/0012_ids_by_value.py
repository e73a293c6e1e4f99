"""Find ids by entity and value, and entries by key, without reading every row of a kind."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_external_ids_entity_value", "external_ids", ["entity", "value"])
    op.create_index(
        "ix_source_record_ids_entity_value", "source_record_ids", ["entity", "value", "namespace", "record_id"]
    )
    op.create_index("ix_gallery_entries_key", "gallery_entries", ["key"])
    op.drop_index("ix_external_ids_value", "external_ids")


def downgrade() -> None:
    op.create_index("ix_external_ids_value", "external_ids", ["value"])
    op.drop_index("ix_gallery_entries_key", "gallery_entries")
    op.drop_index("ix_source_record_ids_entity_value", "source_record_ids")
    op.drop_index("ix_external_ids_entity_value", "external_ids")
