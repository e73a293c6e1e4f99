"""What every source module speaks: requests to make, and answers to read. No I/O here."""

from datetime import datetime
from typing import Final, NamedTuple


class Ask(NamedTuple):
    """One request. Equal asks are the same request: `body` is deterministic, so that the archive knows it again."""

    source: str
    url: str
    body: bytes | None = None
    """None asks by GET, else by POST."""
    headers: tuple[tuple[str, str], ...] = ()


JSON: Final = (("Accept", "application/json"),)
"""Headers of an ask to an API: a web page in its place is trouble that the gateway then knows for what it is."""


class Answer(NamedTuple):
    """A good answer (2xx). `url` is the final address after redirects, `retrieved_at` when the source gave it (UTC)."""

    ask: Ask
    url: str
    retrieved_at: datetime
    body: bytes
