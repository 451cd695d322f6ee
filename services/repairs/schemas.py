"""What callers send to and receive from repairs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator

from services.repairs.appointments.policy import TRADE_FOR, Trade
from services.repairs.appointments.schemas import AppointmentOut, Firm, Offer
from services.repairs.asb_damage.schemas import AsbDamageOut
from services.repairs.handyperson.schemas import HandypersonOut
from services.repairs.hazards.schemas import HazardOut, NamedHazard
from services.repairs.models import JobUpdate, Repair
from services.repairs.policy import GUIDE, HOW_LONG, Fault, Update, exception_of
from services.repairs.recharges.schemas import JobRechargeOut, RechargeOut
from services.repairs.right_to_repair.schemas import CompensationOut
from shared.http.problems import Problem
from shared.http.schemas import (
    Asked,
    CaseOut,
    Channel,
    Contact,
    DeadlineOut,
    Handler,
    Instant,
    Line,
    PreferredChannel,
    Words,
)
from shared.standards.deadlines import Deadline, next_deadline

MOST_UPDATES = 500
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


class FollowUp(Asked):
    """The next visit, agreed with the resident while the operative is on site."""

    starts_at: Instant
    ends_at: Instant

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> "FollowUp":
        """A window has a length."""
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at")
        return self


class UpdateIn(Asked):
    """One thing that happened on a job."""

    type: Update
    occurred_at: Instant | None = None
    operative: Line | None = None
    notes: Annotated[str, StringConstraints(max_length=5000)] | None = None
    appointment: FollowUp | None = None
    clean_and_tidy: bool | None = None
    identification_shown: bool | None = None
    way: Line | None = Field(None, description="How access was tried: knocked, phoned, texted, card left")
    outcome: Line | None = Field(None, description="What came of it: no answer, refused, no adult in")

    @model_validator(mode="after")
    def carries_what_its_type_needs(self) -> "UpdateIn":
        """Section 6: a follow-on visit is agreed on site; a finished job is left clean and tidy."""
        if self.type is Update.FOLLOW_ON_NEEDED and self.appointment is None:
            raise ValueError("follow_on_needed carries the appointment agreed on site")
        if (
            self.type is Update.COMPLETED
            and not {"clean_and_tidy", "identification_shown"} <= self.model_fields_set
        ):
            raise ValueError("completed carries clean_and_tidy and identification_shown")
        if self.type is not Update.NO_ACCESS and (self.way or self.outcome):
            raise ValueError("way and outcome belong to no_access")
        return self

    @property
    def leaves_something_unsaid(self) -> bool:
        """Whether a completion gives null for what only an old system's record may leave unknown."""
        unsaid = self.clean_and_tidy is None or self.identification_shown is None
        return self.type is Update.COMPLETED and unsaid


class UpdateOut(BaseModel):
    """One thing that was told of a job, with the time it happened and the time it reached us."""

    type: Update
    occurred_at: Instant
    recorded_at: Instant
    recorded_by: str
    operative: str | None
    notes: str | None
    appointment: FollowUp | None = None
    clean_and_tidy: bool | None = None
    identification_shown: bool | None = None
    way: str | None = None
    outcome: str | None = None

    @classmethod
    def of(cls, update: JobUpdate) -> "UpdateOut":
        """The update as it is kept."""
        return cls(
            type=Update(update.type),
            occurred_at=update.occurred_at,
            recorded_at=update.recorded_at,
            recorded_by=update.recorded_by,
            operative=update.operative,
            notes=update.notes,
            **update.details,
        )


class BatchedUpdate(UpdateIn):
    """One update among many."""

    reference: Annotated[str, StringConstraints(max_length=40)]


class Batch(Asked):
    """Up to 500 updates, in any order; each is judged on its own, so they are read one by one."""

    updates: list[object] = Field(min_length=1, max_length=MOST_UPDATES)


class BatchResult(BaseModel):
    """What became of one update."""

    reference: str | None
    status: int
    problem: Problem | None = None


class BatchOut(BaseModel):
    """What became of each update, in the order they were sent."""

    results: list[BatchResult]


class Assignment(Asked):
    """Who is to do the job, and who answers for it."""

    contractor: Firm
    handler: Line | None = None


class RepairOut(CaseOut):
    """A repair, as residents and officers see it."""

    priority: int
    fault: str
    description: str
    property: Property
    contact: Contact
    vulnerable: bool
    contractor: str | None
    caused_by_resident: bool
    hazard: HazardOut | None = None
    asb_damage: AsbDamageOut | None = None
    recharge: RechargeOut | None = None
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
        """The job with its deadlines as they stand at `now`, and what use cases know besides."""
        return cls.model_construct(
            **_common(repair, promises, now),
            property=Property.model_construct(**repair.property),
            access_needs=repair.contact.get("access_needs"),
            **besides,
        )


def _contact(stored: Mapping[str, Any]) -> Contact:
    """As it was checked when it came in, and not once more for every reader."""
    preferred = stored.get("preferred_channel")
    known = {"preferred_channel": PreferredChannel(preferred)} if preferred else {}
    return Contact.model_construct(**{**stored, **known})


def _common(repair: Repair, promises: Sequence[Deadline], now: datetime) -> dict[str, Any]:
    strictest = next_deadline(promises)
    named = repair.handler_name is not None
    return {
        "reference": repair.reference,
        "status": repair.status,
        "channel": Channel(repair.channel),
        "received_at": repair.received_at,
        "handler": Handler(name=repair.handler_name, department=repair.department) if named else None,
        "deadlines": [DeadlineOut.of(promise, now) for promise in promises],
        "next_deadline": DeadlineOut.of(strictest, now) if strictest else None,
        "imported": repair.imported,
        "version": repair.version,
        "priority": repair.priority,
        "fault": repair.fault,
    }
