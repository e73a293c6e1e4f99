"""What the handlers of one running service share."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Response]


@dataclass(frozen=True)
class Service:
    """`ingesting()` tells whether the log is being followed; it raises Unavailable if it should be, and is not."""

    engine: Engine
    ingesting: Callable[[], bool]


def of(request: Request) -> Service:
    """The service that was asked."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
