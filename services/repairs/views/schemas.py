"""Answers about a repair, for each of its readers."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, Field

from services.repairs import events
from services.repairs.appointments.schemas import AppointmentOut, Offer
from services.repairs.asb_damage.schemas import AsbDamageOut
from services.repairs.case.guide import GUIDE
from services.repairs.case.models import Repair
from services.repairs.events.values import Tenure
from services.repairs.handyperson.schemas import HandypersonOut
from services.repairs.hazards.schemas import HazardOut, JobHazardOut
from services.repairs.recharges.schemas import JobRechargeOut, RechargeOut
from services.repairs.right_to_repair import policy as right_to_repair
from services.repairs.right_to_repair.schemas import CompensationOut, RightToRepairOut
from services.repairs.views.facts import Facts
from shared.cases.contact import ContactOut, SafeTimes
from shared.cases.formats import Pounds
from shared.cases.property import Property
from shared.cases.schemas import CaseOut, Channel, DeadlineOut, common_fields
from shared.cases.summaries import in_words
from shared.standards.deadlines import Deadline, next_deadline
from shared.standards.emergencies import shown_in_danger

# standards whose very name tells something of the household
TELLING = re.compile("asb|hazard")
OF_ASB = re.compile("asb")
SAFE = frozenset({events.RepairMadeSafe.type, events.HazardMadeSafe.type})
# what a firm's own updates and acts make happen; a promise that none of these meets is not a firm's to keep
FIRMS_TELL = frozenset({events.RepairMadeSafe.type, events.RepairCompleted.type, events.HazardMadeSafe.type})

# The fields that a front end may show of a repair that it follows. Reference, surname and postcode are known
# to whoever shares the home: they open the job to it, not the household, and what is not named here is null.
FOLLOWED = frozenset(CaseOut.model_fields) | {
    "priority",
    "emergency",
    "fault",
    "property",
    "recharge",
    "appointment",
    "appointment_offers",
}


def _summary(repair: Repair) -> str:
    return in_words(GUIDE[repair.fault].words, repair)


class RepairOut(CaseOut):
    """A repair, as residents and officers see it; to whoever only follows one, much of it is null."""

    collection: ClassVar[str] = "/v1/repairs"

    priority: int
    emergency: bool = Field(
        description="Somebody comes at once: by its priority, or for an emergency hazard not made safe yet"
    )
    fault: str
    description: str | None
    property: Property
    contact: ContactOut | None
    vulnerable: bool | None = Field(description="As reported; to officers also where residents knows of it")
    access_needs: str | None = Field(None, description="For officers: those of the household among them")
    visit_in_pairs: bool | None = Field(None, description="For officers: nobody goes there alone")
    contractor: str | None
    caused_by_resident: bool | None
    hazard: HazardOut | None = None
    asb_damage: AsbDamageOut | None = None
    recharge: RechargeOut | JobRechargeOut | None = None
    tenure: Tenure | None = None
    estimate: Pounds | None = None
    right_to_repair: RightToRepairOut | None = None
    compensation: CompensationOut | None = None
    handyperson: HandypersonOut | None = None
    appointment: AppointmentOut | None = None
    appointment_offers: list[Offer] | None = Field(
        None, description="In the answer to a report: the slots to choose from; an emergency needs none"
    )

    @classmethod
    def of(
        cls,
        facts: Facts,
        now: datetime,
        allowed: Sequence[str],
        *,
        shows_asb_case: bool = False,
        to_officer: bool = False,
    ) -> "RepairOut":
        """The repair with its deadlines as they stand at `now`, and what its features know besides."""
        repair, damage = facts.repair, facts.asb_damage
        promises = facts.promises if to_officer else _told_in_danger(facts)
        shown = AsbDamageOut.of if shows_asb_case else AsbDamageOut.without_the_case
        return cls.model_construct(
            **common_fields(repair, promises, now, allowed, summary=_summary(repair), to_officer=to_officer),
            priority=repair.priority,
            fault=repair.fault,
            description=repair.description,
            property=Property.model_construct(**facts.home),
            contact=ContactOut.of(repair.contact),
            vulnerable=repair.is_for_the_vulnerable if to_officer else repair.vulnerable,
            access_needs=repair.access_needs if to_officer else None,
            visit_in_pairs=repair.visit_in_pairs if to_officer else None,
            contractor=repair.contractor,
            caused_by_resident=repair.caused_by_resident,
            emergency=repair.is_emergency,
            hazard=HazardOut.under_the_law(facts.hazard, facts.not_covered) if facts.hazard else None,
            asb_damage=shown(damage) if damage and to_officer else None,
            recharge=RechargeOut.of(facts.recharge) if facts.recharge else None,
            tenure=Tenure(repair.tenure) if repair.tenure else None,
            estimate=repair.estimate,
            right_to_repair=RightToRepairOut.of(right_to_repair.why_not(facts.history, facts.promises)),
            compensation=CompensationOut.owed(facts.promises, facts.history, now),
            handyperson=HandypersonOut.of(repair),
            appointment=AppointmentOut.of(facts.appointment) if facts.appointment else None,
        )

    @classmethod
    def followed(cls, facts: Facts, now: datetime, allowed: Sequence[str]) -> "RepairOut":
        """The repair as a front end sees it that follows it: what is FOLLOWED, with the dates of the job."""
        kept_back = dict.fromkeys(cls.model_fields.keys() - FOLLOWED)
        recharge = JobRechargeOut.of(facts.recharge) if facts.recharge else None
        shown = {**kept_back, **_dates_of_the_job(_told_in_danger(facts), now), "recharge": recharge}
        return cls.of(facts, now, allowed).model_copy(update=shown)


class JobContactOut(BaseModel):
    """The person who expects the visit, with the telephone number where it is safe to ring, and then when."""

    name: str | None
    phone: str | None
    safe_times: list[SafeTimes] | None = Field(description="The times at which it is safe to ring; null: any")

    @classmethod
    def of(cls, facts: Facts) -> Self | None:
        """None where it is not safe; of damage by anti-social behaviour the contact is that case's."""
        given = ContactOut.of(facts.repair.written_to)
        if facts.asb_damage is not None or not given.safe_to_contact:
            return None
        may_ring = given.safe_channels is None or Channel.PHONE in given.safe_channels
        phone = given.phone if may_ring else None
        return cls.model_construct(
            name=given.name, phone=phone, safe_times=given.safe_times if phone else None
        )


