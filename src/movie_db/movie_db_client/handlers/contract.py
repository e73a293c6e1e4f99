"""What the database takes, right now: the live contract and the live tables."""

from dataclasses import asdict

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from movie_db.contract.errors import UsageError
from movie_db.movie_db_client.data_model.reflection import Reflection
from movie_db.movie_db_client.data_model.schema_version import current
from movie_db.movie_db_client.handlers.service import of
from movie_db.movie_db_client.live_contract import live

CONTRACT_VERSION = 1


def read_contract(request: Request) -> Response:
    engine = of(request).engine
    return JSONResponse(
        {"version": CONTRACT_VERSION, "schema_version": current(engine) or "", "schemas": live(engine)},
        headers={"Cache-Control": "no-cache"},
    )


def read_message(request: Request) -> Response:
    schemas, name = live(of(request).engine), request.path_params["name"]
    if name not in schemas:
        raise HTTPException(404, f"There is no message {name!r}; the messages are {', '.join(sorted(schemas))}.")
    return JSONResponse(schemas[name], headers={"Cache-Control": "no-cache"}, media_type="application/schema+json")


def read_table(request: Request) -> Response:
    try:
        return JSONResponse(asdict(Reflection(of(request).engine).table_info(request.path_params["name"])))
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
