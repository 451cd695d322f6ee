"""Events of a repair, as every other service hears of them; no fact describes a person."""

from typing import ClassVar

from shared.events import Facts


class RepairReported(Facts):
    """A fault was reported. Notifications starts its clocks and acknowledges it to the resident."""

    type: ClassVar[str] = "repairs.repair-reported"
    priority: int
    fault: str
    department: str
    channel: str
    imported: bool
    resident: str | None = None  # the id of the resident who reported it themselves, to show them their case


class RepairAssigned(Facts):
    """A contractor was given the job."""

    type: ClassVar[str] = "repairs.repair-assigned"
    contractor: str
    department: str


class RepairAccepted(Facts):
    """The contractor has taken the job on."""

    type: ClassVar[str] = "repairs.repair-accepted"


class OperativeEnRoute(Facts):
    """Somebody is on the way."""

    type: ClassVar[str] = "repairs.operative-en-route"


class RepairAttended(Facts):
    """Somebody is on site."""

    type: ClassVar[str] = "repairs.repair-attended"


class RepairMadeSafe(Facts):
    """The danger is gone; the four-hour promise is met, the repair may still need finishing."""

    type: ClassVar[str] = "repairs.repair-made-safe"


class AccessRefused(Facts):
    """Nobody let the operative in; recorded, and it stops no clock."""

    type: ClassVar[str] = "repairs.access-refused"


class FollowOnNeeded(Facts):
    """The work needs another visit, whose appointment was agreed on site."""

    type: ClassVar[str] = "repairs.follow-on-needed"
    appointment_at: str


class RepairCompleted(Facts):
    """The repair is finished; every completion promise is met at this instant.

    Comes again when a late fact changes `first_visit`: the latest word holds.
    """

    type: ClassVar[str] = "repairs.repair-completed"
    clean_and_tidy: bool | None  # none: unknown to the old system that it was brought over from
    identification_shown: bool | None
    first_visit: bool | None = None  # none: unknown to the old system that it was brought over from


class ApplianceRegistered(Facts):
    """A heating appliance or smoke alarm is on the register; its yearly servicing is promised from now on.

    Counted from the day of its last service, where that is known.
    """

    type: ClassVar[str] = "repairs.appliance-registered"
    kind: str
    department: str
    last_serviced_on: str | None = None


class ApplianceServiced(Facts):
    """The appliance had its service; the next one is due a year later."""

    type: ClassVar[str] = "repairs.appliance-serviced"


class ApplianceRemoved(Facts):
    """The appliance is there no longer; nothing more is due on it."""

    type: ClassVar[str] = "repairs.appliance-removed"


class AsbDamageRepairRaised(Facts):
    """The damage numbered so on an ASB case became a repair, to be made safe a day after it was reported.

    So asb can tell the victim the repair's reference, in a way that is safe for them.
    """

    type: ClassVar[str] = "repairs.asb-damage-repair-raised"
    asb_reference: str
    damage: int
    damage_reported_at: str


class AsbDamageMadeSafe(Facts):
    """The damage numbered so on an ASB case is safe; asb waits for this, and tells the victim.

    Comes again when an earlier time becomes known, since contractors may tell late: the earliest holds.
    """

    type: ClassVar[str] = "repairs.asb-damage-made-safe"
    asb_reference: str
    damage: int


class HazardReported(Facts):
    """We became aware of a hazard, by a report or an inspection; Awaab's law counts from here.

    Every event of a hazard carries that instant: the law then in force decides all of its clocks.
    """

    type: ClassVar[str] = "repairs.hazard-reported"
    severity: str
    hazard: str
    aware_at: str


class HazardInvestigated(Facts):
    """The investigation ended, with what was found; the summary and the works are due from here."""

    type: ClassVar[str] = "repairs.hazard-investigated"
    aware_at: str
    severity: str
    hazard: str
    finding: str
    further_work_needed: bool


class HazardSummarySent(Facts):
    """The tenant was sent the written summary of the investigation."""

    type: ClassVar[str] = "repairs.hazard-summary-sent"
    aware_at: str


class HazardMadeSafe(Facts):
    """The safety work is done."""

    type: ClassVar[str] = "repairs.hazard-made-safe"
    aware_at: str


class PreventiveWorkBegun(Facts):
    """The work that keeps the hazard from coming back has begun."""

    type: ClassVar[str] = "repairs.preventive-work-begun"
    aware_at: str


class PreventiveWorkDeferred(Facts):
    """The preventive work cannot begin yet; the tenant was told by when it will."""

    type: ClassVar[str] = "repairs.preventive-work-deferred"
    aware_at: str
    begin_by: str


class HouseholdDecanted(Facts):
    """The household was offered somewhere safe to stay; it stops no clock."""

    type: ClassVar[str] = "repairs.household-decanted"
    aware_at: str


class HazardAccessAttempted(Facts):
    """Somebody tried to get in because of a hazard; recorded, and whatever came of it stops no clock."""

    type: ClassVar[str] = "repairs.hazard-access-attempted"
    aware_at: str


class PriorityRaised(Facts):
    """An officer found it more urgent than the guide does; the stricter clock runs from here."""

    type: ClassVar[str] = "repairs.priority-raised"
    priority: int


class PriorityCorrected(Facts):
    """A raise was a mistake and is taken back; `priority` is the one that the repair had before it.

    The clocks that the raise started fall away; those that ran before it were never stopped.
    """

    type: ClassVar[str] = "repairs.priority-corrected"
    priority: int


class RepairCancelled(Facts):
    """The repair is no longer wanted or needed; its promises fall away."""

    type: ClassVar[str] = "repairs.repair-cancelled"


class NoSlotOffered(Facts):
    """A non-emergency report could be offered no appointment; its department must arrange one."""

    type: ClassVar[str] = "repairs.no-slot-offered"
    trade: str
    priority: int


class AppointmentBooked(Facts):
    """A visit is agreed, in place of another where `instead_of` says when that would have begun."""

    type: ClassVar[str] = "repairs.appointment-booked"
    starts_at: str
    ends_at: str
    contractor: str
    instead_of: str | None = None


class AppointmentCancelled(Facts):
    """An agreed visit that lay ahead was called off; `because` is one of a list, not somebody's words."""

    type: ClassVar[str] = "repairs.appointment-cancelled"
    starts_at: str
    ends_at: str
    because: str
    contractor: str | None = None


class RechargeQuoted(Facts):
    """The resident was told what they would have to pay; work waits until they have signed."""

    type: ClassVar[str] = "repairs.recharge-quoted"
    estimated_cost_pence: int
    administration_charge_pence: int
    total_pence: int


class RechargeSigned(Facts):
    """The resident has signed for the charge; work may start."""

    type: ClassVar[str] = "repairs.recharge-signed"


class RechargeDeclined(Facts):
    """The resident will not pay; the repair is cancelled by it, which is told of in its own event."""

    type: ClassVar[str] = "repairs.recharge-declined"


class RechargeWaived(Facts):
    """The council pays after all; work may start."""

    type: ClassVar[str] = "repairs.recharge-waived"


class SecondContractorAppointed(Facts):
    """The first contractor was late, and another has the job, with the same period again (SI 1994/133)."""

    type: ClassVar[str] = "repairs.second-contractor-appointed"
    period: str