class JobOut(CaseOut):
    """A job, as the contractor who has it sees it: what it is, where, how to get in, and whom to ring."""

    collection: ClassVar[str] = "/v1/repairs"

    priority: int
    emergency: bool = Field(description="To be made safe at once, by its priority or for its hazard")
    fault: str
    description: str
    hazard: JobHazardOut | None = None
    property: Property
    access_needs: str | None
    contact: JobContactOut | None = Field(description="Null where it is not safe to reach the household")
    vulnerable: bool = Field(description="As reported or as residents knows; neither of whom nor why")
    visit_in_pairs: bool = Field(description="Nobody goes there alone; not why")
    recharge: JobRechargeOut | None = None
    appointment: AppointmentOut | None = None
    view: Literal["contractor"] = "contractor"

    @classmethod
    def of(cls, facts: Facts, now: datetime, allowed: Sequence[str]) -> "JobOut":
        """The job with the deadlines that a firm can keep; while a hazard is an emergency, no later ones."""
        repair = facts.repair
        promises = _of_an_emergency(facts.promises) if repair.emergency_hazard else facts.promises
        dates = _dates_of_the_job(promises, now, _without_asb)
        return cls.model_construct(
            **common_fields(repair, facts.promises, now, allowed, summary=_summary(repair)) | dates,
            priority=repair.priority,
            emergency=repair.is_emergency,
            fault=repair.fault,
            description=repair.description,
            hazard=JobHazardOut.graded(facts.hazard) if facts.hazard else None,
            property=Property.model_construct(**facts.home),
            access_needs=repair.access_needs,
            contact=JobContactOut.of(facts),
            vulnerable=repair.is_for_the_vulnerable,
            visit_in_pairs=repair.visit_in_pairs,
            recharge=JobRechargeOut.of(facts.recharge) if facts.recharge else None,
            appointment=AppointmentOut.of(facts.appointment) if facts.appointment else None,
        )


class PastJobOut(BaseModel):
    """All that a firm is told of a job that is another's now: that its late word was kept."""

    reference: str
    view: Literal["past_contractor"] = "past_contractor"


def _neutral(deadline: DeadlineOut, telling: re.Pattern[str] = TELLING) -> DeadlineOut:
    return deadline.neutral() if telling.search(deadline.standard) else deadline


def _without_asb(deadline: DeadlineOut) -> DeadlineOut:
    """A firm is told of the hazard that it is to make safe, and nothing of an ASB case."""
    return _neutral(deadline, OF_ASB)


def _dates_of_the_job(
    promises: Sequence[Deadline], now: datetime, shown: Callable[[DeadlineOut], DeadlineOut] = _neutral
) -> dict[str, Any]:
    """The dates of the work; by default not that somebody was harassed or that a home makes people ill."""
    of_the_job = [promise for promise in promises if _firms_can_keep(promise)]
    strictest = next_deadline(of_the_job)
    return {
        "deadlines": [shown(DeadlineOut.of(promise, now)) for promise in of_the_job],
        "next_deadline": shown(DeadlineOut.of(strictest, now)) if strictest else None,
    }


def _firms_can_keep(promise: Deadline) -> bool:
    return any(condition.event in FIRMS_TELL for condition in promise.row.met_by)


def _of_an_emergency(promises: Sequence[Deadline]) -> Sequence[Deadline]:
    """The promises without those to complete it in weeks, which are shown again once the home is safe."""
    safe_by = min(
        (promise.due_at for promise in promises if promise.open and _makes_safe(promise)), default=None
    )
    if safe_by is None:
        return promises
    return [promise for promise in promises if not promise.open or promise.due_at <= safe_by]


def _told_in_danger(facts: Facts) -> Sequence[Deadline]:
    return shown_in_danger(facts.promises) if facts.repair.emergency_hazard else facts.promises


def _makes_safe(promise: Deadline) -> bool:
    return any(condition.event in SAFE for condition in promise.row.met_by)
