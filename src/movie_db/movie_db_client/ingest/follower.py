"""Follows the log in a background thread of the service, and reports whether it works."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final

from movie_db.contract.errors import MovieDbError, UnavailableError

logger = logging.getLogger(__name__)
_AGAIN_AFTER: Final = 5.0
"""Seconds to wait before trying again when the database does not respond."""


class Follower:
    """A context manager that runs `follow(stop)` in a thread. With None, it does nothing.

    While the database does not respond, it retries every few seconds. Any other error ends it, and `running` reports
    why.
    """

    def __init__(self, follow: Callable[[threading.Event], object] | None, again_after: float = _AGAIN_AFTER) -> None:
        self._follow = follow
        self._again_after = again_after
        self._stop = threading.Event()
        self._trouble: str | None = None
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)

    def running(self) -> bool:
        """Whether the log is being followed.

        Raises:
            UnavailableError: following the log stopped; the message says why.
        """
        if self._trouble:
            raise UnavailableError(f"Gathered movies do not reach the database: {self._trouble}")
        return self._follow is not None

    def _run(self) -> None:
        assert self._follow is not None
        while not self._stop.is_set():
            try:
                self._follow(self._stop)
                self._trouble = None if self._stop.is_set() else "Following the log ended."
                return
            except UnavailableError as error:
                logger.warning("%s Retrying in %g seconds.", error, self._again_after)
                self._trouble = str(error)
            except MovieDbError as error:
                logger.error("%s", error)
                self._trouble = str(error)
                return
            except Exception:
                logger.exception("Following the log failed.")
                self._trouble = "Following the log failed; the service's log says why."
                return
            self._stop.wait(self._again_after)
            self._trouble = None

    def __enter__(self) -> "Follower":
        if self._follow is not None:
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
