"""Repairs that another service has us raise; where the home is, is asked for once they are raised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.repairs.case.guide import ROUTINE
from services.repairs.case.models import Repair
from services.repairs.case.policy import DEPARTMENT, Status
from services.repairs.events import RepairReported
from shared.cases.schemas import Channel
from shared.references import new_reference
from shared.work import UnitOfWork

# No event says what is broken, so the repair is first taken for one that the guide does not name. Whoever
# reads what is broken raises the priority if need be.
FAULT = "other"

# Nobody has told us yet that it is safe to write to the resident.
CONTACT: Mapping[str, Any] = {"safe_to_contact": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The words that a repair has until the other service has told us of the home and the fault."""

    by: str
    description: str
    address: str


def raise_repair(work: UnitOfWork, raised: Raised, received_at: datetime) -> Repair:
    """A repair that was asked for by another service at that instant, reported by it."""
    repair = Repair(
        reference=new_reference("REP"),
        status=Status.REPORTED,
        channel=Channel.OFFICER,
        received_at=received_at,
        imported=False,
        department=DEPARTMENT,
        contact=dict(CONTACT),
        reported_by=raised.by,
        fault=FAULT,
        priority=ROUTINE,
        description=raised.description,
        # lower case, so that no postcode that anybody gives, compared in upper case, is ever the same
        property={"address": raised.address, "postcode": "unknown"},
        vulnerable=False,
        caused_by_resident=False,
        handyperson=False,
    )
    work.session.add(repair)
    reported = RepairReported(
        priority=repair.priority,
        fault=repair.fault,
        department=repair.department,
        channel=repair.channel,
        imported=repair.imported,
    )
    work.record(repair, reported, at=repair.received_at)
    return repair
