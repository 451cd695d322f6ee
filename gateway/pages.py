"""Pages that the gateway answers itself: home, status, tokens and their keys, the merged API, my cases."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway import claims, docs, me, my_cases, search
from gateway.openapi import Document
from gateway.resources import Running
from gateway.status import Status, status_of
from gateway.tokens import TOKEN_OPERATION, give_token
from shared.caller import OPS, Caller
from shared.errors import Unavailable
from shared.http import problems
from shared.http.auth import requires
from shared.http.middleware import HeadByGet
from shared.http.openapi import operation_id
from shared.http.parameters import NO_QUERY

HOME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Housing service standards</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
</head><body><h1>Housing service standards</h1>
<p>A council's housing service, kept to its published promises. A repair, a complaint or an enquiry that is
reported here is given the date by which each promise about it falls due; it is watched until then, and a
promise that is missed is told to those who can put it right.</p>
<ul>
<li><a href="/docs">The interface</a>, for those who build on it (<a href="/openapi.json">as OpenAPI</a>)</li>
<li><a href="/status">How every service is doing</a></li>
</ul></body></html>
"""
NO_SCRIPTS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

router = APIRouter(tags=["gateway"])
router.post(
    "/v1/token",
    name="issue_token",
    summary="Exchange a client's id and secret for an access token",
    dependencies=NO_QUERY,
    **TOKEN_OPERATION,
)(give_token)


def create_pages(lifespan: Lifespan) -> FastAPI:
    """The gateway's own routes; `lifespan` must have set `app.state.resources` before the first request."""
    pages = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # a trace would tell what callers sent, secrets too; our own logs and metrics do not
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
        responses=problems.problems(),
    )
    problems.install(pages)
    pages.add_middleware(HeadByGet)
    pages.add_exception_handler(Exception, _unexpected)
    pages.include_router(router)
    pages.include_router(me.router)
    pages.include_router(my_cases.router)
    pages.include_router(claims.router)
    pages.include_router(search.router)
    pages.include_router(docs.router)
    pages.mount("/docs/assets", docs.assets)
    return pages


async def _unexpected(_: Request, error: Exception) -> Response:
    return problems.unexpected(error)


Ops = Annotated[Caller, requires(OPS)]


async def _merged_document(request: Request, running: Running) -> Document:
    own = get_openapi(title="Gateway", version="1", routes=request.app.routes)
    return await running.documents.read(own, running.services)


Merged = Annotated[Document, Depends(_merged_document)]


@router.get("/", include_in_schema=False)
async def home() -> HTMLResponse:
    """The home page, for whoever comes with a browser."""
    return HTMLResponse(HOME, headers=NO_SCRIPTS)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(document: Merged) -> Document:
    """The interface of all services, merged."""
    return document


@router.get("/.well-known/jwks.json", summary="The keys that access tokens are signed with")
async def list_signing_keys(running: Running) -> dict[str, list[dict[str, str]]]:
    """Public keys (RFC 7517); a key stands here before it signs, and for days after."""
    return {"keys": [key.public_jwk for key in running.keys.read()]}


@router.get("/health/live", summary="Is the process alive?")
async def read_liveness() -> dict[str, str]:
    """Says so as long as the process can answer at all."""
    return {"status": "alive"}


@router.get("/health/ready", summary="Can it take requests?", responses=problems.problems(Unavailable))
async def read_readiness(running: Running) -> dict[str, str]:
    """Needs a signing key. A service that is away keeps the gateway from serving no other."""
    if not running.keys.read():
        raise Unavailable("There is no signing key.", 5)
    return {"status": "ready"}


@router.get("/status", summary="How every service is doing", dependencies=NO_QUERY)
async def read_status(running: Running) -> Status:
    """Each service's database, broker, and events and notices owed; nothing of any case."""
    return await status_of(running.services, running.front_ends)


@router.get("/metrics", summary="Metrics for Prometheus", response_class=Response, dependencies=NO_QUERY)
async def read_metrics(_: Ops, running: Running) -> Response:
    """Metrics in the Prometheus text format; a service in this process measures itself when it is asked."""
    await status_of(running.services)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
