"""create_app(): logs, problems, auth, health, metrics, relay and workers; the one way to be a service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from prometheus_client import start_http_server
from sqlalchemy.ext.asyncio import AsyncSession

from shared import calendar_sync
from shared.app_state import AppState, open_app_state
from shared.db.transaction import transaction
from shared.events import CALENDAR_CHANGED, Event
from shared.http import health, idempotency, problems
from shared.http.auth import Authentication
from shared.http.middleware import RequestContext
from shared.messaging.broker import Queue
from shared.messaging.consumer import Consumer
from shared.runtime import calm_collector, run_loop
from shared.settings import Settings
from shared.telemetry import configure_logging, get_logger, service_name

log = get_logger(__name__)

RESTART_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 3600.0

Worker = Callable[[AppState], Awaitable[None]]
UseCase = Callable[[AppState, AsyncSession, Sequence[Event]], Awaitable[None]]


Figures = Callable[[AppState, AsyncSession], Awaitable[dict[str, float | None]]]


async def _no_figures(_: AppState, __: AsyncSession) -> dict[str, float | None]:
    return {}


@dataclass(frozen=True, slots=True)
class Consumes:
    """Another service's events that this one acts on, and the use case that does."""

    queue: Queue
    use_case: UseCase


@dataclass(frozen=True, slots=True)
class Service:
    """What makes a service itself; all the rest is the same for every one.

    A worker runs beside the routes until it is cancelled, and is started again when it fails;
    `figures` are what the service adds to its status.
    """

    name: str
    title: str
    description: str
    routers: tuple[APIRouter, ...]
    consumes: Consumes | None = None
    workers: tuple[tuple[str, Worker], ...] = ()
    figures: Figures = _no_figures


def create_app(service: Service, resources: AppState | None = None) -> FastAPI:
    """The service as an application; without `resources` it opens its own from the environment."""
    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1",
        lifespan=_lifespan(service, resources),
        docs_url=None,
        redoc_url=None,
        # a trace would tell what callers sent; our own logs and metrics do not
        telemetry={"tracing": False, "metrics": False, "logs": False},
        redirect_slashes=False,  # it would send callers to our address behind the gateway
        responses=problems.problems(),
    )
    app.state.figures = service.figures
    problems.install(app)
    app.add_middleware(Authentication)
    app.add_middleware(RequestContext, service=service.name)
    for router in service.routers:
        app.include_router(router)
    app.include_router(health.router)
    return app


def _lifespan(
    service: Service, given: AppState | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        resources = given or resources_from_environment(service.name)
        app.state.resources = resources
        async with running(service, resources, workers=resources.settings.workers):
            yield
        await resources.close()

    return lifespan


def resources_from_environment(service: str) -> AppState:
    """AppState for a process of its own: settings from the environment, logs to standard error."""
    settings = Settings()
    configure_logging(settings.log_level)
    calm_collector()
    return open_app_state(service, settings)


@asynccontextmanager
async def running(service: Service, resources: AppState, *, workers: bool) -> AsyncIterator[None]:
    """The service's background work: relay, housekeeping and calendar always, the rest when asked."""
    await calendar_sync.bring_up_to_date(resources)
    jobs: dict[str, Worker] = {"housekeeping": _housekeeping, "calendar": calendar_sync.keep_current}
    if workers:
        jobs |= worker_jobs(service)
    tasks = [
        asyncio.create_task(supervised(service.name, name, job, resources)) for name, job in jobs.items()
    ]
    relay = asyncio.create_task(_relaying(service.name, resources))
    try:
        yield
    finally:
        await resources.relay.stop()
        for task in (*tasks, relay):
            task.cancel()
        await asyncio.gather(*tasks, relay, return_exceptions=True)


def worker_jobs(service: Service) -> dict[str, Worker]:
    """The consumer and the workers of a service, by name, each able to run in a process of its own."""
    return {**dict(service.workers), "consumer": _consuming(consumption(service))}


def consumption(service: Service) -> Consumes:
    """What a service listens to: its own choice, and always the calendar that everybody counts with."""
    own = service.consumes or Consumes(Queue(service.name, ()), _ignore)
    if "#" in own.queue.bindings:
        return own

    async def use_case(resources: AppState, session: AsyncSession, events: Sequence[Event]) -> None:
        await calendar_sync.take_in(
            resources, session, [event for event in events if calendar_sync.is_meant(event)]
        )
        others = [event for event in events if not calendar_sync.is_meant(event)]
        if others:
            await own.use_case(resources, session, others)

    return Consumes(Queue(own.queue.name, (*own.queue.bindings, CALENDAR_CHANGED)), use_case)


async def _ignore(_: AppState, __: AsyncSession, ___: Sequence[Event]) -> None:
    return None


def _consuming(consumes: Consumes) -> Worker:
    async def consume(resources: AppState) -> None:
        async def use_case(session: AsyncSession, events: Sequence[Event]) -> None:
            await consumes.use_case(resources, session, events)

        handle = Consumer(resources.database, consumes.queue.name, use_case)
        await resources.broker.consume(consumes.queue, handle)

    return consume


async def _relaying(service: str, resources: AppState) -> None:
    service_name.set(service)
    await resources.relay.run()


async def supervised(service: str, name: str, job: Worker, resources: AppState) -> None:
    """Run a job until cancelled, starting it again when it fails."""
    service_name.set(service)
    while True:
        try:
            await job(resources)
            return
        except Exception as problem:
            log.error("a worker failed and is started again", exc_info=problem, extra={"worker": name})
        await asyncio.sleep(RESTART_SECONDS)


async def _housekeeping(resources: AppState) -> None:
    while True:
        async with transaction(resources.database) as session:
            await idempotency.forget_expired(session, resources.clock())
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


def _show_metrics(port: int) -> None:
    try:
        start_http_server(port, addr="127.0.0.1")
    except OSError:
        log.warning("metrics cannot be shown: the port is taken", extra={"port": port})


def run_worker(service: Service, name: str) -> None:
    """Run one worker of a service as a process of its own, until SIGTERM or Ctrl-C."""

    async def main() -> None:
        resources = resources_from_environment(service.name)
        if resources.settings.metrics_port:
            _show_metrics(resources.settings.metrics_port)
        try:
            await calendar_sync.bring_up_to_date(resources)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(supervised(service.name, "calendar", calendar_sync.keep_current, resources))
                tasks.create_task(supervised(service.name, name, worker_jobs(service)[name], resources))
        finally:
            await resources.close()

    run_loop(main())
