"""The consumer of other services' events: a use case for each type, in one unit of work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.complaints.service import sources
from services.complaints.service.following import note_taken_up
from shared.app import Consumes
from shared.events import Event
from shared.messaging.broker import Queue
from shared.work import UnitOfWork

HANDLERS: Mapping[str, Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]] = {
    "repairs.referral-taken-up": note_taken_up,
    "asb.referral-taken-up": note_taken_up,
    "residents.referral-taken-up": note_taken_up,
    "enquiries.referral-taken-up": note_taken_up,
    "estates.referral-taken-up": note_taken_up,
    "enquiries.complaint-requested": sources.take_in,
    "asb.complaint-made": sources.take_in,
    "asb.alleged-perpetrators-named": sources.keep_from,
}


async def take_in(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Hand each event to the use case of its type, those of one use case together."""
    for handle in dict.fromkeys(HANDLERS.values()):
        if theirs := [event for event in events if HANDLERS[event.type] is handle]:
            await handle(work, theirs)


CONSUMES = Consumes(Queue("complaints", tuple(HANDLERS)), take_in)
