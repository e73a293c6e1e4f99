"""The data model: classes ↔ tables, their migrations, and what the live database looks like."""

from movie_db.movie_db_client.data_model import bookkeeping, tables
from movie_db.movie_db_client.data_model.columns import Base

__all__ = ["Base", "bookkeeping", "tables"]
