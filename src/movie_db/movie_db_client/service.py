"""What the handlers of one running service share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from anyio import CapacityLimiter
from sqlalchemy import Engine

from movie_db.movie_db_client.api.metrics import Metrics
from movie_db.movie_db_client.reading.swift import Swift
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork
from movie_db.stitching.policy import DEFAULTS, Preferences


@dataclass
class Shortcut:
    """The way to one film, open while the service runs; None: the long way alone is open."""

    way: Swift | None = None


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

    def unit(self) -> SqlUnitOfWork:
        """A transaction that writes; units take turns.

        Raises:
            Unavailable: the database does not answer.
        """
        return SqlUnitOfWork(self._store, self.preferences)

    @cached_property
    def _store(self) -> SqlStore:
        return SqlStore(self.engine)
