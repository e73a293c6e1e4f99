"""The client's API: `openapi.yaml` says what there is, each operation is the handler of that name."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import yaml
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from movie_db.contract.errors import Unavailable
from movie_db.movie_db_client.handlers import contract, decisions, docs, health, movies, problems
from movie_db.movie_db_client.handlers.service import Handler, Service

OPERATIONS: Final[Mapping[str, Handler]] = {
    "list_movies": movies.list_movies,
    "list_decisions": decisions.list_decisions,
    "read_contract": contract.read_contract,
    "read_message": contract.read_message,
    "read_table": contract.read_table,
    "read_health": health.read_health,
}


def make_app(service: Service) -> ASGIApp:
    """The service as an ASGI application."""
    definition = (files("movie_db.movie_db_client") / "openapi.yaml").read_bytes()
    api = yaml.safe_load(definition)
    app = Starlette(
        routes=[*bind(api, OPERATIONS), *docs.routes(definition, api["info"]["title"])],
        exception_handlers={
            HTTPException: problems.refused,
            Unavailable: problems.unavailable,
            Exception: problems.broken,
        },
    )
    app.state.service = service
    return OpenToAll(app)


def bind(api: dict[str, Any], operations: Mapping[str, Handler]) -> list[BaseRoute]:
    """A route for each operation of an OpenAPI definition.

    Raises:
        KeyError: an operation has no handler.
    """
    return [
        Route(path, operations[operation["operationId"]], methods=[method.upper()])
        for path, item in api["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    ]


class OpenToAll:
    """CORS on every answer there is. It is the outermost layer, so that errors of any kind pass through it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = "*"
            await send(message)

        if scope["method"] == "OPTIONS":
            preflight = {
                "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
                "Access-Control-Allow-Headers": _asked_headers(scope),
                "Access-Control-Max-Age": "600",
                "Allow": "GET, HEAD, OPTIONS",
            }
            raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in preflight.items()]
            await send_open({"type": "http.response.start", "status": 204, "headers": raw})
            await send_open({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send_open)


def _asked_headers(scope: Scope) -> str:
    asked = dict(scope["headers"]).get(b"access-control-request-headers", b"*")
    return bytes(asked).decode("latin-1")
