"""Links two lists of films in bulk: reads files or databases, and writes pairs with their evidence."""

from movie_db.matching.linking import SIDES, ListSide, Summary, match, sources

__all__ = ["SIDES", "ListSide", "Summary", "match", "sources"]
