"""JustWatch's GraphQL door: requests and answers, shared by its gallery and its titles.

The door is unofficial. What it is known to do: `first` above 100 is refused as too complex; an offset + count above
1,999 gives an empty list in place of the rest; an unknown package code switches the filter off without a word.
"""

import json
import re
from typing import Any, Final, NamedTuple

from movie_db.contract.errors import BlockedError, RetryLaterError, SourceError, UnreadableError
from movie_db.contract.ids import MovieNamespace, is_movie_id
from movie_db.contract.text import load_json
from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest

DOOR: Final = "https://apis.justwatch.com/graphql"
PAGE: Final = 100
CAP: Final = 1999


def request(operation: str, query: str, variables: dict[str, Any]) -> SourceRequest:
    """One GraphQL request; the same arguments give the same bytes."""
    body = {"operationName": operation, "query": " ".join(query.split()), "variables": variables}
    return SourceRequest(
        "justwatch",
        DOOR,
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(),
        (("Accept", "application/json"), ("Content-Type", "application/json")),
    )


class UpstreamError(RetryLaterError):
    """JustWatch answered, but something behind its door failed: the same query may succeed after a pause."""


PAUSES: Final = (2.0, 8.0)
"""Seconds to wait before each further try, after an answer that JustWatch could give only in part."""

_PASSING: Final = frozenset(
    "INTERNAL_ERROR INTERNAL_SERVER_ERROR INTERNAL SERVER_ERROR UNKNOWN UNAVAILABLE SERVICE_UNAVAILABLE "
    "DOWNSTREAM_SERVICE_ERROR SUBREQUEST_HTTP_ERROR SUBREQUEST_TIMEOUT BAD_GATEWAY GATEWAY_TIMEOUT REQUEST_TIMEOUT "
    "OPERATION_TIMEOUT TIMEOUT DEADLINE_EXCEEDED CANCELED CANCELLED ABORTED RESOURCE_EXHAUSTED RATE_LIMITED "
    "REQUEST_RATE_LIMITED TOO_MANY_REQUESTS THROTTLED PERSISTED_QUERY_NOT_FOUND".split()
)
"""Codes of GraphQL servers (Apollo's server and router, gqlgen with a gRPC backend) for what may pass."""
_CLOSED: Final = frozenset({"UNAUTHENTICATED", "FORBIDDEN", "PERMISSION_DENIED", "ACCESS_DENIED"})
_RPC: Final = re.compile(r"rpc error: code = (\w+)")
_RPC_PASSING: Final = frozenset(
    "Unavailable DeadlineExceeded ResourceExhausted Aborted Internal Unknown Canceled DataLoss".split()
)
_SAYS_PASSING: Final = re.compile(
    r"internal (system|server) error|time[ds]?[ -]?out|deadline exceeded|context canceled|upstream|unavailable"
    r"|connection (refused|reset)|too many requests|rate limit|PersistedQueryNotFound",
    re.IGNORECASE,
)
"""Words of errors without a code: gqlgen gives none to what a resolver returns."""


class Failure(NamedTuple):
    """One error of an answer: where in its data (an empty path: nowhere), and what it means."""

    path: tuple[str | int, ...]
    error: SourceError


class Partial(NamedTuple):
    """The `data` of an answer, and what failed in it. What JustWatch no longer has is null, and no failure."""

    data: dict[str, Any]
    failures: list[Failure]

    @property
    def passing(self) -> bool:
        """Whether asking again may help."""
        return any(isinstance(failure.error, RetryLaterError) for failure in self.failures)


def past_archive(request: SourceRequest) -> SourceRequest:
    """The same request, not to be answered from the archive."""
    return request._replace(headers=(*request.headers, ("Cache-Control", "no-cache")))


def data(answer: SourceAnswer) -> dict[str, Any]:
    """The `data` of an answer that is whole.

    Raises:
        BadPage, Blocked: it is no JSON, or JustWatch reports errors (the first one is told).
        UpstreamError: JustWatch reports trouble of its own.
    """
    found = partial(answer)
    if found.failures:
        raise found.failures[0].error
    return found.data


def parts(answer: SourceAnswer) -> tuple[dict[str, Any], set[str]]:
    """The `data` of an answer that names several things, and the names of those that met an error.

    Raises:
        BadPage, Blocked, UpstreamError: as `data`, where nothing at all came.
    """
    found = partial(answer)
    if found.failures and not any(found.data.values()):
        raise found.failures[0].error
    return found.data, {str(failure.path[0]) for failure in found.failures if failure.path}


def partial(answer: SourceAnswer) -> Partial:
    """What came, and the errors that are more than the absence of something.

    Raises:
        BadPage, Blocked, UpstreamError: there is no `data` at all.
    """
    try:
        told = load_json(answer.body)
    except (ValueError, RecursionError):
        raise UnreadableError("JustWatch answered with something that is no JSON.") from None
    said = told.get("errors") if isinstance(told, dict) else None
    listed = said if isinstance(said, list) else [said] if said else []
    errors = [e if isinstance(e, dict) else {"message": str(e)} for e in listed]
    failures = [Failure(_path(e), _refusal(e)) for e in errors if not _is_absence(e)]
    found = told.get("data") if isinstance(told, dict) else None
    if not isinstance(found, dict):
        raise failures[0].error if failures else UnreadableError("JustWatch answered JSON without data.")
    return Partial(found, failures)


def _path(error: dict[str, Any]) -> tuple[str | int, ...]:
    path = error.get("path")
    return tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else ()


def _code(error: dict[str, Any]) -> str:
    extensions = error.get("extensions")
    return str(extensions.get("code") or "").upper() if isinstance(extensions, dict) else ""


def _rpc(error: dict[str, Any]) -> str:
    named = _RPC.search(str(error.get("message")))
    return named[1] if named else ""


def _is_absence(error: dict[str, Any]) -> bool:
    return _code(error) == "NOT_FOUND" or _rpc(error) == "NotFound"


def _refusal(error: dict[str, Any]) -> SourceError:
    message = f"JustWatch refused the query: {str(error.get('message') or 'no reason given')[:300]}"
    code, rpc = _code(error), _rpc(error)
    if code in _CLOSED or rpc in {"PermissionDenied", "Unauthenticated"}:
        return BlockedError(message)
    passing = rpc in _RPC_PASSING if rpc else code in _PASSING
    if not code and not rpc:
        passing = bool(_SAYS_PASSING.search(str(error.get("message"))))
    return UpstreamError(message) if passing else UnreadableError(message)


def outside_ids(content: dict[str, Any]) -> dict[MovieNamespace, str]:
    """The ids that a title's content gives for other sites; what has not the form of an id is left out."""
    told = content.get("externalIds")
    told = told if isinstance(told, dict) else {}
    spaces: tuple[MovieNamespace, ...] = ("imdb", "tmdb", "wikidata")
    return {n: str(told.get(f"{n}Id")) for n in spaces if is_movie_id(n, str(told.get(f"{n}Id")))}
