"""MovieItems → films: which film is it, its golden record, and the rows of it that change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from movie_db.contract.messages import MovieItem
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.ingest import changes, offers, rows, search_index
from movie_db.movie_db_client.ingest.biographies import NO_NEWS, BatchRecords, News
from movie_db.movie_db_client.ingest.contributor_pins import numbers_by_told_name
from movie_db.movie_db_client.ingest.contributors import TRADES, Registry, Trade, forget, one_each, positions
from movie_db.movie_db_client.ingest.doubts import queue_doubts
from movie_db.movie_db_client.ingest.finding import BatchMovie, BatchMovies, find
from movie_db.movie_db_client.ingest.listings import languages, point_entries
from movie_db.movie_db_client.ingest.records import RecordBook
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.fuse import PinnedValue

_FILM_TABLES: Final = (*rows.LISTS, "ratings", "field_provenance", "movie_genres", "title_keys")
_OUTCOMES: Final = ("found", "unsure", "not_found", "unreadable", "blocked", "failed", "not_asked")
"""Of two outcomes of one run, the one that tells more comes first."""


class RejectedMoviesError(Exception):
    """Films that the database would refuse: key of an entry → the reason. Nothing was written."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


def apply_films(
    repository: Repository,
    items: Sequence[MovieItem],
    people: News = NO_NEWS,
    companies: News = NO_NEWS,
    *,
    again: Collection[str] = (),
    ties: Mapping[str, Collection[Pair]] = MappingProxyType({}),
    keep: Mapping[int, str] = MappingProxyType({}),
    pins: Mapping[str, Mapping[str, PinnedValue]] = MappingProxyType({}),
) -> int:
    """Applies a batch of films, and what is newly said of people and companies; returns films changed.

    `again` are entries whose films are stitched anew; `ties` names the records that an entry shall have then; `keep`
    names for a number the entry whose film shall keep it; `pins` are what a person gives the fields of an entry's film
    from now on: who calls keeps them.

    Raises:
        RejectedMoviesError: some films can't be kept; then nothing was written.
    """
    repository.preferences = repository.preferences._replace(languages=languages(repository))
    book = RecordBook(repository, items, again, ties) if items or again else None
    found = find(repository, book, keep, pins) if book else BatchMovies([], [], {})
    films = found.films
    _refuse(repository, films)
    registries = _parties(repository, films, people, companies)
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
        [*(row for film in films for row in changes.of_film(film, repository.preferences, registries)), *moved],
    )
    for film in films:
        for held in film.held:
            held.movie_id = film.number
    book.save()
    of_key = {key: film.number for film in films for key in film.keys}
    places = {key: book.film_of(key) for key in (*(item.entry.key for item in items), *again)} | of_key
    point_entries(repository, places)
    _save_outcomes(repository, items, places, merged)
    _drop(repository, merged)
    queue_doubts(repository, found, {key: book.film_of(key) for key in found.told} | of_key)
    for trade in TRADES:
        forget(repository, trade, left[trade.field])
    return len(films)


def _refuse(repository: Repository, films: Iterable[BatchMovie]) -> None:
    reasons: dict[str, str] = {}
    for film in films:
        if reason := _refusal(repository, film):
            reasons |= dict.fromkeys(film.keys, reason)
    if reasons:
        raise RejectedMoviesError(reasons)


def _refusal(repository: Repository, film: BatchMovie) -> str | None:
    golden = film.golden
    if golden.values.get("title") is None:
        return "movies.title is required, and no source tells the film's title"
    tables = {"movies": [rows.movie_row(golden, film.ids)], "ratings": rows.rating_rows(golden)}
    tables |= {table: rows.list_rows(golden, table) for table in rows.LISTS}
    tables |= {"genres": [{"name": name} for name in golden.values.get("genres", ())]}
    for trade in TRADES:  # of texts the longest tells whether one is too long
        names = (c.name for c in golden.values.get(trade.field, ()))
        tables[trade.table] = [{"name": max(names, key=len, default="")}]
    tables["cast"] = [{"role": max((c.role for c in golden.values.get("cast", ())), key=len, default="")}]
    told = (repository.refusal(table, told) for table, told in tables.items())
    return next(filter(None, told), None)


