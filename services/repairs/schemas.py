"""What callers send to and receive from repairs."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator

from services.repairs import events
from services.repairs.appointments.policy import TRADE_FOR, Trade
from services.repairs.appointments.schemas import AppointmentOut, Firm, Offer
from services.repairs.asb_damage.schemas import AsbDamageOut
from services.repairs.handyperson.schemas import HandypersonOut
from services.repairs.hazards.schemas import HazardOut, NamedHazard
from services.repairs.models import Repair
from services.repairs.policy import GUIDE, HOW_LONG, Fault, exception_of
from services.repairs.recharges.schemas import JobRechargeOut, RechargeOut
from services.repairs.right_to_repair.schemas import CompensationOut
from shared.http.schemas import (
    Asked,
    CaseOut,
    Channel,
    Contact,
    DeadlineOut,
    Handler,
    Instant,
    Line,
    Words,
)
from shared.standards.deadlines import Deadline, next_deadline

# standards whose very name tells something of the household
TELLING = re.compile("asb|hazard")
# what a firm's own updates and acts make happen; a promise that none of these meets is not a firm's to keep
FIRMS_TELL = frozenset({events.RepairMadeSafe.type, events.RepairCompleted.type, events.HazardMadeSafe.type})
Postcode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=3, max_length=10)
]


class GuideLine(BaseModel):
    """One fault of the repairs guide."""

    fault: str
    description: str
    priority: int
    how_long: str
    exception: str | None
    trade: Trade

    @classmethod
    def of(cls, fault: Fault, priority: int) -> "GuideLine":
        """The line as it stands on a day."""
        return cls(
            fault=fault.code,
            description=fault.words,
            priority=priority,
            how_long=HOW_LONG[priority],
            exception=exception_of(fault),
            trade=TRADE_FOR[fault.code],
        )


class Guide(BaseModel):
    """The repairs guide, the most urgent first."""

    on: str
    faults: list[GuideLine]


class Property(Asked):
    """The home that needs the repair."""

    uprn: Annotated[str, StringConstraints(pattern=r"^\d{1,12}$")] | None = None
    address: Line
    postcode: Postcode


class Report(Asked):
    """A repair as it is reported."""

    property: Property
    fault: str = Field(description="A code of the repairs guide", max_length=60)
    description: Words
    channel: Channel
    contact: Contact
    vulnerable: bool = False
    other_working_toilet: bool | None = None
    caused_by_resident: bool = False
    handyperson: bool = False
    hazard: NamedHazard | None = None
    received_at: Instant | None = None
    imported: bool = False

    @field_validator("fault")
    @classmethod
    def is_in_the_guide(cls, fault: str) -> str:
        """The guide is the list of faults; `other` is for all that it does not name."""
        if fault not in GUIDE:
            raise ValueError("no such fault; GET /v1/repairs/guide lists them")
        return fault


class NamedHandler(Asked):
    """An officer as every answer shows them; the department is the case's own."""

    name: Line
    department: Line | None = None


class Assignment(Asked):
    """Who is to do the job, and who answers for it."""

    contractor: Firm
    handler: Line | NamedHandler | None = None

    @property
    def handler_name(self) -> str | None:
        """The officer's name, whichever way it was given."""
        return self.handler.name if isinstance(self.handler, NamedHandler) else self.handler


# What a front end may show of a repair that it follows. A reference and a postcode are no secret: they open
# the job to it, not the household, and so what is not named here is null.
FOLLOWED = frozenset(
    {
        "reference",
        "status",
        "channel",
        "received_at",
        "handler",
        "deadlines",
        "next_deadline",
        "imported",
        "version",
        "priority",
        "fault",
        "property",
        "recharge",
        "appointment",
        "appointment_offers",
    }
)


