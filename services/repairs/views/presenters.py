"""Presenters: a repair as its caller may see it, with the acts that the caller may do now."""

from collections.abc import Sequence
from typing import Any

from services.repairs.appointments.policy import LIFECYCLE as APPOINTMENTS
from services.repairs.appointments.schemas import Offer
from services.repairs.case.lifecycle import LIFECYCLE as REPAIRS
from services.repairs.case.models import Repair
from services.repairs.case.policy import has_lost_the_job
from services.repairs.hazards.models import Hazard
from services.repairs.hazards.policy import LIFECYCLE as HAZARDS
from services.repairs.recharges.policy import LIFECYCLE as RECHARGES
from services.repairs.right_to_repair.policy import LIFECYCLE as RIGHT_TO_REPAIR
from services.repairs.views.facts import Facts, facts_of, facts_of_report
from services.repairs.views.schemas import JobOut, PastJobOut, RepairOut
from shared.caller import Role
from shared.cases import queries as cases
from shared.cases.access import passes_guard
from shared.cases.tracking import is_brought_by
from shared.lifecycle import allowed_by
from shared.work import Creation, UnitOfWork, Work

RepairView = RepairOut | JobOut | PastJobOut

LIFECYCLES = (REPAIRS, APPOINTMENTS, RECHARGES, HAZARDS, RIGHT_TO_REPAIR)


async def present(work: UnitOfWork, repair: Repair) -> RepairView:
    """One repair as the caller may see it; a firm that has lost the job is told that its word was kept."""
    if has_lost_the_job(work.caller, repair.contractor, repair.department):
        return PastJobOut(reference=repair.reference)
    [facts] = await facts_of(work, [repair])
    return _view(work, facts)


async def present_all(work: UnitOfWork, repairs: Sequence[Repair]) -> list[RepairOut | JobOut]:
    """Repairs that the caller sees, each as they may see it."""
    return [_view(work, facts) for facts in await facts_of(work, repairs)]


async def present_report(
    work: Creation, repair: Repair, hazard: Hazard | None, offers: Sequence[Any]
) -> RepairOut:
    """The answer to a report, whole for whoever reported it, with the slots to choose from."""
    facts = await facts_of_report(work, repair, hazard)
    to_officer = work.caller.is_a(Role.OFFICER)
    answer = RepairOut.of(facts, work.now, _allowed(work, facts), to_officer=to_officer)
    answer.appointment_offers = [Offer.of(slot) for slot in offers]
    return answer


async def present_followed(work: UnitOfWork, repair: Repair, offers: Sequence[Any]) -> RepairOut:
    """The repair for a front end that follows it, with the slots to choose from if it brought it."""
    [facts] = await facts_of(work, [repair])
    answer = RepairOut.followed(facts, work.now, _allowed(work, facts))
    may_choose = is_brought_by(repair, work.caller)
    answer.appointment_offers = [Offer.of(slot) for slot in offers] if may_choose else []
    return answer


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a repair allows the caller now; asked after an act on it was refused."""
    repair = await cases.get(work, Repair, reference)
    if has_lost_the_job(work.caller, repair.contractor, repair.department):
        return []
    [facts] = await facts_of(work, [repair])
    return _allowed(work, facts)


def _allowed(work: Work, facts: Facts) -> list[str]:
    if work.caller.is_a(Role.FRONTEND) and not is_brought_by(facts.repair, work.caller):
        return []
    return allowed_by(LIFECYCLES, work.caller.roles, facts.situation(work))


def _view(work: UnitOfWork, facts: Facts) -> RepairOut | JobOut:
    """The repair for the caller; with several roles, for the one that is shown the least."""
    acts = _allowed(work, facts)
    if work.caller.is_a(Role.FRONTEND):
        return RepairOut.followed(facts, work.now, acts)
    if work.caller.is_a(Role.CONTRACTOR):
        return JobOut.of(facts, work.now, acts)
    shows_asb_case = facts.asb_damage is not None and passes_guard(facts.asb_damage, work.caller)
    to_officer = work.caller.is_a(Role.OFFICER)
    return RepairOut.of(facts, work.now, acts, shows_asb_case=shows_asb_case, to_officer=to_officer)
