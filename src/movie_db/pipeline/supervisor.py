"""Our services as child processes of a build, on free loopback ports."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Queue
from typing import IO, Final

from movie_db.contract.errors import MovieDbError, UnavailableError, UsageError
from movie_db.contract.service import EXIT_WITH_PARENT, LISTENING, READY
from movie_db.contract.service_log import LARGEST

STOP_WITHIN: Final = 10.0
NAMES: Final[Mapping[str, str]] = {
    "crawling_module": "crawler",
    "movie_db_client": "database's client",
    "web_gateway": "web gateway",
    "wiki_api": "wiki API",
}
"""What a service is called before people."""


class Child:
    """A process of ours, which waits for `begin`: what it prints line by line, its standard error in a log file."""

    def __init__(
        self,
        module: str,
        arguments: list[str],
        environment: Mapping[str, str],
        log: Path,
        listening: socket.socket | None = None,
    ) -> None:
        self.module = module
        self.log = log
        self.lines: Queue[str | None] = Queue()
        log.parent.mkdir(parents=True, exist_ok=True)
        handed = {LISTENING: str(listening.fileno())} if listening else {}
        full = log.exists() and log.stat().st_size > LARGEST
        with open(log, "wb" if full else "ab") as errors:
            self._began = errors.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"movie_db.{module}", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **environment, **handed, EXIT_WITH_PARENT: "1"},
                pass_fds=[listening.fileno()] if listening else [],
                start_new_session=True,
            )
        assert self.process.stdout is not None
        threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True).start()

    def begin(self) -> None:
        """Gives the process the word that it waits for, once it has loaded its modules."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended already: whoever looks after it says why
            self.process.stdin.write(b"\n")
            self.process.stdin.flush()

    def _listen(self, output: IO[bytes]) -> None:
        for line in output:
            self.lines.put(line.decode("utf-8", "replace").rstrip("\n"))
        self.lines.put(None)

    def wait_until_ready(self) -> None:
        """Waits for the service's word that it answers.

        Raises:
            MovieDbError: it ended before: says why.
        """
        while (line := self.lines.get()) is not None:
            if line.startswith(READY):
                return
        raise self.error()

    def last_word(self) -> str:
        """Why it ended, in one sentence: its own, if it had one to say."""
        self.process.wait()
        with open(self.log, "rb") as file:
            file.seek(self._began)
            said = file.read().decode("utf-8", "replace")
        return why_ended(self.module, self.process.returncode, said, self.log)

    def error(self) -> MovieDbError:
        """Why it ended, to be raised; its exit code tells whose fault that is."""
        word = self.last_word()
        return UsageError(word) if self.process.returncode == 2 else UnavailableError(word)

    def ask_to_end(self) -> None:
        """Asks it to end, if it has not, and does not wait for it."""
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Asks it to end, and insists after a while."""
        self.ask_to_end()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.log.exists() and not self.log.stat().st_size:
            self.log.unlink()


def why_ended(module: str, code: int, said: str, log: Path) -> str:
    """One sentence on how a service ended, by its exit code and what it said on standard error."""
    name = f"The {NAMES.get(module, module)}"
    if code <= 0 or code == 128 + signal.SIGINT:
        how = f"was killed ({signal.strsignal(-code)})" if code < 0 else "was stopped"
        return f"{name} {how}; the same command goes on from here."
    lines = [line for line in said.splitlines() if line.strip()] or [""]
    broke = len(lines) > 1 and lines[-2].startswith("  ")  # the end of a traceback
    if broke or not lines[-1] or re.match(r"\d{4}-\d\d-\d\d ", lines[-1]):
        cause = f" ({lines[-1]})" if broke else ""
        return f"{name} broke off{cause}; {log} tells more, and the same command goes on from here."
    return re.sub(rf"^(?:{re.escape(module)}|Error): ", "", lines[-1])


def stop(children: Sequence[Child]) -> None:
    """Stops all of them, the last started first."""
    for child in reversed(children):
        child.ask_to_end()
    for child in reversed(children):
        child.stop()
