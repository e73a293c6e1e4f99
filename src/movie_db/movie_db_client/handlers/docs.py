"""The API's definition, and Swagger UI from the package `swagger-ui-bundle`: nothing is loaded from elsewhere."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

_PAGE = """<!DOCTYPE html>
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
<script>SwaggerUIBundle({{url: "/openapi.yaml", dom_id: "#swagger-ui"}})</script>
</body>
</html>
"""


def routes(definition: bytes, title: str) -> list[BaseRoute]:
    """/openapi.yaml, and /docs with the files it needs."""

    def yaml(_request: Request) -> Response:
        return Response(definition, media_type="application/yaml")

    def page(_request: Request) -> Response:
        return HTMLResponse(_PAGE.format(title=title))

    files: Any = StaticFiles(directory=swagger_ui_path)
    return [Route("/openapi.yaml", yaml), Route("/docs", page), Mount("/docs/files", files)]
