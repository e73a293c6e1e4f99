"""Routes requests to handlers: validates an operation's parameters and body, and calls its handler."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from time import perf_counter
from typing import Any, Final, TypeVar

import anyio.to_thread
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive, Scope, Send

from movie_db.movie_db_client.api.definition import JSON, Definition, Operation
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.reading.api_keys import grants, scope_of

T = TypeVar("T")
LARGEST: Final = 2**20
"""The most bytes of a JSON body."""


class Call:
    """One request as its handler sees it: `params` are validated values by name, `body` is validated JSON."""

    __slots__ = ("body", "headers", "method", "operation", "params", "query", "receive", "service")

    def __init__(self, service: Service, operation: Operation, scope: Scope, receive: Receive) -> None:
        self.service = service
        self.operation = operation
        self.method: str = scope["method"]
        self.headers: Mapping[bytes, bytes] = dict(scope["headers"])
        path = {name: text.replace("%2F", "/") for name, text in scope.get("path_params", {}).items()}
        self.query: bytes = scope["query_string"]
        self.params = operation.read(path, self.query)
        self.body: Any = None
        self.receive = receive

    def media_type(self) -> str:
        """Returns the media type of the body.

        Raises:
            HTTPException: the operation does not accept it.
        """
        kind = self.headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
        if kind not in self.operation.bodies:
            raise HTTPException(
                415, f"The body must be {' or '.join(self.operation.bodies)}, not {kind[:80] or 'empty'}."
            )
        return kind

    async def read_body(self) -> None:
        """Reads and validates a body of JSON.

        Raises:
            HTTPException: the body is too large.
            InvalidRequestError: the body is invalid.
        """
        raw = b""
        async for piece in self.pieces():
            raw += piece
            if len(raw) > LARGEST:
                raise HTTPException(413, f"A body has at most {LARGEST} bytes here.")
        self.body = self.operation.body(raw, JSON)

    async def in_turn(self, work: Callable[..., T], *values: Any) -> T:
        """Runs a write in one of few threads, so that reads need not wait behind writes that wait for each other."""
        return await anyio.to_thread.run_sync(partial(work, *values), limiter=self.service.writers)

    async def aside(self, work: Callable[..., T], *values: Any) -> T:
        """Runs a long read in one of few other threads, so that short reads need not wait behind it."""
        return await anyio.to_thread.run_sync(partial(work, *values), limiter=self.service.exporters)

    async def pieces(self) -> Any:
        """Yields the pieces of the body as they arrive."""
        more = True
        while more:
            message: Message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            yield message.get("body", b"")
            more = message.get("more_body", False)


Handler = Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]


def admit(call: Call) -> None:
    """Checks that a call has a key of the scope its operation needs.

    Raises:
        HTTPException: the call has no key, or the key is unknown, revoked, or of a lesser scope.
    """
    kind, _, key = call.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    required = " and ".join(call.operation.security)
    if kind.lower() != "bearer" or not key:
        message = f"This operation needs an API key with the scope {required}, sent as `Authorization: Bearer KEY`."
        raise HTTPException(401, f"{message} movie-db key create makes one.", {"WWW-Authenticate": "Bearer"})
    with call.service.engine.connect() as connection:
        scope = scope_of(connection, key.strip())
    if scope is None:
        raise HTTPException(401, "This key does not exist, or it was revoked.", {"WWW-Authenticate": "Bearer"})
    if not grants(scope, call.operation.security):
        raise HTTPException(403, f"This key has the scope {scope}, but the operation needs the scope {required}.")


class Endpoint:
    """One path: the operations of its methods, and their handlers."""

    def __init__(self, service: Service, methods: Mapping[str, tuple[Operation, Handler]]) -> None:
        self._service = service
        self._methods = {
            method: (operation, handler, iscoroutinefunction(handler))
            for method, (operation, handler) in methods.items()
        }
        if "GET" in methods:
            self._methods["HEAD"] = self._methods["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in self._methods:
            raise HTTPException(405, headers={"Allow": ", ".join(self._methods)})
        operation, handler, is_async = self._methods[scope["method"]]
        started, status = perf_counter(), 500
        try:
            call = Call(self._service, operation, scope, receive)
            if operation.security:
                await run_in_threadpool(admit, call)
            if operation.bodies and call.media_type() == JSON:
                await call.read_body()
            if is_async:
                answer = await handler(call)  # type: ignore[misc]
            elif operation.method == "GET":
                answer = await run_in_threadpool(handler, call)
            else:
                answer = await call.in_turn(handler, call)
            status = answer.status_code
            await answer(scope, receive, send)
        except Exception as error:
            status = getattr(error, "status_code", getattr(error, "status", 500))
            raise
        finally:
            self._service.metrics.answered(operation.name, status, perf_counter() - started)


def bind(definition: Definition, handlers: Mapping[str, Handler], service: Service) -> list[BaseRoute]:
    """Returns a route for each path of the definition. If two match, the first one decides which methods there are.

    Raises:
        KeyError: an operation has no handler.
    """
    of_path: dict[str, dict[str, tuple[Operation, Handler]]] = {}
    for operation in definition.operations.values():
        of_path.setdefault(operation.path, {})[operation.method] = (operation, handlers[operation.name])
    return [Route(path, Endpoint(service, methods)) for path, methods in of_path.items()]
