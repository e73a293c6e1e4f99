"""One database has one builder at a time, on both databases."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from movie_db.contract.errors import BuilderBusyError, UnavailableError
from movie_db.movie_db_client.data_model import lease
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.lease import building

Holder = Callable[[Path], int]


@pytest.fixture
def hold(database_url: str) -> Iterator[Holder]:
    """`hold(data)` starts a process that builds there, and gives its number."""
    started: list[int] = []

    def start(data: Path) -> int:
        heard, says = os.pipe()
        number = os.fork()
        if number == 0:
            try:
                with building(database_url, data):
                    os.write(says, b"held")
                    signal.pause()
            finally:
                os._exit(0)
        started.append(number)
        os.close(says)
        assert os.read(heard, 4) == b"held"
        os.close(heard)
        return number

    yield start
    for number in started:
        end(number)


def end(number: int) -> None:
    """Kills a process, if it is there."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def test_the_second_builder_is_told_who_builds_and_since_when(database_url: str, hold: Holder, tmp_path: Path) -> None:
    first = hold(tmp_path / "d")
    with pytest.raises(BuilderBusyError) as refused, building(database_url, tmp_path / "other"):
        pass
    result = str(refused.value)
    assert f"process {first} on {socket.gethostname()[:20]}, with the data folder /" in result
    assert re.search(r"since \d{4}-\d\d-\d\dT\d\d:\d\dZ\. Wait until it ends, or stop it\.$", result)


def test_who_waits_gets_the_database_when_the_first_one_ends(database_url: str, hold: Holder, tmp_path: Path) -> None:
    first = hold(tmp_path)
    with pytest.raises(BuilderBusyError), building(database_url, tmp_path, wait=0.3):
        pass
    end(first)
    with building(database_url, tmp_path, wait=5) as check:
        check()
    with building(database_url, tmp_path):
        pass


def test_a_builder_that_is_killed_lets_go_ten_times(database_url: str, hold: Holder, tmp_path: Path) -> None:
    for _ in range(10):
        first = hold(tmp_path)
        with pytest.raises(BuilderBusyError), building(database_url, tmp_path):
            pass
        end(first)
        with building(database_url, tmp_path, wait=5):
            pass


def test_databases_do_not_share_a_builder(
    database_url: str, new_database: Callable[..., str], hold: Holder, tmp_path: Path
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
    with (
        pytest.raises(UnavailableError, match="in an existing, writable folder"),
        building(f"sqlite:///{tmp_path}/nowhere/a.sqlite", tmp_path),
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