class RepairOut(CaseOut):
    """A repair, as residents and officers see it; to whoever only follows one, much of it is null."""

    priority: int
    fault: str
    description: str | None
    property: Property
    contact: Contact | None
    vulnerable: bool | None
    contractor: str | None
    caused_by_resident: bool | None
    hazard: HazardOut | None = None
    asb_damage: AsbDamageOut | None = None
    recharge: RechargeOut | JobRechargeOut | None = None
    compensation: CompensationOut | None = None
    handyperson: HandypersonOut | None = None
    appointment: AppointmentOut | None = None
    appointment_offers: list[Offer] | None = Field(
        None, description="In the answer to a report: the slots to choose from; an emergency needs none"
    )

    @classmethod
    def of(cls, repair: Repair, promises: Sequence[Deadline], now: datetime, **besides: Any) -> "RepairOut":
        """The repair with its deadlines as they stand at `now`, and what use cases know besides."""
        return cls.model_construct(
            **_common(repair, promises, now),
            description=repair.description,
            property=Property.model_construct(**repair.property),
            contact=_contact(repair.contact),
            vulnerable=repair.vulnerable,
            contractor=repair.contractor,
            caused_by_resident=repair.caused_by_resident,
            compensation=CompensationOut.owed(promises, now),
            handyperson=HandypersonOut.of(repair),
            **besides,
        )

    @classmethod
    def followed(
        cls, repair: Repair, promises: Sequence[Deadline], now: datetime, **besides: Any
    ) -> "RepairOut":
        """The repair as a front end sees it that follows it: what is FOLLOWED, with the dates of the job."""
        kept_back = dict.fromkeys(cls.model_fields.keys() - FOLLOWED)
        whole = cls.of(repair, promises, now, **besides)
        return whole.model_copy(update={**kept_back, **_dates_of_the_job(promises, now)})


class JobOut(CaseOut):
    """A job, as the contractor who has it sees it: where it is, how to get in, and no more of anybody."""

    priority: int
    fault: str
    property: Property
    access_needs: str | None
    recharge: JobRechargeOut | None = None
    appointment: AppointmentOut | None = None
    view: Literal["contractor"] = "contractor"

    @classmethod
    def of(cls, repair: Repair, promises: Sequence[Deadline], now: datetime, **besides: Any) -> "JobOut":
        """The job with the deadlines that a firm can keep, and what use cases know besides."""
        return cls.model_construct(
            **_common(repair, promises, now) | _dates_of_the_job(promises, now),
            property=Property.model_construct(**repair.property),
            access_needs=repair.contact.get("access_needs"),
            **besides,
        )


class PastJobOut(BaseModel):
    """All that a firm is told of a job that is another's now: that its late word was kept."""

    reference: str
    view: Literal["past_contractor"] = "past_contractor"


def _contact(stored: Mapping[str, Any]) -> Contact:
    """As it was checked when it came in, and not once more for every reader."""
    preferred = stored.get("preferred_channel")
    known = {"preferred_channel": Channel(preferred)} if preferred else {}
    return Contact.model_construct(**{**stored, **known})


def _dates_of_the_job(promises: Sequence[Deadline], now: datetime) -> dict[str, Any]:
    """By when the work is to be done, and not that somebody was harassed or that a home makes people ill."""
    of_the_job = [promise for promise in promises if _firms_can_keep(promise)]
    strictest = next_deadline(of_the_job)
    return {
        "deadlines": [_neutral(DeadlineOut.of(promise, now)) for promise in of_the_job],
        "next_deadline": _neutral(DeadlineOut.of(strictest, now)) if strictest else None,
    }


def _firms_can_keep(promise: Deadline) -> bool:
    return any(condition.event in FIRMS_TELL for condition in promise.row.met_by)


def _neutral(deadline: DeadlineOut) -> DeadlineOut:
    if not TELLING.search(deadline.standard):
        return deadline
    words = {"standard": "repairs.job", "regime": "", "promise": "Done by the date given.", "source": ""}
    return deadline.model_copy(update=words)


def _common(repair: Repair, promises: Sequence[Deadline], now: datetime) -> dict[str, Any]:
    deadlines = [DeadlineOut.of(promise, now) for promise in promises]
    strictest = next_deadline(promises)
    named = repair.handler_name is not None
    return {
        "reference": repair.reference,
        "status": repair.status,
        "channel": Channel(repair.channel),
        "received_at": repair.received_at,
        "handler": Handler(name=repair.handler_name, department=repair.department) if named else None,
        "deadlines": deadlines,
        "next_deadline": deadlines[promises.index(strictest)] if strictest else None,
        "imported": repair.imported,
        "version": repair.version,
        "priority": repair.priority,
        "fault": repair.fault,
    }
