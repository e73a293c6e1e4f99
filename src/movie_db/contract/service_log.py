"""How every service logs: JSON Lines on standard error and in a file of its own. People read plain lines.

A line has `time` (UTC), `level`, `service`, `logger` and `message`; where they are known, `run` and `movie`, the ids of
what the service was at (see `about`); and `trace`, if something broke.
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
from movie_db.contract.service import DIE_WITH_PARENT

RUN_HEADER: Final = "X-Movie-Db-Run"
"""The header in which services tell one another for which run they ask."""
LARGEST: Final = 10 * 2**20
"""Bytes of a log file; when it is full, a new one is begun."""
KEPT: Final = 2
"""So many full log files of a service are kept, as `<service>.jsonl.1` and so on."""
_about: Final[ContextVar[Mapping[str, str]]] = ContextVar("about", default=MappingProxyType({}))


@contextmanager
def about(**known: str) -> Iterator[None]:
    """Has all that is logged within bear these ids, such as `run` and `movie`; tasks that are made within, too."""
    token = _about.set({**_about.get(), **known})
    try:
        yield
    finally:
        _about.reset(token)


def ids() -> Mapping[str, str]:
    """The ids that what is logged now would bear."""
    return _about.get()


class JsonLines(logging.Formatter):
    """A record as one JSON object on one line."""

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
    """For people, on a terminal or through a build: a service's last word is its sentence and nothing else."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if record.levelno == logging.CRITICAL and not record.exc_info:
            return f"{record.name}: {record.getMessage()}"
        return super().format(record)


def set_up(service: str, level: str = "INFO", folder: Path | None = None) -> None:
    """Sets up the logging of this process: to standard error, and to `<service>.jsonl` in `folder`, if there is one.

    Raises:
        UnavailableError: the folder can't be written.
    """
    screen = logging.StreamHandler()
    for_people = sys.stderr.isatty() or DIE_WITH_PARENT in os.environ
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
            told = f"The logs' folder {folder} can't be written ({error.strerror}): MOVIE_DB_LOGS takes a folder."
            raise UnavailableError(told) from None
        file.setFormatter(JsonLines(service))
        logging.getLogger().addHandler(file)


def leave(service: str, error: MovieDbError) -> NoReturn:
    """Ends the process with the error's sentence as its last word; exit code 2 for usage, 1 for the rest."""
    if not logging.getLogger().handlers:
        set_up(service)
    logging.getLogger(service).critical("%s", error)
    exit_report.report(error)
    sys.exit(2 if isinstance(error, UsageError) else 1)
