"""Make SQLite's search use words as they are, because its Unicode tables lack many scripts."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = "titles, people, plot, content='movie_search', content_rowid='movie_id', detail='column', columnsize=0"
_BY_LETTERS = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
_BY_SPACES = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"


def upgrade() -> None:
    _make(_BY_SPACES)


def downgrade() -> None:
    _make(_BY_LETTERS)


def _make(tokenizer: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE movie_fts")
        connection.exec_driver_sql(f'CREATE VIRTUAL TABLE movie_fts USING fts5({_COLUMNS}, tokenize="{tokenizer}")')
        connection.exec_driver_sql("INSERT INTO movie_fts(movie_fts) VALUES ('rebuild')")