def _parties(repository: Repository, films: Sequence[BatchMovie], people: News, companies: News) -> dict[str, Registry]:
    """Chooses and writes the rows of all people and companies; a film's are in its `parties` then."""
    said = {
        "person": BatchRecords(repository, "person", people),
        "company": BatchRecords(repository, "company", companies),
    }
    registries = {}
    for trade in TRADES:
        touched = (people if trade.kind == "person" else companies).ids
        registry = Registry(repository, trade, said[trade.kind])
        credits = [credit for film in films for credit in film.golden.values.get(trade.field, ())]
        registry.load(credits, [n for film in films for n in film.was], touched)
        registry.tell(touched)
        for film in films:
            film.parties[trade.field] = registry.take(film.golden.values.get(trade.field, ()), film.was)
        registry.save()
        registries[trade.field] = registry
    return registries


def _numbers(film: BatchMovie, trade: Trade) -> list[int]:
    """The keys of a film's people in one trade, in order; one for each credit."""
    return [party.kept().number or 0 for party in film.parties[trade.field]]


def _save_movies(
    repository: Repository, films: Sequence[BatchMovie], registries: Mapping[str, Registry]
) -> dict[int, int]:
    """Writes the films' own rows; returns the numbers of films that are another now: old → new."""
    wanted = []
    for film in films:
        row = rows.movie_row(film.golden, film.ids)
        for trade in TRADES:
            if trade.field != "cast":
                row[trade.key] = next(iter(_numbers(film, trade)), None)
        wanted.append(row)
    known = {r["movie_id"]: r for r in repository.read("movies", movie_id=[f.number for f in films if f.number])}
    new = [(film, row) for film, row in zip(films, wanted, strict=True) if not film.number]
    old = [row | {"movie_id": film.number} for film, row in zip(films, wanted, strict=True) if film.number]
    repository.update("movies", [row for row in old if row != known[row["movie_id"]]])
    numbers = repository.insert("movies", [row for _, row in new])
    for (film, _), number in zip(new, numbers, strict=True):
        film.number = number
    return {gone: film.number for film in films for gone in film.was[1:]}


def _genres(repository: Repository, films: Iterable[BatchMovie]) -> dict[str, int]:
    names = sorted({name for film in films for name in film.golden.values.get("genres", ())})
    known = {name: min(called) for name, called in numbers_by_told_name(repository, "genre", names).items()}
    known |= {row["name"]: row["genre_id"] for row in repository.read("genres", name=names)}
    missing = [name for name in names if name not in known]
    numbers = repository.insert("genres", [{"name": name} for name in missing])
    return known | dict(zip(missing, numbers, strict=True))


def _save_tables(repository: Repository, films: Sequence[BatchMovie], genres: Mapping[str, int]) -> None:
    for table in _FILM_TABLES:
        wanted = {}
        for film in films:
            if table == "ratings":
                told = rows.rating_rows(film.golden)
            elif table == "field_provenance":
                told = rows.provenance_rows(film.golden)
            elif table == "movie_genres":
                names = film.golden.values.get("genres", ())
                told = [{"genre_id": g, "position": n} for n, g in enumerate(dict.fromkeys(map(genres.get, names)), 1)]
            elif table == "title_keys":
                told = rows.title_rows([held.record for held in film.held], film.united)
            else:
                told = rows.list_rows(film.golden, table)
            wanted[film] = [row | {"movie_id": film.number} for row in told]
        _replace(repository, table, wanted)


def _replace(repository: Repository, table: str, wanted: Mapping[BatchMovie, list[Row]]) -> list[Row]:
    """Makes the films' rows of a table what they shall be, where they differ; returns the rows removed."""
    shape = repository.shape(table)
    given = shape.key if shape.numbered else ()
    before: dict[int, list[Row]] = {}
    for row in repository.read(table, movie_id=[n for film in wanted for n in film.was]):
        before.setdefault(row["movie_id"], []).append(row)
    removed, added = [], []
    for film, told in wanted.items():
        had = [row for n in film.was for row in before.get(n, ())]
        if rows.differ(had, told, given):
            removed += had
            added += told
    repository.delete(table, movie_id={row["movie_id"] for row in removed})
    repository.insert(table, added)
    return removed


