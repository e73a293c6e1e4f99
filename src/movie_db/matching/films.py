"""Parses the rows of a table as films: the features that the judge compares, and the title and year for people."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import starmap
from typing import Final, NamedTuple

from movie_db.contract.ids import is_movie_id
from movie_db.matching.tables import Cell, Rows
from movie_db.stitching.columns import NO_FILMS, split_year, unescape_html
from movie_db.stitching.match import ID_NAMESPACES, FilmFeatures
from movie_db.stitching.names import fold_name, fold_title
from movie_db.stitching.values import country_code, dates, minutes

_NOTHING: Final = frozenset(("", "-", "-1", "\\n", "n/a", "na", "nan", "none", "null", "unknown", "?"))
"""How lists write that a value is unknown, in lower case."""
_LONGEST_NOTHING: Final = max(map(len, _NOTHING))
_NOBODY: Final = frozenset[str]()
_NO_IDS: Final = frozenset[tuple[str, str]]()
_NO_NUMBER: Final = frozenset[int]()
_PART: Final = re.compile(r"\s*[;|]\s*")
_ROMAN: Final = re.compile(r"\s*\([IVX]+\)$")
"""IMDb's number for people with the same name."""
_BETWEEN: Final = re.compile(r"[;|\n]|,(?!\s*(?:jr|sr|ii|iii|iv)\b)", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_IDS: Final = frozenset(ID_NAMESPACES)
_MAIN: Final = ("title", "original_title")
_DATES: Final = ("year", "released")
_ID_FORMS: Final = {
    "imdb": re.compile(r"(tt\d{7,10})\b"),
    "tmdb": re.compile(r"^(?:.*/movie/)?(\d+)"),
    "wikidata": re.compile(r"\b(Q[1-9]\d*)$"),
    "justwatch": re.compile(r"^(tm\d+)$"),
}


class Row(NamedTuple):
    """A film of a list: its id there (or the row's number), title and year as written, and its features."""

    id: str
    title: str
    year: int | None
    film: FilmFeatures


def films(rows: Rows) -> Iterator[Row | None]:
    """The films of a list; None for each row without a film (no title and no id, or a series, an episode, a game)."""
    return starmap(_row, rows)


def _row(number: int, cells: Mapping[str, Cell]) -> Row | None:
    ids = _NO_IDS if _IDS.isdisjoint(cells) else _ids(cells)
    main = [text for field in _MAIN if field in cells for text in texts(cells[field])]
    titles = [*main, *_titles(texts(cells["alternative_titles"]))] if "alternative_titles" in cells else main
    if not (titles or ids) or ("kind" in cells and any(NO_FILMS.search(kind) for kind in texts(cells["kind"]))):
        return None
    years = _NO_NUMBER
    for field in _DATES:
        if field in cells:
            years |= _numbers(_year, cells[field])
    for n, title in enumerate(titles):
        titles[n] = unescape_html(title)
        behind = split_year(titles[n])
        if behind and (not years or behind[1] in years):
            titles[n] = behind[0]
            years |= {behind[1]}
    folded = [fold_title(title) for title in titles]
    goes_by = frozenset(filter(None, folded[: len(main)]))
    film = FilmFeatures(
        titles=goes_by if len(folded) == len(main) else frozenset(filter(None, folded)),
        main=goes_by,
        years=years,
        directors=people(cells["directors"]) if "directors" in cells else _NOBODY,
        cast=people(cells["cast"]) if "cast" in cells else _NOBODY,
        runtimes=_numbers(_runtime, cells["runtime"]) if "runtime" in cells else _NO_NUMBER,
        countries=frozenset(filter(None, map(_country, _parts(cells["countries"]))))
        if "countries" in cells
        else _NOBODY,
        ids=ids,
    )
    named = texts(cells["id"]) if "id" in cells else ()
    return Row(named[0] if named else str(number), titles[0] if titles else "", min(years, default=None), film)


def _numbers(read: Callable[[str], int | None], cell: Cell) -> frozenset[int]:
    if isinstance(cell, str):
        return _numbers_of(read, cell)
    return frozenset(filter(None, map(read, texts(cell))))


@lru_cache(maxsize=2000)
def _numbers_of(read: Callable[[str], int | None], cell: str) -> frozenset[int]:
    return frozenset(filter(None, map(read, texts(cell))))


def _ids(cells: Mapping[str, Cell]) -> frozenset[tuple[str, str]]:
    return frozenset((n, i) for n in ID_NAMESPACES for text in texts(cells.get(n)) if (i := _id(n, text)))


def texts(cell: Cell) -> list[str]:
    """A cell as texts: one from a CSV, several from a JSON list. Objects (people, companies) give their name."""
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
    """The parts of a cell with several values, separated by commas, semicolons or bars; the items of a JSON list."""
    found = texts(cell)
    if isinstance(cell, str) and len(found) == 1:
        return [part for each in _BETWEEN.split(found[0]) if (part := each.strip())]
    return found


def _titles(cells: Iterable[str]) -> list[str]:
    """Titles, separated by semicolons or bars, since titles may contain commas."""
    return [part for text in cells for part in _PART.split(text) if part]


def people(cell: Cell) -> frozenset[str]:
    """Folded names. `Bergman, Ingmar (II)` is one name, since names have at least two words."""
    return _people(cell) if isinstance(cell, str) else frozenset(filter(None, map(fold_name, texts(cell))))


@lru_cache(maxsize=50_000)
def _people(cell: str) -> frozenset[str]:
    names = [_ROMAN.sub("", name) if name[-1] == ")" else name for name in _parts(cell)]
    if len(names) == 2 and " " not in names[0]:
        names = [f"{names[1]} {names[0]}"] if " " not in names[1] else [*names, f"{names[1]} {names[0]}"]
    return frozenset(filter(None, map(fold_name, names)))


def _year(text: str) -> int | None:
    """The first year in a text, which may be a date in any format."""
    if len(text) == 4 and text.isdecimal():
        return int(text) if 1870 <= int(text) <= 2100 else None
    found = _YEAR.search(text) or next(map(_YEAR.search, dates(text)), None)
    return int(found[1]) if found else None


def _runtime(text: str) -> int | None:
    return minutes(text.removesuffix(".0"))


@lru_cache(maxsize=2000)
def _country(text: str) -> str | None:
    return country_code(text)


def _id(namespace: str, text: str) -> str | None:
    """The id in a cell: bare, at the end of its page's URL, or for IMDb as the number alone."""
    if namespace == "imdb" and text.isdecimal() and int(text):
        text = f"tt{int(text):07}"
    found = _ID_FORMS[namespace].search(text.rstrip("/"))
    value = found[1] if found else ""
    return value if is_movie_id(namespace, value) else None
