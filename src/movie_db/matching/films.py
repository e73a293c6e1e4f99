"""Rows of a table as films: what the judge compares, and what a person recognises a row by."""

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
"""How lists write that they don't know, in small letters."""
_LONGEST_NOTHING: Final = max(map(len, _NOTHING))
_NOBODY: Final = frozenset[str]()
_NO_IDS: Final = frozenset[tuple[str, str]]()
_NO_NUMBER: Final = frozenset[int]()
_PART: Final = re.compile(r"\s*[;|]\s*")
_ROMAN: Final = re.compile(r"\s*\([IVX]+\)$")
"""Which of several people of one name it is, as IMDb tells it."""
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
    """A film of a list: its id there (else the row's number), title and year as written, and all the judge asks."""

    id: str
    title: str
    year: int | None
    film: FilmFeatures


def films(rows: Rows) -> Iterator[Row | None]:
    """The films of a list; None for each row that names none (no title and no id, or a series, an episode, a game)."""
    return starmap(_row, rows)


def _row(number: int, told: Mapping[str, Cell]) -> Row | None:
    ids = _NO_IDS if _IDS.isdisjoint(told) else _ids(told)
    main = [text for field in _MAIN if field in told for text in texts(told[field])]
    titles = [*main, *_titles(texts(told["alternative_titles"]))] if "alternative_titles" in told else main
    if not (titles or ids) or ("kind" in told and any(NO_FILMS.search(kind) for kind in texts(told["kind"]))):
        return None
    years = _NO_NUMBER
    for field in _DATES:
        if field in told:
            years |= _numbers(_year, told[field])
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
        directors=people(told["directors"]) if "directors" in told else _NOBODY,
        cast=people(told["cast"]) if "cast" in told else _NOBODY,
        runtimes=_numbers(_runtime, told["runtime"]) if "runtime" in told else _NO_NUMBER,
        countries=frozenset(filter(None, map(_country, _parts(told["countries"])))) if "countries" in told else _NOBODY,
        ids=ids,
    )
    named = texts(told["id"]) if "id" in told else ()
    return Row(named[0] if named else str(number), titles[0] if titles else "", min(years, default=None), film)


def _numbers(read: Callable[[str], int | None], cell: Cell) -> frozenset[int]:
    if isinstance(cell, str):
        return _numbers_of(read, cell)
    return frozenset(filter(None, map(read, texts(cell))))


@lru_cache(maxsize=2000)
def _numbers_of(read: Callable[[str], int | None], cell: str) -> frozenset[int]:
    return frozenset(filter(None, map(read, texts(cell))))


def _ids(told: Mapping[str, Cell]) -> frozenset[tuple[str, str]]:
    return frozenset((n, i) for n in ID_NAMESPACES for text in texts(told.get(n)) if (i := _id(n, text)))


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
        return [part for each in _BETWEEN.split(found[0]) if (part := each.strip())]
    return found


def _titles(said: Iterable[str]) -> list[str]:
    """Titles hold commas: several are apart by semicolons or bars."""
    return [part for text in said for part in _PART.split(text) if part]


def people(cell: Cell) -> frozenset[str]:
    """Names, folded; `Bergman, Ingmar (II)` is one, since nobody else is called `Bergman` alone."""
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
