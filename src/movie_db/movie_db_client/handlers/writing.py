"""Films are written: by one who bears a key, and, if an If-Match says so, only what has not changed meanwhile."""

from collections.abc import AsyncIterator
from typing import Any, Final

import orjson
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UsageError
from movie_db.contract.ids import MOVIE_NAMESPACES
from movie_db.movie_db_client import authoring, upserting
from movie_db.movie_db_client.api.answers import Streamed
from movie_db.movie_db_client.api.definition import LINES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, Invalid
from movie_db.movie_db_client.handlers.guarding import (
    now,
    obeyed,
    refuse_changed,
    refuse_ids,
    shown,
    with_fit_ids,
    with_id_of_path,
)
from movie_db.movie_db_client.handlers.movies import BESIDE, film_of
from movie_db.movie_db_client.pinning import unpin
from movie_db.movie_db_client.reading.documents import documents, parts
from movie_db.movie_db_client.reading.naming import number_of

_BATCH: Final = 200
"""Films that are written together, unless they are more than `_HEAVY` bytes."""
_HEAVY: Final = 8 * 2**20
_LONGEST: Final = 2**20
_PATH: Final = "/v1/movies"


def create_movie(call: Call) -> Response:
    told = with_fit_ids(call.body, MOVIE_NAMESPACES)
    with call.service.unit() as unit:
        number = obeyed(lambda: authoring.create(unit.repository, told, now()), _PATH)
        unit.commit()
    return _shown(call, number, 201)


def put_movie(call: Call) -> Response:
    if number_of(call.params["id"]) is not None:
        refuse_ids(call, "a film")
        return patch_movie(call)
    told = with_id_of_path(call, "movie", MOVIE_NAMESPACES)
    with call.service.unit() as unit:
        if b"if-match" in call.headers:
            _unchanged(call)
        written = obeyed(lambda: upserting.upsert(unit.repository, told, now()), _PATH)
        unit.commit()
    return _shown(call, written.number, 201 if written.created else 200)


def patch_movie(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _unchanged(call)
        obeyed(lambda: authoring.patch(unit.repository, number, call.body, now()), _PATH)
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
        results = upserting.upsert_all(unit.repository, list(films.values()), now)
        unit.commit()
    answers |= {number: _answer(result) for number, result in zip(films, results, strict=True)}
    return b"".join(orjson.dumps({"line": number, **answer}) + b"\n" for number, answer in answers.items())


def _read(call: Call, line: bytes) -> dict[str, Any]:
    """The film of a line, checked; or its answer, which has a status."""
    try:
        if len(line) > _LONGEST:
            raise Invalid([Fault("", f"A line has at most {_LONGEST} bytes.")])
        told: dict[str, Any] = with_fit_ids(call.operation.body(line, LINES), MOVIE_NAMESPACES)
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


def delete_pin(call: Call) -> Response:
    with call.service.unit() as unit:
        number = _film(call)
        try:
            unpin(unit.repository, str(number), [call.params["field"]])
        except UsageError as error:
            raise HTTPException(404, str(error)) from None
        unit.commit()
    return _shown(call, number)


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
        refuse_changed(call, _document(connection, number), f"Film {number}")
    return number


def _document(connection: Connection, number: int) -> bytes:
    return orjson.dumps(documents(connection, [number], parts((), BESIDE))[0])


def _shown(call: Call, number: int, status: int = 200) -> Response:
    with call.service.engine.connect() as connection:
        return shown(_document(connection, number), f"{_PATH}/{number}", status)
