"""Create movies, people, companies, ratings and genres."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _made(table: str, key: str, *columns: sa.schema.SchemaItem) -> None:
    """Creates a table with a numbered key and the times of creation and last change."""
    op.create_table(
        table,
        sa.Column(key, sa.Integer, autoincrement=True, nullable=False),
        *columns,
        sa.Column("created_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint(key, name=f"pk_{table}"),
        sqlite_autoincrement=True,
    )


def _foreign(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{column}"], name=f"fk_{table}_{column}_{other}", ondelete=ondelete
    )


def upgrade() -> None:
    for table, key in ("directors", "director_id"), ("writers", "writer_id"), ("actors", "actor_id"):
        _made(
            table,
            key,
            sa.Column("name", sa.String(255), nullable=False),
            sa.Column("dob", sa.Date),
            sa.Column("bio", sa.Text),
            sa.Column("nationality", sa.String(50)),
        )
    _made(
        "studios",
        "studio_id",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("location", sa.String(255)),
        sa.Column("founded", sa.Date),
    )
    _made(
        "distributors",
        "distributor_id",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("location", sa.String(255)),
    )
    _made(
        "movies",
        "movie_id",
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("original_title", sa.String(255)),
        sa.Column("tagline", sa.String(255)),
        sa.Column("plot", sa.Text),
        sa.Column("language", sa.String(50)),
        sa.Column("country", sa.String(50)),
        sa.Column("release_date", sa.Date),
        sa.Column("runtime", sa.Integer),
        sa.Column("budget", sa.Numeric(15, 2)),
        sa.Column("box_office", sa.Numeric(15, 2)),
        sa.Column("rating", sa.Numeric(3, 1)),
        sa.Column("rating_count", sa.Integer),
        sa.Column("director_id", sa.Integer),
        sa.Column("writer_id", sa.Integer),
        sa.Column("studio_id", sa.Integer),
        sa.Column("distributor_id", sa.Integer),
        sa.Column("poster_url", sa.String(255)),
        sa.Column("trailer_url", sa.String(255)),
        sa.Column("age_rating", sa.String(10)),
        sa.Column("imdb_id", sa.String(50)),
        sa.Column("tmdb_id", sa.String(50)),
        sa.Column("homepage", sa.String(255)),
        _foreign("movies", "director_id", "directors", "SET NULL"),
        _foreign("movies", "writer_id", "writers", "SET NULL"),
        _foreign("movies", "studio_id", "studios", "SET NULL"),
        _foreign("movies", "distributor_id", "distributors", "SET NULL"),
    )
    _made(
        "cast",
        "cast_id",
        sa.Column("movie_id", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.Integer, nullable=False),
        sa.Column("role", sa.String(255), nullable=False),
        sa.Column("billing_order", sa.Integer),
        _foreign("cast", "movie_id", "movies", "CASCADE"),
        _foreign("cast", "actor_id", "actors", "CASCADE"),
    )
    _made(
        "ratings",
        "rating_id",
        sa.Column("movie_id", sa.Integer, nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("score", sa.Numeric(3, 1), nullable=False),
        _foreign("ratings", "movie_id", "movies", "CASCADE"),
    )
    _made("genres", "genre_id", sa.Column("name", sa.String(255), nullable=False))
    op.create_table(
        "movie_genres",
        sa.Column("movie_id", sa.Integer, nullable=False),
        sa.Column("genre_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("movie_id", "genre_id", name="pk_movie_genres"),
        _foreign("movie_genres", "movie_id", "movies", "CASCADE"),
        _foreign("movie_genres", "genre_id", "genres", "CASCADE"),
    )


def downgrade() -> None:
    for table in "movie_genres", "genres", "ratings", "cast", "movies":
        op.drop_table(table)
    for table in "distributors", "studios", "actors", "writers", "directors":
        op.drop_table(table)
