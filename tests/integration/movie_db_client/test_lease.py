"""One database has one builder at a time, on both databases."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from movie_db.contract.errors import BuilderBusyError, Unavailable
from movie_db.movie_db_client.data_model import lease
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.lease import building

_HOLD = """
import sys, time
from pathlib import Path
from movie_db.movie_db_client.data_model.lease import building
with building(sys.argv[1], Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""
Held = Callable[[Path], subprocess.Popen[str]]


@pytest.fixture
def hold(database_url: str) -> Iterator[Held]:
    """`hold(data)` starts a process that builds there."""
    started: list[subprocess.Popen[str]] = []

    def start(data: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _HOLD, database_url, str(data)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_second_builder_is_told_who_builds_and_since_when(database_url: str, hold: Held, tmp_path: Path) -> None:
    first = hold(tmp_path / "d")
    with pytest.raises(BuilderBusyError) as refused, building(database_url, tmp_path / "other"):
        pass
    told = str(refused.value)
    assert f"process {first.pid} on {socket.gethostname()[:20]}, with the data folder /" in told
    assert re.search(r"since \d{4}-\d\d-\d\dT\d\d:\d\dZ\. Wait for its end, or stop it\.$", told)


def test_who_waits_gets_the_database_when_the_first_one_ends(database_url: str, hold: Held, tmp_path: Path) -> None:
    first = hold(tmp_path)
    with pytest.raises(BuilderBusyError), building(database_url, tmp_path, wait=0.3):
        pass
    first.communicate()
    with building(database_url, tmp_path, wait=5) as check:
        check()
    with building(database_url, tmp_path):
        pass


def test_a_builder_that_is_killed_lets_go_ten_times(database_url: str, hold: Held, tmp_path: Path) -> None:
    for _ in range(10):
        first = hold(tmp_path)
        with pytest.raises(BuilderBusyError), building(database_url, tmp_path):
            pass
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        with building(database_url, tmp_path, wait=5):
            pass


def test_databases_do_not_share_a_builder(
    database_url: str, new_database: Callable[..., str], hold: Held, tmp_path: Path
) -> None:
    hold(tmp_path)
    other = new_database("sqlite" if database_url.startswith("sqlite") else "postgresql")
    with building(other, tmp_path):
        pass


def test_nothing_is_left_beside_the_database(new_database: Callable[..., str], tmp_path: Path) -> None:
    url = new_database("sqlite")
    path = Path(str(make_url(url).database))
    with building(url, tmp_path):
        assert path.with_name(f"{path.name}-builder").exists()
    assert {file.name for file in path.parent.iterdir()} == {path.name}


def test_a_link_to_a_database_is_that_database(new_database: Callable[..., str], tmp_path: Path) -> None:
    url = new_database("sqlite")
    link = tmp_path / "link.sqlite"
    link.symlink_to(str(make_url(url).database))
    with building(url, tmp_path), pytest.raises(BuilderBusyError), building(f"sqlite:///{link}", tmp_path):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="in a folder that exists"), building(
        f"sqlite:///{tmp_path}/nowhere/a.sqlite", tmp_path
    ):
        pass
    assert not (tmp_path / "nowhere").exists()


def _end_sessions(url: str) -> None:
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name LIKE 'movie_db %' AND datname = current_database()"
            )
        )
    engine.dispose()


def test_a_session_that_the_database_ended_is_taken_anew(
    new_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "_LOOK", 0.0)
    url = new_database("postgresql")
    with building(url, tmp_path) as check:
        check()
        _end_sessions(url)
        check()
        with pytest.raises(BuilderBusyError), building(url, tmp_path):
            pass


def test_a_builder_whose_place_was_taken_is_told(
    new_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "_LOOK", 0.0)
    url = new_database("postgresql")
    with building(url, tmp_path) as check:
        _end_sessions(url)
        time.sleep(0.1)
        with building(url, tmp_path / "other"), pytest.raises(BuilderBusyError, match="since"):
            check()
