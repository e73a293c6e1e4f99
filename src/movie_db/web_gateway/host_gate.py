"""Limits the rate and concurrency of requests to a host, and stops them while the host is down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.host_policy import HostPolicy

COOLING: Final = 60.0
LONGEST_COOLING: Final = 600.0


class Gate:
    """Rate limit, concurrency limit and circuit breaker for the hosts of one policy row; for use in one event loop.

    The gate closes after as many failed tries in a row as two requests have. After a pause one request goes through as
    a probe: if it succeeds the gate opens, otherwise it stays closed for twice as long.
    """

    def __init__(self, policy: HostPolicy, *, paced: bool) -> None:
        self.policy = policy
        self._places = asyncio.Semaphore(policy.concurrency)
        self._spacing = 1 / policy.rate if paced else 0.0
        self._next_start = 0.0
        self._paused_until = 0.0
        self._failures = 0
        self._shut_until = 0.0
        self._cooling = COOLING
        self._probing = False

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Holds a slot for one request, from its start to the last byte of its response.

        Raises:
            GatewayError: `host-down`, at once or as soon as other requests found it down.
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
        return self._failures >= 2 * self.policy.tries

    def _refuse_if_shut(self) -> None:
        left = self._shut_until - _now()
        if self._is_failing and (left > 0 or self._probing):
            raise GatewayError(
                "host-down", f"{self.policy.host} keeps failing and is suspended for a while.", max(left, 1.0)
            )

    async def _pace(self) -> None:
        start = max(_now(), self._next_start)
        self._next_start = start + self._spacing
        # The host may ask for a pause while we sleep, hence the loop.
        while (wait := max(start, self._paused_until) - _now()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)

    def pause(self, seconds: float) -> None:
        """Delays all requests to the host."""
        self._paused_until = max(self._paused_until, _now() + seconds)

    def shut(self, seconds: float) -> None:
        """Closes the gate because the host asks for a longer wait than any request can take."""
        self._failures = max(self._failures, 2 * self.policy.tries)
        self._shut_until = max(self._shut_until, _now() + seconds)

    def failed(self) -> None:
        """Records a failed try."""
        self._failures += 1
        if self._is_failing and _now() >= self._shut_until:
            self._shut_until = _now() + self._cooling
            self._cooling = min(2 * self._cooling, LONGEST_COOLING)

    def passed(self) -> None:
        """Records a successful response."""
        self._failures = 0
        self._cooling = COOLING


def _now() -> float:
    return asyncio.get_running_loop().time()
