"""Liveness, readiness and metrics, for those who watch; reachable only from inside."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

router = APIRouter()


@router.get("/health/live")
async def read_liveness() -> dict[str, str]:
    """Say so as long as the process can answer at all."""
    return {"status": "alive"}


@router.get("/health/ready")
async def read_readiness() -> dict[str, str]:
    """Say so at once: the board has nothing of its own to wait for, and its pages say what is away."""
    return {"status": "ready"}


@router.get("/internal/metrics")
async def read_metrics() -> Response:
    """Metrics in the Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
