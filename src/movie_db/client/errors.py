"""What the API says when it says no: one class a status, each with the API's own sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from movie_db.contract.errors import MovieDbError


class UnreachableError(MovieDbError):
    """The API does not answer, or broke off in the middle of an answer."""


class ApiError(MovieDbError):
    """An answer that is an error. Its text is a sentence for a person.

    `errors` tells what is wrong part by part, each with `where` and `detail`; `request_id` is what the service's log
    has it under.
    """

    def __init__(self, status: int, told: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__(str(told.get("detail") or f"The API answered {status}."))
        self.status = status
        self.errors: Sequence[Mapping[str, str]] = told.get("errors", ())
        self.request_id = headers.get("X-Request-ID")
        self.location = headers.get("Location")
        """Where what is in the way is, if the API tells."""
        self.retry_after = int(headers.get("Retry-After") or 0)
        """Seconds after which the same may succeed; 0 where the API does not tell."""


class BadRequestError(ApiError):
    """400, 413, 415 or 422: what was asked can't be; `errors` says why."""


class UnauthorizedError(ApiError):
    """401: a key is needed, or this one opens nothing."""


class ForbiddenError(ApiError):
    """403: this key may not do that."""


class MissingError(ApiError):
    """404: there is no such thing."""


class ConflictError(ApiError):
    """409: something is in the way; `location` says where it is."""


class PreconditionFailedError(ApiError):
    """412: what was to be written has changed since it was read."""


class TooManyRequestsError(ApiError):
    """429: more requests than allowed; `retry_after` says when there are more."""


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


def problem(status: int, told: Any, headers: Mapping[str, str]) -> ApiError:
    """The error that an answer is."""
    return _KINDS.get(status, ApiError)(status, told if isinstance(told, dict) else {}, headers)
