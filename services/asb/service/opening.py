"""Cases that another service has us open, of which nothing is known until it has been asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.asb import events, policy
from services.asb.models import AsbCase, Incident
from services.asb.policy import DEPARTMENT, Category, Reporter, Status
from services.asb.schemas.answers import ReferredCase
from services.asb.service import people
from services.asb.service.reporting import opened
from shared.cases.schemas import Channel
from shared.references import new_reference
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

# Nobody has told us that it is safe to write to the resident.
NOT_SAFE: Mapping[str, Any] = {"safe_to_contact": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """The facts of a case until the service that referred it tells more; clocks count from `received_at`."""

    by: str
    description: str
    received_at: datetime
    reporter: Reporter
    hate_incident: bool = False
    resident: str | None = None


async def open_referred(work: UnitOfWork, referred: Referred) -> AsbCase:
    """A case of which nothing is known yet, with the one incident that it was opened for."""
    case = _case(work, referred)
    work.assign(case, contact=dict(NOT_SAFE), description=referred.description, alleged_perpetrators=[])
    work.add(case)
    work.record(case, opened(case), at=case.received_at)
    await work.session.flush()  # the case, to which the rest refers
    day = civil_date(case.received_at)
    incident = Incident(
        reference=case.reference,
        number=1,
        happened_on=day,
        reported_on=day,
        reported_to=policy.Body.COUNCIL,
        told_by=referred.by,
        told_at=work.now,
    )
    work.add(incident)
    return case


def _case(work: UnitOfWork, referred: Referred) -> AsbCase:
    return AsbCase(
        reference=new_reference("CAS"),
        status=Status.OPEN,
        channel=Channel.OFFICER,
        received_at=min(referred.received_at, work.now),
        imported=False,
        department=DEPARTMENT,
        reported_by=referred.by,
        resident=referred.resident,
        needs_scope=events.SCOPE,
        team=[],
        kept_from=[],
        reporter=referred.reporter,
        category=Category.OTHER,
        hate_incident=referred.hate_incident,
        priority=policy.priority_of(Category.OTHER, referred.hate_incident),
        people=people.digests(work, None, (), referred.resident),
        update_frequency=events.Every.TEN_WORKING_DAYS,
        high_risk=False,
        risk_to_assess=True,
        risk_review_due=False,
        recommendations_to_complete=0,
        damages_open=0,
    )


def fill_in(work: UnitOfWork, case: AsbCase, told: ReferredCase, not_told_yet: str) -> None:
    """Take what is not known yet from the answer; whatever an officer has said since stands."""
    known = work.opened(case)
    if known.description == not_told_yet:
        work.assign(case, description=told.description)
    if known.contact == NOT_SAFE and told.contact is not None:
        work.assign(case, contact=told.contact.kept())
    if known.property is None and told.property is not None:
        home = told.property.model_dump(mode="json", exclude_none=True)
        work.assign(case, property=home)
        case.people = sorted({*case.people, *people.digests(work, home, ())})
