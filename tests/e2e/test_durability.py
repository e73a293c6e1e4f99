"""The order in which things get to the disk, as the kernel sees it; and what a log that was cut costs.

docs/durability.md says what is durable when.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

from presence import present

GALLERY = "https://www.justwatch.com/us/provider/max/movies"
RECORDING = Path(__file__).parents[2] / "sample" / "max.warc.gz"
CALLS = "read,write,writev,pwrite64,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"


class Call(NamedTuple):
    """A system call, when it had returned: its name, the file that it is about, its arguments as text, its result."""

    name: str
    file: str
    text: str
    result: int


def calls(trace: Path) -> list[Call]:
    """The calls of all processes that a trace tells, in the order in which they returned."""
    begun: dict[str, str] = {}
    found = []
    for line in trace.read_text("utf-8", "replace").splitlines():
        process, _, told = line.partition(" ")
        told = told.strip()
        if told.endswith("<unfinished ...>"):
            begun[process] = told.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", told):
            told = begun.pop(process, "") + resumed[1]
        if call := re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", told):
            file = re.search(r"<(/[^>]*)>", call[2]) or re.search(r'"([^"]*)"', call[2])
            found.append(Call(call[1], file[1] if file else "", call[2], int(call[3])))
    return found


@pytest.fixture
def traced(workplace: Any, tmp_path: Path) -> Any:
    """`traced(*arguments, **environment)` runs `movie-db …` under strace and gives its calls."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed: apt-get install strace")
    trace = tmp_path / "trace"

    def run(*arguments: Any, ready: Any = None, **environment: Any) -> Any:
        command = ["strace", "-f", "-y", "-qq", "-s", "60", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(trace)]
        command += [sys.executable, "-m", "movie_db.cli", *arguments]
        process = subprocess.Popen(
            command, cwd=workplace.folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
        )
        if ready:
            told = present(process.stdout)
            first = told.readline()
            while not first.startswith("READY "):
                first = told.readline()
            ready(first.split()[1])
            psutil.Process(process.pid).children()[0].terminate()  # strace itself heeds no signal
        out, _ = process.communicate(timeout=240)
        assert process.returncode == 0, out
        return calls(trace)

    return run


def synced_before_kept(found: list[Call]) -> int:
    """How often lines of the log were read and their place was kept; the log is synced between the two each time."""
    unsynced, kept = set[str](), 0
    folders: defaultdict[str, bool] = defaultdict(bool)
    for call in found:
        if re.search(r"_list/[^/]+\.jsonl$", call.file):
            if call.name == "read" and call.result > 1:  # one byte: only whether a line ends there
                unsynced.add(call.file)
            elif call.name == "fsync":
                unsynced.discard(call.file)
                folders[call.file] = False
        elif call.name == "fsync":
            for segment in folders:
                folders[segment] |= os.path.dirname(segment) == call.file
        elif call.name == "pwrite64" and call.file.endswith("movie_db.sqlite-wal"):
            assert not unsynced, "a place is kept before its lines are"
            assert all(folders.values()), "a place is kept before the name of its segment is"
            kept += 1
    return kept


def index(found: list[Call], name: str, ending: str, after: int = 0) -> int:
    """Where the first such call behind `after` is."""
    return next(
        number
        for number, call in enumerate(found)
        if number >= after and call.name == name and call.file.endswith(ending)
    )


def committed_by(found: list[Call], end: int, database: str) -> bool:
    """Whether what was written to a database before this call was synced before it."""
    log = [call.name for call in found[:end] if call.file.endswith(database + "-wal")]
    writes = [number for number, name in enumerate(log) if name == "pwrite64"]
    return bool(writes) and "fdatasync" in log[writes[-1] :]


def test_ingest_syncs_the_log_before_it_keeps_its_place_and_its_place_before_it_ends(
    workplace: Any, traced: Any, whole: Any
) -> None:
    shutil.copytree(whole[0].folder / "movie_data", workplace.folder / "movie_data")
    found = traced("ingest")
    assert synced_before_kept(found)
    named = next(n for n, call in enumerate(found) if call.name.startswith("rename") and "log_id" in call.text)
    assert index(found, "fsync", "/movie_data", named) < index(found, "read", "-list.jsonl")
    said = next(n for n, call in enumerate(found) if call.name == "write" and "movies added" in call.text)
    assert committed_by(found, said, "movie_db.sqlite")


