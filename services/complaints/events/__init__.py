"""Events of a complaint, as every other service receives them; no fact describes a person.

The fact `ombudsman` says under whose Code the complaint is: the standards of each start from events that name
it. One without it is older than the fact, and counts under the Housing Ombudsman's.
"""

from typing import Annotated, ClassVar

from services.complaints.events.contact import (
    AdjustmentsAgreed,
    AdjustmentsEnded,
    ContactCorrected,
    ContactRestricted,
    ContactRestrictionLifted,
    UpdateGiven,
    UpdateIntervalAgreed,
)
from services.complaints.events.remedies import (
    ActionCompleted,
    ActionPromised,
    OmbudsmanDetermined,
    OmbudsmanReferred,
    RemediesDelivered,
    RemediesOutstanding,
    RemedyFailed,
)
from services.complaints.events.values import (
    About,
    Ground,
    Interval,
    Origin,
    Outcome,
    Referral,
    Route,
    Severity,
    Stage,
)
from shared.events import Date, Facts, NeedsScope
from shared.standards.ombudsmen import Ombudsman

__all__ = [
    "About",
    "ActionCompleted",
    "ActionPromised",
    "AdjustmentsAgreed",
    "AdjustmentsEnded",
    "ComplaintAcknowledged",
    "ComplaintAssigned",
    "ComplaintEscalated",
    "ComplaintReceived",
    "ComplaintReopened",
    "ComplaintResponded",
    "ComplaintTriaged",
    "ComplaintWithdrawn",
    "ConflictDeclared",
    "ContactCorrected",
    "ContactRestricted",
    "ContactRestrictionLifted",
    "Ground",
    "HazardMentioned",
    "Interval",
    "OmbudsmanDetermined",
    "OmbudsmanReferred",
    "Origin",
    "Outcome",
    "PointsAdded",
    "Referral",
    "ReferralTakenUp",
    "RemediesDelivered",
    "RemediesOutstanding",
    "RemedyFailed",
    "ReplyExtended",
    "ReplyOverdue",
    "Route",
    "ServiceRequested",
    "Severity",
    "Stage",
    "UpdateGiven",
    "UpdateIntervalAgreed",
]


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
    kept_from: Annotated[list[str], NeedsScope("asb")] | None = None  # digests of subjects who never see it
    resident: str | None = None  # the id of the resident who made it themselves, to show them their case


class AccessChanged(Facts):
    """The complaint is kept from others than before, as the case is that it was made from."""

    type: ClassVar[str] = "complaints.access-changed"
    plainly: ClassVar[str] = "We noted who must not see your complaint"
    for_staff: ClassVar[bool] = True
    kept_from: Annotated[list[str], NeedsScope("asb")]


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
    ombudsman: Ombudsman


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
    for_staff: ClassVar[bool] = True


class PointsAdded(Facts):
    """Related points were joined to the complaint before it was answered.

    `needs_scope` is that of the complaint from now on, which a point can be the first to need.
    """

    type: ClassVar[str] = "complaints.points-added"
    plainly: ClassVar[str] = "Further points were added to your complaint"
    points: int
    needs_scope: str | None = None


class ComplaintAcknowledged(Facts):
    """The complainant was told that we have it; the Code counts the reply from here."""

    type: ClassVar[str] = "complaints.complaint-acknowledged"
    plainly: ClassVar[str] = "We acknowledged your complaint"
    by_letter: ClassVar[bool] = True
    stage: Stage
    ombudsman: Ombudsman


class ReplyExtended(Facts):
    """The complainant was told that the reply takes so many working days longer.

    With a `good_reason`, which a manager approved, it may be longer than the Code's usual limit.
    """

    type: ClassVar[str] = "complaints.reply-extended"
    plainly: ClassVar[str] = "We told you that our reply needs longer"
    by_letter: ClassVar[bool] = True
    stage: Stage
    ombudsman: Ombudsman
    working_days: int
    good_reason: bool


class ReplyOverdue(Facts):
    """The promised day of the reply is past; the complainant is owed updates until it is sent (Code, 5)."""

    type: ClassVar[str] = "complaints.reply-overdue"
    plainly: ClassVar[str] = "Our reply is late, and we owe you news of it"
    stage: Stage
    ombudsman: Ombudsman


class ComplaintResponded(Facts):
    """The full written reply of a stage was sent."""

    type: ClassVar[str] = "complaints.complaint-responded"
    plainly: ClassVar[str] = "Our full written reply was sent to you"
    by_letter: ClassVar[bool] = True
    stage: Stage
    ombudsman: Ombudsman
    outcome: Outcome


class ComplaintEscalated(Facts):
    """The complainant asked for stage two; its clocks start."""

    type: ClassVar[str] = "complaints.complaint-escalated"
    plainly: ClassVar[str] = "You asked us to take your complaint to stage two"
    ombudsman: Ombudsman
    handler: str = ""  # the handler of stage one has it no longer


class ComplaintWithdrawn(Facts):
    """The complainant took the complaint back; its promises fall away."""

    type: ClassVar[str] = "complaints.complaint-withdrawn"
    plainly: ClassVar[str] = "The complaint was withdrawn"


class ServiceRequested(Facts):
    """The complaint is a request for a service, which that service is to take up as a case of its own.

    `received_at` is the receipt of the complaint: from then on the request was known to us.
    """

    type: ClassVar[str] = "complaints.service-requested"
    plainly: ClassVar[str] = "We passed your request on"
    service: About
    received_at: Date
    resident: str | None = None  # whose own the case is, as the complaint is


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
    """The other service has a case for what the complaint referred to it, named unless a scope guards it."""

    type: ClassVar[str] = "complaints.referral-taken-up"
    plainly: ClassVar[str] = "Your request was taken up"
    referral: Referral
    taken_up_as: str | None = None
