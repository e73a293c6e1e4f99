"""Operations that return what the database accepts right now: the live contract and the live tables."""

from dataclasses import asdict
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.api.endpoint import Call
from movie_db.movie_db_client.api.responses import json
from movie_db.movie_db_client.data_model.live_contract import live
from movie_db.movie_db_client.data_model.reflection import Reflection
from movie_db.movie_db_client.data_model.schema_version import current

CONTRACT_VERSION: Final = 1
_FRESH: Final = {"Cache-Control": "no-cache"}


def read_contract(call: Call) -> Response:
    engine = call.service.engine
    schemas = live(engine)
    return json({"version": CONTRACT_VERSION, "schema_version": current(engine) or "", "schemas": schemas}, 200, _FRESH)


def read_message(call: Call) -> Response:
    schemas, name = live(call.service.engine), call.params["name"]
    if name not in schemas:
        raise HTTPException(404, f"There is no message {name!r}. Messages: {', '.join(sorted(schemas))}.")
    return json(schemas[name], 200, _FRESH, "application/schema+json")


def read_table(call: Call) -> Response:
    try:
        return json(asdict(Reflection(call.service.engine).table_info(call.params["name"])))
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
