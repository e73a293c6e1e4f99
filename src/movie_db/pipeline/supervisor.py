"""Services as child processes of a build, on free loopback ports."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Final

from movie_db.contract.errors import MovieDbError, UnavailableError, UsageError
from movie_db.contract.exit_report import REPORT_TO, ExitReport, read_report
from movie_db.contract.service import EXIT_WITH_PARENT, LISTENING, READY
from movie_db.contract.service_log import LARGEST

STOP_WITHIN: Final = 10.0
READY_WITHIN: Final = 120.0
"""Seconds that a service has to start; a slow disk and a busy machine may need most of a minute."""
CONTINUES: Final = "Run the same command again to continue."
NAMES: Final[Mapping[str, str]] = {
    "crawling_module": "crawler",
    "movie_db_client": "database's client",
    "web_gateway": "web gateway",
    "wiki_api": "wiki API",
}
"""The names of services in messages to users."""


class Child:
    """A service in a process of its own, which loads its modules and then waits for `begin`.

    Its standard output can be read line by line from `lines`. Its standard error is appended to a log file. It reports
    why it ends on a pipe (`contract.exit_report`).
    """

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
        self._reports, reporting = os.pipe()
        os.set_blocking(self._reports, False)
        inherited = [reporting] + ([listening.fileno()] if listening else [])
        handed = {REPORT_TO: str(reporting)} | ({LISTENING: str(listening.fileno())} if listening else {})
        full = log.exists() and log.stat().st_size > LARGEST
        try:
            with open(log, "wb" if full else "ab") as errors:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", f"movie_db.{module}", *arguments],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env={**os.environ, **environment, **handed, EXIT_WITH_PARENT: "1"},
                    pass_fds=inherited,
                    start_new_session=True,
                )
        finally:
            os.close(reporting)
        self._report: ExitReport | None = None
        assert self.process.stdout is not None
        threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True).start()

    def begin(self) -> None:
        """Lets the process begin its work."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended already; `error` says why
            self.process.stdin.write(b"\n")
            self.process.stdin.flush()

    def _listen(self, output: IO[bytes]) -> None:
        for line in output:
            self.lines.put(line.decode("utf-8", "replace").rstrip("\n"))
        self.lines.put(None)

    def wait_until_ready(self, within: float = READY_WITHIN) -> None:
        """Waits until the service answers requests, `within` seconds at most.

        Raises:
            MovieDbError: the service has ended; the message says why.
            UnavailableError: the service was not ready in time.
        """
        until = time.monotonic() + within
        try:
            while (line := self.lines.get(timeout=max(0.0, until - time.monotonic()))) is not None:
                if line.startswith(READY):
                    return
        except Empty:
            raise UnavailableError(
                f"The {NAMES.get(self.module, self.module)} did not start within {within:.0f} s; see {self.log}."
            ) from None
        raise self.error()

    def error(self) -> MovieDbError:
        """The reason why the process ended, as an error to raise. Waits for its end."""
        self.process.wait()
        self._read_report()
        return why_ended(self.module, self.process.returncode, self._report, self.log)

    def _read_report(self) -> None:
        """Reads the process's report, once, and closes the pipe."""
        if self._reports >= 0:
            self._report = read_report(self._reports)
            os.close(self._reports)
            self._reports = -1

    def request_stop(self) -> None:
        """Asks the process to end, if it is running, and does not wait for that."""
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Ends the process; kills it if it does not end in time."""
        self.request_stop()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._read_report()
        if self.log.exists() and not self.log.stat().st_size:
            self.log.unlink()


def why_ended(module: str, code: int, report: ExitReport | None, log: Path) -> MovieDbError:
    """Explains the end of a service in one sentence, by its report, or by its exit code if it left none."""
    name = f"The {NAMES.get(module, module)}"
    if report and report.kind == "usage":
        return UsageError(report.reason)
    if report and report.kind == "unavailable":
        return UnavailableError(report.reason)
    if report:
        return UnavailableError(f"{name} crashed ({report.reason}); see {log}. {CONTINUES}")
    if code < 0:
        return UnavailableError(f"{name} was killed ({signal.strsignal(-code)}). {CONTINUES}")
    if code in {0, 128 + signal.SIGINT}:
        return UnavailableError(f"{name} was stopped. {CONTINUES}")
    return UnavailableError(f"{name} ended with exit code {code}; see {log}. {CONTINUES}")


def stop(children: Sequence[Child]) -> None:
    """Stops all of them, the last started first."""
    for child in reversed(children):
        child.request_stop()
    for child in reversed(children):
        child.stop()