def test_a_build_keeps_answers_log_and_database_in_this_order(workplace: Any, traced: Any, web: Any) -> None:
    environment = {"MOVIE_DB_UPSTREAM": web.url, "MOVIE_DB_PACE": "unlimited"}
    found = traced("build", GALLERY, "--limit", "20", **environment)
    done = index(found, "fsync", "-movies.jsonl")
    assert committed_by(found, done, "archive.sqlite")
    listed = index(found, "fsync", "-list.jsonl")
    assert listed < index(found, "write", "-movies.jsonl")
    over = next(n for n, call in enumerate(found) if call.name.startswith("unlink") and ".unfinished" in call.text)
    assert committed_by(found, over, "movie_db.sqlite")
    assert index(found, "fsync", "/locks", over) > over


def test_what_the_api_answers_is_on_the_disk(workplace: Any, traced: Any) -> None:
    assert workplace.run("db", "upgrade").code == 0
    key = workplace.run("key", "create", "k", "--scope", "admin").out.split()[-1]

    def write(url: Any) -> None:
        head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{url}/v1/movies", json.dumps({"title": "M", "year": 1931}).encode(), head)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert answer.status == 201

    found = traced("serve", "--port", "0", ready=write)
    answered = next(n for n, call in enumerate(found) if "HTTP/1.1 201" in call.text)
    assert committed_by(found, answered, "movie_db.sqlite")


def test_an_export_is_on_the_disk_under_its_name_before_it_is_said_to_be_there(
    workplace: Any, traced: Any, whole: Any
) -> None:
    found = traced("export", "films.jsonl", "--db", whole[0].database)
    renamed = next(n for n, call in enumerate(found) if call.name.startswith("rename") and "films.jsonl" in call.text)
    part = re.findall(r'"([^"]*)"', found[renamed].text)[0]
    assert index(found, "fsync", os.path.basename(part)) < renamed
    named = index(found, "fsync", str(workplace.folder), renamed)
    said = next(n for n, call in enumerate(found) if call.name == "write" and "movies in films.jsonl" in call.text)
    assert renamed < named < said


def go_on_in(workplace: Any, whole: Any) -> None:
    """Copies a build to the workplace, whose log takes over the positions of the log that it is a copy of."""
    shutil.copytree(whole[0].folder / "movie_data", workplace.folder / "movie_data")
    shutil.copy(whole[0].folder / "movie_db.sqlite", workplace.folder)
    ended = workplace.run("ingest")
    assert (ended.code, ended.out.split()[0]) == (0, "0"), ended


def test_a_build_ends_beside_a_run_that_was_given_up_within_a_line(workplace: Any, whole: Any, snapshot: Any) -> None:
    shutil.copytree(whole[0].folder / "movie_data", workplace.folder / "movie_data")
    (segment,) = workplace.folder.glob("movie_data/movie_list/*-list.jsonl")
    os.truncate(segment, segment.stat().st_size // 2)
    ended = workplace.run("build", GALLERY, "--replay", str(RECORDING))
    assert ended.code == 0, ended.said
    found, wanted = snapshot(workplace.database), snapshot(whole[0].database)
    del found["runs"], wanted["runs"]
    assert found == wanted


@pytest.mark.parametrize("cut", [{"list": 0}, {"movies": 0.5}, {"list": 0.4, "movies": 0.99}])
def test_a_build_goes_on_after_its_log_was_cut(workplace: Any, whole: Any, snapshot: Any, cut: Any) -> None:
    go_on_in(workplace, whole)
    for kind, left in cut.items():
        (segment,) = workplace.folder.glob(f"movie_data/*_list/*-{kind}.jsonl")
        os.truncate(segment, int(segment.stat().st_size * left))
    ended = workplace.run("build", GALLERY, "--replay", str(RECORDING))
    assert ended.code == 0, ended.said
    told = [line for line in ended.said if "shorter than what was already read" in line]
    assert len(told) == len(cut)
    assert all("movie_data/set_aside/" in line and "requests the rest again" in line for line in told)
    found, wanted = snapshot(workplace.database), snapshot(whole[0].database)
    assert sum(found.pop("runs").values()) == (2 if "list" in cut else 1)  # a run without its list is made anew
    del wanted["runs"]
    assert found == wanted


def test_an_ingest_goes_on_after_its_log_was_cut(workplace: Any, whole: Any, snapshot: Any) -> None:
    go_on_in(workplace, whole)
    (segment,) = workplace.folder.glob("movie_data/item_list/*-movies.jsonl")
    os.truncate(segment, 100)
    ended = workplace.run("ingest")
    assert ended.code == 0, ended.said
    (told,) = [line for line in ended.said if "movie_data/set_aside/item_list/" in line]
    assert "is shorter than what was already read of it" in told
    assert snapshot(workplace.database) == snapshot(whole[0].database)
    assert workplace.run("ingest").said == []
