"""The second contractor of the right to repair: a late job goes to another firm (SI 1994/133)."""

from services.repairs import events
from services.repairs.appointments import service as appointments
from services.repairs.case import queries
from services.repairs.case.models import Repair
from services.repairs.contractors.service import registered_name
from services.repairs.right_to_repair import policy
from services.repairs.right_to_repair.policy import LIFECYCLE, Action
from services.repairs.right_to_repair.schemas import SecondContractor
from shared.caller import Role
from shared.cases.deadlines import fold
from shared.cases.times import occurred_at
from shared.errors import Invalid, MoveNotAllowed
from shared.text import same
from shared.work import UnitOfWork


async def second_contractor(work: UnitOfWork, reference: str, body: SecondContractor) -> Repair:
    """Give a late repair to another firm, with the same period again; the first firm has the job no more.

    The period runs from the tenant's asking: their own, or that of which an officer tells.
    Raises MoveNotAllowed as long as the right is not open and once the repair has ended, Invalid for the firm
    that was late and for one that is not registered.
    """
    repair = await queries.open_repair_for_update(work, reference)
    by_officer = work.caller.is_a(Role.OFFICER)
    if body.occurred_at is not None and not by_officer:
        raise Invalid("Only an officer may say that it was earlier.", "/occurred_at")
    at = await occurred_at(work, repair, body)
    histories = await work.history([repair.reference])
    promises = fold(work, histories)[repair.reference]
    first = policy.clock(promises, policy.FIRST_CLOCK)
    situation = repair.situation(at, right_to_repair_is_open=policy.is_open(promises, at))
    if first is None or not LIFECYCLE.allows(Action.SECOND_CONTRACTOR, situation):
        raise MoveNotAllowed(
            policy.why_closed(promises, policy.why_not(histories[repair.reference], promises))
        )
    if same(body.contractor, repair.contractor):
        raise Invalid("This is the firm that was late; the second contractor is another.", "/contractor")
    firm = await registered_name(work, body.contractor, but=repair.contractor)
    repair.assign(firm)
    await appointments.call_off_unless_with(work, repair, at=at)
    given = events.RepairAssigned(contractor=firm, department=repair.department)
    work.record(repair, given, at=at)
    work.record(repair, events.SecondContractorAppointed(period=first.period), at=at)
    return repair
