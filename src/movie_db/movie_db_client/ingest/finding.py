"""Which film is it? What a batch touches, as films with the numbers they keep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from movie_db.movie_db_client.entity_resolution.by_id import Decided, Doubt, Pair, resolve
from movie_db.movie_db_client.entity_resolution.by_title import Side, contradict, near, pairs, unite
from movie_db.movie_db_client.ingest import rows
from movie_db.movie_db_client.ingest.contributors import ContributorState
from movie_db.movie_db_client.ingest.records import RecordBook, StoredRecord, claimant
from movie_db.movie_db_client.repository import Repository
from movie_db.stitching.fuse import GoldenRecord, PinnedValue, fuse

Component = dict[str, list[StoredRecord]]
"""Entries that have to do with one another, by their keys, each with its records."""
Years = tuple[int, int] | None


@dataclass(slots=True, eq=False)
class BatchMovie:
    """One film of a batch. `was` are the numbers it had: none if it is new, several if films turned out to be one.

    `left` are numbers that its records had, and that another film keeps. `united`: its ids alone make it several.
    """

    keys: list[str]
    held: list[StoredRecord]
    was: list[int]
    golden: GoldenRecord
    ids: dict[str, list[str]]
    left: set[int] = field(default_factory=set)
    united: bool = False
    number: int = 0
    parties: dict[str, list[ContributorState]] = field(default_factory=dict)


@dataclass
class BatchMovies:
    """The films that a batch touches. `told` has the records of all entries that were looked at, by their keys."""

    films: list[BatchMovie]
    doubts: list[Doubt]
    told: Component


def find(
    repository: Repository, book: RecordBook, keep: Mapping[int, str], pins: Mapping[str, Mapping[str, PinnedValue]]
) -> BatchMovies:
    """The films that the batch touches; `keep` names for a number the entry whose film shall keep it.

    `pins` are those that an entry's film has beside what is known already, by the entry's key and the field.
    """
    moved = book.components()
    doubts: list[Doubt] = []
    sides = _sides(moved, book.decided.pairs(), doubts)
    others = _look_alikes(repository, book, sides, doubts)
    sides += (side for _, side in others)
    close = pairs(sides)
    _learn_galleries(repository, close)
    united, asked = unite(sides, close, book.decided.pairs())
    whole = {key: component for component in moved for key in component}
    told = dict(item for component in moved for item in component.items())
    for component, _ in others:
        whole |= dict.fromkeys(component, component)
        told |= component
    films = _numbered_all(moved, united, whole, book, keep)
    _stitch(repository, films, pins)
    return BatchMovies(films, doubts + asked, told)


def _sides(components: Iterable[Component], decided: Decided, doubts: list[Doubt]) -> list[Side]:
    """The films of components by ids and decisions alone; what contradicts is added to `doubts`."""
    sides = []
    for component in components:
        mine = set[int]()
        clusters, contradictions = resolve((claimant(key, held) for key, held in component.items()), decided)
        doubts += contradictions
        for keys in clusters:
            held = [h for h in {h.name: h for key in keys for h in component[key]}.values() if id(h) not in mine]
            mine |= {id(h) for h in held}
            ids = frozenset(pair for h in held for pair in h.ids)
            sides.append(Side(keys, ids, [h.record for h in held]))
    return sides


def _look_alikes(
    repository: Repository, book: RecordBook, sides: Sequence[Side], doubts: list[Doubt]
) -> list[tuple[Component, Side]]:
    """The films that are there already and may be one of these, and those that may be one of them in turn."""
    seen: set[int] = set()
    known = {key for side in sides for key in side.keys}
    found: list[tuple[Component, Side]] = []
    while numbers := _named_alike(repository, sides) - seen:
        seen |= numbers
        book.load_films(numbers)
        more = [component for component in book.components(numbers) if not component.keys() <= known]
        known |= {key for component in more for key in component}
        fresh = [(c, side) for c in more for side in _sides([c], book.decided.pairs(), doubts)]
        found += fresh
        sides = [side for _, side in fresh]
    return found


def _named_alike(repository: Repository, sides: Sequence[Side]) -> set[int]:
    """The numbers of films that share a title with a side, and no year or id speaks against it."""
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
    whole: dict[str, Component],
    book: RecordBook,
    keep: Mapping[int, str],
) -> list[BatchMovie]:
    """The films of the moved components and of those that the judge joins to them (`whole`: the component of a key)."""
    for film in united:
        parts = {id(part): part for side in film for part in (whole[side.keys[0]],)}
        if len(parts) > 1:
            joined = {key: held for part in parts.values() for key, held in part.items()}
            whole |= dict.fromkeys(joined, joined)
    touched = {id(whole[key]): whole[key] for component in moved for key in component}
    of_component: dict[int, list[Sequence[Side]]] = {}
    for film in united:
        of_component.setdefault(id(whole[film[0].keys[0]]), []).append(film)
    ordered = sorted(touched.values(), key=min)
    return [film for part in ordered for film in _numbered(of_component[id(part)], part, book, keep)]


def _numbered(
    films: Iterable[Sequence[Side]], component: Component, book: RecordBook, keep: Mapping[int, str]
) -> list[BatchMovie]:
    """The films of one component, with the numbers that their records had; each number and each id is one film's."""
    found: list[BatchMovie] = []
    taken: set[int] = set()
    owned: set[Pair] = set()
    mine: set[int] = set()
    for sides in sorted(films, key=lambda film: min(side.keys[0] for side in film)):
        keys = sorted(key for side in sides for key in side.keys)
        held = list({h.name: h for key in keys for h in component[key]}.values())
        own = [h for h in held if id(h) not in mine]
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
    """Gives the films their golden records, and the numbers they keep."""
    known: dict[int, dict[str, PinnedValue]] = {}
    for row in repository.read("pins", movie_id=[n for film in films for n in film.was]):
        known.setdefault(row["movie_id"], {})[row["field"]] = PinnedValue(row["value"], row["pinned_at"])
    for film in films:
        given = {name: pin for n in reversed(film.was) for name, pin in known.get(n, {}).items()}
        for name, pin in (one for key in film.keys for one in pins.get(key, {}).items()):
            if name not in given or given[name].value != pin.value:
                given[name] = pin
        film.golden = fuse((h.record for h in film.held), given, *repository.preferences)
        film.number = film.was[0] if film.was else 0
