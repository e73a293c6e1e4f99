"""Storage of movies: an abstract repository, its implementations on SQLAlchemy and in memory, and views for reading."""

from movie_db.movie_db_client.repository.base import RejectedRowError, Repository, Row, UnitOfWork

__all__ = ["RejectedRowError", "Repository", "Row", "UnitOfWork"]
