"""Reads lists of films row by row: CSV, TSV, JSON Lines (plain or gzip) and databases of movie_db."""

import csv
import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TextIO

from movie_db.contract.errors import UsageError
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.contract.text import clean_text, load_json
from movie_db.stitching import columns

Cell = Any
"""Text of a CSV; whatever JSON has in JSON Lines and databases."""
_ID: Final = "id"
_ID_COLUMNS: Final = ("id", "key", "movieid", "filmid", "rowid", "recordid")
FIELDS: Final = (_ID, *columns.COLUMNS)
"""The fields that `--map` accepts."""
_SAMPLE: Final = 100
"""Number of JSON lines from which the keys are collected."""


Rows = Iterator[tuple[int, Mapping[str, Cell]]]
"""The rows of a list with their numbers, from 1. A row has its cells by field, without empty ones."""


@contextmanager
def open_table(address: str, side: str, mapped: Mapping[str, str]) -> Iterator[Rows]:
    """Opens a file by its path, or a database by its path or URL.

    Args:
        side: `left` or `right`, for error messages.
        mapped: columns that the user named, by field.

    Raises:
        UsageError: the file does not exist, can't be read or has no column of titles; also while rows are read.
        UnavailableError: the database does not respond.
    """
    if re.match(r"(sqlite|postgres)[a-z+]*://", address):
        yield _database(address, side, mapped)
        return
    path = Path(address)
    if not path.is_file():
        raise UsageError(
            f"There is no file {address}: a list is a CSV, TSV or JSON Lines file, or a database of movie_db."
        )
    try:
        with path.open("rb") as file:
            start = file.read(16)
        if start.startswith(b"SQLite format 3"):
            yield _database(f"sqlite:///{path}", side, mapped)
            return
        opener: Callable[..., TextIO] = gzip.open if start.startswith(b"\x1f\x8b") else open
        with opener(path, "rt", encoding="utf-8-sig", newline="") as text:
            yield _text(map(clean_text, text), address, side, mapped)
    except UnicodeDecodeError:
        raise UsageError(f"{address} is not UTF-8: save it as UTF-8.") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UsageError(f"{address} can't be unpacked: it is damaged or incomplete.") from None
    except OSError as error:
        raise UsageError(f"{address} can't be read: {error.strerror or error}.") from None


def _database(url: str, side: str, mapped: Mapping[str, str]) -> Rows:
    from movie_db.contract.messages import Movie
    from movie_db.movie_db_client.data_model.schema_version import open_built
    from movie_db.movie_db_client.reading.documents import numbered_movies

    engine = open_built(url)
    names = [_ID, *Movie.model_fields, *(f"ids.{namespace}" for namespace in MOVIE_NAMESPACES)]
    rows = ((number, {_ID: number} | movie | _ids(movie["ids"])) for number, movie in numbered_movies(engine))
    return _rows(_columns(names, url, side, mapped), rows)


def _ids(ids: Mapping[str, Cell]) -> dict[str, Cell]:
    return {f"ids.{namespace}": value for namespace, value in ids.items()}


def _text(text: Iterator[str], address: str, side: str, mapped: Mapping[str, str]) -> Rows:
    head = next((line for line in text if line.strip()), "")
    if head.startswith("Letterboxd list export"):
        head = next((line for line in text if line.startswith("Position,")), "")
    if not head:
        raise UsageError(f"{address} is empty. A list has one movie per row.")
    if head.lstrip().startswith("["):
        raise UsageError(f"{address} is one JSON array. Write it as JSON Lines, with one object per line.")
    if head.lstrip().startswith("{"):
        return _json_lines(chain([head], text), address, side, mapped)
    return _csv(head, text, address, side, mapped)


def _json_lines(lines: Iterator[str], address: str, side: str, mapped: Mapping[str, str]) -> Rows:
    def objects() -> Iterator[tuple[int, Mapping[str, Cell]]]:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, _object(line, f"Line {number} of {address}")

    rows = objects()
    sample = list(islice(rows, _SAMPLE))
    names = list(dict.fromkeys(name for _, row in sample for name in row))
    return _rows(_columns(names, address, side, mapped), chain(sample, rows))


def _rows(columns: Mapping[str, str], rows: Iterable[tuple[int, Mapping[str, Cell]]]) -> Rows:
    for number, cells in rows:
        fields = ((field, cells.get(column)) for field, column in columns.items())
        yield number, {field: cell for field, cell in fields if cell is not None and cell != ""}


def _object(line: str, place: str) -> dict[str, Cell]:
    try:
        found = load_json(line)
    except (ValueError, RecursionError):
        raise UsageError(f"{place} is not JSON: write one object per line.") from None
    if not isinstance(found, dict):
        raise UsageError(f"{place} is not a JSON object: write one object per line.")
    return found | _ids(found["ids"]) if isinstance(found.get("ids"), dict) else found


def _csv(head: str, text: Iterator[str], address: str, side: str, mapped: Mapping[str, str]) -> Rows:
    between = columns.delimiter(head)
    # Tab-separated files, such as IMDb's, quote nothing: quotation marks are part of the text.
    quoting: Any = csv.QUOTE_NONE if between == "\t" else csv.QUOTE_MINIMAL
    reader = csv.reader(chain([head], text), delimiter=between, quoting=quoting)

    def rows() -> Rows:
        number = 0
        try:
            for row in reader:
                if any(row):
                    number += 1
                    row.extend([""] * (len(names) - len(row)))
                    yield number, {field: row[at] for field, at in places if row[at]}
        except csv.Error as error:
            raise UsageError(f"Line {reader.line_num} of {address} is not CSV ({error}): is a quote open?") from None

    names = [name.strip() for name in next(reader)]
    places = [(field, names.index(column)) for field, column in _columns(names, address, side, mapped).items()]
    return rows()


def _columns(names: list[str], address: str, side: str, mapped: Mapping[str, str]) -> dict[str, str]:
    """The column of each field, as guessed or mapped.

    Raises:
        UsageError: a mapped column does not exist, or there is no column of titles.
    """
    for field, column in mapped.items():
        if column not in names:
            raise UsageError(
                f"{address} has no column {column!r} for {side}.{field}: it has {', '.join(names[:30]) or 'none'}."
            )
    short = [name.removeprefix("ids.") for name in names]
    found = {field: names[number] for field, number in columns.guess(short).items()} | dict(mapped)
    if "year" in found and "released" not in mapped and columns.folded(found.get("released", "")) == "date":
        del found["released"]  # beside a year, Letterboxd's `Date` is the day of the entry
    by_name = {columns.folded(name): name for name in reversed(names)}
    id_column = next((by_name[name] for name in _ID_COLUMNS if name in by_name), None)
    if id_column is not None:
        found.setdefault(_ID, id_column)
    if not found.keys() & {"title", "original_title", "alternative_titles"}:
        raise UsageError(
            f"{address} has no column with a known name for titles (it has {', '.join(names[:30])}): "
            f"name it with --map {side}.title=COLUMN."
        )
    return found
