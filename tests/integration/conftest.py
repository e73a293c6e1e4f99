"""The stand-in web, for tests that are marked `world`."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of worlds and stand-in web; without it, the test is skipped."""
    folder = os.environ.get("MOVIE_DB_SHARED")
    if not folder:
        pytest.skip("MOVIE_DB_SHARED is not set: no world to test on")
    return Path(folder)


@pytest.fixture(scope="session")
def stand_in(shared: Path) -> Iterator[Callable[..., str]]:
    """`stand_in("sample", "--rps", "50")` serves a world, once for equal arguments; gives its address."""
    running: dict[tuple[str, ...], tuple[subprocess.Popen[str], str]] = {}
    venv = os.environ.get("STANDIN_VENV", str(Path(sys.prefix) / "stand-in"))

    def serve(world: str, *options: str) -> str:
        if (world, *options) not in running:
            command = [str(shared / "web" / "serve.sh"), "--world", str(shared / "worlds" / world), "--port", "0"]
            process = subprocess.Popen(
                [*command, *options], stdout=subprocess.PIPE, text=True, env=os.environ | {"STANDIN_VENV": venv}
            )
            ready = process.stdout.readline() if process.stdout else ""
            assert ready.startswith("READY "), f"the stand-in web did not start: {ready!r}"
            running[world, *options] = process, ready.split()[1]
        return running[world, *options][1]

    yield serve
    for process, _ in running.values():
        process.terminate()
    for process, _ in running.values():
        process.wait(10)
