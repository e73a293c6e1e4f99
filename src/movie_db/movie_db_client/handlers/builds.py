"""Operations on builds: start, list, watch and cancel them. A build worker, which watches too, carries them out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

import anyio
import orjson
from sqlalchemy import Connection, true
from sse_starlette import ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.gallery_address import canonical_gallery
from movie_db.contract.settings import languages_of
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError
from movie_db.movie_db_client.api.responses import event, event_stream, json
from movie_db.movie_db_client.data_model.bookkeeping import BuildRow
from movie_db.movie_db_client.editing import builds as editing
from movie_db.movie_db_client.reading.builds import Json, builds
from movie_db.movie_db_client.reading.pages import Cursor, read_cursor

_INTERVAL: Final = 1.0
"""Seconds between two reads of what is watched."""


def start_build(call: Call) -> Response:
    body = call.body
    try:
        gallery = canonical_gallery(body["gallery"])
    except UsageError as error:
        raise InvalidRequestError([Fault("/gallery", str(error))], 422) from None
    try:
        languages = list(languages_of(",".join(body["languages"]))) if "languages" in body else None
    except ValueError as error:
        raise InvalidRequestError([Fault("/languages", f"languages can't be read: {error}.")], 422) from None
    try:
        with call.service.units() as unit:
            limit, at = body.get("limit"), datetime.now(UTC)
            number = editing.start_build(unit, gallery, at, limit=limit, languages=languages)
    except editing.BuildUnderWayError as error:
        raise HTTPException(409, str(error), {"Location": f"/v1/builds/{error.number}"}) from None
    with call.service.engine.connect() as connection:
        return json(_read(connection, number), 201, {"Location": f"/v1/builds/{number}"})


def list_builds(call: Call) -> Response:
    cursor, limit = read_cursor(call.params), call.params["limit"]
    with call.service.engine.connect() as connection:
        found = builds(connection, true() if cursor is None else BuildRow.build_id < cursor.number, limit + 1)
    more = Cursor(None, found[limit - 1]["build_id"]).written(call.params) if len(found) > limit else None
    return json({"builds": found[:limit], "next": more})


def read_build(call: Call) -> Response:
    with call.service.engine.connect() as connection:
        return json(_read(connection, call.params["id"]))


def cancel_build(call: Call) -> Response:
    number = call.params["id"]
    try:
        with call.service.units() as unit:
            editing.cancel_build(unit, number, datetime.now(UTC))
    except editing.UnknownBuildError as error:
        raise HTTPException(404, str(error)) from None
    except editing.BuildEndedError as error:
        raise HTTPException(409, str(error)) from None
    with call.service.engine.connect() as connection:
        return json(_read(connection, number))


async def watch_builds(call: Call) -> Response:
    async def read_state() -> tuple[str, Json]:
        return "builds", {"builds": list((await call.service.under_way.now()).values())}

    return event_stream(_events(call, read_state), call.service.heartbeat)


async def watch_build(call: Call) -> Response:
    number = call.params["id"]

    def read() -> Json:
        with call.service.engine.connect() as connection:
            return _read(connection, number)

    async def read_state() -> tuple[str, Json]:
        state = (await call.service.under_way.now()).get(number)
        if state is None:
            state = await run_in_threadpool(read)
        return "end" if state["ended_at"] else "progress", state

    kind, state = await read_state()
    if kind == "end" and _state_id(state) == _last_event_id(call):
        return Response(status_code=204)  # stops a browser's EventSource from reconnecting
    return event_stream(_events(call, read_state), call.service.heartbeat)


async def _events(call: Call, read_state: Callable[[], Awaitable[tuple[str, Json]]]) -> AsyncIterator[ServerSentEvent]:
    """Yields the state whenever it differs from what the client has, until the build or the service ends."""
    sent = _last_event_id(call)
    yield ServerSentEvent(retry=2000, sep="\n")
    while not call.service.closing.is_set():
        try:
            kind, state = await read_state()
        except (UnavailableError, HTTPException):
            return  # the client gets the error when it reconnects
        if (name := _state_id(state)) != sent:
            sent = name
            yield event(kind, name, state)
        if kind == "end":
            return
        await anyio.sleep(_INTERVAL)


def _last_event_id(call: Call) -> str:
    return call.headers.get(b"last-event-id", b"").decode("latin-1")


def _state_id(state: Any) -> str:
    """Returns the id of a state, which is the same in every process."""
    return blake2b(orjson.dumps(state), digest_size=6).hexdigest()


def _read(connection: Connection, number: int) -> Json:
    found = builds(connection, BuildRow.build_id == number, 1)
    if not found:
        raise HTTPException(404, f"There is no build {number}.")
    return found[0]
