"""The database as one file: a contract `Movie` a line or row, as JSON Lines, CSV, Parquet or SQLite.

However many films there are, the memory holds their numbers and a batch of them. In CSV and SQLite (table `movies`),
lists and objects are JSON text; in Parquet too, but for lists of text. Whom an edition owes thanks (`editions.credits`)
stands in the table `credits` of SQLite, and as JSON in the metadata `credits` of Parquet; JSON Lines and CSV have no
place for it.
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
from movie_db.movie_db_client.exporting.editions import Credited, Edition
from movie_db.movie_db_client.repository import Row, views
from movie_db.stitching.policy import DEFAULTS, Preferences

Format = Literal["jsonl", "csv", "parquet", "sqlite"]
COLUMNS: Final = tuple(Movie.model_fields)
_INTEGERS: Final = frozenset({"year", "runtime", "rating_count"})
_NUMBERS: Final = frozenset({"budget", "box_office", "rating"})
_LINES: Final = 100
"""Films that one piece of text has."""
_ROWS: Final = 1000
"""Films that one row group of Parquet has."""
_PIECE: Final = 2**18
"""Bytes that are read of a file at once."""


@dataclass
class MoviesToExport:
    """Films of an edition, sorted by title, year and id, in the order of the contract's columns.

    Each page of them is read when it comes, so that a slow reader holds no connection. `written` and `left_out` count
    what passed, and what the edition does not have.
    """

    engine: Engine
    edition: Edition = "all"
    how: Preferences = DEFAULTS
    chosen: Select[Any] | None = None
    """The numbers of the films that are wanted; None: all."""
    written: int = 0
    left_out: int = 0

    def __iter__(self) -> Iterator[Row]:
        with self.engine.connect() as connection:
            numbers = views.sorted_numbers(connection, self.chosen)
        for start in range(0, len(numbers), views.PAGE):
            page = numbers[start : start + views.PAGE]
            with self.engine.connect() as connection:
                found = list(editions.films(connection, self.edition, page, self.how))
            self.written += len(found)
            self.left_out += len(page) - len(found)
            for movie in found:
                yield {column: movie[column] for column in COLUMNS}

    def batches(self, size: int) -> Iterator[list[Row]]:
        """The same, so many at a time."""
        films = iter(self)
        while batch := list(islice(films, size)):
            yield batch

    def credits(self) -> list[Credited]:
        """Whom these films owe thanks."""
        return editions.credits(self.engine, self.edition)


def export(films: MoviesToExport, form: str, path: Path) -> None:
    """Writes films to a file, which appears whole or not at all: it is written beside its place and then moved there.

    Raises:
        UsageError: an unknown format, or the path is a folder or in none.
        UnavailableError: the database does not answer, or the file can't be written.
    """
    if form not in get_args(Format):
        raise UsageError(f"{form!r} is no format: choose {', '.join(get_args(Format))}.")
    with atomic_file(path) as half:
        if form == "sqlite":
            _write_sqlite(films, half)
        else:
            with half.open("wb") as file:
                file.writelines(_STREAMED[form](films))


def pieces(films: MoviesToExport, form: Format) -> Generator[bytes, None, None]:
    """The bytes of such a file, none of the pieces empty. SQLite's is written to a temporary file first.

    Raises:
        UnavailableError: the database does not answer, or the temporary file can't be written.
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
    """A value for one cell: lists and objects as JSON, and what is empty as nothing."""
    if isinstance(value, list | dict):
        return _json(value).decode() if value else None
    return value


def _jsonl(films: MoviesToExport) -> Iterator[bytes]:
    for batch in films.batches(_LINES):
        yield b"".join(_json(movie) + b"\n" for movie in batch)


def _csv(films: MoviesToExport) -> Iterator[bytes]:
    rows: Iterable[Iterable[Any]] = [COLUMNS]
    for batch in films.batches(_LINES):
        yield _lines(rows)  # the header, too, only once the database has answered
        rows = [map(_flat, movie.values()) for movie in batch]
    yield _lines(rows)


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _parquet(films: MoviesToExport) -> Iterator[bytes]:
    # Half a second and 40 MB that only this format needs.
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = frozenset({"genres", "languages", "countries"})
    kinds: Mapping[str, pa.DataType] = {
        **dict.fromkeys(_INTEGERS, pa.int64()),
        **dict.fromkeys(_NUMBERS, pa.float64()),
        **dict.fromkeys(texts, pa.list_(pa.string())),
    }
    about = {"edition": films.edition, "credits": _json([one._asdict() for one in films.credits()])}
    schema = pa.schema([(column, kinds.get(column, pa.string())) for column in COLUMNS], about)
    sink = _Sink()
    with pq.ParquetWriter(sink, schema) as writer:
        for batch in films.batches(_ROWS):
            rows = [{c: v if c in texts else _flat(v) for c, v in movie.items()} for movie in batch]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file to write to, of which what was written is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held

    def close(self) -> None:
        """What was written last is still to be taken."""


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
        connection.execute("PRAGMA journal_mode = OFF")  # a temporary file: whoever breaks off removes it
        connection.execute("PRAGMA synchronous = OFF")  # it is synced once it is whole
        _fill(connection, "movies", columns, (list(map(_flat, movie.values())) for movie in films))
        _fill(connection, "credits", Credited._fields, films.credits())
        connection.commit()
    except sqlite3.Error as error:
        raise UnavailableError(f"The export can't be written: {error}.") from None
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    places = ", ".join("?" for _ in columns)
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  # names of our own
