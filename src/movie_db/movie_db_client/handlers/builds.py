"""Builds: asked for, listed, watched, cancelled. What does them is a crawler that watches, too."""

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

from movie_db.contract import web_galleries
from movie_db.contract.errors import UnavailableError, UsageError
from movie_db.contract.runs import new_name
from movie_db.contract.settings import languages_of
from movie_db.movie_db_client.api.answers import event, event_stream, json
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError
from movie_db.movie_db_client.data_model.bookkeeping import BuildRow
from movie_db.movie_db_client.reading.builds import UNDER_WAY, Json, builds
from movie_db.movie_db_client.reading.pages import Cursor, read_cursor

_LOOK: Final = 1.0
"""Seconds after which what is watched is looked at again."""


def start_build(call: Call) -> Response:
    told = call.body
    try:
        gallery = web_galleries.canonical_address(told["gallery"])
    except UsageError as error:
        raise InvalidRequestError([Fault("/gallery", str(error))], 422) from None
    try:
        languages = list(languages_of(",".join(told["languages"]))) if "languages" in told else None
    except ValueError as error:
        raise InvalidRequestError([Fault("/languages", f"languages can't be read: {error}.")], 422) from None
    row = {"gallery": gallery, "film_limit": told.get("limit"), "languages": languages, "run": new_name()}
    empty = dict.fromkeys(("cancelled_at", "failed_at", "reason"))
    with call.service.unit() as unit, call.service.engine.connect() as connection:
        if others := builds(connection, UNDER_WAY & (BuildRow.gallery == gallery), 1):
            number = others[0]["build_id"]
            said = f"Build {number} of this gallery is under way: wait for its end, or cancel it."
            raise HTTPException(409, said, {"Location": f"/v1/builds/{number}"})
        (number,) = unit.repository.insert("builds", [{**row, **empty, "asked_at": datetime.now(UTC)}])
        unit.commit()
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
    with call.service.unit() as unit:
        with call.service.engine.connect() as connection:
            build = _read(connection, number)
        if build["status"] in {"finished", "failed"}:
            raise HTTPException(409, f"Build {number} is over: it has {build['status']}.")
        if build["status"] != "cancelled":
            unit.repository.update("builds", [{"build_id": number, "cancelled_at": datetime.now(UTC)}])
        unit.commit()
    with call.service.engine.connect() as connection:
        return json(_read(connection, number))


async def watch_builds(call: Call) -> Response:
    async def look() -> tuple[str, Json]:
        return "builds", {"builds": list((await call.service.under_way.now()).values())}

    return event_stream(_events(call, look), call.service.heartbeat)


async def watch_build(call: Call) -> Response:
    number = call.params["id"]

    def read() -> Json:
        with call.service.engine.connect() as connection:
            return _read(connection, number)

    async def look() -> tuple[str, Json]:
        seen = (await call.service.under_way.now()).get(number)
        if seen is None:
            seen = await run_in_threadpool(read)
        return "end" if seen["ended_at"] else "progress", seen

    kind, seen = await look()
    if kind == "end" and _name(seen) == _known(call):
        return Response(status_code=204)  # has a browser's EventSource come back no more
    return event_stream(_events(call, look), call.service.heartbeat)


async def _events(call: Call, look: Callable[[], Awaitable[tuple[str, Json]]]) -> AsyncIterator[ServerSentEvent]:
    """What is seen, whenever it is another than the client knows: until its end, or the service's."""
    known = _known(call)
    yield ServerSentEvent(retry=2000, sep="\n")
    while not call.service.closing.is_set():
        try:
            kind, seen = await look()
        except (UnavailableError, HTTPException):
            return  # who comes again is told
        if (name := _name(seen)) != known:
            known = name
            yield event(kind, name, seen)
        if kind == "end":
            return
        await anyio.sleep(_LOOK)


def _known(call: Call) -> str:
    return call.headers.get(b"last-event-id", b"").decode("latin-1")


def _name(seen: Any) -> str:
    """The name of a state: who knows it need not be told it again, whichever process of ours is asked."""
    return blake2b(orjson.dumps(seen), digest_size=6).hexdigest()


def _read(connection: Connection, number: int) -> Json:
    found = builds(connection, BuildRow.build_id == number, 1)
    if not found:
        raise HTTPException(404, f"There is no build {number}.")
    return found[0]
