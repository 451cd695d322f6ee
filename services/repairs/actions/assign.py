"""Assignment of a repair to a contractor's firm."""

from services.repairs import events
from services.repairs.appointments import service as appointments
from services.repairs.case import queries
from services.repairs.case.lifecycle import LIFECYCLE, Action
from services.repairs.case.models import Repair
from services.repairs.case.schemas import Assignment
from services.repairs.contractors.service import registered_name
from shared.cases.acts import check
from shared.cases.times import act_now
from shared.work import UnitOfWork


async def assign(work: UnitOfWork, reference: str, body: Assignment) -> Repair:
    """Give the job to a firm, and name the officer who answers for it.

    A visit agreed with another firm is called off. Raises MoveNotAllowed once the repair has ended,
    Invalid for a firm that is not registered.
    """
    repair = await queries.repair_for_update(work, reference)
    check(LIFECYCLE, Action.ASSIGNMENT, repair.situation(work.now))
    firm = await registered_name(work, body.contractor)
    at = await act_now(work, repair)
    repair.assign(firm)
    if body.handler is not None:
        repair.handler_name, repair.handler_subject = body.handler.name, body.handler.subject
    given = events.RepairAssigned(
        contractor=firm,
        department=repair.department,
        handler=None if body.handler is None else body.handler.subject or "",
    )
    work.record(repair, given, at=at)
    await appointments.call_off_unless_with(work, repair, at=at)
    return repair
