"""The API's definition, with Swagger UI to try it and Redoc to read it. All files are served from here."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from movie_db.movie_db_client.api.definition import Definition

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

_REDOC = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/docs/files/favicon-32x32.png">
<style>body {{ margin: 0 }} img[src^="https:"] {{ display: none }}</style>
</head>
<body>
<redoc spec-url="/openapi.yaml"></redoc>
<noscript>This page needs JavaScript. The same content is in <a href="/openapi.yaml">openapi.yaml</a>.</noscript>
<script src="/reference/files/redoc.standalone.js"></script>
</body>
</html>
"""
_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src blob:"
"""Redoc names a logo on another host: the browser must not request it."""


def routes(definition: Definition) -> list[BaseRoute]:
    """/openapi.yaml, /docs and /reference, with the files they need."""

    def yaml(_request: Request) -> Response:
        return Response(definition.raw, media_type="application/yaml")

    def swagger(_request: Request) -> Response:
        return HTMLResponse(_SWAGGER.format(title=definition.api["info"]["title"]))

    def read(_request: Request) -> Response:
        page = _REDOC.format(title=definition.api["info"]["title"])
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})

    swagger_ui: Any = StaticFiles(directory=_swagger_ui())
    redoc: Any = StaticFiles(directory=Path(__file__).with_name("redoc"))
    return [
        Route("/openapi.yaml", yaml),
        Route("/docs", swagger),
        Route("/reference", read),
        Mount("/docs/files", swagger_ui),
        Mount("/reference/files", redoc),
    ]


def _swagger_ui() -> Path:
    """The folder of Swagger UI's files. The package is not imported, since it would import Flask."""
    found = find_spec("flask_swagger_ui")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("dist")
