"""What the handlers of a running service share."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import Final, Generic, TypeVar

from anyio import CapacityLimiter, Lock
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from movie_db.movie_db_client.api.metrics import Metrics
from movie_db.movie_db_client.reading import builds
from movie_db.movie_db_client.reading.fast_lookup import FastLookup
from movie_db.movie_db_client.repository import UnitOfWork
from movie_db.stitching.policy import DEFAULTS, Preferences

T = TypeVar("T")
_FRESH: Final = 0.9


class Cached(Generic[T]):
    """A value that is at most a second old. However many callers wait for it, it is read once."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._lock = Lock()
        self._value: tuple[float, T] | None = None

    async def now(self) -> T:
        async with self._lock:
            if self._value is None or time.monotonic() - self._value[0] > _FRESH:
                self._value = time.monotonic(), await run_in_threadpool(self._read)
            return self._value[1]


@dataclass
class Shortcut:
    """The fast lookup of single movies while the service runs; None if there is none for this database."""

    lookup: FastLookup | None = None


@dataclass
class Service:
    """What the handlers use: an engine for reads, units of work for writes, and limits."""

    engine: Engine
    units: Callable[[], UnitOfWork]
    """Each call returns a new transaction. Units take turns."""
    ingesting: Callable[[], bool]
    """Returns whether the log is being ingested; raises UnavailableError if it should be, but is not."""
    rate: int = 600_000
    """Requests per minute and client."""
    shortcut: Shortcut = field(default_factory=Shortcut)
    preferences: Preferences = DEFAULTS
    writers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    """Threads for writes: one at work, and one ready."""
    exporters: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    """Threads for exports, which would otherwise take all there are."""
    metrics: Metrics = field(default_factory=Metrics)
    closing: Event = field(default_factory=Event)
    """Set when the service is about to end: streams of events stop."""
    heartbeat: float = 15.0
    """Seconds without an event after which a stream sends a comment to stay open."""
    data: Path | None = None
    """The folder of the log that is ingested; None if none is."""

    @cached_property
    def under_way(self) -> Cached[dict[int, builds.Json]]:
        """The builds that have not ended, by number, oldest first."""

        def read() -> dict[int, builds.Json]:
            with self.engine.connect() as connection:
                found = builds.builds(connection, builds.UNDER_WAY)
            return {build["build_id"]: build for build in reversed(found)}

        return Cached(read)
