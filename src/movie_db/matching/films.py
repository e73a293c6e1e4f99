"""Rows of a table as films: what the judge compares, and what a person recognises a row by."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from movie_db.contract.columns import NO_FILMS
from movie_db.contract.ids import is_movie_id
from movie_db.matching.tables import Cell, Table
from movie_db.stitching.match import ID_NAMESPACES, Film
from movie_db.stitching.names import fold_name, fold_title
from movie_db.stitching.values import country_code, dates, minutes

_NOTHING: Final = frozenset(("", "-", "-1", "\\n", "n/a", "na", "nan", "none", "null", "unknown", "?"))
"""How lists write that they don't know, in small letters."""
_LONGEST_NOTHING: Final = max(map(len, _NOTHING))
_NOBODY: Final = frozenset[str]()
_PART: Final = re.compile(r"\s*[;|]\s*")
_ROMAN: Final = re.compile(r"\s*\([IVX]+\)$")
"""Which of several people of one name it is, as IMDb tells it."""
_BETWEEN: Final = re.compile(r"\s*[;|\n]\s*|\s*,(?!\s*(?:jr|sr|ii|iii|iv)\b)\s*", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_BEHIND: Final = re.compile(r"\s*\((1[89]\d\d|20\d\d)(?:/[IVX]+)?\)\s*$")
"""A year behind a title: `Heat (1995)`."""
_PLAIN: Final = ("title", "original_title", "alternative_titles", "year", "released", "kind", "runtime", "id",
                 *ID_NAMESPACES)  # fmt: skip
"""The fields whose cells are read as they are, not taken apart."""
_ID_FORMS: Final = {
    "imdb": re.compile(r"(tt\d{7,10})\b"),
    "tmdb": re.compile(r"^(?:.*/movie/)?(\d+)"),
    "wikidata": re.compile(r"\b(Q[1-9]\d*)$"),
    "justwatch": re.compile(r"^(tm\d+)$"),
}


class Row(NamedTuple):
    """A film of a list: its id there (else the row's number), title and year as written, and all the judge asks."""

    id: str
    title: str
    year: int | None
    film: Film


def films(table: Table) -> Iterator[Row | None]:
    """The films of a table; None for each row that names none (no title and no id, or a series, an episode, a game)."""
    for number, cells in table.rows:
        told: dict[str, Cell] = {}
        for field, column in table.columns.items():
            cell = cells.get(column)
            if cell is not None and cell != "":
                told[field] = cell
        yield _row(number, told)


def _row(number: int, told: Mapping[str, Cell]) -> Row | None:
    said = {field: texts(told[field]) for field in _PLAIN if field in told}
    ids = frozenset((n, i) for n in ID_NAMESPACES for text in said.get(n, ()) if (i := _id(n, text)))
    main = [*said.get("title", ()), *said.get("original_title", ())]
    titles = [*main, *_titles(said.get("alternative_titles", ()))]
    if not (titles or ids) or any(NO_FILMS.search(kind) for kind in said.get("kind", ())):
        return None
    years = {year for field in ("year", "released") for text in said.get(field, ()) if (year := _year(text))}
    plain = []
    for title in titles:
        behind = _BEHIND.search(title) if title[-1] == ")" else None
        if behind and behind.start() and (not years or int(behind[1]) in years):
            years.add(int(behind[1]))
            plain.append(title[: behind.start()])
        else:
            plain.append(title)
    folded = [fold_title(title) for title in plain]
    film = Film(
        titles=frozenset(filter(None, folded)),
        main=frozenset(filter(None, folded[: len(main)])),
        years=frozenset(years),
        directors=people(told.get("directors")),
        cast=people(told.get("cast")),
        runtimes=frozenset(filter(None, map(_runtime, said.get("runtime", ())))),
        countries=frozenset(filter(None, map(_country, _parts(told["countries"])))) if "countries" in told else _NOBODY,
        ids=ids,
    )
    named = next(iter(said.get("id", ())), str(number))
    return Row(named, plain[0] if plain else "", min(years, default=None), film)


def texts(cell: Cell) -> list[str]:
    """What a cell says, as texts: one of a CSV, several of a JSON list; a person's or company's object by its name."""
    if isinstance(cell, str):
        text = cell.strip()
        if len(text) <= _LONGEST_NOTHING and text.casefold() in _NOTHING:
            return []
        if text[:2] in {"[{", '["', "[]"}:
            try:
                return texts(json.loads(text))
            except (ValueError, RecursionError):
                return [text]
        return [text]
    if isinstance(cell, list):
        return [text for part in cell for text in texts(part)]
    if isinstance(cell, dict):
        return texts(cell.get("name") or cell.get("title"))
    return [] if cell is None else texts(str(cell))


def _parts(cell: Cell) -> list[str]:
    """The parts of a cell that names several, apart by commas, semicolons or bars; of a JSON list its items."""
    found = texts(cell)
    if isinstance(cell, str) and len(found) == 1:
        return [part for part in _BETWEEN.split(found[0]) if part]
    return found


def _titles(said: Iterable[str]) -> list[str]:
    """Titles hold commas: several are apart by semicolons or bars."""
    return [part for text in said for part in _PART.split(text) if part]


def people(cell: Cell) -> frozenset[str]:
    """Names, folded; `Bergman, Ingmar (II)` is one, since nobody else is called `Bergman` alone."""
    if cell is None:
        return _NOBODY
    return _people(cell) if isinstance(cell, str) else frozenset(filter(None, map(fold_name, texts(cell))))


@lru_cache(maxsize=50_000)
def _people(cell: str) -> frozenset[str]:
    names = [_ROMAN.sub("", name) if name[-1] == ")" else name for name in _parts(cell)]
    if len(names) == 2 and " " not in names[0]:
        names = [f"{names[1]} {names[0]}"] if " " not in names[1] else [*names, f"{names[1]} {names[0]}"]
    return frozenset(filter(None, map(fold_name, names)))


def _year(text: str) -> int | None:
    """The first year in a text; of a whole date its year, however it is written."""
    if len(text) == 4 and text.isdecimal():
        return int(text) if 1870 <= int(text) <= 2100 else None
    found = _YEAR.search(text) or next(map(_YEAR.search, dates(text)), None)
    return int(found[1]) if found else None


@lru_cache(maxsize=2000)
def _runtime(text: str) -> int | None:
    return minutes(text.removesuffix(".0"))


@lru_cache(maxsize=2000)
def _country(text: str) -> str | None:
    return country_code(text)


def _id(namespace: str, text: str) -> str | None:
    """The id in a cell: bare, behind the address of its page, or, of IMDb's, as the number alone."""
    if namespace == "imdb" and text.isdecimal() and int(text):
        text = f"tt{int(text):07}"
    found = _ID_FORMS[namespace].search(text.rstrip("/"))
    value = found[1] if found else ""
    return value if is_movie_id(namespace, value) else None
