"""The logs of the services: machines read JSON Lines, people sentences."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from movie_db.contract.service import EXIT_WITH_PARENT

PROGRAM = """
import logging, sys
from pathlib import Path
from movie_db.contract import service_log
from movie_db.contract.errors import MovieDbError, UnavailableError, UsageError
error = eval(sys.argv[2])
try:
    service_log.set_up("wiki_api", "INFO", Path(sys.argv[1]) if sys.argv[1] else None)
    with service_log.about(run="r1"), service_log.about(movie="justwatch:tm1"):
        logging.getLogger("a.b").info("Amélie\\n%d", 1)
    logging.getLogger("a.b").debug("unheard")
    raise error
except MovieDbError as known:
    service_log.exit_with_error("wiki_api", known)
"""


def run(folder: Any, error: Any, **environment: Any) -> Any:
    command = [sys.executable, "-c", PROGRAM, str(folder), error]
    clean = {name: value for name, value in os.environ.items() if name != EXIT_WITH_PARENT}
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, check=False)


def test_every_line_is_an_object_and_bears_the_ids_that_are_known(tmp_path: Path) -> None:
    done = run(tmp_path / "logs", "UsageError('Give a title.')")
    first, last = map(json.loads, done.stderr.splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "INFO",
        "service": "wiki_api",
        "logger": "a.b",
        "message": "Amélie\n1",
        "run": "r1",
        "movie": "justwatch:tm1",
    }
    assert (last["level"], last["message"], "run" in last) == ("CRITICAL", "Give a title.", False)


def test_the_file_in_the_logs_folder_says_the_same(tmp_path: Path) -> None:
    done = run(tmp_path / "logs", "UsageError('Give a title.')")
    assert (tmp_path / "logs" / "wiki_api.jsonl").read_text("utf-8") == done.stderr


def test_what_broke_off_is_on_one_line_with_its_trace(tmp_path: Path) -> None:
    done = run(tmp_path, "ZeroDivisionError('x')")
    assert done.returncode == 1
    last = json.loads(done.stderr.splitlines()[-1])
    assert last["trace"].endswith("ZeroDivisionError: x")


@pytest.mark.parametrize(("error", "code"), [("UsageError('No.')", 2), ("UnavailableError('No.')", 1)])
def test_a_build_hears_a_sentence_as_the_last_word(error: Any, code: Any) -> None:
    done = run("", error, **{EXIT_WITH_PARENT: "1"})
    assert (done.returncode, done.stderr.splitlines()[-1]) == (code, "wiki_api: No.")


def test_a_logs_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    done = run(tmp_path / "taken", "UsageError('unheard')")
    assert done.returncode == 1
    assert json.loads(done.stderr)["message"] == (
        f"The log folder {tmp_path}/taken can't be written (File exists). MOVIE_DB_LOGS takes a folder."
    )


FILLING = """
import logging, sys
from pathlib import Path
from movie_db.contract import service_log
service_log.LARGEST = 2000
service_log.set_up("wiki_api", "INFO", Path(sys.argv[1]))
for number in range(100):
    logging.getLogger("a").info("line %d", number)
"""


def test_a_log_file_that_is_full_makes_way_and_old_ones_go(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FILLING, tmp_path], capture_output=True, check=True)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["wiki_api.jsonl", "wiki_api.jsonl.1", "wiki_api.jsonl.2"]
    assert all(file.stat().st_size <= 2000 for file in files)
    assert json.loads(files[0].read_text("utf-8").splitlines()[-1])["message"] == "line 99"
