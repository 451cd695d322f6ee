"""One worker of a service as a process of its own, with a port that shows its liveness and its metrics."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from socket import socket

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared import calendar_sync
from shared.app import Service, state_from_environment, supervised, worker_jobs
from shared.runtime import Lifeline, inherited_listener, run_loop
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)


def run_worker(service: Service, name: str) -> None:
    """Run one worker of a service as a process of its own, until SIGTERM or Ctrl-C."""
    lifeline, listening = Lifeline.inherited(), inherited_listener()
    with contextlib.suppress(asyncio.CancelledError):
        run_loop(_run(service, name, lifeline, listening))


async def _run(service: Service, name: str, lifeline: Lifeline, listening: socket | None) -> None:
    running = asyncio.current_task()
    assert running is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    state = state_from_environment(service.name)
    try:
        await calendar_sync.bring_up_to_date(state)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(supervised(service.name, "calendar", calendar_sync.keep_current, state))
            tasks.create_task(supervised(service.name, name, worker_jobs(service, state)[name], state))
            async with _shown(state.settings, listening):
                lifeline.say_ready()
                await asyncio.Event().wait()
    finally:
        await state.close()


async def live(_: Request) -> JSONResponse:
    """Says so as long as the worker's loop answers.

    A job that fails is started again, and a database that is away is waited for: neither is mended by ending
    the process, so neither is told here.
    """
    return JSONResponse({"status": "alive"})


async def metrics(_: Request) -> Response:
    """Metrics in the Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


WATCHED = Starlette(routes=[Route("/health/live", live), Route("/metrics", metrics)])
"""The routes by which a worker is watched."""


class _Server(uvicorn.Server):
    """A server inside a worker, which has the signals for itself."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def _shown(settings: Settings, listening: socket | None) -> AsyncIterator[None]:
    """Serve the routes on the supervisor's socket, or on METRICS_PORT, or nowhere if that is 0 or taken."""
    if listening is None and settings.metrics_port:
        listening = _listen(settings.metrics_port)
    if listening is None:
        yield
        return
    server = _Server(
        uvicorn.Config(
            WATCHED, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _listen(port: int) -> socket | None:
    listening = socket()
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        log.warning("liveness and metrics cannot be shown: the port is taken", extra={"port": port})
        return None
    return listening
