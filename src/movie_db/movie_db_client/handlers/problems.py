"""Errors as problem details (RFC 9457), of one shape, for every error there is."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from movie_db.contract.errors import Unavailable


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """One problem; `detail` is a sentence for a person."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def refused(request: Request, error: Exception) -> JSONResponse:
    """What the router or a handler refused: an unknown URL, a wrong method, a wrong parameter."""
    assert isinstance(error, HTTPException)
    plain = error.detail == HTTPStatus(error.status_code).phrase
    match error.status_code:
        case 404 if plain:
            detail = f"There is nothing at {request.url.path}: see /docs."
        case 405 if plain:
            detail = f"{request.method} is not possible at {request.url.path}: see /docs."
        case _:
            detail = error.detail
    return problem(error.status_code, detail, dict(error.headers or {}))


def unavailable(_request: Request, error: Exception) -> JSONResponse:
    """The database does not answer."""
    assert isinstance(error, Unavailable)
    return problem(503, str(error), {"Retry-After": "5"})


def broken(_request: Request, _error: Exception) -> JSONResponse:
    """A fault of ours: what broke is in the log."""
    return problem(500, "Something broke here; the service's log tells what.")
