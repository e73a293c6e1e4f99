"""What the API says when it says no: one class a status, each with the API's own sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from movie_db.contract.errors import MovieDbError


class Unreachable(MovieDbError):
    """The API does not answer, or broke off in the middle of an answer."""


class Problem(MovieDbError):
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


class BadRequest(Problem):
    """400, 413, 415 or 422: what was asked can't be; `errors` says why."""


class Unauthorized(Problem):
    """401: a key is needed, or this one opens nothing."""


class Forbidden(Problem):
    """403: this key may not do that."""


class NotFound(Problem):
    """404: there is no such thing."""


class Conflict(Problem):
    """409: something is in the way; `location` says where it is."""


class Changed(Problem):
    """412: what was to be written has changed since it was read."""


class TooMany(Problem):
    """429: more requests than allowed; `retry_after` says when there are more."""


class Unavailable(Problem):
    """503: the database does not answer; try again after `retry_after` seconds."""


_KINDS: Final[Mapping[int, type[Problem]]] = {
    400: BadRequest,
    413: BadRequest,
    415: BadRequest,
    422: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Changed,
    429: TooMany,
    503: Unavailable,
}


def problem(status: int, told: Any, headers: Mapping[str, str]) -> Problem:
    """The error that an answer is."""
    return _KINDS.get(status, Problem)(status, told if isinstance(told, dict) else {}, headers)
