"""The benchmark that cuts the power says what it needs, where it can't run."""

import os
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_a_machine_that_can_not_cut_the_power_is_told_so_in_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, BENCHMARKS / "power_cut.py", tmp_path / "work", "serve"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": str(tmp_path)},
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("Power cuts need ")
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "work").exists()
