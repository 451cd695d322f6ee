"""Liveness, readiness, status and metrics of a service; nothing here tells of any case."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict

from shared.app_state import AppState
from shared.db.engine import is_reachable
from shared.errors import Unavailable
from shared.http.parameters import NO_QUERY
from shared.http.problems import problems
from shared.messaging.outbox import oldest_unpublished_seconds
from shared.telemetry import OLDEST_UNPUBLISHED
from shared.work import UnitOfWork, unit_of_work

router = APIRouter(tags=["health"])

Figures = Callable[[UnitOfWork], Awaitable[dict[str, float | None]]]
"""The figures that a service adds to its status."""


async def no_figures(_: UnitOfWork) -> dict[str, float | None]:
    """The figures of a service that has none of its own."""
    return {}


async def _state(request: Request) -> AppState:
    state: AppState = request.app.state.resources
    return state


State = Annotated[AppState, Depends(_state)]


class Health(BaseModel):
    """Alive, or ready."""

    status: str


class StatusReport(BaseModel):
    """The status of one service, for those who watch it; a service may add figures of its own.

    `calendar_version` is the calendar that the answering process counts with.
    """

    model_config = ConfigDict(extra="allow")

    service: str
    database: str
    broker: str
    calendar_version: int
    oldest_unpublished_seconds: float | None


@router.get("/health/live", summary="Is the process alive?")
async def live() -> Health:
    """Says so as long as the process can answer at all."""
    return Health(status="alive")


@router.get("/health/ready", summary="Can it take requests?", responses=problems(Unavailable))
async def ready(state: State) -> Health:
    """Needs the database; a broker that is away keeps no case from being accepted."""
    if not await is_reachable(state.database):
        raise Unavailable("The database cannot be reached.", 5)
    return Health(status="ready")


@router.get("/internal/status", summary="Database, broker and events owed", dependencies=NO_QUERY)
async def status(request: Request, state: State) -> StatusReport:
    """The state of a service for the gateway's status page; reachable only from inside."""
    measured, broker_answers = await asyncio.gather(_measured(request, state), state.broker.answers())
    return StatusReport(
        service=state.service,
        database="away" if measured is None else "ok",
        broker="ok" if broker_answers else "away",
        calendar_version=state.calendar_version,
        **(measured or {"oldest_unpublished_seconds": None}),
    )


@router.get(
    "/internal/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    dependencies=NO_QUERY,
)
async def metrics(request: Request, state: State) -> Response:
    """Metrics in the Prometheus text format; reachable only from inside."""
    await _measured(request, state)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _measured(request: Request, state: AppState) -> dict[str, float | None] | None:
    """The figures of this moment, which the metrics show from now on; None while the database is away."""
    if not await is_reachable(state.database):
        return None
    measure: Figures = request.app.state.figures
    async with unit_of_work(state) as work:
        owed = await oldest_unpublished_seconds(work.session)
        OLDEST_UNPUBLISHED.labels(state.service).set(owed)
        figures = await measure(work)
    if state.keyring is not None:
        figures = {**figures, "undecryptable_values": state.keyring.undecryptable}
    return {"oldest_unpublished_seconds": owed, **figures}
