"""Events of a repair, as every other service receives them; no fact describes a person."""

from typing import Annotated, ClassVar, Literal

from services.repairs.events.asb_damage import (
    AsbDamageLocated as AsbDamageLocated,
    AsbDamageMadeSafe as AsbDamageMadeSafe,
    AsbDamageRepairCancelled as AsbDamageRepairCancelled,
    AsbDamageRepairRaised as AsbDamageRepairRaised,
)
from services.repairs.events.hazards import (
    DecantAnswered as DecantAnswered,
    HazardAccessAttempted as HazardAccessAttempted,
    HazardEnded as HazardEnded,
    HazardInvestigated as HazardInvestigated,
    HazardMadeSafe as HazardMadeSafe,
    HazardReported as HazardReported,
    HazardSummarySent as HazardSummarySent,
    HouseholdDecanted as HouseholdDecanted,
    InPersonInvestigationRequested as InPersonInvestigationRequested,
    PreventiveStepsTaken as PreventiveStepsTaken,
    PreventiveWorkBegun as PreventiveWorkBegun,
    PreventiveWorkDeferred as PreventiveWorkDeferred,
    ReasonableStepTaken as ReasonableStepTaken,
)
from services.repairs.events.referrals import (
    IssueEnded as IssueEnded,
    IssueTakenUp as IssueTakenUp,
    ReferralTakenUp as ReferralTakenUp,
)
from services.repairs.events.right_to_repair import (
    CompensationOwed as CompensationOwed,
    CompensationSetOff as CompensationSetOff,
    RepairEstimated as RepairEstimated,
    RightToRepairEnded as RightToRepairEnded,
    RightToRepairResumed as RightToRepairResumed,
    RightToRepairSuspended as RightToRepairSuspended,
    SecondContractorAppointed as SecondContractorAppointed,
)
from services.repairs.events.values import (
    ApplianceKind,
    CalledOff,
    Fault,
    HandbackReason,
    NoRightToRepair,
    ToldInTime,
)
from shared.events import Date, Facts


class RepairReported(Facts):
    """A fault was reported. Notifications starts its clocks and acknowledges it to the resident.

    `not_qualifying` is the ground on which it has no right to repair; none where it has.
    """

    type: ClassVar[str] = "repairs.repair-reported"
    plainly: ClassVar[str] = "Your repair was reported to us"
    acknowledged: ClassVar[bool] = True
    priority: Annotated[int, Literal[1, 2, 3]]
    fault: Annotated[str, Fault]
    department: str
    channel: str
    imported: bool
    not_qualifying: Annotated[str, NoRightToRepair] | None = None
    resident: str | None = None  # the id of the resident who reported it themselves, to show them their case


class HouseholdNotKnown(Facts):
    """Residents could not be asked about the household; the department is told to look itself."""

    type: ClassVar[str] = "repairs.household-not-known"
    plainly: ClassVar[str] = "We could not look up what your household needs"
    for_staff: ClassVar[bool] = True


class RepairAssigned(Facts):
    """A contractor was given the job, and an officer answers for it."""

    type: ClassVar[str] = "repairs.repair-assigned"
    plainly: ClassVar[str] = "Your repair was given to a contractor"
    contractor: str
    department: str
    handler: str | None = None  # the subject of the officer's token, empty if unknown; none: nobody was named


class RepairHandedBack(Facts):
    """The contractor has the job no more: it is not theirs to do. The department gives it to another."""

    type: ClassVar[str] = "repairs.repair-handed-back"
    plainly: ClassVar[str] = "The contractor handed your repair back to us"
    contractor: str
    reason: Annotated[str, HandbackReason]


class RepairAccepted(Facts):
    """The contractor has taken the job on."""

    type: ClassVar[str] = "repairs.repair-accepted"
    plainly: ClassVar[str] = "The contractor accepted your repair"


class OperativeEnRoute(Facts):
    """Somebody is on the way."""

    type: ClassVar[str] = "repairs.operative-en-route"
    plainly: ClassVar[str] = "The operative set out to you"


class RepairAttended(Facts):
    """Somebody is on site."""

    type: ClassVar[str] = "repairs.repair-attended"
    plainly: ClassVar[str] = "The operative arrived at your home"


class RepairMadeSafe(Facts):
    """The danger is gone; the four-hour promise is met, the repair may still need finishing."""

    type: ClassVar[str] = "repairs.repair-made-safe"
    plainly: ClassVar[str] = "The repair was made safe"


class AccessRefused(Facts):
    """Nobody let the operative in; recorded, and it stops no clock."""

    type: ClassVar[str] = "repairs.access-refused"
    plainly: ClassVar[str] = "The operative could not get into your home"


class FollowOnNeeded(Facts):
    """The work needs another visit, whose appointment was agreed on site."""

    type: ClassVar[str] = "repairs.follow-on-needed"
    plainly: ClassVar[str] = "A further visit was found to be needed"
    appointment_at: Date
    ends_at: Date | None = None


