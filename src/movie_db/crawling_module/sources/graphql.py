"""JustWatch's GraphQL API: requests and answers, shared by its gallery and its titles.

The API is unofficial. Its limits: `first` above 100 is rejected as too complex; an offset + count above 1,999 returns
an empty list instead of the rest; an unknown package code switches the filter off silently.
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
    """Return a GraphQL request; the same arguments give the same bytes."""
    body = {"operationName": operation, "query": " ".join(query.split()), "variables": variables}
    return SourceRequest(
        "justwatch",
        DOOR,
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(),
        (("Accept", "application/json"), ("Content-Type", "application/json")),
    )


class UpstreamError(RetryLaterError):
    """Something behind JustWatch's API failed: the same query may succeed after a pause."""


PAUSES: Final = (2.0, 8.0)
"""Seconds to wait before each retry, after a partial answer."""

_PASSING: Final = frozenset(
    "INTERNAL_ERROR INTERNAL_SERVER_ERROR INTERNAL SERVER_ERROR UNKNOWN UNAVAILABLE SERVICE_UNAVAILABLE "
    "DOWNSTREAM_SERVICE_ERROR SUBREQUEST_HTTP_ERROR SUBREQUEST_TIMEOUT BAD_GATEWAY GATEWAY_TIMEOUT REQUEST_TIMEOUT "
    "OPERATION_TIMEOUT TIMEOUT DEADLINE_EXCEEDED CANCELED CANCELLED ABORTED RESOURCE_EXHAUSTED RATE_LIMITED "
    "REQUEST_RATE_LIMITED TOO_MANY_REQUESTS THROTTLED PERSISTED_QUERY_NOT_FOUND".split()
)
"""Codes of GraphQL servers (Apollo's server and router, gqlgen with a gRPC backend) for temporary errors."""
_CLOSED: Final = frozenset({"UNAUTHENTICATED", "FORBIDDEN", "PERMISSION_DENIED", "ACCESS_DENIED"})
_RPC: Final = re.compile(r"rpc error: code = (\w+)")
_RPC_PASSING: Final = frozenset(
    "Unavailable DeadlineExceeded ResourceExhausted Aborted Internal Unknown Canceled DataLoss".split()
)
_PASSING_WORDS: Final = re.compile(
    r"internal (system|server) error|time[ds]?[ -]?out|deadline exceeded|context canceled|upstream|unavailable"
    r"|connection (refused|reset)|too many requests|rate limit|PersistedQueryNotFound",
    re.IGNORECASE,
)
"""Words in errors without a code: gqlgen gives none to resolver errors."""


class Failure(NamedTuple):
    """One error of an answer: its path in the data (may be empty), and its meaning."""

    path: tuple[str | int, ...]
    error: SourceError


class Partial(NamedTuple):
    """The `data` of an answer, and its errors. A title that JustWatch no longer has is null, without an error."""

    data: dict[str, Any]
    failures: list[Failure]

    @property
    def passing(self) -> bool:
        """Whether a retry may help."""
        return any(isinstance(failure.error, RetryLaterError) for failure in self.failures)


def past_archive(request: SourceRequest) -> SourceRequest:
    """Return the same request, past the archive."""
    return request._replace(headers=(*request.headers, ("Cache-Control", "no-cache")))


def data(answer: SourceAnswer) -> dict[str, Any]:
    """Return the `data` of a complete answer.

    Raises:
        UnreadableError, BlockedError: The answer isn't JSON, or has errors (the first one is raised).
        UpstreamError: JustWatch has an outage.
    """
    found = partial(answer)
    if found.failures:
        raise found.failures[0].error
    return found.data


def parts(answer: SourceAnswer) -> tuple[dict[str, Any], set[str]]:
    """Return the `data` of an answer with several parts, and the names of parts with an error.

    Raises:
        SourceError: The answer has no data at all.
    """
    found = partial(answer)
    if found.failures and not any(found.data.values()):
        raise found.failures[0].error
    return found.data, {str(failure.path[0]) for failure in found.failures if failure.path}


def partial(answer: SourceAnswer) -> Partial:
    """Return the data, and all errors other than absence.

    Raises:
        SourceError: There is no `data`.
    """
    try:
        body = load_json(answer.body)
    except (ValueError, RecursionError):
        raise UnreadableError("JustWatch returned something that is not JSON.") from None
    reported = body.get("errors") if isinstance(body, dict) else None
    listed = reported if isinstance(reported, list) else [reported] if reported else []
    errors = [e if isinstance(e, dict) else {"message": str(e)} for e in listed]
    failures = [Failure(_path(e), _refusal(e)) for e in errors if not _is_absence(e)]
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise failures[0].error if failures else UnreadableError("JustWatch returned JSON without data.")
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
        passing = bool(_PASSING_WORDS.search(str(error.get("message"))))
    return UpstreamError(message) if passing else UnreadableError(message)


def outside_ids(content: dict[str, Any]) -> dict[MovieNamespace, str]:
    """Return a title's valid ids at other sites."""
    body = content.get("externalIds")
    body = body if isinstance(body, dict) else {}
    spaces: tuple[MovieNamespace, ...] = ("imdb", "tmdb", "wikidata")
    return {n: str(body.get(f"{n}Id")) for n in spaces if is_movie_id(n, str(body.get(f"{n}Id")))}
