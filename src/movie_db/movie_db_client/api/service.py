"""What the handlers of one running service share."""

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
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.stitching.policy import DEFAULTS, Preferences

T = TypeVar("T")
_FRESH: Final = 0.9


class Shared(Generic[T]):
    """What `look` sees, at most a second old. However many ask, it looks once."""

    def __init__(self, look: Callable[[], T]) -> None:
        self._look = look
        self._lock = Lock()
        self._seen: tuple[float, T] | None = None

    async def now(self) -> T:
        async with self._lock:
            if self._seen is None or time.monotonic() - self._seen[0] > _FRESH:
                self._seen = time.monotonic(), await run_in_threadpool(self._look)
            return self._seen[1]


@dataclass
class Shortcut:
    """The way to one film, open while the service runs; None: the long way alone is open."""

    way: FastLookup | None = None


@dataclass
class Service:
    """`ingesting()` tells whether the log is being followed; it raises Unavailable if it should be, and is not."""

    engine: Engine
    ingesting: Callable[[], bool]
    rate: int = 600_000
    """Requests a minute that one client may make."""
    shortcut: Shortcut = field(default_factory=Shortcut)
    preferences: Preferences = DEFAULTS
    writers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    """What writes has few threads: one at work, and one that is ready."""
    exporters: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(2))
    """So have exports, which take all that one gives them."""
    metrics: Metrics = field(default_factory=Metrics)
    closing: Event = field(default_factory=Event)
    """Set when the service is to end: whoever is told events is told no more."""
    heartbeat: float = 15.0
    """Seconds of silence after which a stream of events says that it is there still."""
    data: Path | None = None
    """The folder of the log that is followed."""

    def unit(self) -> SqlUnitOfWork:
        """A transaction that writes; units take turns.

        Raises:
            Unavailable: the database does not answer.
        """
        return SqlUnitOfWork(self._store, self.preferences)

    @cached_property
    def under_way(self) -> Shared[dict[int, builds.Json]]:
        """The builds that are not over, by their numbers, the oldest first."""

        def look() -> dict[int, builds.Json]:
            with self.engine.connect() as connection:
                found = builds.builds(connection, builds.UNDER_WAY)
            return {build["build_id"]: build for build in reversed(found)}

        return Shared(look)

    @cached_property
    def _store(self) -> SqlStore:
        return SqlStore(self.engine)
