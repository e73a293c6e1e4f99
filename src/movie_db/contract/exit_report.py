"""Why a service ends, as one JSON line that it writes to a pipe of the process that started it."""

import os
from contextlib import suppress
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from movie_db.contract.errors import MovieDbError, UsageError

REPORT_TO: Final = "MOVIE_DB_EXIT_REPORT_FD"
"""The number of the pipe's file descriptor, which the service inherits."""
_LONGEST: Final = 4000
"""Characters of a reason; the report must fit in the pipe, because it is read only after the service has ended."""


class ExitReport(BaseModel):
    """Why a service ends.

    A `crash` is an error of the program, described by its exception. The other reasons are a sentence for people.
    """

    model_config = ConfigDict(extra="ignore")

    kind: Literal["usage", "unavailable", "crash"]
    reason: str


def report(error: BaseException) -> None:
    """Writes why this process ends. Does nothing if nobody asked for a report, or nobody reads it any more."""
    descriptor = os.environ.pop(REPORT_TO, None)
    if descriptor is None:
        return
    line = _describe(error).model_dump_json().encode() + b"\n"
    with suppress(OSError, ValueError):
        os.write(int(descriptor), line)


def _describe(error: BaseException) -> ExitReport:
    if isinstance(error, MovieDbError):
        return ExitReport(kind="usage" if isinstance(error, UsageError) else "unavailable", reason=_short(str(error)))
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return ExitReport(kind="crash", reason=_short(" ".join(text.split())))


def _short(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def read_report(descriptor: int) -> ExitReport | None:
    """Reads the report of a process that has ended; None if it left none.

    Args:
        descriptor: the pipe's end to read from, which must not block.
    """
    try:
        return ExitReport.model_validate_json(os.read(descriptor, 65536))
    except (OSError, ValidationError):
        return None
