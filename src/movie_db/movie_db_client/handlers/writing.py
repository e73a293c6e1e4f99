"""Films are written: by one who bears a key, and, if an If-Match says so, only what has not changed meanwhile."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UsageError
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.movie_db_client import authoring, upserting
from movie_db.movie_db_client.api import edge
from movie_db.movie_db_client.api.answers import Streamed, json
from movie_db.movie_db_client.api.definition import JSON, LINES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, Invalid
from movie_db.movie_db_client.handlers.movies import BESIDE, film_of
from movie_db.movie_db_client.pinning import unpin
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.reading.naming import number_of, pair_of
from movie_db.movie_db_client.repository import Refused

_BATCH: Final = 200
"""Films that are written together, unless they are more than `_HEAVY` bytes."""
_HEAVY: Final = 8 * 2**20
_LONGEST: Final = 2**20


def create_movie(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _obeyed(lambda: authoring.create(unit.repository, _named(call.body), _now()))
        unit.commit()
    return _shown(call, number, 201)


def put_movie(call: Call) -> Response:
    name, told = call.params["id"], _named(call.body)
    if number_of(name) is not None:
        return _put_by_number(call)
    namespace, value = pair_of(name)
    ids = {namespace: value, **told.get("ids", {})}
    if ids[namespace] != value:
        raise Invalid([Fault("/ids", f"The path names {name}, and the body another id of {namespace}.")], 422)
    told = _named({**told, "ids": ids})
    with call.service.unit() as unit:
        if b"if-match" in call.headers:
            _unchanged(call)
        written = _obeyed(lambda: upserting.upsert(unit.repository, told, _now()))
        unit.commit()
    return _shown(call, written.number, 201 if written.created else 200)


def _put_by_number(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _unchanged(call)
        if "ids" in call.body:
            raise HTTPException(409, "Ids are given to a film that is put by one of its ids, as imdb:tt0083658.")
        _obeyed(lambda: authoring.patch(unit.repository, number, call.body, _now()))
        unit.commit()
    return _shown(call, number)


def patch_movie(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _unchanged(call)
        _obeyed(lambda: authoring.patch(unit.repository, number, call.body, _now()))
        unit.commit()
    return _shown(call, number)


def delete_movie(call: Call) -> Response:
    with call.service.unit() as unit:
        authoring.delete(unit.repository, _unchanged(call))
        unit.commit()
    return Response(status_code=204)


async def upsert_movies(call: Call) -> Response:
    kind = call.headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
    if kind != LINES:
        raise HTTPException(415, f"The body is {LINES}: a film a line.")

    async def told() -> AsyncIterator[bytes]:
        first = 1
        async for batch in _lines(call):
            yield await call.in_turn(_upsert_all, call, batch, first)
            first += len(batch)

    return Streamed(told(), LINES)


async def _lines(call: Call) -> AsyncIterator[list[bytes]]:
    """The body's lines as they come, in batches."""
    rest, batch, weight = b"", list[bytes](), 0
    async for piece in call.pieces():
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > _LONGEST:
            whole, rest = [*whole, rest], b""  # it is refused; what follows of it, too
        for line in whole:
            batch.append(line)
            weight += len(line)
            if len(batch) == _BATCH or weight > _HEAVY:
                yield batch
                batch, weight = [], 0
    if rest:
        batch.append(rest)
    if batch:
        yield batch


def _upsert_all(call: Call, lines: list[bytes], first: int) -> bytes:
    """Upserts a batch in one transaction; each line by itself succeeds or not."""
    answers = {number: _read(call, line) for number, line in enumerate(lines, first) if line.strip()}
    films = {number: told for number, told in answers.items() if "status" not in told}
    with call.service.unit() as unit:
        results = upserting.upsert_all(unit.repository, list(films.values()), _now)
        unit.commit()
    answers |= {number: _answer(result) for number, result in zip(films, results, strict=True)}
    return b"".join(orjson.dumps({"line": number, **answer}) + b"\n" for number, answer in answers.items())


def _read(call: Call, line: bytes) -> dict[str, Any]:
    """The film of a line, checked; or its answer, which has a status."""
    try:
        if len(line) > _LONGEST:
            raise Invalid([Fault("", f"A line has at most {_LONGEST} bytes.")])
        told: dict[str, Any] = _named(call.operation.body(line, LINES))
    except Invalid as error:
        return {"status": error.status, "detail": str(error)}
    return told


def _answer(result: upserting.Result) -> dict[str, Any]:
    match result:
        case upserting.Written(number, created):
            return {"status": 201 if created else 200, "movie_id": number}
        case authoring.Unnamed():
            return {"status": 404, "detail": str(result)}
        case authoring.Conflict():
            return {"status": 409, "detail": str(result), "movie_id": result.number}
        case _:
            return {"status": 422, "detail": str(result)}


def list_pins(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _film(call)
        rows = unit.repository.read("pins", movie_id=[number])
    told = [
        {"field": r["field"], "value": r["value"], "note": r["note"], "pinned_at": r["pinned_at"].isoformat()}
        for r in rows
    ]
    return json({"movie_id": number, "pins": told})


def delete_pin(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _film(call)
        try:
            unpin(unit.repository, str(number), [call.params["field"]])
        except UsageError as error:
            raise HTTPException(404, str(error)) from None
        unit.commit()
    return _shown(call, number)


def _named(told: Any) -> Any:
    """A film as a client writes it, with ids that have the form of their namespace."""
    ids = told.get("ids", {})
    faults = [
        Fault(f"/ids/{namespace}", f"{value!r} is no id of {namespace}.")
        for namespace, value in ids.items()
        if not MOVIE_NAMESPACES[namespace].fullmatch(value)
    ]
    if faults:
        raise Invalid(faults, 422)
    return told


def _obeyed(work: Any) -> Any:
    try:
        return work()
    except authoring.Unnamed as error:
        raise HTTPException(404, str(error)) from None
    except authoring.Conflict as error:
        raise HTTPException(409, str(error), {"Location": f"/v1/movies/{error.number}"}) from None
    except (UsageError, Refused) as error:
        raise Invalid([Fault("", str(error))], 422) from None


def _film(call: Call) -> int:
    with call.service.engine.connect() as connection:
        return film_of(call, connection)


def _unchanged(call: Call) -> int:
    """The number of the film that a call is about. It is asked within the unit of work: no one else writes meanwhile.

    Raises:
        HTTPException: there is none, or it is not as the call's If-Match says.
    """
    with call.service.engine.connect() as connection:
        number = film_of(call, connection)
        wanted = call.headers.get(b"if-match")
        if wanted is not None and not edge.same(wanted, edge.tag_of(_document(connection, number))):
            raise HTTPException(412, f"Film {number} has changed: read it again, and write with its new ETag.")
    return number


def _document(connection: Connection, number: int) -> bytes:
    return orjson.dumps(documents(connection, [number], parts((), BESIDE))[0])


def _shown(call: Call, number: int, status: int = 200) -> Response:
    """The film as it is now, with the ETag that reading it gives."""
    with call.service.engine.connect() as connection:
        body = _document(connection, number)
    headers = {"ETag": edge.tag_of(body).decode(), "Content-Location": f"/v1/movies/{number}"}
    if status == 201:
        headers["Location"] = f"/v1/movies/{number}"
    return Response(body, status, headers, JSON)


def _now() -> datetime:
    return datetime.now(UTC)
