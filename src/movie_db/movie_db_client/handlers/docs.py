"""The API's definition, Swagger UI from the package `flask-swagger-ui`, and a reference page, all served from here."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from movie_db.movie_db_client.api.definition import Definition
from movie_db.movie_db_client.handlers.reference import page

_SWAGGER = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="/docs/files/favicon-32x32.png">
<link rel="stylesheet" href="/docs/files/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/files/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({{url: "/openapi.yaml", dom_id: "#swagger-ui", deepLinking: true}})</script>
</body>
</html>
"""


def routes(definition: Definition) -> list[BaseRoute]:
    """Returns the routes of /openapi.yaml, /docs with its files, and /reference."""
    reference = page(definition.api)

    def yaml(_request: Request) -> Response:
        return Response(definition.raw, media_type="application/yaml")

    def swagger(_request: Request) -> Response:
        return HTMLResponse(_SWAGGER.format(title=definition.api["info"]["title"]))

    def read(_request: Request) -> Response:
        return HTMLResponse(reference)

    files: Any = StaticFiles(directory=_swagger_ui())
    return [
        Route("/openapi.yaml", yaml),
        Route("/docs", swagger),
        Route("/reference", read),
        Mount("/docs/files", files),
    ]


def _swagger_ui() -> Path:
    """Returns the folder of Swagger UI's files. The package is not imported, because it would import Flask."""
    found = find_spec("flask_swagger_ui")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("dist")
