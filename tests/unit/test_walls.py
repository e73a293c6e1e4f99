"""The import contract refuses what it should: tried with forbidden imports in a copy of the code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", "pyproject.toml"]
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code with the contract."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return tmp_path


def test_forbidden_imports_are_refused(copy: Path) -> None:
    forbidden = {
        "contract/ids.py": "movie_db.stitching.names",
        "stitching/names.py": "movie_db.web_gateway.host_policy",
        "wiki_api/clients.py": "movie_db.movie_db_client.repository",
        "movie_db_client/reading/pages.py": "movie_db.movie_db_client.editing.pins",
        "movie_db_client/editing/pins.py": "movie_db.movie_db_client.api.responses",
        "movie_db_client/data_model/tables.py": "movie_db.movie_db_client.repository",
        "crawling_module/sources/justwatch.py": "movie_db.crawling_module.gathering",
    }
    for path, module in forbidden.items():
        file = copy / "src" / "movie_db" / path
        file.write_text(f"{file.read_text('utf-8')}\nimport {module}  # noqa\n", "utf-8")
    result = lint_imports(copy)
    assert result.returncode == 1
    for path, module in forbidden.items():
        importer = "movie_db." + path.removesuffix(".py").replace("/", ".")
        assert f"{importer} -> {module}" in " ".join(result.stdout.split()), (importer, result.stdout[-3000:])


@pytest.mark.parametrize("package", ["", "movie_db_client", "crawling_module"])
def test_a_module_in_no_layer_is_refused(package: str, copy: Path) -> None:
    (copy / "src" / "movie_db" / package / "unplaced.py").write_text('"""Belongs nowhere."""\n', "utf-8")
    result = lint_imports(copy)
    assert result.returncode != 0
    assert "unplaced" in result.stdout
