"""A database file that is removed or replaced under an open engine, or a running service, is noticed."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, make_url, text

from movie_db.contract.errors import UnavailableError
from movie_db.movie_db_client.data_model.engine import make_engine, writing
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

Served = tuple[subprocess.Popen[str], str]


@pytest.fixture
def database_url(new_database: Callable[..., str]) -> str:
    return new_database("sqlite")


@pytest.fixture
def path(database_url: str) -> Path:
    return Path(str(make_url(database_url).database))


def remove(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def move_away(path: Path) -> None:
    path.rename(path.with_name("elsewhere.sqlite"))


def replace(path: Path) -> None:
    copy = path.with_name("copy.sqlite")
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    copy.replace(path)


def remove_write_ahead_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


FAULTS = (remove, move_away, replace, remove_write_ahead_log, remove_folder)


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_written_to_a_file_that_is_gone(fault: Callable[[Path], None], store: SqlStore, path: Path) -> None:
    with SqlUnitOfWork(store) as unit:
        unit.commit()
    fault(path)
    with pytest.raises(UnavailableError, match=r"was (removed|replaced) while it was open"), SqlUnitOfWork(store):
        pass


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_goes_during_a_transaction_takes_no_word_of_it(
    fault: Callable[[Path], None], store: SqlStore, path: Path
) -> None:
    with SqlUnitOfWork(store) as unit:
        unit.repository.insert("ingest_progress", [{"segment": "s", "position": 1}])
        fault(path)
        with pytest.raises(UnavailableError, match="while it was open"):
            unit.commit()


@pytest.mark.parametrize("fault", [remove, move_away, remove_folder])
def test_no_empty_file_takes_the_place_of_one_that_is_gone(
    fault: Callable[[Path], None], engine: Engine, path: Path
) -> None:
    with engine.connect():
        fault(path)
        with pytest.raises(UnavailableError, match="was removed"), engine.connect():
            pass
    assert not path.exists()


def test_a_link_that_names_another_file_now_is_noticed(new_database: Callable[..., str], tmp_path: Path) -> None:
    one, other = (str(make_url(new_database("sqlite")).database) for _ in range(2))
    link = tmp_path / "current.sqlite"
    link.symlink_to(one)
    store = SqlStore(make_engine(f"sqlite:///{link}"))
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(UnavailableError, match="was replaced"), SqlUnitOfWork(store):
        pass
    store.engine.dispose()


def test_a_file_that_is_put_back_is_used_again(store: SqlStore, path: Path) -> None:
    away = path.with_name("away.sqlite")
    path.rename(away)
    with pytest.raises(UnavailableError), SqlUnitOfWork(store):
        pass
    away.rename(path)
    with SqlUnitOfWork(store) as unit:
        unit.repository.insert("ingest_progress", [{"segment": "s", "position": 1}])
        unit.commit()


def test_an_engine_may_close_all_and_open_the_same_file_again(engine: Engine) -> None:
    for _ in range(3):
        with writing(engine).begin() as connection:
            connection.execute(text("INSERT INTO movies (title) VALUES ('Metropolis')"))
        engine.dispose()


def test_another_process_that_uses_the_file_and_leaves_is_no_trouble(engine: Engine, path: Path) -> None:
    for _ in range(3):
        with sqlite3.connect(path) as other:
            other.execute("INSERT INTO movies (title) VALUES ('Nosferatu')")
            other.commit()
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()
        with writing(engine).begin() as connection:
            connection.execute(text("INSERT INTO movies (title) VALUES ('Metropolis')"))


@pytest.mark.parametrize("fault", FAULTS)
def test_an_ingest_stops_and_loses_nothing(
    fault: Callable[[Path], None], store: SqlStore, path: Path, make: Any, write: Callable[..., Path]
) -> None:
    data = write(make.item("k1", make.record("wikidata", "Q1", title="Metropolis")))
    fault(path)
    with pytest.raises(UnavailableError, match="while it was open"):
        ingest_once(lambda: SqlUnitOfWork(store), data)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_running_service_refuses_writes_and_says_so_in_health(
    fault: Callable[[Path], None], key: str, served: Served, path: Path
) -> None:
    with httpx2.Client(base_url=served[1], headers={"Authorization": f"Bearer {key}"}) as api:
        kept = api.post("/v1/movies", json={"title": "Metropolis"})
        assert kept.status_code == 201
        fault(path)
        for answer in (
            api.post("/v1/movies", json={"title": "Nosferatu"}),
            api.get("/v1/health"),
            api.get("/v1/ready"),
            api.get(kept.headers["location"]),
        ):
            assert answer.status_code == 503, answer.request.url
            assert "while it was open" in answer.json()["detail"]
    assert os.path.exists(path) == (fault in {replace, remove_write_ahead_log})


def test_a_database_restored_in_place_is_served_at_once(
    key: str, served: Served, path: Path, new_database: Callable[..., str], engine: Engine
) -> None:
    """As `db restore` does it: by a transaction in the same file."""
    with writing(engine).begin() as connection:
        connection.execute(text("INSERT INTO movies (title) VALUES ('Metropolis')"))
    with httpx2.Client(base_url=served[1]) as api:
        assert [film["title"] for film in api.get("/v1/movies").json()["movies"]] == ["Metropolis"]
        assert api.get("/v1/health").status_code == 200
