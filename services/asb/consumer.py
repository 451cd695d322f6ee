"""The consumer of other services' events: a use case for each type."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.asb.service import estate_issues
from services.asb.service.damage import note_made_safe, note_repair_cancelled
from services.asb.service.referrals import take_up
from shared.app import Consumes
from shared.events import Event
from shared.messaging.broker import Queue
from shared.work import UnitOfWork

HANDLERS: Mapping[str, Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]] = {
    "repairs.asb-damage-made-safe": note_made_safe,
    "repairs.asb-damage-repair-cancelled": note_repair_cancelled,
    "complaints.service-requested": take_up,
    "estates.issue-referred": estate_issues.take_up,
}


async def take_in(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Hand each event to the use case of its type."""
    for type, handle in HANDLERS.items():
        if meant := [event for event in received if event.type == type]:
            await handle(work, meant)


CONSUMES = Consumes(Queue("asb", tuple(HANDLERS)), take_in)
