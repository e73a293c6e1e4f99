"""Counters per host since the start."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class HostStats:
    """asked: requests sent. hits, misses: requests answered from and not from the archive. bytes: received.

    trouble: the last failure.
    """

    asked: int = 0
    hits: int = 0
    misses: int = 0
    retries: int = 0
    bytes: int = 0
    trouble: str | None = None
    errors: Counter[str] = field(default_factory=Counter)

    def as_json(self, quota_left: int | None = None) -> dict[str, object]:
        """The counters as `/_gateway/stats` shows them."""
        return {
            "asked": self.asked,
            "hits": self.hits,
            "misses": self.misses,
            "retries": self.retries,
            "bytes": self.bytes,
            "errors": dict(self.errors),
            "trouble": self.trouble,
            "quota_left": quota_left,
        }
