"""Applies MovieItems: finds the movie of each, computes its golden record and writes the rows that changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from movie_db.contract.messages import MovieItem
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import changes, offers, rows, search_index
from movie_db.movie_db_client.ingest.batch_movies import BatchMovie, BatchMovies, find
from movie_db.movie_db_client.ingest.contributor_pins import numbers_by_source_name
from movie_db.movie_db_client.ingest.contributor_records import NO_UPDATES, ContributorRecords, ContributorUpdates
from movie_db.movie_db_client.ingest.contributors import (
    ROLES,
    ContributorRegistry,
    ContributorRole,
    forget,
    one_each,
    positions,
)
from movie_db.movie_db_client.ingest.doubts import queue_doubts
from movie_db.movie_db_client.ingest.listings import languages, point_entries
from movie_db.movie_db_client.ingest.record_book import RecordBook
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.fuse import PinnedValue

_FILM_TABLES: Final = (*rows.LISTS, "ratings", "field_provenance", "movie_genres", "title_keys")
_OUTCOMES: Final = ("found", "unsure", "not_found", "unreadable", "blocked", "failed", "not_asked")
"""Ranks outcomes within one run: the more informative comes first."""


class RejectedMoviesError(Exception):
    """The database would reject these movies: entry key → reason. Nothing was written."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


def apply_movies(
    repository: Repository,
    items: Sequence[MovieItem],
    people: ContributorUpdates = NO_UPDATES,
    companies: ContributorUpdates = NO_UPDATES,
    *,
    again: Collection[str] = (),
    ties: Mapping[str, Collection[Pair]] = MappingProxyType({}),
    keep: Mapping[int, str] = MappingProxyType({}),
    pins: Mapping[str, Mapping[str, PinnedValue]] = MappingProxyType({}),
) -> int:
    """Applies a batch of movies and contributor updates, and returns the number of movies written.

    Args:
        again: keys of entries whose movies are stitched again.
        ties: entry key → the records that the entry is linked to from now on.
        keep: movie id → key of the entry whose movie keeps that id.
        pins: entry key → field → pin. The caller stores them.

    Raises:
        RejectedMoviesError: the database would reject some movies. Nothing was written.
    """
    repository.preferences = repository.preferences._replace(languages=languages(repository))
    book = RecordBook(repository, items, again, ties) if items or again else None
    found = find(repository, book, keep, pins) if book else BatchMovies([], [], {})
    films = found.films
    _raise_if_rejected(repository, films)
    registries = _save_contributors(repository, films, people, companies)
    if book is None:
        search_index.rename(repository, _renamed(registries), [])
        return 0
    merged = _save_movies(repository, films, registries)
    _save_tables(repository, films, _genres(repository, films))
    _save_ids(repository, films)
    left = _save_links(repository, films)
    _save_search(repository, films, registries)
    moved = offers.save(repository, films, book.seen)
    repository.insert(
        "changes",
        [*(row for film in films for row in changes.movie_changes(film, repository.preferences, registries)), *moved],
    )
    for film in films:
        for stored in film.records:
            stored.movie_id = film.number
    book.save()
    of_key = {key: film.number for film in films for key in film.keys}
    places = {key: book.film_of(key) for key in (*(item.entry.key for item in items), *again)} | of_key
    point_entries(repository, places)
    _save_outcomes(repository, items, places, merged)
    _remove_merged(repository, merged)
    queue_doubts(repository, found, {key: book.film_of(key) for key in found.records_by_entry} | of_key)
    for role in ROLES:
        forget(repository, role, left[role.field])
    return len(films)


def _raise_if_rejected(repository: Repository, films: Iterable[BatchMovie]) -> None:
    reasons: dict[str, str] = {}
    for film in films:
        if reason := _rejection(repository, film):
            reasons |= dict.fromkeys(film.keys, reason)
    if reasons:
        raise RejectedMoviesError(reasons)


def _rejection(repository: Repository, film: BatchMovie) -> str | None:
    golden = film.golden
    if golden.values.get("title") is None:
        return "movies.title is required, and no source gives the movie's title"
    tables = {"movies": [rows.movie_row(golden, film.ids)], "ratings": rows.rating_rows(golden)}
    tables |= {table: rows.list_rows(golden, table) for table in rows.LISTS}
    tables |= {"genres": [{"name": name} for name in golden.values.get("genres", ())]}
    for role in ROLES:  # the longest text decides whether one is too long
        names = (c.name for c in golden.values.get(role.field, ()))
        tables[role.table] = [{"name": max(names, key=len, default="")}]
    tables["cast"] = [{"role": max((c.role for c in golden.values.get("cast", ())), key=len, default="")}]
    reasons = (repository.rejection(table, table_rows) for table, table_rows in tables.items())
    return next(filter(None, reasons), None)


