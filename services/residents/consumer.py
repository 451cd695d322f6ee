"""The consumer of other services' events: a use case for each type, in one unit of work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.residents.service import referrals, welfare
from shared.app import Consumes
from shared.events import Event
from shared.messaging.broker import Queue
from shared.work import UnitOfWork

HANDLERS: Mapping[str, Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]] = {
    "complaints.service-requested": referrals.take_in,
    "estates.issue-referred": welfare.take_in,
}


async def take_in(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Hand each event to the use case of its type."""
    for type, handle in HANDLERS.items():
        if meant := [event for event in received if event.type == type]:
            await handle(work, meant)


CONSUMES = Consumes(Queue("residents", tuple(HANDLERS)), take_in)
