"""Events of a complaint, as every other service receives them; no fact describes a person."""

from enum import IntEnum, StrEnum
from typing import Annotated, ClassVar

from shared.events import Date, Facts, NeedsScope
from shared.standards.ombudsmen import Ombudsman


class About(StrEnum):
    """The service that a complaint is about."""

    REPAIRS = "repairs"
    ASB = "asb"
    ESTATES = "estates"
    RESIDENTS = "residents"
    ENQUIRIES = "enquiries"
    STAFF = "staff"
    OTHER_SERVICE = "other_service"


class Route(StrEnum):
    """The ways in which a complaint is dealt with."""

    STAGE_1 = "stage_1"
    SERVICE_REQUEST = "service_request"
    OTHER_BODY = "other_body"
    REFUSED = "refused"
    PUT_RIGHT = "put_right"


class Ground(StrEnum):
    """The grounds on which the Code lets a complaint be refused; a letter from a solicitor is none."""

    OVER_TWELVE_MONTHS = "over_twelve_months"
    FILED_AT_COURT = "filed_at_court"
    CONSIDERED_BEFORE = "considered_before"
    OTHER = "other"


class Stage(IntEnum):
    """The two stages of a complaint."""

    ONE = 1
    TWO = 2


class Outcome(StrEnum):
    """The decision on a complaint, or on one point of it."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class Origin(StrEnum):
    """The answer, or the order, that an action was promised in."""

    STAGE_1 = "stage_1"
    STAGE_2 = "stage_2"
    OMBUDSMAN = "ombudsman"


class Severity(StrEnum):
    """The grade of a hazard that a complaint tells of."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"


class Referral(StrEnum):
    """The work for which a complaint is referred to another service."""

    SERVICE_REQUEST = "service_request"
    HAZARD = "hazard"


class ComplaintReceived(Facts):
    """A complaint came in; the clocks of stage one start.

    `needs_scope` names the scope without which nobody may see it. `made_from` is the case that
    was made into it.
    """

    type: ClassVar[str] = "complaints.complaint-received"
    plainly: ClassVar[str] = "Your complaint reached us"
    acknowledged: ClassVar[bool] = True
    about: About
    ombudsman: Ombudsman
    department: str
    channel: str
    imported: bool
    needs_scope: str | None = None
    made_from: Annotated[str | None, NeedsScope("asb")] = None
    resident: str | None = None  # the id of the resident who made it themselves, to show them their case


class ComplaintTriaged(Facts):
    """An officer decided how the complaint is to be dealt with."""

    type: ClassVar[str] = "complaints.complaint-triaged"
    plainly: ClassVar[str] = "We decided how your complaint is to be dealt with"
    route: Route
    ground: Ground | None = None


class ComplaintReopened(Facts):
    """A complaint that was closed without an answer is taken up at stage one; its clocks start anew."""

    type: ClassVar[str] = "complaints.complaint-reopened"
    plainly: ClassVar[str] = "We took your complaint up again"


class ComplaintAssigned(Facts):
    """An officer was given the complaint."""

    type: ClassVar[str] = "complaints.complaint-assigned"
    plainly: ClassVar[str] = "Your complaint was given to an officer"
    department: str
    handler: str  # the subject of the officer's token, empty if unknown


class ConflictDeclared(Facts):
    """An officer has an interest in the complaint and may not decide it; the case says who."""

    type: ClassVar[str] = "complaints.conflict-declared"
    plainly: ClassVar[str] = "Someone with an interest of their own will not decide on your complaint"


class PointsAdded(Facts):
    """Related points were joined to the complaint before it was answered."""

    type: ClassVar[str] = "complaints.points-added"
    plainly: ClassVar[str] = "Further points were added to your complaint"
    points: int


class ComplaintAcknowledged(Facts):
    """The complainant was told that we have it; the Code counts the reply from here."""

    type: ClassVar[str] = "complaints.complaint-acknowledged"
    plainly: ClassVar[str] = "We acknowledged your complaint"
    stage: Stage


class ReplyExtended(Facts):
    """The complainant was told that the reply takes so many working days longer.

    With a `good_reason`, which a manager approved, it may be longer than the Code's usual limit.
    """

    type: ClassVar[str] = "complaints.reply-extended"
    plainly: ClassVar[str] = "We told you that our reply needs longer"
    stage: Stage
    working_days: int
    good_reason: bool


