"""The gate of one row of the table: so many at once, so many a second, and shut while the host is down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.host_policy import Manners

COOLING: Final = 60.0
LONGEST_COOLING: Final = 600.0


class Gate:
    """Limits and circuit breaker of the hosts of one row; must be used within one event loop.

    After as many failed tries in a row as two requests have, the gate shuts. When it has cooled, one request goes
    through as a probe: its success opens the gate, its failure shuts it again for twice as long.
    """

    def __init__(self, manners: Manners, *, paced: bool) -> None:
        self.manners = manners
        self._places = asyncio.Semaphore(manners.concurrency)
        self._spacing = 1 / manners.rate if paced else 0.0
        self._next_start = 0.0
        self._paused_until = 0.0
        self._failures = 0
        self._shut_until = 0.0
        self._cooling = COOLING
        self._probing = False

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One request's place, from its start to the last byte of its answer.

        Raises:
            GatewayError: `host-down`, at once or as soon as others found it down.
        """
        self._refuse_if_shut()
        async with self._places:
            await self._pace()
            self._refuse_if_shut()
            probe = self._probing = self._is_failing
            try:
                yield
            finally:
                if probe:
                    self._probing = False

    @property
    def _is_failing(self) -> bool:
        return self._failures >= 2 * self.manners.tries

    def _refuse_if_shut(self) -> None:
        left = self._shut_until - _now()
        if self._is_failing and (left > 0 or self._probing):
            raise GatewayError(
                "host-down", f"{self.manners.host} keeps failing and is given up for a while.", max(left, 1.0)
            )

    async def _pace(self) -> None:
        start = max(_now(), self._next_start)
        self._next_start = start + self._spacing
        # A host may ask for a pause while we sleep, hence the loop.
        while (wait := max(start, self._paused_until) - _now()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)

    def pause(self, seconds: float) -> None:
        """The host asks all of us to wait."""
        self._paused_until = max(self._paused_until, _now() + seconds)

    def shut(self, seconds: float) -> None:
        """The host asks for a wait that no request can sit out: it counts as down for as long."""
        self._failures = max(self._failures, 2 * self.manners.tries)
        self._shut_until = max(self._shut_until, _now() + seconds)

    def failed(self) -> None:
        """A try came to nothing."""
        self._failures += 1
        if self._is_failing and _now() >= self._shut_until:
            self._shut_until = _now() + self._cooling
            self._cooling = min(2 * self._cooling, LONGEST_COOLING)

    def passed(self) -> None:
        """The host answered properly."""
        self._failures = 0
        self._cooling = COOLING


def _now() -> float:
    return asyncio.get_running_loop().time()
