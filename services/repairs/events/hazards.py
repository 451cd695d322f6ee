"""Events of a hazard, each with the instant of awareness: the law then in force decides all of its clocks."""

from typing import Annotated, ClassVar

from services.repairs.events.values import Finding, Hazard, HazardEnd, ReasonableStep, Severity, Tenure
from shared.events import Date, Facts


class HazardReported(Facts):
    """We became aware of a hazard, by a report or an inspection, or of a material change of a known one.

    Awaab's law counts from here. Every event of a hazard carries that instant: the law then in force decides
    all of its clocks.
    """

    type: ClassVar[str] = "repairs.hazard-reported"
    plainly: ClassVar[str] = "We became aware of the hazard in your home"
    severity: Annotated[str, Severity]
    hazard: Annotated[str, Hazard]
    aware_at: Date
    tenure: Annotated[str, Tenure] | None = None
    material_change: bool | None = None


class HazardInvestigated(Facts):
    """The investigation ended, with what was found; the summary and the works are due from here."""

    type: ClassVar[str] = "repairs.hazard-investigated"
    plainly: ClassVar[str] = "The investigation of the hazard ended"
    aware_at: Date
    severity: Annotated[str, Severity]
    hazard: Annotated[str, Hazard]
    finding: Finding
    further_work_needed: bool
    tenure: Annotated[str, Tenure] | None = None
    in_person: bool | None = None


class InPersonInvestigationRequested(Facts):
    """The tenant asked for an investigation in person after a remote one; it has ten new working days."""

    type: ClassVar[str] = "repairs.in-person-investigation-requested"
    plainly: ClassVar[str] = "You asked us to investigate in person"
    aware_at: Date
    severity: Annotated[str, Severity]
    hazard: Annotated[str, Hazard]
    tenure: Annotated[str, Tenure] | None = None


class HazardSummarySent(Facts):
    """The tenant was sent the written summary of the investigation, or told of work that is all done."""

    type: ClassVar[str] = "repairs.hazard-summary-sent"
    plainly: ClassVar[str] = "The written summary was sent to you"
    aware_at: Date


class HazardMadeSafe(Facts):
    """The safety work is done."""

    type: ClassVar[str] = "repairs.hazard-made-safe"
    plainly: ClassVar[str] = "The hazard was made safe"
    aware_at: Date


class PreventiveStepsTaken(Facts):
    """Steps towards the further preventive work were taken, such as an order; it has not begun by them."""

    type: ClassVar[str] = "repairs.preventive-steps-taken"
    plainly: ClassVar[str] = "We took steps to begin the further preventive work"
    aware_at: Date


class PreventiveWorkBegun(Facts):
    """The work that keeps the hazard from coming back has begun."""

    type: ClassVar[str] = "repairs.preventive-work-begun"
    plainly: ClassVar[str] = "The further preventive work began"
    aware_at: Date


class PreventiveWorkDeferred(Facts):
    """The preventive work cannot begin yet; the tenant was told by when it will."""

    type: ClassVar[str] = "repairs.preventive-work-deferred"
    plainly: ClassVar[str] = "We told you when the further preventive work can begin"
    aware_at: Date
    begin_by: Date


class HouseholdDecanted(Facts):
    """The household was offered somewhere safe to stay; it stops no clock."""

    type: ClassVar[str] = "repairs.household-decanted"
    plainly: ClassVar[str] = "You were offered somewhere safe to stay"
    aware_at: Date


class DecantAnswered(Facts):
    """The household answered the offer of somewhere to stay; whatever they said stops no clock."""

    type: ClassVar[str] = "repairs.decant-answered"
    plainly: ClassVar[str] = "You answered our offer of somewhere safe to stay"
    aware_at: Date
    accepted: bool


class HazardAccessAttempted(Facts):
    """Somebody tried to get in because of a hazard; recorded, and whatever came of it stops no clock."""

    type: ClassVar[str] = "repairs.hazard-access-attempted"
    plainly: ClassVar[str] = "We tried to get into your home"
    aware_at: Date


class ReasonableStepTaken(Facts):
    """A step towards safety that took time: evidence of our efforts beside a breach that stays."""

    type: ClassVar[str] = "repairs.reasonable-step-taken"
    plainly: ClassVar[str] = "We took a step to make your home safe"
    aware_at: Date
    kind: Annotated[str, ReasonableStep]


class HazardEnded(Facts):
    """The hazard is dealt with no more, on a ground of the law; its open promises fall away, unmet."""

    type: ClassVar[str] = "repairs.hazard-ended"
    plainly: ClassVar[str] = "We ended our work on the hazard"
    aware_at: Date
    because: Annotated[str, HazardEnd]
