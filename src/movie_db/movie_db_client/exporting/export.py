"""Exports movies to one file: one `Movie` of the contract per line or row, as JSON Lines, CSV, Parquet or SQLite.

Memory holds the numbers of all movies, and one batch of them. In CSV and SQLite (table `movies`), lists and objects are
JSON text; in Parquet too, except for lists of text. The required attribution (`editions.attributions`) is in the table
`credits` of SQLite, and as JSON in the metadata `credits` of Parquet. JSON Lines and CSV have no place for it.
"""

import csv
import io
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, get_args

import orjson
from sqlalchemy import Engine, Select

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.files import atomic_file
from movie_db.contract.messages import Movie
from movie_db.movie_db_client.exporting import editions
from movie_db.movie_db_client.exporting.editions import Attribution, Edition
from movie_db.movie_db_client.repository import Row, views
from movie_db.stitching.policy import DEFAULTS, Preferences

Format = Literal["jsonl", "csv", "parquet", "sqlite"]
COLUMNS: Final = tuple(Movie.model_fields)
_INTEGERS: Final = frozenset({"year", "runtime", "rating_count"})
_NUMBERS: Final = frozenset({"budget", "box_office", "rating"})
_LINES: Final = 100
"""Movies per piece of text."""
_ROWS: Final = 1000
"""Movies per row group of Parquet."""
_PIECE: Final = 2**18
"""Bytes that are read from a file at once."""


@dataclass
class MoviesToExport:
    """Iterates over the movies of an edition, sorted by title, year and id, with the columns of the contract.

    Each page is read when it is due, so a slow consumer holds no connection. `written` and `left_out` count the movies
    that were exported, and those that the edition does not have.
    """

    engine: Engine
    edition: Edition = "all"
    how: Preferences = DEFAULTS
    chosen: Select[Any] | None = None
    """Selects the numbers of the movies; None for all."""
    written: int = 0
    left_out: int = 0

    def __iter__(self) -> Iterator[Row]:
        with self.engine.connect() as connection:
            numbers = views.sorted_numbers(connection, self.chosen)
        for start in range(0, len(numbers), views.PAGE):
            page = numbers[start : start + views.PAGE]
            with self.engine.connect() as connection:
                found = list(editions.movies_of(connection, self.edition, page, self.how))
            self.written += len(found)
            self.left_out += len(page) - len(found)
            for movie in found:
                yield {column: movie[column] for column in COLUMNS}

    def batches(self, size: int) -> Iterator[list[Row]]:
        """Yields the movies in batches of this size."""
        films = iter(self)
        while batch := list(islice(films, size)):
            yield batch

    def attributions(self) -> list[Attribution]:
        """Returns the required attribution."""
        return editions.attributions(self.engine, self.edition)


def export_movies(films: MoviesToExport, form: str, path: Path) -> None:
    """Writes movies to a file. It is written to a temporary file first, so it appears complete or not at all.

    Raises:
        UsageError: the format is unknown, the path is a folder, or its folder does not exist.
        UnavailableError: the database does not answer, or the file cannot be written.
    """
    if form not in get_args(Format):
        raise UsageError(f"Unknown format {form!r}: choose {', '.join(get_args(Format))}.")
    with atomic_file(path) as half:
        if form == "sqlite":
            _write_sqlite(films, half)
        else:
            with half.open("wb") as file:
                file.writelines(_STREAMED[form](films))


def stream_movies(films: MoviesToExport, form: Format) -> Generator[bytes, None, None]:
    """Yields the bytes of such a file in non-empty pieces. SQLite is written to a temporary file first.

    Raises:
        UnavailableError: the database does not answer, or the temporary file cannot be written.
    """
    if form != "sqlite":
        yield from filter(None, _STREAMED[form](films))
        return
    try:
        with TemporaryDirectory(prefix="movie_db_export_") as folder:
            path = Path(folder, "movies.sqlite")
            _write_sqlite(films, path)
            with path.open("rb") as file:
                yield from iter(lambda: file.read(_PIECE), b"")
    except OSError as error:
        raise UnavailableError(f"The export can't be written: {error.strerror or error}.") from None


def _json(value: Any) -> bytes:
    return orjson.dumps(value)


def _flat(value: Any) -> Any:
    """Returns a value for one cell: lists and objects as JSON, and empty ones as None."""
    if isinstance(value, list | dict):
        return _json(value).decode() if value else None
    return value


def _jsonl(films: MoviesToExport) -> Iterator[bytes]:
    for batch in films.batches(_LINES):
        yield b"".join(_json(movie) + b"\n" for movie in batch)


def _csv(films: MoviesToExport) -> Iterator[bytes]:
    rows: Iterable[Iterable[Any]] = [COLUMNS]
    for batch in films.batches(_LINES):
        yield _lines(rows)  # even the header waits until the database has answered
        rows = [map(_flat, movie.values()) for movie in batch]
    yield _lines(rows)


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _parquet(films: MoviesToExport) -> Iterator[bytes]:
    # Imported here: it takes half a second and 40 MB that only this format needs.
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = frozenset({"genres", "languages", "countries"})
    kinds: Mapping[str, pa.DataType] = {
        **dict.fromkeys(_INTEGERS, pa.int64()),
        **dict.fromkeys(_NUMBERS, pa.float64()),
        **dict.fromkeys(texts, pa.list_(pa.string())),
    }
    about = {"edition": films.edition, "credits": _json([one._asdict() for one in films.attributions()])}
    schema = pa.schema([(column, kinds.get(column, pa.string())) for column in COLUMNS], about)
    sink = _Sink()
    with pq.ParquetWriter(sink, schema) as writer:
        for batch in films.batches(_ROWS):
            rows = [{c: v if c in texts else _flat(v) for c, v in movie.items()} for movie in batch]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            yield sink.drain()
    yield sink.drain()


class _Sink(io.RawIOBase):
    """A file that collects what is written, until it is drained."""

    def __init__(self) -> None:
        super().__init__()
        self._buffer = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._buffer += data
        return len(data)

    def drain(self) -> bytes:
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    def close(self) -> None:
        """Keeps the buffer: what was written last is drained after closing."""


_STREAMED: Final[Mapping[str, Callable[[MoviesToExport], Iterator[bytes]]]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}


def _write_sqlite(films: MoviesToExport, path: Path) -> None:
    kinds = dict.fromkeys(_INTEGERS, "INTEGER") | dict.fromkeys(_NUMBERS, "REAL")
    columns = [f'"{column}" {kinds.get(column, "TEXT")}' for column in COLUMNS]
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # a temporary file, which is removed after an error
        connection.execute("PRAGMA synchronous = OFF")  # it is synced once it is complete
        _fill(connection, "movies", columns, (list(map(_flat, movie.values())) for movie in films))
        _fill(connection, "credits", Attribution._fields, films.attributions())
        connection.commit()
    except sqlite3.Error as error:
        raise UnavailableError(f"The export can't be written: {error}.") from None
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    places = ", ".join("?" for _ in columns)
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  # the names are constants
