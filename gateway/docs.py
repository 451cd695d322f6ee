"""`/docs`: the merged OpenAPI document in Swagger UI, without any other site; one can sign in and try it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Housing service standards: the interface</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head><body><div id="docs"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>
</body></html>
"""
# the validator is another site, which would be sent the address of this one
START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#docs", deepLinking: true, docExpansion: "none", filter: true,
  tryItOutEnabled: true, displayRequestDuration: true, validatorUrl: null
});
"""
OWN_SCRIPTS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

router = APIRouter(include_in_schema=False)
assets = StaticFiles(packages=[("fastapi_swagger", "resources")])


@router.get("/docs")
async def docs() -> HTMLResponse:
    """The interface of all services, to read and to try."""
    return HTMLResponse(PAGE, headers=OWN_SCRIPTS)


@router.get("/docs/start.js")
async def start() -> Response:
    """A script of its own: the page's policy lets none run that stands in it."""
    return Response(START, media_type="text/javascript")
