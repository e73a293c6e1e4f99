"""Much is written at once: JSON Lines go in as they come, and of each line goes out what became of it."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import orjson
from starlette.responses import Response

from movie_db.contract.errors import MovieDbError
from movie_db.movie_db_client.api.answers import Streamed
from movie_db.movie_db_client.api.definition import LINES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError
from movie_db.movie_db_client.editing.bulk import Written
from movie_db.movie_db_client.editing.movies import MissingNameError, MovieConflictError
from movie_db.movie_db_client.handlers.preconditions import Namespaces, with_fit_ids

Json = dict[str, Any]
_BATCH: Final = 200
"""Lines that are written together, unless they are more than `_HEAVY` bytes."""
_HEAVY: Final = 8 * 2**20
_LONGEST: Final = 2**20


def upserted(call: Call, namespaces: Namespaces, write: Callable[[list[Json]], list[Json]]) -> Response:
    """Answers a call whose body is JSON Lines; `write` writes those of a batch that are fit, and answers each."""

    def write_all(lines: list[bytes], first: int) -> bytes:
        answers = {number: _read(call, namespaces, line) for number, line in enumerate(lines, first) if line.strip()}
        fit = {number: told for number, told in answers.items() if "status" not in told}
        answers |= zip(fit, write(list(fit.values())), strict=True)
        return b"".join(orjson.dumps({"line": number, **answer}) + b"\n" for number, answer in answers.items())

    async def told() -> AsyncIterator[bytes]:
        first = 1
        async for batch in _lines(call):
            yield await call.in_turn(write_all, batch, first)
            first += len(batch)

    return Streamed(told(), LINES)


def line_answer(result: Written | MovieDbError, called: str) -> Json:
    """What became of a line; `called` is what the number of its row is called there."""
    match result:
        case Written(number, created):
            return {"status": 201 if created else 200, called: number}
        case MissingNameError():
            return {"status": 404, "detail": str(result)}
        case MovieConflictError():
            return {"status": 409, "detail": str(result), called: result.number}
        case _:
            return {"status": 422, "detail": str(result)}


async def _lines(call: Call) -> AsyncIterator[list[bytes]]:
    """The body's lines as they come, in batches."""
    rest, batch, weight, refused = b"", list[bytes](), 0, False
    async for piece in call.pieces():
        *whole, rest = (rest + piece).split(b"\n")
        if refused:  # what follows of a line that was too long is no line
            whole, rest, refused = whole[1:], rest if whole else b"", not whole
        if len(rest) > _LONGEST:
            whole, rest, refused = [*whole, rest], b"", True
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


def _read(call: Call, namespaces: Namespaces, line: bytes) -> Json:
    """What a line tells, checked; or its answer, which has a status."""
    try:
        if len(line) > _LONGEST:
            raise InvalidRequestError([Fault("", f"A line has at most {_LONGEST} bytes.")])
        return with_fit_ids(call.operation.body(line, LINES), namespaces)
    except InvalidRequestError as error:
        return {"status": error.status, "detail": str(error)}
