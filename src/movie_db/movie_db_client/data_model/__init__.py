"""The data model: tables, their migrations, and reflection of the live database."""

from movie_db.movie_db_client.data_model import bookkeeping, contributor_tables, tables
from movie_db.movie_db_client.data_model.columns import Base

__all__ = ["Base", "bookkeeping", "contributor_tables", "tables"]
