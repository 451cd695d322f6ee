"""The notifications service: `uvicorn services.notifications.main:app`.

With WORKERS=false it serves its routes only, and `python -m services.notifications.main consumer`
(or another of WORKERS in deploy/up.py) runs each worker as a process of its own.
"""

import os
import sys

from sqlalchemy.ext.asyncio import AsyncSession

from services import notifications
from services.notifications import courier, holidays, operations, planner, queries, reconciliation, sweep
from services.notifications.api import router
from services.notifications.consumer import CONSUMES
from shared.app import Service, create_app, run_worker
from shared.messaging.broker import BrokerAway
from shared.resources import Resources


async def figures(resources: Resources, session: AsyncSession) -> dict[str, float | None]:
    """What the status page shows of notifications besides."""
    try:
        backlog: int | None = await resources.broker.backlog(CONSUMES.queue.name)
    except BrokerAway:
        backlog = None
    return {
        "consumer_backlog": backlog,
        "deadlines_due_next_hour": await queries.due_within_an_hour(session),
    }


SERVICE = Service(
    name="notifications",
    title="Notifications",
    description=notifications.__doc__ or "",
    routers=(router, operations.router),
    consumes=CONSUMES,
    workers=(
        ("sweep", sweep.run),
        ("courier", courier.run),
        ("planner", planner.run),
        ("holidays", holidays.run),
        ("reconciliation", reconciliation.run),
    ),
    figures=figures,
)

app = create_app(SERVICE)

# Taking in can wait a moment when accepting wants the processor, and delivering longer.
POLITENESS = {"consumer": 5, "courier": 10}

if __name__ == "__main__":
    if sys.platform != "win32":
        os.nice(POLITENESS.get(sys.argv[1], 0))
    run_worker(SERVICE, sys.argv[1])
