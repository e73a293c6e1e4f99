"""Errors of reads that a client can cause."""

from movie_db.contract.errors import MovieDbError


class MissingResourceError(MovieDbError):
    """The request names something that does not exist. The API responds with 404."""
