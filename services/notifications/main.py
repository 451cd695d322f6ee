"""The notifications service: `python -m deploy.serve services.notifications.main:app 8102`.

With WORKERS=false it serves its routes only, and `python -m services.notifications.main consumer`
(or another that its row in shared/directory.py has run apart) runs each worker as a process of its own.
"""

import asyncio
import os
import sys

from services import notifications
from services.notifications import courier, holidays, operations, planner, queries, reconciliation, sweep
from services.notifications.api import router
from services.notifications.consumer import CONSUMES
from shared.app import Service, create_app, run_worker
from shared.messaging.broker import Broker, BrokerAway
from shared.telemetry import CASES_WITHOUT_PROMISES, OLDEST_OWED_NOTICE
from shared.work import UnitOfWork

BACKLOG_SECONDS = 0.5  # the gateway waits for a second


async def figures(work: UnitOfWork) -> dict[str, float | None]:
    """Figures that notifications adds to the status page; they are metrics too."""
    owed_notice = await queries.oldest_owed_notice_seconds(work.session)
    without_promises = await queries.without_promises(work.session)
    OLDEST_OWED_NOTICE.labels(work.state.service).set(owed_notice)
    CASES_WITHOUT_PROMISES.set(without_promises)
    return {
        "oldest_owed_notice_seconds": owed_notice,
        "cases_without_promises": without_promises,
        "consumer_backlog": await _backlog(work.state.broker),
        "deadlines_due_next_hour": await queries.due_within_an_hour(work.session),
        "disputed_cases": await queries.how_many_disputed(work.session),
    }


async def _backlog(broker: Broker) -> int | None:
    """None when the broker does not say so soon: who asks how we are must not wait for it, nor we hold on."""
    if not broker.is_connected():
        return None
    try:
        async with asyncio.timeout(BACKLOG_SECONDS):
            return await broker.backlog(CONSUMES.queue.name)
    except (BrokerAway, TimeoutError):
        return None


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
