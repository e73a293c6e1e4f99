"""Counts since the start, by host."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class HostStats:
    """asked: tries that went out. hits, misses: requests answered with and without the archive. bytes: received.

    trouble: the last that a try met.
    """

    asked: int = 0
    hits: int = 0
    misses: int = 0
    retries: int = 0
    bytes: int = 0
    trouble: str | None = None
    errors: Counter[str] = field(default_factory=Counter)

    def as_json(self, quota_left: int | None = None) -> dict[str, object]:
        """The row as `/_gateway/stats` shows it."""
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
