"""From a request to its handler: an operation's parameters and body are read, checked, and handed over."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from time import perf_counter
from typing import Any, Final, TypeVar

import anyio.to_thread
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive, Scope, Send

from movie_db.movie_db_client.api.definition import JSON, Definition, Operation
from movie_db.movie_db_client.api.keys import digest, opens
from movie_db.movie_db_client.api.service import Service
from movie_db.movie_db_client.data_model.bookkeeping import ApiKeyRow

T = TypeVar("T")
LARGEST: Final = 2**20
"""Bytes of a body that is read as a whole."""


class Call:
    """One request, as its handler sees it: `params` are checked values by name, `body` is checked JSON."""

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
        """That of the body.

        Raises:
            HTTPException: the operation takes none such.
        """
        kind = self.headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
        if kind not in self.operation.bodies:
            raise HTTPException(415, f"The body is {' or '.join(self.operation.bodies)}, not {kind[:80] or 'nothing'}.")
        return kind

    async def read_body(self) -> None:
        """Reads and checks a body of JSON.

        Raises:
            HTTPException: it is too large.
        """
        raw = b""
        async for piece in self.pieces():
            raw += piece
            if len(raw) > LARGEST:
                raise HTTPException(413, f"A body has at most {LARGEST} bytes here.")
        self.body = self.operation.body(raw, JSON)

    async def in_turn(self, work: Callable[..., T], *values: Any) -> T:
        """Does what writes in a thread of few: writers wait for each other, and readers shall not wait behind them."""
        return await anyio.to_thread.run_sync(partial(work, *values), limiter=self.service.writers)

    async def aside(self, work: Callable[..., T], *values: Any) -> T:
        """Does what takes long in a thread of few others: who only reads a film shall not wait behind it."""
        return await anyio.to_thread.run_sync(partial(work, *values), limiter=self.service.exporters)

    async def pieces(self) -> Any:
        """The body as it comes."""
        more = True
        while more:
            message: Message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            yield message.get("body", b"")
            more = message.get("more_body", False)


Handler = Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]


def admit(call: Call) -> None:
    """Lets who bears a key do what the operation needs.

    Raises:
        HTTPException: no key, one that opens nothing, or not this.
    """
    kind, _, key = call.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    needed = " and ".join(call.operation.security)
    if kind.lower() != "bearer" or not key:
        told = f"This needs a key of the scope {needed}, as `Authorization: Bearer KEY`: movie-db key create makes one."
        raise HTTPException(401, told, {"WWW-Authenticate": "Bearer"})
    asked = select(ApiKeyRow.scope).where(ApiKeyRow.digest == digest(key.strip()), ApiKeyRow.revoked_at.is_(None))
    with call.service.engine.connect() as connection:
        scope = connection.execute(asked).scalar()
    if scope is None:
        raise HTTPException(401, "There is no such key, or it was revoked.", {"WWW-Authenticate": "Bearer"})
    if not opens(scope, call.operation.security):
        raise HTTPException(403, f"This key may {scope}, and this needs one that may {needed}.")


class Endpoint:
    """One path: its methods' operations and their handlers."""

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
    """A route for each path of the definition, whatever the method: of two that fit, the first says what is possible.

    Raises:
        KeyError: an operation has no handler.
    """
    of_path: dict[str, dict[str, tuple[Operation, Handler]]] = {}
    for operation in definition.operations.values():
        of_path.setdefault(operation.path, {})[operation.method] = (operation, handlers[operation.name])
    return [Route(path, Endpoint(service, methods)) for path, methods in of_path.items()]
