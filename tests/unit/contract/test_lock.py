"""A lock between processes is held by one, waited for a while, and freed with its holder."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.errors import UnavailableError
from movie_db.contract.lock import exclusive
from presence import present

HOLD = """
import sys, time
from pathlib import Path
from movie_db.contract.lock import exclusive
with exclusive(Path(sys.argv[1]), "busy", 0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Any]:
    """Another process that holds the lock; closing its standard input ends it."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "locks" / "a.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert present(process.stdout).readline() == b"held\n"
        yield process
        process.kill()


def test_who_comes_second_is_told_so(tmp_path: Path, holder: Any) -> None:
    with (
        pytest.raises(UnavailableError, match="wait for it"),
        exclusive(tmp_path / "locks" / "a.lock", "wait for it", 0.3),
    ):
        pytest.fail("two hold it")
    with exclusive(tmp_path / "locks" / "b.lock", "another lock is free", 0):
        pass


def test_a_killed_holder_frees_it(tmp_path: Path, holder: Any) -> None:
    holder.kill()
    with exclusive(tmp_path / "locks" / "a.lock", "still held", 5):
        pass


def test_a_lock_where_nothing_can_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(UnavailableError, match=r"file/a.lock can't be written"),
        exclusive(tmp_path / "file/a.lock", "", 0),
    ):
        pytest.fail("it is held")
