"""What the handlers of one running service share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from movie_db.contract.messages import Movie

Handler = Callable[[Request], Response]


@dataclass(frozen=True)
class Service:
    """What handlers ask.

    `ingesting()` tells whether the log is being followed; it raises Unavailable if it should be, and is not.
    `movies_after(movie_id, limit)` gives the next films, in the order of their ids, each with its id.
    """

    engine: Engine
    ingesting: Callable[[], bool]
    movies_after: Callable[[int, int], Sequence[tuple[int, Movie]]]


def of(request: Request) -> Service:
    """The service that was asked."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
