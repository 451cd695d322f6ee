"""create_app(): logs, problems, authentication, health, metrics, relay and workers of a service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from fastapi import APIRouter, FastAPI

from shared import calendar_sync, housekeeping
from shared.app_state import AppState, open_app_state
from shared.cases import address_book, returned_letters, untold_staff
from shared.cases.queries import Owned
from shared.clients.claims import BadClaimsMap
from shared.directory import UnknownService
from shared.encryption import KeysMissing
from shared.events import ABOUT_A_LETTER, ABOUT_NO_CASE, NOTICE_RETURNED, Event
from shared.housekeeping import Forget
from shared.http import health, problems
from shared.http.auth import Authentication
from shared.http.health import Figures, no_figures
from shared.http.middleware import HeadByGet, RequestContext
from shared.http.openapi import describe_problems, operation_id
from shared.messaging.broker import Queue
from shared.messaging.consumer import Consumer
from shared.startup import configured_settings
from shared.telemetry import get_logger, service_name
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

RESTART_SECONDS = 1.0

Worker = Callable[[AppState], Awaitable[None]]
UseCase = Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Consumes:
    """Another service's events that this one acts on, and the use case that does."""

    queue: Queue
    use_case: UseCase


def no_check(_: AppState) -> None:
    """The check of a service that has nothing to look at."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service: the parts that are its own; all the rest is the same for every one.

    A worker runs beside the routes until it is cancelled, and is started again when it fails; `asks` names
    the service that a worker asks, by the worker. `check` raises for what its workers cannot do their work
    with. `figures` are what the service adds to its status, `forgets` what it keeps for a time only. `owned`
    are the tables of its cases.
    """

    name: str
    title: str
    description: str
    routers: tuple[APIRouter, ...]
    consumes: Consumes | None = None
    owned: Owned = field(default_factory=dict)
    workers: tuple[tuple[str, Worker], ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[AppState], None] = no_check
    figures: Figures = no_figures
    forgets: tuple[Forget, ...] = ()


def create_app(service: Service, state: AppState | None = None) -> FastAPI:
    """The service as an application; without `state` it opens its own from the environment."""
    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1",
        lifespan=_lifespan(service, state),
        docs_url=None,
        redoc_url=None,
        # a trace would tell what callers sent; our own logs and metrics do not
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=operation_id,
        redirect_slashes=False,  # it would send callers to our address behind the gateway
        responses=problems.problems(),
    )
    app.state.figures = service.figures
    problems.install(app)
    describe_problems(app)
    app.add_middleware(Authentication)
    app.add_middleware(HeadByGet)
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
        state = given or state_from_environment(service.name)
        app.state.resources = state
        async with running(service, state, workers=state.settings.workers):
            yield
        await state.close()

    return lifespan


def state_from_environment(service: str) -> AppState:
    """The state of a process of its own: settings from the environment, logs to standard error."""
    settings = configured_settings()
    try:
        state = open_app_state(service, settings)
        check_pseudonym_key(state)
    except (KeysMissing, BadClaimsMap) as wrong:  # of an exception the log shows no words
        log.error("cannot start: %s", wrong)
        raise
    return state


def check_pseudonym_key(state: AppState) -> None:
    """Raise KeysMissing rather than show a case to somebody from whom another service keeps it."""
    settings, keyring = state.settings, state.keyring
    encrypting = [row.name for row in settings.directory.services if row.encrypts]
    is_other = keyring is not None and settings.pseudonym_key != keyring.pseudonym_key
    if encrypting and (is_other or not settings.pseudonym_key):
        command = f"python -m deploy.keys pseudonym-key {encrypting[0]}"
        raise KeysMissing(f"PSEUDONYM_KEY must be for every service what `{command}` prints")


