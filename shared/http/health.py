"""Whether a service lives, is ready, and how its events are doing; nothing here tells of any case."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict

from shared.app_state import AppState
from shared.db.engine import is_reachable
from shared.db.transaction import transaction
from shared.errors import Unavailable
from shared.http.problems import problems
from shared.http.routes import Running
from shared.messaging.outbox import oldest_unpublished_seconds
from shared.telemetry import OLDEST_UNPUBLISHED

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """Alive, or ready."""

    status: str


class StatusReport(BaseModel):
    """How one service is doing, for those who watch it; a service may add figures of its own."""

    model_config = ConfigDict(extra="allow")

    service: str
    database: str
    broker: str
    oldest_unpublished_seconds: float | None


@router.get("/health/live", summary="Is the process alive?")
async def live() -> Health:
    """Says so as long as the process can answer at all."""
    return Health(status="alive")


@router.get("/health/ready", summary="Can it take requests?", responses=problems(Unavailable))
async def ready(running: Running) -> Health:
    """Needs the database; a broker that is away keeps no case from being accepted."""
    if not await is_reachable(running.database):
        raise Unavailable("The database cannot be reached.", 5)
    return Health(status="ready")


@router.get("/internal/status", summary="Database, broker and events owed")
async def status(request: Request, running: Running) -> StatusReport:
    """For the gateway's status page; reachable only from inside."""
    measured = await _measured(request, running)
    return StatusReport(
        service=running.service,
        database="away" if measured is None else "ok",
        broker="ok" if running.broker.is_connected() else "away",
        **(measured or {"oldest_unpublished_seconds": None}),
    )


@router.get("/internal/metrics", summary="Metrics for Prometheus", response_class=Response)
async def metrics(request: Request, running: Running) -> Response:
    """In the Prometheus text format; reachable only from inside."""
    await _measured(request, running)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _measured(request: Request, running: AppState) -> dict[str, float | None] | None:
    """The figures of this moment, which the metrics show from now on; None while the database is away."""
    if not await is_reachable(running.database):
        return None
    async with transaction(running.database) as session:
        owed = await oldest_unpublished_seconds(session)
        OLDEST_UNPUBLISHED.labels(running.service).set(owed)
        figures: dict[str, float | None] = await request.app.state.figures(running, session)
    return {"oldest_unpublished_seconds": owed, **figures}
