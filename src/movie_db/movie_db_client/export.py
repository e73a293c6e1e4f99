"""The database as one file: a contract `Movie` a line or row, as JSON Lines, CSV, Parquet or SQLite."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, get_args

from sqlalchemy import Engine

from movie_db.contract.errors import Unavailable, UsageError
from movie_db.contract.files import whole
from movie_db.contract.messages import Movie
from movie_db.movie_db_client.repository import views

Format = Literal["jsonl", "csv", "parquet", "sqlite"]
COLUMNS: Final = tuple(Movie.model_fields)
_INTEGERS: Final = frozenset({"year", "runtime", "rating_count"})
_NUMBERS: Final = frozenset({"budget", "box_office", "rating"})
_BATCH: Final = 1000


def export(engine: Engine, form: str, path: Path) -> int:
    """Writes all films to a file, sorted by title, year and id; returns how many.

    The file appears whole or not at all: it is written beside its place and then moved there. In CSV and SQLite (table
    `movies`), lists and objects are JSON text; in Parquet too, but for lists of text.

    Raises:
        UsageError: an unknown format, or the path is a folder or in none.
        Unavailable: the database does not answer, or the file can't be written.
    """
    if form not in _WRITERS:
        raise UsageError(f"{form!r} is no format: choose {', '.join(get_args(Format))}.")
    counted = _Counted(views.all_movies(engine))
    with whole(path) as half:
        try:
            _WRITERS[form](counted, half)
        except sqlite3.Error as error:
            raise Unavailable(f"{path} can't be written: {error}.") from None
    return counted.number


class _Counted:
    """Films in the order of the contract's columns, counted as they pass."""

    def __init__(self, movies: Iterable[dict[str, Any]]) -> None:
        self._movies = movies
        self.number = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for movie in self._movies:
            self.number += 1
            yield {column: movie[column] for column in COLUMNS}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _flat(value: Any) -> Any:
    """A value for one cell: lists and objects as JSON, and what is empty as nothing."""
    if isinstance(value, list | dict):
        return _json(value) if value else None
    return value


def _write_jsonl(movies: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_json(movie) + "\n" for movie in movies)


def _write_csv(movies: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([_flat(value) for value in movie.values()] for movie in movies)


def _write_sqlite(movies: Iterable[dict[str, Any]], path: Path) -> None:
    kinds = dict.fromkeys(_INTEGERS, "INTEGER") | dict.fromkeys(_NUMBERS, "REAL")
    columns = ", ".join(f'"{column}" {kinds.get(column, "TEXT")}' for column in COLUMNS)
    connection = sqlite3.connect(path)
    try:
        connection.execute(f"CREATE TABLE movies ({columns})")
        places = ", ".join("?" for _ in COLUMNS)
        rows = ([_flat(value) for value in movie.values()] for movie in movies)
        connection.executemany(f"INSERT INTO movies VALUES ({places})", rows)  # noqa: S608  # names of our own
        connection.commit()
    finally:
        connection.close()


def _write_parquet(movies: Iterable[dict[str, Any]], path: Path) -> None:
    # Half a second and 40 MB that only this format needs.
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = frozenset({"genres", "languages", "countries"})
    kinds: Mapping[str, pa.DataType] = {
        **dict.fromkeys(_INTEGERS, pa.int64()),
        **dict.fromkeys(_NUMBERS, pa.float64()),
        **dict.fromkeys(texts, pa.list_(pa.string())),
    }
    schema = pa.schema([(column, kinds.get(column, pa.string())) for column in COLUMNS])
    films = iter(movies)
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(islice(films, _BATCH)):
            rows = [{c: v if c in texts else _flat(v) for c, v in movie.items()} for movie in batch]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


_WRITERS: Final[Mapping[str, Callable[[Iterable[dict[str, Any]], Path], None]]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
    "sqlite": _write_sqlite,
}
