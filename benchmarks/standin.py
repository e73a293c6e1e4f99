"""A stand-in web for a benchmark: `$MOVIE_DB_SHARED` (or `../shared`) has it, and the worlds it serves."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("MOVIE_DB_SHARED", Path(__file__).resolve().parents[2] / "shared"))


class StandIn:
    """A running stand-in; `url` is its address."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid

    def control(self, path: str, body: Any = None) -> Any:
        """Asks its control: GET, or POST with a JSON body."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/_control/{path}", data)) as answer:
            return json.load(answer)

    def reset(self) -> None:
        """Forgets its counters, faults and cache."""
        self.control("reset", {"faults": True, "cache": True})


@contextmanager
def standin(world: Path, *options: str) -> Iterator[StandIn]:
    """Serves a world on a free port until the end; `options` are those of its `serve.sh`."""
    if not (SHARED / "web" / "serve.sh").exists():
        sys.exit(f"The stand-in web is not at {SHARED}: set MOVIE_DB_SHARED to its folder.")
    venv = os.environ.get("STANDIN_VENV", str(Path(tempfile.gettempdir()) / "standin-venv"))
    process = subprocess.Popen(
        [SHARED / "web" / "serve.sh", "--world", str(world), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "STANDIN_VENV": venv},
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith("READY "):
                yield StandIn(line.split()[1].rstrip("/"), process.pid)
                return
        sys.exit("The stand-in web did not start.")
    finally:
        process.terminate()
        process.wait()
