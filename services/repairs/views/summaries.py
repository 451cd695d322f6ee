"""Summaries of repairs and appliances for letters about them: what, where, and whose turn it is."""

from collections.abc import Mapping, Sequence

from services.repairs.appliances.models import Appliance
from services.repairs.appointments import queries as appointments
from services.repairs.case.guide import GUIDE
from services.repairs.case.models import Repair
from services.repairs.case.policy import Status
from services.repairs.events.values import ApplianceKind
from services.repairs.hazards import queries as hazards
from services.repairs.hazards.models import Hazard
from services.repairs.recharges import queries as recharges
from services.repairs.recharges.policy import RechargeStatus
from shared.cases.columns import CaseColumns
from shared.cases.schemas import CaseSummary
from shared.work import UnitOfWork

KIND_IN_WORDS: Mapping[str, str] = {
    ApplianceKind.HEATING: "The yearly service of the heating",
    ApplianceKind.SMOKE_ALARM: "The yearly service of the smoke alarm",
}


async def summaries(work: UnitOfWork, cases: Sequence[CaseColumns]) -> dict[str, CaseSummary]:
    """Each of these cases in a few words, by reference."""
    repairs = [case for case in cases if isinstance(case, Repair)]
    references = [repair.reference for repair in repairs]
    found = {case.reference: _of_appliance(case) for case in cases if isinstance(case, Appliance)}
    if not references:
        return found
    charges = await recharges.current(work, references)
    named = await hazards.with_acts(work, references)
    visits = await appointments.standing(work, references)
    for repair in repairs:
        hazard, charge = named.get(repair.reference), charges.get(repair.reference)
        unsigned = charge is not None and charge.status == RechargeStatus.QUOTED
        summary = _of_repair(repair, hazard if hazard and hazard.is_open() else None, unsigned)
        summary.visit_to_choose &= repair.reference not in visits
        found[repair.reference] = summary
    return found


def _of_repair(repair: Repair, hazard: Hazard | None, unsigned: bool) -> CaseSummary:
    grade = (hazard.finding or hazard.severity) if hazard else None
    emergency = repair.is_open() and repair.is_emergency
    return CaseSummary(
        what=GUIDE[repair.fault].words,
        where=_home(repair.property),
        danger=f"{hazard.hazard.replace('-', ' ')} ({grade})" if hazard else None,
        emergency=emergency,
        visit_to_choose=repair.is_open() and not emergency and not unsigned,
        vulnerable=repair.vulnerable,
        contractor=repair.contractor,
        turn=whose_turn(Status(repair.status), repair.contractor, unsigned=unsigned),
    )


def _of_appliance(appliance: Appliance) -> CaseSummary:
    return CaseSummary(what=KIND_IN_WORDS[appliance.kind], where=_home(appliance.property))


def _home(property: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (property.get("address"), property.get("postcode"))))


def whose_turn(status: Status, contractor: str | None, *, unsigned: bool) -> str:
    """The next act on a repair and who owes it, in words for staff."""
    if status in (Status.COMPLETED, Status.CANCELLED):
        return f"Nobody's: the repair is {status}."
    if unsigned:
        return "The resident's: to sign for the cost, or to decline it."
    if contractor is None:
        return "The department's: to give the repair to a firm."
    if status is Status.REPORTED:
        return f"{contractor}'s: to take the job on."
    if status is Status.MADE_SAFE:
        return f"{contractor}'s: to finish what was made safe."
    if status is Status.FOLLOW_ON_NEEDED:
        return f"{contractor}'s: to come again."
    return f"{contractor}'s: to finish the repair."
