"""What operations that write have in common: If-Match, responses for errors, and the response with the new state."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from re import Pattern
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.api import edge
from movie_db.movie_db_client.api.definition import JSON
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError
from movie_db.movie_db_client.editing.contributors import InUseError
from movie_db.movie_db_client.editing.movies import MissingNameError, MovieConflictError
from movie_db.movie_db_client.reading.identifiers import pair_of
from movie_db.movie_db_client.repository import RejectedRowError

T = TypeVar("T")
Namespaces = Mapping[Any, Pattern[str]]


def refuse_changed(call: Call, body: bytes, what: str) -> None:
    """Checks the If-Match of a call.

    Args:
        body: the current representation.

    Raises:
        HTTPException: the ETag is not that of `body`.
    """
    header = call.headers.get(b"if-match")
    if header is not None and not edge.matches(header, edge.etag(body)):
        raise HTTPException(412, f"{what} has changed: read it again, and retry with its new ETag.")


def shown(body: bytes, path: str, status: int = 200) -> Response:
    """Returns the response with the new state and the ETag that a GET would have."""
    headers = {"ETag": edge.etag(body).decode(), "Content-Location": path}
    if status == 201:
        headers["Location"] = path
    return Response(body, status, headers, JSON)


def translated(use_case: Callable[[], T], path: str) -> T:
    """Calls a use case and translates its errors to responses.

    Args:
        path: the path of the collection, such as `/v1/movies`.

    Raises:
        HTTPException, InvalidRequestError: the use case failed.
    """
    try:
        return use_case()
    except MissingNameError as error:
        raise HTTPException(404, str(error)) from None
    except MovieConflictError as error:
        raise HTTPException(409, str(error), {"Location": f"{path}/{error.number}"}) from None
    except InUseError as error:
        raise HTTPException(409, str(error)) from None
    except (UsageError, RejectedRowError) as error:
        raise InvalidRequestError([Fault("", str(error))], 422) from None


def with_valid_ids(fields: dict[str, Any], namespaces: Namespaces) -> dict[str, Any]:
    """Returns the fields of a body after checking that each id has the format of its namespace.

    Raises:
        InvalidRequestError: an id has another format.
    """
    faults = [
        Fault(f"/ids/{namespace}", f"{value!r} is not an id of {namespace}.")
        for namespace, value in fields.get("ids", {}).items()
        if not namespaces[namespace].fullmatch(value)
    ]
    if faults:
        raise InvalidRequestError(faults, 422)
    return fields


def with_id_of_path(call: Call, entity: str, namespaces: Namespaces) -> dict[str, Any]:
    """Returns the fields of a PUT to an external id, with that id added to those in the body.

    Raises:
        InvalidRequestError: the body has another id in this namespace, or an id has the wrong format.
    """
    name = call.params["id"]
    namespace, value = pair_of(name, entity)
    ids = {namespace: value, **call.body.get("ids", {})}
    if ids[namespace] != value:
        raise InvalidRequestError(
            [Fault("/ids", f"The path has {name}, but the body has another id of {namespace}.")], 422
        )
    return with_valid_ids({**call.body, "ids": ids}, namespaces)


def refuse_ids(call: Call, what: str) -> None:
    """Raises HTTPException if a PUT to a number has ids: by a slip, that could merge two movies."""
    if "ids" in call.body:
        raise HTTPException(
            409, f"To give ids to {what}, PUT it at one of its ids, such as imdb:tt0083658, not at its number."
        )


def now() -> datetime:
    return datetime.now(UTC)