class ReplyOverdue(Facts):
    """The promised day of the reply is past; the complainant is owed updates until it is sent (Code, 5)."""

    type: ClassVar[str] = "complaints.reply-overdue"
    plainly: ClassVar[str] = "Our reply is late, and we owe you news of it"
    stage: Stage


class UpdateGiven(Facts):
    """The complainant was told how far we are with a reply."""

    type: ClassVar[str] = "complaints.update-given"
    plainly: ClassVar[str] = "We told you how far we are"


class ComplaintResponded(Facts):
    """The full written reply of a stage was sent."""

    type: ClassVar[str] = "complaints.complaint-responded"
    plainly: ClassVar[str] = "Our full written reply was sent to you"
    stage: Stage
    outcome: Outcome


class ComplaintEscalated(Facts):
    """The complainant asked for stage two; its clocks start."""

    type: ClassVar[str] = "complaints.complaint-escalated"
    plainly: ClassVar[str] = "You asked us to take your complaint to stage two"
    handler: str = ""  # the handler of stage one has it no longer


class ActionPromised(Facts):
    """The action numbered so within the case was promised, or ordered, for a day."""

    type: ClassVar[str] = "complaints.action-promised"
    plainly: ClassVar[str] = "We promised to put something right"
    action: int
    origin: Origin
    by: Date


class ActionCompleted(Facts):
    """The action numbered so is done."""

    type: ClassVar[str] = "complaints.action-completed"
    plainly: ClassVar[str] = "We did what we had promised"
    action: int


class RemedyFailed(Facts):
    """The action numbered so cannot be delivered; its alternative follows as an action of its own."""

    type: ClassVar[str] = "complaints.remedy-failed"
    plainly: ClassVar[str] = "We told you that we cannot do what we had promised, and what we do instead"
    action: int


class ContactRestricted(Facts):
    """Contact with the complainant is restricted, anew or still, and reviewed by that day (Code, 5)."""

    type: ClassVar[str] = "complaints.contact-restricted"
    plainly: ClassVar[str] = "We limited the ways in which you can reach us about this"
    review_on: Date


class ContactRestrictionLifted(Facts):
    """Contact with the complainant is restricted no longer."""

    type: ClassVar[str] = "complaints.contact-restriction-lifted"
    plainly: ClassVar[str] = "You can reach us again in every way"


class OmbudsmanReferred(Facts):
    """The complaint is with the ombudsman."""

    type: ClassVar[str] = "complaints.ombudsman-referred"
    plainly: ClassVar[str] = "Your complaint went to the Ombudsman"


class OmbudsmanDetermined(Facts):
    """The ombudsman decided; what was ordered follows as actions."""

    type: ClassVar[str] = "complaints.ombudsman-determined"
    plainly: ClassVar[str] = "The Ombudsman decided on your complaint"


class ComplaintWithdrawn(Facts):
    """The complainant took the complaint back; its promises fall away."""

    type: ClassVar[str] = "complaints.complaint-withdrawn"
    plainly: ClassVar[str] = "The complaint was withdrawn"


class ServiceRequested(Facts):
    """The complaint is a request for a service, which that service is to take up as a case of its own."""

    type: ClassVar[str] = "complaints.service-requested"
    plainly: ClassVar[str] = "We passed your request on"
    service: About


class HazardMentioned(Facts):
    """A complaint told of a hazard; Awaab's law counts from the awareness.

    With a `home_known` it is for repairs to take up; without one somebody has to find out where it is.
    """

    type: ClassVar[str] = "complaints.hazard-mentioned"
    plainly: ClassVar[str] = "Your complaint told us of a hazard in your home"
    severity: Severity
    hazard: str
    aware_at: Date
    home_known: bool


class ReferralTakenUp(Facts):
    """The other service has a case for what the complaint referred to it."""

    type: ClassVar[str] = "complaints.referral-taken-up"
    plainly: ClassVar[str] = "Your request was taken up"
    referral: Referral
    taken_up_as: str


class ContactCorrected(Facts):
    """The contact of the case was corrected; which fields is for its owner to know."""

    type: ClassVar[str] = "complaints.contact-corrected"
    plainly: ClassVar[str] = "The contact of your case was corrected"
