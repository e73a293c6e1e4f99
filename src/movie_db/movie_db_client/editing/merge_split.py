"""Wrongly split films are merged, and wrongly merged ones split: by decisions, which every later run obeys."""

from collections.abc import Collection, Sequence
from itertools import product

from movie_db.contract.errors import UsageError
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.movie_db_client.editing.review import stitch
from movie_db.movie_db_client.entity_resolution.by_id import Pair
from movie_db.movie_db_client.entity_resolution.decisions import Decider, keep
from movie_db.movie_db_client.ingest.stored_records import ENTRY
from movie_db.movie_db_client.repository import Repository, Row
from movie_db.stitching.names import fold_title
from movie_db.stitching.policy import base_source


def find_film(repository: Repository, wanted: str) -> int:
    """The number of the film with this number (a merged one's too), this id (`imdb:tt0083658` …) or this title.

    Raises:
        UsageError: there is no such film, or several have that title: says which.
    """
    numbers = find_films(repository, wanted)
    if len(numbers) > 1:
        films = repository.read("movies", movie_id=numbers[:10])
        told = ", ".join(f"{f['movie_id']} ({f['title']}, {f['release_year'] or 'no year'})" for f in films)
        raise UsageError(f"{len(numbers)} films are called {wanted!r}: name one by its number, {told}.")
    return numbers[0]


def find_films(repository: Repository, wanted: str) -> list[int]:
    """The numbers of the films with this title, by their years, or of the one with this number or id.

    Raises:
        UsageError: there is no such film.
    """
    namespace, _, value = wanted.partition(":")
    if namespace in MOVIE_NAMESPACES and value:
        value = value.replace("_", " ") if namespace == "wikipedia" else value
        rows = repository.read("external_ids", entity=["movie"], namespace=[namespace], value=[value])
        numbers = [row["entity_id"] for row in rows]
    elif wanted.isascii() and wanted.isdigit() and len(wanted) < 10 and (film := _numbered(repository, int(wanted))):
        numbers = [film]
    else:
        titled = repository.read("title_keys", title=[fold_title(wanted)])
        films = repository.read("movies", movie_id=[row["movie_id"] for row in titled])
        named = [film for film in films if film["title"].casefold() == wanted.casefold()] or films
        named.sort(key=lambda film: (film["release_year"] or 0, film["movie_id"]))
        numbers = [film["movie_id"] for film in named]
    if not numbers:
        raise UsageError(f"No film is called {wanted!r}, or has that number or id; an id is written imdb:tt0083658.")
    return numbers


def _numbered(repository: Repository, number: int) -> int | None:
    redirected = repository.read("movie_redirects", old_movie_id=[number])
    number = redirected[0]["movie_id"] if redirected else number
    return number if repository.read("movies", movie_id=[number]) else None


def merge(repository: Repository, keep_film: str, other: str, by: Decider) -> int:
    """Makes two films one, under the number of the first, which is returned; the other's number leads to it.

    `other` may be a record, such as `wikidata:Q184843`, that is no film's: so a record that was split off comes back.

    Raises:
        UsageError: there are no such films, they are one already, or the film could not be kept then.
    """
    number = find_film(repository, keep_film)
    ours = entries(repository, [number])
    loose = _loose(repository, other)
    if loose:
        keep(repository, [by.link(ours[0], *loose, "same")])
        stitch(repository, {ours[0]})
        return number
    gone = find_film(repository, other)
    if gone == number:
        raise UsageError(f"{keep_film} and {other} are film {number} already.")
    theirs = entries(repository, [gone])
    keep(repository, [by.pair(a, b, "same") for a, b in product(ours, theirs)])
    stitch(repository, {*ours, *theirs}, keep={number: ours[0]})
    return number


def _loose(repository: Repository, wanted: str) -> Pair | None:
    """The record of this source and id, if it is no film's."""
    source, _, source_id = wanted.partition(":")
    rows = repository.read("source_records", entity=["movie"], source=[source], source_id=[source_id])
    return (source, source_id) if rows and rows[0]["movie_id"] is None else None


def split(repository: Repository, film: str, records: Sequence[str], by: Decider) -> list[int]:
    """Parts these records (`wikidata:Q184843` …) from a film: the entries they came with make a film of their own.

    An entry goes where its own record goes, the one that its gallery gave. Records without an entry stay what their
    source said, and are no film's. Returns the numbers of the films that there are now, the film's own first.

    Raises:
        UsageError: there is no such film, it has no such record, or nothing else.
    """
    number = find_film(repository, film)
    rows = repository.read("source_records", movie_id=[number])
    names = {(row["source"], row["source_id"]): row for row in rows}
    gone = {(source, source_id) for source, _, source_id in (record.partition(":") for record in records)}
    gone |= {name for name in names if (base_source(name[0]), name[1]) in gone}  # a record's texts in other languages
    if missing := gone - names.keys():
        told = ", ".join(f"{s}:{i}" for s, i in sorted(names))
        raise UsageError(f"Film {number} has no record {':'.join(min(missing))}: it has {told}.")
    if gone == names.keys():
        raise UsageError(f"These are all records of film {number}: name those that are another film's.")
    ties = _ties(repository, rows)
    leaving = {key for key, held in ties.items() if _own(key, held, names) <= gone}
    staying = sorted(ties.keys() - leaving)
    decisions = [by.pair(a, b, "different") for a, b in product(sorted(leaving), staying)]
    for key in sorted(ties):
        strange = names.keys() - gone if key in leaving else gone
        decisions += [by.link(key, *name, "different") for name in sorted(strange)]
    keep(repository, decisions)
    stitch(repository, set(ties), keep={number: staying[0]} if staying else {})
    now = {row["key"]: row["movie_id"] for row in repository.read("gallery_entries", key=ties.keys())}
    return sorted(set(filter(None, now.values())), key=lambda n: (n != number, n))


def entries(repository: Repository, numbers: Collection[int]) -> list[str]:
    """The keys of these films' entries."""
    rows = repository.read("source_records", movie_id=numbers)
    return sorted(_ties(repository, rows))


def _ties(repository: Repository, rows: Sequence[Row]) -> dict[str, set[Pair]]:
    """For each entry tied to these records, which of them."""
    names = {row["record_id"]: (row["source"], row["source_id"]) for row in rows}
    found: dict[str, set[Pair]] = {}
    for tie in repository.read("source_record_ids", record_id=names):
        if tie["namespace"] == ENTRY:
            found.setdefault(tie["value"], set()).add(names[tie["record_id"]])
    return found


def _own(key: str, held: set[Pair], names: dict[Pair, Row]) -> set[Pair]:
    """Of an entry's records, those that its gallery gave: they bear its key, or no judge linked them."""
    keyed = {name for name in held if name[1] in {key, key.partition(":")[2]}}
    return keyed or {name for name in held if names[name]["probability"] is None} or held
