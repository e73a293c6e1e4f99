"""Linking two lists of films in bulk: files or databases in, pairs with their evidence out."""

from movie_db.matching.linking import SIDES, ListSide, Summary, match, sources

__all__ = ["SIDES", "ListSide", "Summary", "match", "sources"]
