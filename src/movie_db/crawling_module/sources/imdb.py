r"""IMDb's files as a source: reads the rows of the requested movies, one pass per file, and makes records of them.

The files are tab-separated, UTF-8, with a header; `\N` is null; a row's id stands first. They are for personal and
non-commercial use (developer.imdb.com/non-commercial-datasets).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Final

from movie_db.contract.errors import ContractError, UnreadableError
from movie_db.contract.fitting import fit
from movie_db.contract.ids import PERSON_NAMESPACES
from movie_db.contract.kinds import WorkKind
from movie_db.contract.messages import Origin, PersonItem, SourceRecord
from movie_db.contract.text import clean_text, load_json
from movie_db.stitching import values

SOURCE: Final = "imdb"
HOSTS: Final = ("datasets.imdbws.com",)
LICENCE: Final = "IMDb terms of use (personal, non-commercial)"
TITLES: Final = ("title.basics", "title.ratings", "title.crew", "title.principals", "title.akas")
NAMES: Final = "name.basics"
READS: Final[Mapping[str, tuple[str, ...]]] = {
    "title.basics": ("titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "runtimeMinutes", "genres"),
    "title.ratings": ("averageRating", "numVotes"),
    "title.crew": ("directors", "writers"),
    "title.principals": ("ordering", "nconst", "category", "characters"),
    "title.akas": ("title",),
    NAMES: ("nconst", "primaryName", "birthYear", "deathYear"),
}
"""The columns that are read, by file."""
_IDS: Final = frozenset(("tconst", "titleId", "nconst"))
"""The names of the first column."""
_KINDS: Final[Mapping[str, WorkKind]] = {
    "movie": "film",
    "video": "film",
    "short": "short film",
    "tvMovie": "TV film",
    "tvShort": "TV film",
    "tvSpecial": "TV film",
    "tvSeries": "series",
    "tvMiniSeries": "series",
    "tvEpisode": "series",
    "tvPilot": "series",
}
_CAST: Final = frozenset(("actor", "actress", "self"))

Row = Mapping[str, str]
"""One line by column, without nulls."""
RowsById = Mapping[str, Mapping[str, Sequence[Row]]]
"""File (as in `TITLES`) → IMDb id → its rows."""


def rows(file: str, lines: Iterable[bytes], requested: AbstractSet[bytes]) -> Iterator[tuple[str, Row]]:
    """Yield the rows with a requested id. Other lines are not even decoded: there are 90 million.

    Raises:
        UnreadableError: The file isn't one of IMDb's.
    """
    ordered = iter(lines)
    columns = next(ordered, b"").decode("utf-8", "replace").rstrip("\r\n").split("\t")
    if columns[0] not in _IDS:
        raise UnreadableError(f"{file} is not one of IMDb's files: its first column is {columns[0][:30]!r}, not an id.")
    for line in ordered:
        if line[: line.find(b"\t")] in requested:
            cells = clean_text(line.decode("utf-8", "replace")).rstrip("\r\n").split("\t")
            yield cells[0], {c: v for c, v in zip(columns, cells, strict=False) if v and v != r"\N"}


def people(data: RowsById) -> set[bytes]:
    """Return the ids of all people in the rows, as in name.basics."""
    named = {row.get("nconst", "") for of_film in data.get("title.principals", {}).values() for row in of_film}
    for of_film in data.get("title.crew", {}).values():
        for row in of_film:
            named.update(_list(row, "directors"), _list(row, "writers"))
    return {nconst.encode() for nconst in named - {""}}


def record(tconst: str, data: RowsById, names: Mapping[str, str], retrieved_at: datetime) -> SourceRecord | None:
    """Return the movie's record; None if no file has it. `names` has people's names by id; people without one are
    left out.

    Raises:
        UnreadableError: Its rows are invalid.
    """
    of_film = {file: data.get(file, {}).get(tconst, ()) for file in TITLES}
    if not any(of_film.values()):
        return None
    basics = _only(of_film["title.basics"])
    crew = _only(of_film["title.crew"])
    acting = sorted(of_film["title.principals"], key=lambda row: _number(row, "ordering", 1, 10**6) or 0)
    fields = {
        "source": SOURCE,
        "source_id": tconst,
        "url": f"https://www.imdb.com/title/{tconst}/",
        "retrieved_at": retrieved_at,
        "licence": LICENCE,
        "language": "en",
        "kind": _KINDS.get(basics["titleType"], "other") if "titleType" in basics else None,
        "ids": {"imdb": tconst},
        "facts": {
            "title": values.name(basics.get("primaryTitle", "")),
            "original_title": values.name(basics.get("originalTitle", "")),
            "alternative_titles": list(_titles(of_film["title.akas"])),
            # Values out of range stay as they are: the contract leaves them out and counts them.
            "year": basics.get("startYear"),
            "runtime": basics.get("runtimeMinutes"),
            "genres": list(_genres(basics)),
            "ratings": list(_ratings(_only(of_film["title.ratings"]))),
            "directors": _credits(_list(crew, "directors") or _doing("director", acting), names),
            "writers": _credits(_list(crew, "writers") or _doing("writer", acting), names),
            "cast": list(_cast([row for row in acting if row.get("category") in _CAST], names)),
        },
    }
    try:
        return fit(SourceRecord, fields)
    except ContractError as error:
        raise UnreadableError(f"IMDb's rows of {tconst} can't be read ({error}).") from None


def person(row: Row, run: str, retrieved_at: datetime) -> PersonItem | None:
    """Return the person in a row of name.basics; None if it has no more than a name."""
    nconst, name = row.get("nconst", ""), values.name(row.get("primaryName", ""))
    years = [_number(row, column, 1000, 2100) for column in ("birthYear", "deathYear")]
    if name is None or not any(years) or not PERSON_NAMESPACES["imdb"].fullmatch(nconst):
        return None
    return PersonItem(
        run=run,
        origin=Origin(
            source=SOURCE,
            source_id=nconst,
            url=f"https://www.imdb.com/name/{nconst}/",
            retrieved_at=retrieved_at,
            licence=LICENCE,
            language="en",
        ),
        name=name,
        ids={"imdb": nconst},
        born=f"{years[0]:04}" if years[0] else None,
        died=f"{years[1]:04}" if years[1] else None,
    )


def _only(found: Sequence[Row]) -> Row:
    return found[0] if found else {}


def _list(row: Row, column: str) -> list[str]:
    return list(filter(None, row.get(column, "").split(",")))


def _number(row: Row, column: str, least: int, most: int) -> int | None:
    data = row.get(column, "")
    return int(data) if data.isascii() and data.isdecimal() and least <= int(data) <= most else None


def _titles(akas: Iterable[Row]) -> Iterator[str]:
    yield from dict.fromkeys(filter(None, (values.name(row.get("title", "")) for row in akas)))


def _genres(basics: Row) -> Iterator[str]:
    """Yield the genres; the flag for adult movies counts as one."""
    yield from dict.fromkeys([*_list(basics, "genres"), *(["Adult"] if basics.get("isAdult") == "1" else [])])


def _ratings(row: Row) -> Iterator[dict[str, Any]]:
    if data := row.get("averageRating"):
        yield {"source": "imdb", "score": data, "votes": row.get("numVotes"), "original": f"{data}/10"}


def _doing(category: str, acting: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row["nconst"] for row in acting if row.get("category") == category and "nconst" in row))


def _credits(people: Iterable[str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"name": names[nconst], "ids": {"imdb": nconst}} for nconst in people if nconst in names]


def _cast(acting: Iterable[Row], names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield one credit per character, or one without a role."""
    billing = 0
    for row in acting:
        nconst = row.get("nconst", "")
        if nconst in names:
            billing += 1
            for role in _characters(row) or [""]:
                yield {"name": names[nconst], "ids": {"imdb": nconst}, "role": role, "billing": billing}


def _characters(row: Row) -> list[str]:
    try:
        data = load_json(row.get("characters", "[]"))
    except (ValueError, RecursionError):
        return []
    texts = (values.name(one) for one in data if isinstance(one, str)) if isinstance(data, list) else ()
    return list(dict.fromkeys(filter(None, texts)))
