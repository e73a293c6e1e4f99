"""The HTTP service: Flask through Connexion, from `openapi.yaml`. Swagger UI is at `/ui`."""

import json
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import connexion
from connexion.exceptions import BadRequestProblem
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware import MiddlewarePosition
from connexion.resolver import Resolver
from flask import request
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from movie_db.contract import service_log
from movie_db.contract.errors import SourceError
from movie_db.wiki_api.clients import MovieWikiClient, WikiPage
from movie_db.wiki_api.upstream import BusyError, TooSlowError

logger = logging.getLogger(__name__)

Answer = tuple[dict[str, Any], int, dict[str, str]]


class OperationResolver:
    """Resolves the operations of `openapi.yaml`."""

    def __init__(self, client: MovieWikiClient) -> None:
        self._client = client

    def search_pages(self, title: str, limit: int) -> Answer:
        pages = self._client.search_page(title, limit, request.headers.get("Cache-Control"))
        return _found("pages", pages)

    def search_movies(self, title: str, limit: int) -> Answer:
        movies = self._client.search_movie(title, limit, request.headers.get("Cache-Control"))
        return _found("movies", movies)

    def health(self) -> Answer:
        return _ok({"status": "ok"})

    def named(self, operation_id: str) -> Callable[..., Answer]:
        """The function of the operation `operation_id`."""
        operation: Callable[..., Answer] = getattr(self, operation_id)
        return operation


class RunInLog:
    """Adds the run to the log, if the fetcher names it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        run = Headers(scope=scope).get(service_log.RUN_HEADER) if scope["type"] == "http" else None
        with service_log.about(**({"run": run} if run else {})):
            await self._app(scope, receive, send)


def _ok(body: dict[str, Any]) -> Answer:
    return body, HTTPStatus.OK.value, {"Content-Type": "application/json"}


def _found(name: str, pages: Sequence[WikiPage]) -> Answer:
    return _ok({"how_many": len(pages), name: [page.model_dump() for page in pages]})


def make_app(client: MovieWikiClient) -> connexion.FlaskApp:
    """The service as an ASGI application that searches through `client`."""
    app = connexion.FlaskApp(__name__, specification_dir=Path(__file__).parent)
    app.app.json.sort_keys = False
    # Outside the exception handling, or error responses would lack the headers and browsers would hide the error.
    app.add_middleware(
        CORSMiddleware,
        MiddlewarePosition.BEFORE_EXCEPTION,
        allow_origins=["*"],
        allow_methods=["GET"],
        allow_headers=["*"],
        expose_headers=["Retry-After"],
    )
    app.add_middleware(RunInLog, MiddlewarePosition.BEFORE_EXCEPTION)
    app.add_error_handler(BadRequestProblem, _bad_request)
    app.add_error_handler(HTTPStatus.NOT_FOUND.value, _not_found)
    app.add_error_handler(SourceError, _upstream_problem)
    app.add_error_handler(Exception, _own_problem)
    app.add_api("openapi.yaml", resolver=Resolver(OperationResolver(client).named), pythonic_params=False)
    return app


def _bad_request(_request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    # Only the first line of the validator's message is readable; the rest is the schema as a Python value.
    first = str(getattr(error, "detail", "")).partition("\n")[0].rstrip(".")
    wanted = "title takes 1 to 300 characters, limit (if given) a whole number from 1 to 100"
    return _problem(HTTPStatus.BAD_REQUEST, f"{first}: {wanted}.")


def _not_found(_request: ConnexionRequest, _error: Exception) -> ConnexionResponse:
    return _problem(HTTPStatus.NOT_FOUND, "This address does not exist; /ui shows the API.")


def _upstream_problem(_request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    """Upstream errors become 502, 503 or 504, never an empty result."""
    logger.warning("%s", error)
    headers = {"Retry-After": error.retry_after} if isinstance(error, BusyError) and error.retry_after else {}
    status = HTTPStatus.BAD_GATEWAY
    if isinstance(error, BusyError):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    elif isinstance(error, TooSlowError):
        status = HTTPStatus.GATEWAY_TIMEOUT
    outcome = error.outcome if isinstance(error, SourceError) else SourceError.outcome
    return _problem(status, str(error), headers, outcome=outcome)


def _own_problem(_request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    logger.error("unexpected: %r", error, exc_info=error)
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error; the service's log has the details.")


def _problem(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None, **more: str) -> ConnexionResponse:
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail} | more
    return ConnexionResponse(
        status_code=status.value, mimetype="application/problem+json", body=json.dumps(body), headers=headers or {}
    )