def _save_ids(repository: Repository, films: Sequence[BatchMovie]) -> None:
    """One id names one film: the ids that these films bear are theirs, and those they had before are not."""
    numbers = {n for film in films for n in (*film.was, film.number)}
    wanted = {(n, v): film.number for film in films for n, values in film.ids.items() for v in values}
    known = {
        (row["namespace"], row["value"]): row["entity_id"]
        for row in repository.read("external_ids", entity=["movie"], entity_id=numbers)
    }
    wrong = [pair for pair, number in known.items() if wanted.get(pair) != number]
    for namespace in {n for n, _ in wrong}:
        values = [value for n, value in wrong if n == namespace]
        repository.delete("external_ids", entity=["movie"], namespace=[namespace], value=values)
    repository.insert(
        "external_ids",
        [
            {"entity": "movie", "namespace": n, "value": v, "entity_id": number}
            for (n, v), number in sorted(wanted.items())
            if known.get((n, v)) != number
        ],
    )


def _save_links(repository: Repository, films: Sequence[BatchMovie]) -> dict[str, set[int]]:
    """Writes who made and played in the films; returns by field the rows that some film no longer names."""
    left = {}
    for trade in TRADES:
        wanted: dict[BatchMovie, list[Row]] = {}
        for film in films:
            numbers = _numbers(film, trade)
            if trade.field == "cast":
                credits = film.golden.values.get("cast", ())
                wanted[film] = one_each(
                    [
                        {"movie_id": film.number, "actor_id": number, "role": c.role, "billing_order": c.billing}
                        for number, c in zip(numbers, credits, strict=True)
                    ]
                )
            else:
                wanted[film] = positions(trade, film.number, numbers)
        left[trade.field] = {row[trade.key] for row in _replace(repository, trade.links, wanted)}
    return left


def _save_search(repository: Repository, films: Sequence[BatchMovie], registries: Mapping[str, Registry]) -> None:
    wanted = {film: [search_index.row_of(film) | {"movie_id": film.number}] for film in films}
    _replace(repository, "movie_search", wanted)
    search_index.learn(repository, (row for told in wanted.values() for row in told))
    search_index.rename(repository, _renamed(registries), films)


def _renamed(registries: Mapping[str, Registry]) -> dict[Trade, set[int]]:
    return {trade: registries[trade.field].renamed for trade in TRADES}


def _save_outcomes(
    repository: Repository, items: Sequence[MovieItem], films: Mapping[str, int | None], merged: Mapping[int, int]
) -> None:
    """Keeps for each film and source what became of asking it in the newest run, by the runs' names.

    A run that gathers a film whole (`movie_item`) tells of all sources that there are for it.
    """
    numbers = {n for n in films.values() if n} | set(merged)
    known = {(r["movie_id"], r["source"]): r for r in repository.read("source_outcomes", movie_id=numbers)}
    wanted: dict[Any, Row] = {}
    told = [(merged.get(r["movie_id"], r["movie_id"]), r["source"], r["outcome"], r["run"]) for r in known.values()]
    told += [
        (number, source, outcome, item.run)
        for item in items
        if (number := films[item.entry.key])
        for source, outcome in item.outcomes.items()
    ]
    for number, source, outcome, run in told:
        rival = wanted.get((number, source))
        if rival is None or (run, -_OUTCOMES.index(outcome)) > (rival["run"], -_OUTCOMES.index(rival["outcome"])):
            wanted[number, source] = {"movie_id": number, "source": source, "outcome": outcome, "run": run}
    newest: dict[int, str] = {}
    for item in items:
        number = films[item.entry.key]
        if number and item.type == "movie_item":
            newest[number] = max(newest.get(number, ""), item.run)
    for place in [place for place, row in wanted.items() if row["run"] < newest.get(row["movie_id"], "")]:
        del wanted[place]  # a source that the newest run had no need to ask
        if place in known:
            repository.delete("source_outcomes", movie_id=[place[0]], source=[place[1]])
    repository.insert("source_outcomes", [row for key, row in wanted.items() if key not in known])
    repository.update("source_outcomes", [row for key, row in wanted.items() if key in known and row != known[key]])


def _drop(repository: Repository, merged: Mapping[int, int]) -> None:
    """Films that turned out to be another: what hangs on them goes over, their numbers still answer."""
    if not merged:
        return
    kept = {(row["movie_id"], row["field"]) for row in repository.read("pins", movie_id=set(merged.values()))}
    for row in repository.read("pins", movie_id=merged):
        place = (merged[row["movie_id"]], row["field"])
        if place not in kept:
            kept.add(place)
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