def _save_contributors(
    repository: Repository, films: Sequence[BatchMovie], people: ContributorUpdates, companies: ContributorUpdates
) -> dict[str, ContributorRegistry]:
    """Chooses and writes the rows of all contributors, and sets them as the movies' `contributors`."""
    records = {
        "person": ContributorRecords(repository, "person", people),
        "company": ContributorRecords(repository, "company", companies),
    }
    registries = {}
    for role in ROLES:
        touched = (people if role.kind == "person" else companies).ids
        registry = ContributorRegistry(repository, role, records[role.kind])
        credits = [credit for film in films for credit in film.golden.values.get(role.field, ())]
        registry.load(credits, [n for film in films for n in film.was], touched)
        registry.refresh(touched)
        for film in films:
            film.contributors[role.field] = registry.take(film.golden.values.get(role.field, ()), film.was)
        registry.save()
        registries[role.field] = registry
    return registries


def _numbers(film: BatchMovie, role: ContributorRole) -> list[int]:
    """Returns the row numbers of a movie's contributors in one role, one per credit, in order."""
    return [contributor.kept().number or 0 for contributor in film.contributors[role.field]]


def _save_movies(
    repository: Repository, films: Sequence[BatchMovie], registries: Mapping[str, ContributorRegistry]
) -> dict[int, int]:
    """Writes the rows of `movies`, and returns merged movies: old id → new id."""
    movie_rows = []
    for film in films:
        row = rows.movie_row(film.golden, film.ids)
        for role in ROLES:
            if role.field != "cast":
                row[role.key] = next(iter(_numbers(film, role)), None)
        movie_rows.append(row)
    existing = {r["movie_id"]: r for r in repository.read("movies", movie_id=[f.number for f in films if f.number])}
    new = [(film, row) for film, row in zip(films, movie_rows, strict=True) if not film.number]
    old = [row | {"movie_id": film.number} for film, row in zip(films, movie_rows, strict=True) if film.number]
    repository.update("movies", [row for row in old if row != existing[row["movie_id"]]])
    numbers = repository.insert("movies", [row for _, row in new])
    for (film, _), number in zip(new, numbers, strict=True):
        film.number = number
    return {gone: film.number for film in films for gone in film.was[1:]}


def _genres(repository: Repository, films: Iterable[BatchMovie]) -> dict[str, int]:
    names = sorted({name for film in films for name in film.golden.values.get("genres", ())})
    numbers_by_name = {
        name: min(matching) for name, matching in numbers_by_source_name(repository, "genre", names).items()
    }
    numbers_by_name |= {row["name"]: row["genre_id"] for row in repository.read("genres", name=names)}
    missing = [name for name in names if name not in numbers_by_name]
    numbers = repository.insert("genres", [{"name": name} for name in missing])
    return numbers_by_name | dict(zip(missing, numbers, strict=True))


def _save_tables(repository: Repository, films: Sequence[BatchMovie], genres: Mapping[str, int]) -> None:
    for table in _FILM_TABLES:
        by_movie = {}
        for film in films:
            if table == "ratings":
                table_rows = rows.rating_rows(film.golden)
            elif table == "field_provenance":
                table_rows = rows.provenance_rows(film.golden)
            elif table == "movie_genres":
                names = film.golden.values.get("genres", ())
                table_rows = [
                    {"genre_id": g, "position": n} for n, g in enumerate(dict.fromkeys(map(genres.get, names)), 1)
                ]
            elif table == "title_keys":
                table_rows = rows.title_rows([stored.record for stored in film.records], film.united)
            else:
                table_rows = rows.list_rows(film.golden, table)
            by_movie[film] = [row | {"movie_id": film.number} for row in table_rows]
        _replace(repository, table, by_movie)


def _replace(repository: Repository, table: str, by_movie: Mapping[BatchMovie, list[Row]]) -> list[Row]:
    """Makes the movies' rows of a table equal to `by_movie` where they differ, and returns the removed rows."""
    shape = repository.shape(table)
    given = shape.key if shape.numbered else ()
    before: dict[int, list[Row]] = {}
    for row in repository.read(table, movie_id=[n for film in by_movie for n in film.was]):
        before.setdefault(row["movie_id"], []).append(row)
    removed, added = [], []
    for film, table_rows in by_movie.items():
        had = [row for n in film.was for row in before.get(n, ())]
        if rows.differ(had, table_rows, given):
            removed += had
            added += table_rows
    repository.delete(table, movie_id={row["movie_id"] for row in removed})
    repository.insert(table, added)
    return removed


def _save_ids(repository: Repository, films: Sequence[BatchMovie]) -> None:
    """Writes the movies' external ids. An id belongs to one movie; ids that these movies lost are deleted."""
    numbers = {n for film in films for n in (*film.was, film.number)}
    current = {(n, v): film.number for film in films for n, values in film.ids.items() for v in values}
    stored = {
        (row["namespace"], row["value"]): row["entity_id"]
        for row in repository.read("external_ids", entity=["movie"], entity_id=numbers)
    }
    wrong = [pair for pair, number in stored.items() if current.get(pair) != number]
    for namespace in {n for n, _ in wrong}:
        values = [value for n, value in wrong if n == namespace]
        repository.delete("external_ids", entity=["movie"], namespace=[namespace], value=values)
    repository.insert(
        "external_ids",
        [
            {"entity": "movie", "namespace": n, "value": v, "entity_id": number}
            for (n, v), number in sorted(current.items())
            if stored.get((n, v)) != number
        ],
    )


