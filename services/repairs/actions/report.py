"""Reporting a repair: priority by the guide, its dates, and slots offered at first contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.repairs import events
from services.repairs.actions.report_schemas import Report
from services.repairs.appointments import service as appointments
from services.repairs.case import policy
from services.repairs.case.guide import GUIDE, priority_of
from services.repairs.case.households import note_household
from services.repairs.case.models import Repair
from services.repairs.case.policy import Status
from services.repairs.events.values import Tenure
from services.repairs.handyperson.policy import queue_for
from services.repairs.hazards import service as hazards
from services.repairs.hazards.models import Hazard
from services.repairs.right_to_repair import policy as right_to_repair
from shared.caller import Role
from shared.cases.households import NOBODY, household_at
from shared.cases.opening import open_case
from shared.standards.periods import civil_date
from shared.work import Creation

PURPOSE = "a repair is reported"


@dataclass(frozen=True, slots=True)
class Reported:
    """A repair that was just reported, with all that its report brought about: nothing needs to be read."""

    repair: Repair
    hazard: Hazard | None
    offers: Sequence[Any]


async def report(work: Creation, body: Report) -> Reported:
    """Take a report in; its priority is the guide's, on the London date it was received (section 6).

    Raises Invalid for a time in the future, Forbidden for `imported` without the scope.
    """
    fault = GUIDE[body.fault]
    household = NOBODY if body.imported else await household_at(work.state, body.property, PURPOSE)
    repair = open_case(
        work,
        Repair,
        "REP",
        body,
        status=Status.REPORTED,
        department=policy.DEPARTMENT,
        fault=fault.code,
        description=body.description,
        property=body.property.model_dump(mode="json", exclude_none=True),
        vulnerable=body.vulnerable,
        other_working_toilet=body.other_working_toilet,
        at_toilet_pan=body.at_toilet_pan,
        tenure=body.tenure,
        caused_by_resident=body.caused_by_resident,
        handyperson=body.handyperson,
    )
    repair.priority = priority_of(
        fault, civil_date(repair.received_at), body.other_working_toilet, body.at_toilet_pan
    )
    work.record(repair, _reported(work, repair, body.tenure), at=repair.received_at)
    note_household(work, repair, household, at=repair.received_at)
    hazard = hazards.name_on_report(work, repair, body.hazard) if body.hazard else None
    # in the answer to a resident, who may report for any home, nothing tells of the household
    vulnerable = repair.is_for_the_vulnerable if work.caller.is_a(Role.OFFICER) else body.vulnerable
    repair.queue = queue_for(fault.code, repair.is_emergency, vulnerable, body.handyperson)
    return Reported(repair, hazard, await appointments.offer_at_first_contact(work, repair))


def _reported(work: Creation, repair: Repair, tenure: Tenure | None) -> events.RepairReported:
    schedule = work.state.catalogue.in_force(right_to_repair.FIRST_CLOCK, civil_date(repair.received_at))
    return events.RepairReported(
        priority=repair.priority,
        fault=repair.fault,
        department=repair.department,
        channel=repair.channel,
        imported=repair.imported,
        not_qualifying=right_to_repair.not_qualifying(
            schedule,
            fault=repair.fault,
            priority=repair.priority,
            tenure=tenure,
            caused_by_resident=repair.caused_by_resident,
        ),
        resident=repair.resident,
    )
