"""What all writing has in common: If-Match, how a refusal is answered, and the answer that shows what is now."""

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
    """Has a call write only to what is as its If-Match says; `body` is what reading it gives now.

    Raises:
        HTTPException: it is not.
    """
    wanted = call.headers.get(b"if-match")
    if wanted is not None and not edge.same(wanted, edge.tag_of(body)):
        raise HTTPException(412, f"{what} has changed: read it again, and write with its new ETag.")


def shown(body: bytes, path: str, status: int = 200) -> Response:
    """What is now, with the ETag that reading it gives."""
    headers = {"ETag": edge.tag_of(body).decode(), "Content-Location": path}
    if status == 201:
        headers["Location"] = path
    return Response(body, status, headers, JSON)


def obeyed(work: Callable[[], T], paths: str) -> T:
    """Does what a person wants; `paths` is where such rows are, as `/v1/movies`.

    Raises:
        HTTPException, Invalid: it can't be.
    """
    try:
        return work()
    except MissingNameError as error:
        raise HTTPException(404, str(error)) from None
    except MovieConflictError as error:
        raise HTTPException(409, str(error), {"Location": f"{paths}/{error.number}"}) from None
    except InUseError as error:
        raise HTTPException(409, str(error)) from None
    except (UsageError, RejectedRowError) as error:
        raise InvalidRequestError([Fault("", str(error))], 422) from None


def with_fit_ids(told: dict[str, Any], namespaces: Namespaces) -> dict[str, Any]:
    """What a client writes, with ids that have the form of their namespace.

    Raises:
        InvalidRequestError: they have not.
    """
    faults = [
        Fault(f"/ids/{namespace}", f"{value!r} is no id of {namespace}.")
        for namespace, value in told.get("ids", {}).items()
        if not namespaces[namespace].fullmatch(value)
    ]
    if faults:
        raise InvalidRequestError(faults, 422)
    return told


def with_id_of_path(call: Call, entity: str, namespaces: Namespaces) -> dict[str, Any]:
    """What a client puts at an id elsewhere, with that id among those in the body.

    Raises:
        InvalidRequestError: it has another one there, or one has not the form of its namespace.
    """
    name = call.params["id"]
    namespace, value = pair_of(name, entity)
    ids = {namespace: value, **call.body.get("ids", {})}
    if ids[namespace] != value:
        raise InvalidRequestError(
            [Fault("/ids", f"The path names {name}, and the body another id of {namespace}.")], 422
        )
    return with_fit_ids({**call.body, "ids": ids}, namespaces)


def refuse_ids(call: Call, what: str) -> None:
    """Raises HTTPException if ids are put by a number: that may be a slip that makes two films one."""
    if "ids" in call.body:
        raise HTTPException(409, f"Ids are given to {what} that is put by one of its ids, as imdb:tt0083658.")


def now() -> datetime:
    return datetime.now(UTC)
