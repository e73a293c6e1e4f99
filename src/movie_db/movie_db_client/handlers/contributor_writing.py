"""Operations that write people, companies and genres: one implementation, bound to each kind."""

from collections.abc import Callable
from functools import partial

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.clock import moment
from movie_db.movie_db_client.api.endpoint import Call, Handler
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.editing import contributors as editing
from movie_db.movie_db_client.handlers.contributors import row_of
from movie_db.movie_db_client.handlers.lines import Json, line_answer, upserted
from movie_db.movie_db_client.handlers.preconditions import (
    now,
    refuse_changed,
    refuse_ids,
    shown,
    translated,
    with_id_of_path,
    with_valid_ids,
)
from movie_db.movie_db_client.reading import contributors as reading
from movie_db.movie_db_client.reading.contributors import CONTRIBUTOR_KINDS, ContributorKind
from movie_db.movie_db_client.reading.identifiers import NAMESPACES, number_of


def handlers() -> dict[str, Handler]:
    """Returns the operations of all kinds by name."""
    named: dict[str, Callable[[ContributorKind, Call], Response]] = {
        "create_{}": _create,
        "put_{}": _put,
        "patch_{}": _patch,
        "delete_{}": _delete,
        "list_pins_of_{}": _list_pins,
        "delete_pin_of_{}": _delete_pin,
    }
    found: dict[str, Handler] = {}
    for kind in CONTRIBUTOR_KINDS.values():
        found |= {name.format(kind.entity): partial(handler, kind) for name, handler in named.items()}
        found[f"upsert_{kind.table}"] = partial(_upsert_all, kind)
    return found


def _path(kind: ContributorKind) -> str:
    return f"/v1/{kind.table}"


def _create(kind: ContributorKind, call: Call) -> Response:
    fields = with_valid_ids(call.body, NAMESPACES.get(kind.entity, {}))
    with call.service.units() as unit:
        number = translated(lambda: editing.create_contributor(unit, kind, fields, now()), _path(kind))
    return _shown(kind, call, number, 201)


def _put(kind: ContributorKind, call: Call) -> Response:
    name = call.params["id"]
    if isinstance(name, int) or number_of(name) is not None:
        refuse_ids(call, f"one of the {kind.table}")
        return _patch(kind, call)
    fields = with_id_of_path(call, kind.entity, NAMESPACES[kind.entity])
    with call.service.units() as unit:
        if b"if-match" in call.headers:
            _unchanged(kind, call)
        written = translated(lambda: editing.put_contributor(unit, kind, fields, now()), _path(kind))
    return _shown(kind, call, written.number, 201 if written.created else 200)


async def _upsert_all(kind: ContributorKind, call: Call) -> Response:
    def write(rows: list[Json]) -> list[Json]:
        with call.service.units() as unit:
            results = editing.upsert_contributors(unit, kind, rows, now)
        return [line_answer(result, "id") for result in results]

    return upserted(call, NAMESPACES.get(kind.entity, {}), write)


def _patch(kind: ContributorKind, call: Call) -> Response:
    with call.service.units() as unit:
        number = _unchanged(kind, call)
        translated(lambda: editing.patch_contributor(unit, kind, number, call.body, now()), _path(kind))
    return _shown(kind, call, number)


def _delete(kind: ContributorKind, call: Call) -> Response:
    with call.service.units() as unit:
        number = _unchanged(kind, call)
        translated(lambda: editing.delete_contributor(unit, kind, number), _path(kind))
    return Response(status_code=204)


def _list_pins(kind: ContributorKind, call: Call) -> Response:
    with call.service.engine.connect() as connection:
        row = row_of(connection, kind, call.params["id"])
        pins = reading.pins(connection, kind, row[kind.key])
    return json({kind.key: row[kind.key], "pins": [pin | {"pinned_at": moment(pin["pinned_at"])} for pin in pins]})


def _delete_pin(kind: ContributorKind, call: Call) -> Response:
    def unpin() -> None:
        try:
            editing.unpin_contributor(unit, kind, number, call.params["field"])
        except editing.NotPinnedError as error:
            raise HTTPException(404, str(error)) from None

    with call.service.units() as unit:
        number = _unchanged(kind, call)
        translated(unpin, _path(kind))
    return _shown(kind, call, number)


def _unchanged(kind: ContributorKind, call: Call) -> int:
    """Returns the number of the row that a call names. Called within a unit of work, so nobody else writes meanwhile.

    Raises:
        HTTPException: there is no such row, or it does not match the call's If-Match.
    """
    with call.service.engine.connect() as connection:
        row = row_of(connection, kind, call.params["id"])
    refuse_changed(call, orjson.dumps(row), f"{kind.entity.capitalize()} {row[kind.key]}")
    return int(row[kind.key])


def _shown(kind: ContributorKind, call: Call, number: int, status: int = 200) -> Response:
    with call.service.engine.connect() as connection:
        body = orjson.dumps(row_of(connection, kind, number))
    return shown(body, f"{_path(kind)}/{number}", status)