def _save_links(repository: Repository, films: Sequence[BatchMovie]) -> dict[str, set[int]]:
    """Writes the links to contributors, and returns by field the rows that some movie no longer links to."""
    left = {}
    for role in ROLES:
        by_movie: dict[BatchMovie, list[Row]] = {}
        for film in films:
            numbers = _numbers(film, role)
            if role.field == "cast":
                credits = film.golden.values.get("cast", ())
                by_movie[film] = one_each(
                    [
                        {"movie_id": film.number, "actor_id": number, "role": c.role, "billing_order": c.billing}
                        for number, c in zip(numbers, credits, strict=True)
                    ]
                )
            else:
                by_movie[film] = positions(role, film.number, numbers)
        left[role.field] = {row[role.key] for row in _replace(repository, role.links, by_movie)}
    return left


def _save_search(
    repository: Repository, films: Sequence[BatchMovie], registries: Mapping[str, ContributorRegistry]
) -> None:
    by_movie = {film: [search_index.row_of(film) | {"movie_id": film.number}] for film in films}
    _replace(repository, "movie_search", by_movie)
    search_index.learn(repository, (row for search_rows in by_movie.values() for row in search_rows))
    search_index.rename(repository, _renamed(registries), films)


def _renamed(registries: Mapping[str, ContributorRegistry]) -> dict[ContributorRole, set[int]]:
    return {role: registries[role.field].renamed for role in ROLES}


def _save_outcomes(
    repository: Repository, items: Sequence[MovieItem], films: Mapping[str, int | None], merged: Mapping[int, int]
) -> None:
    """Stores the outcome of each movie and source in the newest run (runs compare by name).

    A `movie_item` covers all sources of its movie, so sources that it does not name have no outcome any more.
    """
    numbers = {n for n in films.values() if n} | set(merged)
    stored = {(r["movie_id"], r["source"]): r for r in repository.read("source_outcomes", movie_id=numbers)}
    outcomes_by_place: dict[Any, Row] = {}
    outcomes = [
        (merged.get(r["movie_id"], r["movie_id"]), r["source"], r["outcome"], r["run"]) for r in stored.values()
    ]
    outcomes += [
        (number, source, outcome, item.run)
        for item in items
        if (number := films[item.entry.key])
        for source, outcome in item.outcomes.items()
    ]
    for number, source, outcome, run in outcomes:
        rival = outcomes_by_place.get((number, source))
        if rival is None or (run, -_OUTCOMES.index(outcome)) > (rival["run"], -_OUTCOMES.index(rival["outcome"])):
            outcomes_by_place[number, source] = {"movie_id": number, "source": source, "outcome": outcome, "run": run}
    newest: dict[int, str] = {}
    for item in items:
        number = films[item.entry.key]
        if number and item.type == "movie_item":
            newest[number] = max(newest.get(number, ""), item.run)
    for place in [place for place, row in outcomes_by_place.items() if row["run"] < newest.get(row["movie_id"], "")]:
        del outcomes_by_place[place]  # a source that the newest run did not request
        if place in stored:
            repository.delete("source_outcomes", movie_id=[place[0]], source=[place[1]])
    repository.insert("source_outcomes", [row for key, row in outcomes_by_place.items() if key not in stored])
    repository.update(
        "source_outcomes", [row for key, row in outcomes_by_place.items() if key in stored and row != stored[key]]
    )


def _remove_merged(repository: Repository, merged: Mapping[int, int]) -> None:
    """Moves everything that refers to merged movies to the movies they became, and adds redirects."""
    if not merged:
        return
    pinned = {(row["movie_id"], row["field"]) for row in repository.read("pins", movie_id=set(merged.values()))}
    for row in repository.read("pins", movie_id=merged):
        place = (merged[row["movie_id"]], row["field"])
        if place not in pinned:
            pinned.add(place)
            repository.insert("pins", [row | {"movie_id": place[0]}])
    for table, key in (("movie_redirects", "old_movie_id"), ("review_queue", "review_id"), ("changes", "change_id")):
        moved = repository.read(table, movie_id=merged)
        repository.update(table, [{key: row[key], "movie_id": merged[row["movie_id"]]} for row in moved])
    entries = repository.read("gallery_entries", movie_id=merged)
    repository.update(
        "gallery_entries",
        [{"gallery_id": r["gallery_id"], "key": r["key"], "movie_id": merged[r["movie_id"]]} for r in entries],
    )
    for table in ("pins", "source_outcomes", "movies"):
        repository.delete(table, movie_id=merged)
    repository.insert("movie_redirects", [{"old_movie_id": old, "movie_id": new} for old, new in merged.items()])
