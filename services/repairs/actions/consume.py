"""The consumer of other services' events: a use case for each type, in one unit of work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.repairs.actions.take_up_referrals import take_up
from services.repairs.asb_damage.service import ask_again, note_access, take_in as take_in_damage
from services.repairs.case.households import VISITING_DECIDED, note_visits
from services.repairs.referrals.policy import HAZARD_MENTIONED, ISSUE_REFERRED, SERVICE_REQUESTED
from shared.app import Consumes
from shared.events import Event
from shared.messaging.broker import Queue
from shared.work import UnitOfWork

HANDLERS: Mapping[str, Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]] = {
    "asb.damage-reported": take_in_damage,
    "asb.home-given": ask_again,
    "asb.team-changed": note_access,
    "asb.alleged-perpetrators-named": note_access,
    VISITING_DECIDED: note_visits,
    SERVICE_REQUESTED: take_up,
    HAZARD_MENTIONED: take_up,
    ISSUE_REFERRED: take_up,
}


async def take_in(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Hand each event to the use case of its type, those of one use case together."""
    for handle in dict.fromkeys(HANDLERS.values()):
        if theirs := [event for event in events if HANDLERS[event.type] is handle]:
            await handle(work, theirs)


CONSUMES = Consumes(Queue("repairs", tuple(HANDLERS)), take_in)
