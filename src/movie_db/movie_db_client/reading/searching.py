"""Full-text search in titles, names and plots, with correction of misspelled words."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, Integer, Subquery, bindparam, column, or_, select, text

from movie_db.movie_db_client.data_model.search_words import LONGEST, words
from movie_db.movie_db_client.data_model.tables import SearchWordRow
from movie_db.stitching.names import fold_title

Term = tuple[str, ...]
"""A word, or the words that it was probably meant to be."""
_MOST: Final = 12
"""Maximum number of words in a query; the rest is ignored."""
_MEANT: Final = 8
_BACKWARDS: Final = "\U0010ffff"

_SQLITE: Final = """
SELECT movie_id, max(tier) AS tier FROM (
    SELECT movie_id, 4 AS tier FROM title_keys WHERE title = :title
    UNION ALL
    SELECT rowid, CASE
        WHEN rowid IN (SELECT rowid FROM movie_fts WHERE movie_fts MATCH :in_titles) THEN 3
        WHEN rowid IN (SELECT rowid FROM movie_fts WHERE movie_fts MATCH :in_names) THEN 2
        ELSE 1 END
    FROM movie_fts WHERE movie_fts MATCH :anywhere
) GROUP BY movie_id"""
_BAG: Final = "array_to_tsvector(array_remove(string_to_array({}, ' '), ''))"
_ALL: Final = _BAG.format("s.titles || ' ' || s.people || ' ' || s.plot")
_POSTGRESQL: Final = f"""
SELECT movie_id, max(tier) AS tier FROM (
    SELECT movie_id, 4 AS tier FROM title_keys WHERE title = :title
    UNION ALL
    SELECT s.movie_id, CASE
        WHEN {_BAG.format("s.titles")} @@ CAST(:anywhere AS tsquery) THEN 3
        WHEN {_BAG.format("s.titles || ' ' || s.people")} @@ CAST(:anywhere AS tsquery) THEN 2
        ELSE 1 END
    FROM movie_search AS s WHERE {_ALL} @@ CAST(:anywhere AS tsquery)
) AS t GROUP BY movie_id"""


class CorrectedSearch(NamedTuple):
    """The hits after correction, and the replacements of each misspelled word."""

    found: Subquery
    replaced: dict[str, list[str]]


def search_movies(connection: Connection, query: str) -> Subquery:
    """Returns the movies that contain all words of the query: `movie_id`, and `tier` (greater is better)."""
    return _hits(connection, query, [(word,) for word in _words(query)])


def search_corrected(connection: Connection, query: str) -> CorrectedSearch | None:
    """Returns the same after replacing words that occur nowhere; None if there is nothing to replace."""
    terms = _words(query)
    replaced = {
        word: meant for word in terms if not _occurs(connection, word) and (meant := _corrections(connection, word))
    }
    if not replaced:
        return None
    return CorrectedSearch(_hits(connection, query, [tuple(replaced.get(word, [word])) for word in terms]), replaced)


def _words(query: str) -> list[str]:
    return list(dict.fromkeys(words(query)))[:_MOST]


def _hits(connection: Connection, query: str, terms: Sequence[Term]) -> Subquery:
    title = fold_title(query)[:300]
    if connection.dialect.name == "postgresql":
        written = text(_POSTGRESQL).bindparams(bindparam("title", title), bindparam("anywhere", _tsquery(terms)))
    else:
        anywhere = _fts(terms)
        written = text(_SQLITE).bindparams(
            bindparam("title", title),
            bindparam("anywhere", anywhere),
            bindparam("in_titles", f"{{titles}} : ({anywhere})"),
            bindparam("in_names", f"{{titles people}} : ({anywhere})"),
        )
    return written.columns(column("movie_id", Integer), column("tier", Integer)).subquery("hits")


def _fts(terms: Sequence[Term]) -> str:
    quoted = (" OR ".join('"' + word.replace('"', '""') + '"' for word in term) for term in terms)
    return " AND ".join(f"({term})" for term in quoted) or '""'


def _tsquery(terms: Sequence[Term]) -> str:
    def quoted(word: str) -> str:
        return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"

    return " & ".join("(" + " | ".join(map(quoted, term)) + ")" for term in terms)


def _occurs(connection: Connection, word: str) -> bool:
    if connection.execute(select(SearchWordRow.word).where(SearchWordRow.word == word)).first() is not None:
        return True
    hits = _hits(connection, "", [(word,)])
    return connection.execute(select(hits.c.movie_id).limit(1)).first() is not None


def _corrections(connection: Connection, word: str) -> list[str]:
    """Returns the indexed words that start with this one, otherwise those with the fewest mistakes.

    A mistake is an extra, missing, wrong or swapped letter. One mistake leaves the first or last half of a word intact,
    so an index finds all words within one mistake, and those within two that leave one half intact.
    """
    if len(word) < 3 or len(word) >= LONGEST:
        return []
    begun = select(SearchWordRow.word).where(SearchWordRow.word.between(word, word + _BACKWARDS)).limit(_MEANT)
    if found := sorted(connection.execute(begun).scalars()):
        return found
    allowed = 1 if len(word) < 6 else 2
    half = len(word) // 2
    first, last = word[:half], word[half + 1 :][::-1]
    likely = or_(
        SearchWordRow.word.between(first, first + _BACKWARDS), SearchWordRow.backwards.between(last, last + _BACKWARDS)
    )
    near = {
        candidate: distance
        for candidate in connection.execute(select(SearchWordRow.word).where(likely)).scalars()
        if (distance := OSA.distance(word, candidate, score_cutoff=allowed)) <= allowed
    }
    least = min(near.values(), default=0)
    return sorted(candidate for candidate, distance in near.items() if distance == least)[:_MEANT]
