"""Logging of all services: JSON Lines on standard error and in a file per service. A terminal gets plain lines.

A line has `time` (UTC), `level`, `service`, `logger` and `message`; `run` and `movie`, the ids of what the service was
processing, if any (see `about`); and `trace` after an exception.
"""

import json
import logging
import logging.handlers
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, NoReturn

from movie_db.contract import exit_report
from movie_db.contract.errors import MovieDbError, UnavailableError, UsageError
from movie_db.contract.service import EXIT_WITH_PARENT

RUN_HEADER: Final = "X-Movie-Db-Run"
"""The header that names the run for which a service makes a request."""
LARGEST: Final = 10 * 2**20
"""Bytes of a log file before it is rotated."""
KEPT: Final = 2
"""Number of rotated log files that are kept per service, as `<service>.jsonl.1` and so on."""
_about: Final[ContextVar[Mapping[str, str]]] = ContextVar("about", default=MappingProxyType({}))


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Adds ids such as `run` and `movie` to everything that is logged in this context, also by tasks created in it."""
    token = _about.set({**_about.get(), **ids})
    try:
        yield
    finally:
        _about.reset(token)


def ids() -> Mapping[str, str]:
    """The ids of the current context."""
    return _about.get()


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            **ids(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """Formats a record for people. The error that ends a service is printed without time and level."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if record.levelno == logging.CRITICAL and not record.exc_info:
            return f"{record.name}: {record.getMessage()}"
        return super().format(record)


def set_up(service: str, level: str = "INFO", folder: Path | None = None) -> None:
    """Sets up the logging of this process: to standard error, and to `<service>.jsonl` in `folder`, if given.

    Raises:
        UnavailableError: the folder can't be written.
    """
    screen = logging.StreamHandler()
    for_people = sys.stderr.isatty() or EXIT_WITH_PARENT in os.environ
    screen.setFormatter(PlainLines() if for_people else JsonLines(service))
    logging.basicConfig(level=level, handlers=[screen], force=True)
    logging.captureWarnings(True)

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        exit_report.report(error)
        logging.getLogger(service).critical("%s crashed.", service, exc_info=(kind, error, trace))

    sys.excepthook = crashed
    if folder:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = logging.handlers.RotatingFileHandler(
                folder / f"{service}.jsonl", maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8"
            )
        except OSError as error:
            message = f"The log folder {folder} can't be written ({error.strerror}). MOVIE_DB_LOGS takes a folder."
            raise UnavailableError(message) from None
        file.setFormatter(JsonLines(service))
        logging.getLogger().addHandler(file)


def exit_with_error(service: str, error: MovieDbError) -> NoReturn:
    """Logs the error and ends the process, with exit code 2 for a `UsageError`, otherwise 1."""
    if not logging.getLogger().handlers:
        set_up(service)
    logging.getLogger(service).critical("%s", error)
    exit_report.report(error)
    sys.exit(2 if isinstance(error, UsageError) else 1)
