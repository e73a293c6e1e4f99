"""How far a build is: movies listed and gathered according to the log, movies ingested according to the client."""

from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty

import httpx2
from pydantic import BaseModel, ValidationError

from movie_db.contract import log
from movie_db.contract.errors import UnavailableError
from movie_db.contract.messages import MovieItem
from movie_db.pipeline.supervisor import Child

Notify = Callable[[str], None]
"""Shows one sentence to the user."""
_MOVIE_ITEM: str = MovieItem.model_fields["type"].default


@dataclass
class Progress:
    """How far each stage is, in movies. `listed` is None until the list is complete."""

    listed: int | None = None
    gathered: int = 0
    ingested: int = 0


class _AnyType(BaseModel):
    """The type of a message. The rest is not validated: the ingest does that."""

    type: str


@dataclass
class GatheredMovies:
    """Follows a segment of the log and remembers the offset at which each movie in it ends."""

    path: Path
    offset: int = 0
    ends: list[int] = field(default_factory=list)

    def follow(self) -> None:
        """Reads the messages that were added since the last call."""
        if not self.path.exists():
            return
        with suppress(log.SegmentCutError):  # the client reports it when it ingests
            for line in log.read(self.path, self.offset):
                self.offset = line.end
                if _is_movie(line.raw):
                    self.ends.append(line.end)

    def ingested(self, position: int) -> int:
        """How many of the movies end before this offset."""
        return bisect_right(self.ends, position)


def _is_movie(raw: bytes) -> bool:
    try:
        return _AnyType.model_validate_json(raw).type == _MOVIE_ITEM
    except ValidationError:
        return False


def relay(child: Child, notify: Notify) -> None:
    """Passes on what a child has printed since the last call."""
    with suppress(Empty):
        while True:
            line = child.lines.get_nowait()
            if line:
                notify(line)


def ingest_positions(http: httpx2.Client, client: str) -> dict[str, int]:
    """How far the client has read each segment, in bytes; empty while it does not answer.

    Raises:
        UnavailableError: the client reports that it can't ingest.
    """
    try:
        response = http.get(f"{client}/v1/health")
        health = response.json()
    except (httpx2.HTTPError, ValueError):
        return {}
    if response.status_code != 200:
        raise UnavailableError(str(health.get("detail") or "The database's client is unhealthy."))
    positions: dict[str, int] = health["ingest"]["positions"]
    return positions


def all_ingested(positions: dict[str, int], data: Path) -> bool:
    """Whether every segment of the log has been read to the end of its last complete line."""
    segments = (path for folder in ("movie_list", "item_list") for path in log.segments(data / folder))
    return all(positions.get(f"{path.parent.name}/{path.name}", 0) >= log.end_of_lines(path) for path in segments)
