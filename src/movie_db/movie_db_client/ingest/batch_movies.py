"""Groups the records that a batch touches into movies, and keeps the movies' existing ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from movie_db.movie_db_client.entity_resolution.by_id import Decided, Doubt, Pair, resolve
from movie_db.movie_db_client.entity_resolution.by_title import Side, contradict, near, pairs, unite
from movie_db.movie_db_client.ingest import rows
from movie_db.movie_db_client.ingest.contributors import ContributorState
from movie_db.movie_db_client.ingest.record_book import RecordBook
from movie_db.movie_db_client.ingest.stored_records import StoredRecord, claimant
from movie_db.movie_db_client.repository import Repository
from movie_db.stitching.fuse import GoldenRecord, PinnedValue, fuse

Component = dict[str, list[StoredRecord]]
"""Entries that are connected by ids, decisions or titles: entry key → its records."""
Years = tuple[int, int] | None


@dataclass(slots=True, eq=False)
class BatchMovie:
    """One movie of a batch.

    `was` holds the ids that this movie had before: none if it is new, several if movies were merged. `left` holds ids
    that its records had before and that another movie keeps. `united` is set if ids alone would make it several movies.
    """

    keys: list[str]
    records: list[StoredRecord]
    was: list[int]
    golden: GoldenRecord
    ids: dict[str, list[str]]
    left: set[int] = field(default_factory=set)
    united: bool = False
    number: int = 0
    contributors: dict[str, list[ContributorState]] = field(default_factory=dict)


@dataclass
class BatchMovies:
    """The movies that a batch touches. `records_by_entry` has the records of every entry that was considered."""

    films: list[BatchMovie]
    doubts: list[Doubt]
    records_by_entry: Component


def find(
    repository: Repository, book: RecordBook, keep: Mapping[int, str], pins: Mapping[str, Mapping[str, PinnedValue]]
) -> BatchMovies:
    """Finds the movies that the batch touches.

    Args:
        keep: movie id → key of the entry whose movie keeps that id.
        pins: entry key → field → pin, in addition to the pins already stored.
    """
    moved = book.components()
    doubts: list[Doubt] = []
    sides = _sides(moved, book.decided.pairs(), doubts)
    others = _similar_movies(repository, book, sides, doubts)
    sides += (side for _, side in others)
    close = pairs(sides)
    _learn_galleries(repository, close)
    united, questions = unite(sides, close, book.decided.pairs())
    component_of = {key: component for component in moved for key in component}
    records_by_entry = dict(item for component in moved for item in component.items())
    for component, _ in others:
        component_of |= dict.fromkeys(component, component)
        records_by_entry |= component
    films = _numbered_all(moved, united, component_of, book, keep)
    _stitch(repository, films, pins)
    return BatchMovies(films, doubts + questions, records_by_entry)


def _sides(components: Iterable[Component], decided: Decided, doubts: list[Doubt]) -> list[Side]:
    """Returns the movies of these components by ids and decisions alone. Contradictions are appended to `doubts`."""
    sides = []
    for component in components:
        mine = set[int]()
        clusters, contradictions = resolve((claimant(key, stored) for key, stored in component.items()), decided)
        doubts += contradictions
        for keys in clusters:
            stored = [h for h in {h.name: h for key in keys for h in component[key]}.values() if id(h) not in mine]
            mine |= {id(h) for h in stored}
            ids = frozenset(pair for h in stored for pair in h.ids)
            sides.append(Side(keys, ids, [h.record for h in stored]))
    return sides


def _similar_movies(
    repository: Repository, book: RecordBook, sides: Sequence[Side], doubts: list[Doubt]
) -> list[tuple[Component, Side]]:
    """Finds stored movies that may be the same as one of `sides`, and movies that may be the same as those in turn."""
    seen: set[int] = set()
    seen_keys = {key for side in sides for key in side.keys}
    found: list[tuple[Component, Side]] = []
    while numbers := _numbers_with_similar_titles(repository, sides) - seen:
        seen |= numbers
        book.load_films(numbers)
        more = [component for component in book.components(numbers) if not component.keys() <= seen_keys]
        seen_keys |= {key for component in more for key in component}
        added = [(c, side) for c in more for side in _sides([c], book.decided.pairs(), doubts)]
        found += added
        sides = [side for _, side in added]
    return found


def _numbers_with_similar_titles(repository: Repository, sides: Sequence[Side]) -> set[int]:
    """Returns the ids of movies that share a title with a side and differ in neither year nor id."""
    of_title: dict[str, list[Side]] = {}
    for side in sides:
        for title in side.titles:
            of_title.setdefault(title, []).append(side)
    rows = [
        row
        for row in repository.read("title_keys", title=of_title)
        if any(near(side.years, _years(row)) for side in of_title[row["title"]])
    ]
    ids: dict[int, set[Pair]] = {}
    for row in repository.read("external_ids", entity=["movie"], entity_id={row["movie_id"] for row in rows}):
        ids.setdefault(row["entity_id"], set()).add((row["namespace"], row["value"]))
    return {
        row["movie_id"]
        for row in rows
        if any(
            near(side.years, _years(row)) and (row["united"] or not contradict(side.ids, ids.get(row["movie_id"], ())))
            for side in of_title[row["title"]]
        )
    }


def _years(row: Mapping[str, int | None]) -> Years:
    first, last = row["first_year"], row["last_year"]
    return None if first is None or last is None else (first, last)


def _learn_galleries(repository: Repository, close: Iterable[tuple[Side, Side]]) -> None:
    of_key = {key: side for pair in close for side in pair for key in side.keys}
    for row in repository.read("gallery_entries", key=of_key):
        of_key[row["key"]].galleries.add(row["gallery_id"])


def _numbered_all(
    moved: Sequence[Component],
    united: Sequence[Sequence[Side]],
    component_of: dict[str, Component],
    book: RecordBook,
    keep: Mapping[int, str],
) -> list[BatchMovie]:
    """Numbers the movies of the changed components and of the components that the judge joined to them."""
    for film in united:
        parts = {id(part): part for side in film for part in (component_of[side.keys[0]],)}
        if len(parts) > 1:
            joined = {key: stored for part in parts.values() for key, stored in part.items()}
            component_of |= dict.fromkeys(joined, joined)
    touched = {id(component_of[key]): component_of[key] for component in moved for key in component}
    of_component: dict[int, list[Sequence[Side]]] = {}
    for film in united:
        of_component.setdefault(id(component_of[film[0].keys[0]]), []).append(film)
    ordered = sorted(touched.values(), key=min)
    return [film for part in ordered for film in _numbered(of_component[id(part)], part, book, keep)]


def _numbered(
    films: Iterable[Sequence[Side]], component: Component, book: RecordBook, keep: Mapping[int, str]
) -> list[BatchMovie]:
    """Numbers the movies of one component. Each movie id and each external id goes to one movie only."""
    found: list[BatchMovie] = []
    taken: set[int] = set()
    owned: set[Pair] = set()
    mine: set[int] = set()
    for sides in sorted(films, key=lambda film: min(side.keys[0] for side in film)):
        keys = sorted(key for side in sides for key in side.keys)
        stored = list({h.name: h for key in keys for h in component[key]}.values())
        own = [h for h in stored if id(h) not in mine]
        mine |= {id(h) for h in own}
        had = {h.movie_id for h in own if h.movie_id} | {n for key in keys for n in book.former.get(key, ())}
        was = {n for n in had - taken if keep.get(n, keys[0]) in keys}
        taken |= was
        ids = {pair for h in own for pair in h.ids} - owned
        owned |= ids
        numbers = sorted(was, key=lambda n: (n not in keep, n))
        found.append(
            BatchMovie(keys, own, numbers, GoldenRecord({}, {}), rows.id_lists(ids), had - was, len(sides) > 1)
        )
    return found


def _stitch(repository: Repository, films: Sequence[BatchMovie], pins: Mapping[str, Mapping[str, PinnedValue]]) -> None:
    """Sets the golden record and the movie id of each movie."""
    stored_pins: dict[int, dict[str, PinnedValue]] = {}
    for row in repository.read("pins", movie_id=[n for film in films for n in film.was]):
        stored_pins.setdefault(row["movie_id"], {})[row["field"]] = PinnedValue(row["value"], row["pinned_at"])
    for film in films:
        given = {name: pin for n in reversed(film.was) for name, pin in stored_pins.get(n, {}).items()}
        for name, pin in (one for key in film.keys for one in pins.get(key, {}).items()):
            if name not in given or given[name].value != pin.value:
                given[name] = pin
        film.golden = fuse((h.record for h in film.records), given, *repository.preferences)
        film.number = film.was[0] if film.was else 0
