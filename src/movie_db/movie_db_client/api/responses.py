"""Responses: JSON, streams, and errors as problem details (RFC 9457)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from movie_db.contract.errors import UnavailableError
from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError

PROBLEM = "application/problem+json"

# The service ends its own streams when it shuts down; sse-starlette would cut them before their last chunk.
AppStatus.enable_automatic_graceful_drain = False


def json(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None, kind: str | None = None
) -> Response:
    """Returns a JSON response.

    Args:
        kind: the media type, if it is not application/json.
    """
    return Response(orjson.dumps(body), status, headers, kind or "application/json")


class Streamed(Response):
    """A response that is sent in pieces while the request is still being read. (Starlette's would read it itself.)"""

    def __init__(self, pieces: AsyncIterator[bytes], kind: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(None, 200, headers, kind)
        del self.headers["content-length"]
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def event_stream(events: AsyncIterator[ServerSentEvent], heartbeat: float) -> Response:
    """A stream of server-sent events, with a comment every `heartbeat` seconds that keeps the connection alive."""

    def ping() -> ServerSentEvent:
        return ServerSentEvent(comment="no change", sep="\n")

    return EventSourceResponse(events, ping=heartbeat, ping_message_factory=ping, sep="\n")


def event(kind: str, event_id: str, body: object) -> ServerSentEvent:
    """Formats a server-sent event with a JSON body."""
    return ServerSentEvent(orjson.dumps(body).decode(), event=kind, id=event_id, sep="\n")


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, faults: Sequence[Fault] = ()
) -> Response:
    """Returns an error response; `detail` is a sentence for people."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase}
    body |= {"status": status, "detail": detail}
    if faults:
        body["errors"] = [{"where": fault.where, "detail": fault.detail} for fault in faults]
    return json(body, status, headers, PROBLEM)


def refused(request: Request, error: Exception) -> Response:
    """Handles what the router or a handler refused: an unknown URL, a wrong method, something that does not exist."""
    assert isinstance(error, HTTPException)
    plain = error.detail == HTTPStatus(error.status_code).phrase
    match error.status_code:
        case 404 if plain:
            detail = f"There is nothing at {request.url.path}: see /docs."
        case 405 if plain:
            detail = f"{request.method} is not allowed at {request.url.path}: see /docs."
        case _:
            detail = error.detail
    return problem(error.status_code, detail, error.headers)


def missing(_request: Request, error: Exception) -> Response:
    """The request names something that does not exist."""
    return problem(404, str(error))


def invalid(_request: Request, error: Exception) -> Response:
    """Handles a request that is invalid for its operation."""
    assert isinstance(error, InvalidRequestError)
    return problem(error.status, str(error), faults=error.faults)


def unavailable(_request: Request, error: Exception) -> Response:
    """Handles a database that does not answer."""
    assert isinstance(error, UnavailableError)
    return problem(503, str(error), {"Retry-After": "5"})


def broken(_request: Request, _error: Exception) -> Response:
    """Handles an unexpected error, which is in the log."""
    return problem(500, "Internal error. The service's log has the details under this response's X-Request-ID.")
