"""Limits the requests per client and minute, counted from each full minute."""

import time
from collections.abc import Callable


class Limiter:
    """Counts requests per client. All counts are dropped with each new minute, so memory does not grow."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.time) -> None:
        self.limit = limit
        self._clock = clock
        self._minute = 0
        self._counts: dict[str, int] = {}

    def take(self, client: str) -> tuple[int, int]:
        """Counts a request.

        Returns:
            How many requests are left (-1 if this one exceeds the limit), and the seconds until the count is reset.
        """
        now = self._clock()
        minute = int(now // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        count = self._counts.get(client, 0) + 1
        self._counts[client] = count
        return max(self.limit - count, -1), 60 - int(now % 60)
