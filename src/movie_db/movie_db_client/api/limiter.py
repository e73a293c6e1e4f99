"""How many requests one client may make: so many a minute, counted from each full minute on."""

import time
from collections.abc import Callable


class Limiter:
    """Counts requests by client. A minute's counts are forgotten together, so that no list of clients grows."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.time) -> None:
        self.limit = limit
        self._clock = clock
        self._minute = 0
        self._counts: dict[str, int] = {}

    def take(self, client: str) -> tuple[int, int]:
        """Counts one request; returns how many are left (-1: it is one too many) and in how many seconds all are."""
        now = self._clock()
        minute = int(now // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        count = self._counts.get(client, 0) + 1
        self._counts[client] = count
        return max(self.limit - count, -1), 60 - int(now % 60)
