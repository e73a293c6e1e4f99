"""A lock between processes is held by one, waited for a while, and freed with its holder."""

import subprocess
import sys

import pytest

from movie_db.contract.errors import Unavailable
from movie_db.contract.lock import exclusive

HOLD = """
import sys, time
from pathlib import Path
from movie_db.contract.lock import exclusive
with exclusive(Path(sys.argv[1]), "busy", 0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock; closing its standard input ends it."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "locks" / "a.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_who_comes_second_is_told_so(tmp_path, holder):
    with pytest.raises(Unavailable, match="wait for it"), exclusive(tmp_path / "locks" / "a.lock", "wait for it", 0.3):
        pytest.fail("two hold it")
    with exclusive(tmp_path / "locks" / "b.lock", "another lock is free", 0):
        pass


def test_a_killed_holder_frees_it(tmp_path, holder):
    holder.kill()
    with exclusive(tmp_path / "locks" / "a.lock", "still held", 5):
        pass


def test_a_lock_where_nothing_can_be_written_says_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=r"file/a.lock can't be written"), exclusive(tmp_path / "file/a.lock", "", 0):
        pytest.fail("it is held")
