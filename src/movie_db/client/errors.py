"""The API's errors as exceptions: one class per status, each with the API's own message."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from movie_db.contract.errors import MovieDbError


class UnreachableError(MovieDbError):
    """The API does not answer, or the connection broke during a response."""


class ApiError(MovieDbError):
    """An error response. Its text is a sentence for people.

    `errors` lists the invalid parts, each with `where` and `detail`. `request_id` identifies the request in the
    service's log.
    """

    def __init__(self, status: int, document: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__(str(document.get("detail") or f"The API answered {status}."))
        self.status = status
        self.errors: Sequence[Mapping[str, str]] = document.get("errors", ())
        self.request_id = headers.get("X-Request-ID")
        self.location = headers.get("Location")
        """The address of the conflicting resource, if the API gives it."""
        self.retry_after = int(headers.get("Retry-After") or 0)
        """Seconds after which to try again; 0 if the API does not say."""


class BadRequestError(ApiError):
    """400, 413, 415 or 422: the request is invalid; `errors` lists the reasons."""


class UnauthorizedError(ApiError):
    """401: a key is required, or this key is invalid."""


class ForbiddenError(ApiError):
    """403: this key's scope does not allow the operation."""


class MissingError(ApiError):
    """404: the resource does not exist."""


class ConflictError(ApiError):
    """409: another resource conflicts; `location` is its address."""


class PreconditionFailedError(ApiError):
    """412: the resource has changed since it was read."""


class TooManyRequestsError(ApiError):
    """429: too many requests; try again after `retry_after` seconds."""


class ServiceUnavailableError(ApiError):
    """503: the database does not answer; try again after `retry_after` seconds."""


_KINDS: Final[Mapping[int, type[ApiError]]] = {
    400: BadRequestError,
    413: BadRequestError,
    415: BadRequestError,
    422: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: MissingError,
    409: ConflictError,
    412: PreconditionFailedError,
    429: TooManyRequestsError,
    503: ServiceUnavailableError,
}


def error_of(status: int, document: Any, headers: Mapping[str, str]) -> ApiError:
    """The exception for an error response with this JSON document."""
    return _KINDS.get(status, ApiError)(status, document if isinstance(document, dict) else {}, headers)
