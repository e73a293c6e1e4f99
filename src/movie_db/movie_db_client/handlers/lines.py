"""Bulk upserts: reads JSON Lines as they arrive, and answers each line with its result."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import orjson
from starlette.responses import Response

from movie_db.contract.errors import MovieDbError
from movie_db.movie_db_client.api.definition import LINES
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.parameters import Fault, InvalidRequestError
from movie_db.movie_db_client.api.responses import Streamed
from movie_db.movie_db_client.editing.bulk import Written
from movie_db.movie_db_client.editing.movies import MissingNameError, MovieConflictError
from movie_db.movie_db_client.handlers.preconditions import Namespaces, with_valid_ids

Json = dict[str, Any]
_BATCH: Final = 200
"""Lines that are written together, unless they have more than `_BATCH_BYTES` bytes."""
_BATCH_BYTES: Final = 8 * 2**20
_LINE_BYTES: Final = 2**20


def upserted(call: Call, namespaces: Namespaces, write: Callable[[list[Json]], list[Json]]) -> Response:
    """Returns the response to a body of JSON Lines.

    Args:
        write: writes the valid lines of a batch, and returns the result of each.
    """

    def write_all(lines: list[bytes], first: int) -> bytes:
        answers = {number: _read(call, namespaces, line) for number, line in enumerate(lines, first) if line.strip()}
        valid = {number: row for number, row in answers.items() if "status" not in row}
        answers |= zip(valid, write(list(valid.values())), strict=True)
        return b"".join(orjson.dumps({"line": number, **answer}) + b"\n" for number, answer in answers.items())

    async def results() -> AsyncIterator[bytes]:
        first = 1
        async for batch in _lines(call):
            yield await call.in_turn(write_all, batch, first)
            first += len(batch)

    return Streamed(results(), LINES)


def line_answer(result: Written | MovieDbError, name: str) -> Json:
    """Returns the result of a line; `name` is the member for the number of its row."""
    match result:
        case Written(number, created):
            return {"status": 201 if created else 200, name: number}
        case MissingNameError():
            return {"status": 404, "detail": str(result)}
        case MovieConflictError():
            return {"status": 409, "detail": str(result), name: result.number}
        case _:
            return {"status": 422, "detail": str(result)}


async def _lines(call: Call) -> AsyncIterator[list[bytes]]:
    """Yields the body's lines in batches as they arrive."""
    rest, batch, size, too_long = b"", list[bytes](), 0, False
    async for piece in call.pieces():
        *lines, rest = (rest + piece).split(b"\n")
        if too_long:  # skip the remainder of the line
            lines, rest, too_long = lines[1:], rest if lines else b"", not lines
        if len(rest) > _LINE_BYTES:
            lines, rest, too_long = [*lines, rest], b"", True
        for line in lines:
            batch.append(line)
            size += len(line)
            if len(batch) == _BATCH or size > _BATCH_BYTES:
                yield batch
                batch, size = [], 0
    if rest:
        batch.append(rest)
    if batch:
        yield batch


def _read(call: Call, namespaces: Namespaces, line: bytes) -> Json:
    """Returns the validated fields of a line, or its result, which has a status."""
    try:
        if len(line) > _LINE_BYTES:
            raise InvalidRequestError([Fault("", f"A line has at most {_LINE_BYTES} bytes.")])
        return with_valid_ids(call.operation.body(line, LINES), namespaces)
    except InvalidRequestError as error:
        return {"status": error.status, "detail": str(error)}
