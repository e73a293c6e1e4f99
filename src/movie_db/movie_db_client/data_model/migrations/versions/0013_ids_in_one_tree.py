"""Store ids once, in the order of look-ups: the primary key finds them with and without a namespace.

An index for that costs as much as the table itself, and a movie has forty ids. SQLite stores the rows in the key.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ENTITIES = ("movie", "director", "writer", "actor", "studio", "distributor")


def _columns(length: int, last: sa.Column[int], *keys: sa.Constraint) -> list[SchemaItem]:
    def moment(name: str) -> sa.Column[object]:
        return sa.Column(name, sa.TIMESTAMP, server_default=sa.func.now(), nullable=False)

    return [
        sa.Column("entity", sa.String(20), nullable=False),
        sa.Column("namespace", sa.String(20), nullable=False),
        sa.Column("value", sa.String(length), nullable=False),
        last,
        *(moment("created_at"), moment("updated_at")),
        *keys,
    ]


def _external_ids(key: tuple[str, ...], check: str) -> list[SchemaItem]:
    return _columns(
        255,
        sa.Column("entity_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(*key, name="pk_external_ids"),
        sa.CheckConstraint(check, name=op.f("ck_external_ids_entity")),
    )


def _source_record_ids(key: tuple[str, ...]) -> list[SchemaItem]:
    return _columns(
        300,
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(*key, name="pk_source_record_ids"),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_records.record_id"],
            name="fk_source_record_ids_record_id_source_records",
            ondelete="CASCADE",
        ),
    )


def _rebuilt(table: str, columns: list[SchemaItem], with_rowid: bool) -> None:
    """Recreates an SQLite table with its rows. No other table refers to it."""
    op.rename_table(table, "before")
    op.create_table(table, *columns, sqlite_with_rowid=with_rowid)
    names = ", ".join(column.name for column in columns if isinstance(column, sa.Column))
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM before")  # noqa: S608  # names of our own
    op.drop_table("before")


def _rekeyed(table: str, key: tuple[str, ...]) -> None:
    op.drop_constraint(f"pk_{table}", table, type_="primary")
    op.create_primary_key(f"pk_{table}", table, list(key))


def _arranged(key: tuple[str, ...], check: str, *, with_rowid: bool) -> None:
    """Sets the key of both tables, followed by the columns that make it unique."""
    if op.get_bind().dialect.name != "sqlite":
        _rekeyed("external_ids", key)
        _rekeyed("source_record_ids", (*key, "record_id"))
        return
    op.drop_index("ix_external_ids_entity_entity_id", "external_ids")
    op.drop_index("ix_source_record_ids_record_id", "source_record_ids")
    _rebuilt("external_ids", _external_ids(key, check), with_rowid=with_rowid)
    _rebuilt("source_record_ids", _source_record_ids((*key, "record_id")), with_rowid=with_rowid)
    op.create_index("ix_external_ids_entity_entity_id", "external_ids", ["entity", "entity_id"])
    op.create_index("ix_source_record_ids_record_id", "source_record_ids", ["record_id"])


def upgrade() -> None:
    op.drop_index("ix_external_ids_entity_value", "external_ids")
    op.drop_index("ix_source_record_ids_entity_value", "source_record_ids")
    check = " OR ".join(f"entity = '{entity}'" for entity in _ENTITIES)
    _arranged(("entity", "value", "namespace"), check, with_rowid=False)


def downgrade() -> None:
    _arranged(("entity", "namespace", "value"), f"entity IN {_ENTITIES}", with_rowid=True)
    op.create_index(
        "ix_source_record_ids_entity_value", "source_record_ids", ["entity", "value", "namespace", "record_id"]
    )
    op.create_index("ix_external_ids_entity_value", "external_ids", ["entity", "value"])