@asynccontextmanager
async def running(service: Service, state: AppState, *, workers: bool) -> AsyncIterator[None]:
    """The service's background work: relay, housekeeping and calendar always, the rest when asked."""
    await calendar_sync.bring_up_to_date(state)
    tidying = partial(housekeeping.run, own=service.forgets)
    jobs: dict[str, Worker] = {"housekeeping": tidying, "calendar": calendar_sync.keep_current}
    if workers:
        jobs |= worker_jobs(service, state)
        if state.settings.directory.row(service.name).scopes:
            jobs["token"] = _get_token_ready
    tasks = [asyncio.create_task(supervised(service.name, name, job, state)) for name, job in jobs.items()]
    relay = asyncio.create_task(_relaying(service.name, state))
    try:
        yield
    finally:
        await state.relay.stop()
        for task in (*tasks, relay):
            task.cancel()
        await asyncio.gather(*tasks, relay, return_exceptions=True)


def worker_jobs(service: Service, state: AppState) -> dict[str, Worker]:
    """The consumer and the workers of a service, by name, each able to run in a process of its own.

    A worker that asks a service which is still to come, known by its events alone, is left out: it could only
    fail again and again. Raises UnknownService where nobody has heard of it.
    Raises UnknownWord for a binding to an event that nobody publishes: nothing would ever match it; and as
    the service's own check does.
    """
    service.check(state)
    consumes = consumption(service)
    for binding in consumes.queue.bindings:
        if binding not in ABOUT_NO_CASE | ABOUT_A_LETTER and not {"*", "#"} & {*binding}:
            state.catalogue.vocabulary.facts_of(binding)
    jobs = {**dict(service.workers), "consumer": _consuming(consumes)}
    for worker, asked in service.asks.items():
        if asked not in state.settings.directory:
            if asked not in state.catalogue.vocabulary.services:
                raise UnknownService(f"the worker {worker} asks {asked}, and there is no such service")
            log.warning(
                "not started: the directory lacks its service", extra={"worker": worker, "upstream": asked}
            )
            del jobs[worker]
    return jobs


def consumption(service: Service) -> Consumes:
    """The events that a service consumes: its own choice, and always the calendar and the address book.

    Whoever owns cases is told of letters about them that came back, and of those that reached no staff.
    """
    own = service.consumes or Consumes(Queue(service.name, ()), _ignore)
    if "#" in own.queue.bindings:
        return own

    always = ABOUT_NO_CASE | ({NOTICE_RETURNED, *untold_staff.MEANT} if service.owned else set())

    async def use_case(work: UnitOfWork, events: Sequence[Event]) -> None:
        announced = [event for event in events if calendar_sync.is_meant(event)]
        await calendar_sync.take_in(work.session, announced)
        await address_book.take_in(work, [event for event in events if address_book.is_meant(event)])
        if service.owned:
            returned = [event for event in events if returned_letters.is_meant(event)]
            await returned_letters.take_in(work, service.owned, returned)
            untold = [event for event in events if event.type in untold_staff.MEANT]
            await untold_staff.take_in(work, service.owned, untold)
        others = [event for event in events if event.type not in always]
        if others:
            await own.use_case(work, others)

    return Consumes(Queue(own.queue.name, (*own.queue.bindings, *sorted(always))), use_case)


async def _ignore(_: UnitOfWork, __: Sequence[Event]) -> None:
    return None


def _consuming(consumes: Consumes) -> Worker:
    async def consume(state: AppState) -> None:
        handle = Consumer(consumes.queue.name, lambda: unit_of_work(state), consumes.use_case)
        await state.broker.consume(consumes.queue, handle)

    return consume


async def _relaying(service: str, state: AppState) -> None:
    service_name.set(service)
    await state.relay.run()


async def supervised(service: str, name: str, job: Worker, state: AppState) -> None:
    """Run a job until cancelled, starting it again when it fails."""
    service_name.set(service)
    while True:
        try:
            await job(state)
            return
        except Exception as problem:
            log.error("a worker failed and is started again", exc_info=problem, extra={"worker": name})
        await asyncio.sleep(RESTART_SECONDS)


async def _get_token_ready(state: AppState) -> None:
    await state.services.get_ready()
