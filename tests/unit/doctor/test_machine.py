"""What the doctor finds on this machine."""

import json
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from movie_db.doctor import machine

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def mounted(options: str, place: Path, call: str) -> dict[str, str]:
    """A check on a small file system of its own, mounted for one process alone."""
    code = (
        "import json; from pathlib import Path; from movie_db.doctor import machine as m;"
        f"c = {call}; print(json.dumps([c.status, c.message, c.advice]))"
    )
    command = f"mount -t tmpfs -o {options} none {shlex.quote(str(place))} && {{ {{ head -c 9m /dev/zero > "
    command += f"{shlex.quote(str(place / 'fill'))}; }} 2>/dev/null; exec {sys.executable} -c {shlex.quote(code)}; }}"
    unshare = shutil.which("unshare")
    assert unshare, "these tests need util-linux"
    ended = subprocess.run([unshare, "-rm", "sh", "-c", command], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return dict(zip(("status", "told", "right"), json.loads(ended.stdout), strict=True))


def test_this_python_and_its_packages_will_do() -> None:
    assert machine.python().status == "ok"
    assert machine.extras().status == "ok"


def test_a_package_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    required = ["click>=8.2", "no-such-package>=1; extra == 'gateway'", "ruff>=0.1; extra == 'dev'"]
    monkeypatch.setattr(metadata, "requires", lambda _name: required)
    found = machine.extras()
    assert (found.status, found.message) == ("wrong", "gateway lacks no-such-package")


def test_a_package_that_is_too_old_is_named_with_both_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _name: ["click>=99.1"])
    found = machine.extras()
    assert found.status == "wrong"
    assert "click 99.1 (it is " in found.message


@pytest.mark.parametrize("year", [1970, 2024, 2099])
def test_a_clock_that_can_not_be_right_is_wrong(year: int) -> None:
    assert machine.clock(datetime(year, 1, 1, tzinfo=UTC), None).status == "wrong"


def test_a_clock_behind_what_was_written_already_is_doubted() -> None:
    assert machine.clock(NOW, NOW + timedelta(days=400)).status == "warning"
    assert machine.clock(NOW, NOW - timedelta(days=400)).status == "ok"


def test_a_folder_that_can_be_used_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    assert machine.folder("Data folder", tmp_path, "MOVIE_DB_DATA").status == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_made_yet_is_tried_where_it_would_be(tmp_path: Path) -> None:
    found = machine.folder("Data folder", tmp_path / "a" / "b", "MOVIE_DB_DATA")
    assert found.status == "ok"
    assert found.message.endswith("(not created yet)")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_a_folder_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = machine.folder("Data folder", tmp_path / "file", "MOVIE_DB_DATA")
    assert (found.status, found.advice) == (
        "wrong",
        f"{tmp_path}/file is not a folder; choose another one with MOVIE_DB_DATA",
    )


def test_a_folder_that_can_only_be_read_is_wrong(tmp_path: Path) -> None:
    found = mounted("size=8m,ro", tmp_path, f"m.folder('Data folder', Path({str(tmp_path)!r}), 'MOVIE_DB_DATA')")
    assert found["status"] == "wrong"
    assert "can't be written (Read-only file system)" in found["told"]


def test_a_full_disk_is_wrong(tmp_path: Path) -> None:
    assert mounted("size=8m", tmp_path, f"m.disk(Path({str(tmp_path)!r}))")["status"] == "wrong"
    found = mounted("size=8m", tmp_path, f"m.folder('Data folder', Path({str(tmp_path)!r}), 'MOVIE_DB_DATA')")
    assert found["status"] == "wrong"


def test_a_disk_with_little_room_is_to_be_looked_at(tmp_path: Path) -> None:
    found = mounted("size=500m", tmp_path, f"m.disk(Path({str(tmp_path)!r}))")
    assert found["status"] == "warning"


def test_a_folder_on_a_file_system_of_the_network_is_to_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_file_system", lambda _path: "nfs4")
    found = machine.folder("Data folder", tmp_path, "MOVIE_DB_DATA")
    assert (found.status, found.message) == ("warning", f"{tmp_path} is on nfs4")


def test_locks_that_do_not_hold_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", lambda *_: None)
    found = machine.folder("Data folder", tmp_path, "MOVIE_DB_DATA")
    assert found.status == "wrong"
    assert "locks don't hold" in found.message
