"""What the search finds films by is written in the transaction that writes the films."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from movie_db.movie_db_client.data_model.search_words import bag, names
from movie_db.movie_db_client.ingest.contributors import TRADES, Trade
from movie_db.movie_db_client.ingest.finding import BatchMovie
from movie_db.movie_db_client.repository import Repository, Row

PEOPLE: Final = tuple(trade for trade in TRADES if trade.kind == "person")
SHORTEST: Final = 3
"""Letters of a word from which on a misspelt one can be told."""


def row_of(film: BatchMovie) -> Row:
    """A film's row of `movie_search`, without its number."""
    values = film.golden.values
    people = (party.kept().shown["name"] for trade in PEOPLE for party in film.parties[trade.field])
    return {
        "titles": bag([values.get("title"), values.get("original_title"), *values.get("alternative_titles", ())]),
        "people": names(people),
        "plot": bag([values.get("plot")]),
    }


def learn(repository: Repository, rows: Iterable[Row]) -> None:
    """Adds the words of titles and names to those that misspelt ones are compared with."""
    told = {word for row in rows for field in ("titles", "people") for word in row[field].split()}
    told = {word for word in told if len(word) >= SHORTEST}
    known = {row["word"] for row in repository.read("search_words", word=told)}
    new = sorted(told - known)
    repository.insert("search_words", [{"word": word, "backwards": word[::-1]} for word in new])


def rename(repository: Repository, people: Mapping[Trade, Collection[int]], done: Sequence[BatchMovie]) -> None:
    """Writes anew by which names films are found, where people are called otherwise now; `done` are written already."""
    films = {
        row["movie_id"]
        for trade, numbers in people.items()
        if trade.kind == "person"
        for row in repository.read(trade.links, **{trade.key: numbers})
    } - {film.number for film in done}
    if not films:
        return
    told: dict[int, list[str]] = {number: [] for number in films}
    for trade in PEOPLE:
        links = repository.read(trade.links, movie_id=films)
        called = {
            row[trade.key]: row["name"]
            for row in repository.read(trade.table, **{trade.key: {link[trade.key] for link in links}})
        }
        for link in links:
            told[link["movie_id"]].append(called[link[trade.key]])
    known = {row["movie_id"]: row for row in repository.read("movie_search", movie_id=films)}
    rows = [row | {"people": names(told[number])} for number, row in known.items()]
    repository.update("movie_search", [row for row in rows if row != known[row["movie_id"]]])
    learn(repository, rows)
