"""What a project forgets unless a test remembers it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from movie_db.contract import schema
from movie_db.contract.settings import Settings

ROOT = Path(__file__).parents[2]
SETTINGS = {f"MOVIE_DB_{name.upper()}": field for name, field in Settings.model_fields.items()}
FOR_TESTS_ONLY = {"MOVIE_DB_SHARED"}
SAVED_TEXTS = ("tests/pages/", "sample/")  # what others wrote, word for word


@pytest.fixture(scope="module")
def readme() -> Any:
    return (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def tracked() -> Any:
    """The texts of all tracked files by name, saved texts of others left out."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout: which files are tracked is not known")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    files = [ROOT / name for name in names.split("\0") if name and not name.startswith(SAVED_TEXTS)]
    raw = {str(file.relative_to(ROOT)): file.read_bytes() for file in files if file.is_file()}
    return {name: data.decode("utf-8") for name, data in raw.items() if b"\0" not in data}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_readme_with_what_it_does(readme: Any, name: Any) -> None:
    described = re.search(rf"^\| `{name}` \|.*\| (?P<text>[^|]+) \|$", readme, re.M)
    assert described, f"README.md lacks a row '| `{name}` | default | description |'"
    assert described["text"] == SETTINGS[name].description


def test_the_readme_names_no_setting_that_does_not_exist(readme: Any) -> None:
    assert set(re.findall(r"MOVIE_DB_[A-Z_]+[A-Z]", readme)) <= set(SETTINGS) | FOR_TESTS_ONLY


def test_the_committed_schemas_are_those_of_the_messages() -> None:
    assert schema.published() == json.loads(json.dumps(schema.generate())), "python -m movie_db.contract.schema"


def test_no_schema_is_left_of_a_message_that_is_gone() -> None:
    files = (ROOT / "src/movie_db/contract/schemas").glob("*.json")
    assert {file.name for file in files} == {f"{name}.v1.schema.json" for name in schema.models()}


def test_no_room_imports_what_it_must_not() -> None:
    # In a process of its own: other tests import a reactor, which import-linter trips over.
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout


def test_no_tracked_file_names_a_path_of_some_machine(tracked: Any) -> None:
    path = re.compile(r"(?<![\w.:/}-])/(?:work|tmp|root|home|Users)/[\w.]")
    assert [name for name, text in tracked.items() if path.search(text)] == []


def test_no_tracked_file_names_where_packages_come_from(tracked: Any) -> None:
    address = re.compile(
        r"--(?:extra-)?index-url[ =]\S|--find-links[ =]\S|trusted-host|^registry *=|\"resolved\":", re.M
    )
    assert [
        name for name, text in tracked.items() if address.search(text) and name != "tests/unit/test_habits.py"
    ] == []


def test_the_lock_has_pins_and_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n?", "", lock, flags=re.M).strip())
    assert entries
    assert [entry for entry in entries if not re.match(r"\S+==\S+", entry) or "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|--index|--find-links|--extra-index", lock)


def test_the_lock_pins_every_dependency_as_pyproject_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.M)}
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name != "movie-db":
            assert name in pinned, f"{name} is not pinned: make lock"
            assert requirement.specifier.contains(pinned[name]), f"{name} is pinned outside its range: make lock"


def test_the_checks_before_a_change_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
