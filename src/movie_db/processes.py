"""Our services as child processes of a build, on free loopback ports."""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Final

from movie_db.contract.errors import Unavailable
from movie_db.contract.service import DIE_WITH_PARENT

READY_WITHIN: Final = 60.0
STOP_WITHIN: Final = 10.0


class Child:
    """A process of ours: its standard output line by line, its standard error in a log file."""

    def __init__(self, module: str, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.module = module
        self.log = log
        self.lines: Queue[str | None] = Queue()
        self.tail: deque[str] = deque(maxlen=1)
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as errors:
            self._began = errors.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"movie_db.{module}", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **environment, DIE_WITH_PARENT: "1"},
                start_new_session=True,
            )
        assert self.process.stdout is not None
        threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True).start()

    def _listen(self, output: IO[bytes]) -> None:
        for line in output:
            self.lines.put(line.decode("utf-8", "replace").rstrip("\n"))
        self.lines.put(None)

    def address(self) -> str:
        """Waits until the service is ready; where it answers.

        Raises:
            Unavailable: it ended instead, with its last word.
        """
        try:
            line = self.lines.get(timeout=READY_WITHIN)
        except Empty:
            raise Unavailable(f"{self.module} did not start within {READY_WITHIN:.0f} s; see {self.log}.") from None
        if line is None or not line.startswith("READY "):
            raise Unavailable(self.last_word())
        return line.removeprefix("READY ").strip()

    def last_word(self) -> str:
        """What it said last on standard error, since it was started."""
        with open(self.log, "rb") as file:
            file.seek(self._began)
            said = [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
        return said[-1] if said else f"{self.module} ended without a word (exit code {self.process.poll()})."

    def stop(self) -> None:
        """Asks it to end, and insists after a while."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def stopping(children: list[Child]) -> Iterator[None]:
    """Stops all children at the end, however it comes, the last started first."""
    try:
        yield
    finally:
        for child in reversed(children):
            if child.process.poll() is None:
                child.process.terminate()
        for child in reversed(children):
            child.stop()