class RepairCompleted(Facts):
    """The repair is finished; every completion promise is met at this instant.

    Comes again when a late fact changes `first_visit`: the latest word holds.
    """

    type: ClassVar[str] = "repairs.repair-completed"
    plainly: ClassVar[str] = "The repair was completed"
    clean_and_tidy: bool | None  # none: unknown to the old system that it was brought over from
    identification_shown: bool | None
    first_visit: bool | None = None  # none: unknown to the old system that it was brought over from


class BackdatedUpdateReceived(Facts):
    """A firm told an earlier time than its own first word; it changes nothing until an officer decides."""

    type: ClassVar[str] = "repairs.backdated-update-received"
    plainly: ClassVar[str] = "The contractor told us an earlier time than before"
    told: Annotated[str, ToldInTime]
    told_for: Date


class BackdatedUpdateDecided(Facts):
    """An officer decided on a firm's earlier time; one that is accepted is told of by an event of its own."""

    type: ClassVar[str] = "repairs.backdated-update-decided"
    plainly: ClassVar[str] = "We decided which of the contractor's times counts"
    told: Annotated[str, ToldInTime]
    told_for: Date
    accepted: bool


class ApplianceRegistered(Facts):
    """A heating appliance or smoke alarm is on the register; its yearly servicing is promised from now on.

    Counted from the day of its last service, where that is known.
    """

    type: ClassVar[str] = "repairs.appliance-registered"
    plainly: ClassVar[str] = "The appliance was registered with us"
    kind: Annotated[str, ApplianceKind]
    department: str
    last_serviced_on: Date | None = None


class ApplianceServiced(Facts):
    """The appliance had its service; the next one is due a year later."""

    type: ClassVar[str] = "repairs.appliance-serviced"
    plainly: ClassVar[str] = "The appliance was serviced"


class ApplianceRemoved(Facts):
    """The appliance is there no longer; nothing more is due on it."""

    type: ClassVar[str] = "repairs.appliance-removed"
    plainly: ClassVar[str] = "The appliance was removed"


class PriorityRaised(Facts):
    """An officer found it more urgent than the guide does; the stricter clock runs from here."""

    type: ClassVar[str] = "repairs.priority-raised"
    plainly: ClassVar[str] = "We gave your repair a higher priority"
    priority: Annotated[int, Literal[1, 2]]


class PriorityCorrected(Facts):
    """A raise was a mistake and is taken back; `priority` is the one that the repair had before it.

    The clocks that the raise started fall away; those that ran before it were never stopped.
    """

    type: ClassVar[str] = "repairs.priority-corrected"
    plainly: ClassVar[str] = "We took back the higher priority of your repair"
    priority: Annotated[int, Literal[2, 3]]


class RepairCancelled(Facts):
    """The repair is no longer wanted or needed; its promises fall away."""

    type: ClassVar[str] = "repairs.repair-cancelled"
    plainly: ClassVar[str] = "The repair was cancelled"


class ContactCorrected(Facts):
    """The contact of a case was corrected; it is asked for when a notice is sent."""

    type: ClassVar[str] = "repairs.contact-corrected"
    plainly: ClassVar[str] = "Your contact details were corrected"


class NoSlotOffered(Facts):
    """A non-emergency report could be offered no appointment; its department must arrange one."""

    type: ClassVar[str] = "repairs.no-slot-offered"
    plainly: ClassVar[str] = "We could not offer you an appointment"
    trade: str
    priority: Annotated[int, Literal[2, 3]]


class AppointmentBooked(Facts):
    """A visit is agreed, in place of another where `instead_of` says when that would have begun."""

    type: ClassVar[str] = "repairs.appointment-booked"
    plainly: ClassVar[str] = "Your appointment was booked"
    starts_at: Date
    ends_at: Date
    contractor: str
    instead_of: Date | None = None


class AppointmentCancelled(Facts):
    """An agreed visit that lay ahead was called off; `because` is one of a list, not somebody's words."""

    type: ClassVar[str] = "repairs.appointment-cancelled"
    plainly: ClassVar[str] = "Your appointment was cancelled"
    starts_at: Date
    ends_at: Date
    because: Annotated[str, CalledOff]
    contractor: str | None = None


class RechargeQuoted(Facts):
    """The resident was told what they would have to pay; work waits until they have signed."""

    type: ClassVar[str] = "repairs.recharge-quoted"
    plainly: ClassVar[str] = "We told you what you would have to pay for your repair"
    estimated_cost_pence: int
    administration_charge_pence: int
    total_pence: int


class RechargeSigned(Facts):
    """The resident has signed for the charge; work may start."""

    type: ClassVar[str] = "repairs.recharge-signed"
    plainly: ClassVar[str] = "You signed for the cost of your repair"


class RechargeDeclined(Facts):
    """The resident will not pay; the repair is cancelled by it, which is told of in its own event."""

    type: ClassVar[str] = "repairs.recharge-declined"
    plainly: ClassVar[str] = "You told us that you will not pay for your repair"


class RechargeWaived(Facts):
    """The council pays after all; work may start."""

    type: ClassVar[str] = "repairs.recharge-waived"
    plainly: ClassVar[str] = "We told you that you need not pay for your repair"
