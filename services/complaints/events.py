"""Events of a complaint, as every other service receives them; no fact describes a person."""

from enum import IntEnum, StrEnum
from typing import ClassVar

from shared.events import Date, Facts


class Route(StrEnum):
    """The ways in which a complaint is dealt with."""

    STAGE_1 = "stage_1"
    SERVICE_REQUEST = "service_request"
    OTHER_BODY = "other_body"
    REFUSED = "refused"


class Stage(IntEnum):
    """The two stages of a complaint."""

    ONE = 1
    TWO = 2


class Severity(StrEnum):
    """The grade of a hazard that a complaint tells of."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"


class ComplaintReceived(Facts):
    """A complaint came in; the clocks of stage one start."""

    type: ClassVar[str] = "complaints.complaint-received"
    plainly: ClassVar[str] = "Your complaint reached us"
    acknowledged: ClassVar[bool] = True


class ComplaintTriaged(Facts):
    """An officer decided how the complaint is to be dealt with."""

    type: ClassVar[str] = "complaints.complaint-triaged"
    plainly: ClassVar[str] = "We decided how your complaint is to be dealt with"
    route: Route


class ComplaintAcknowledged(Facts):
    """The complainant was told that we have it; the Code counts the reply from here."""

    type: ClassVar[str] = "complaints.complaint-acknowledged"
    plainly: ClassVar[str] = "We acknowledged your complaint"
    stage: Stage


class ReplyExtended(Facts):
    """The complainant was told that the reply takes so many working days longer."""

    type: ClassVar[str] = "complaints.reply-extended"
    plainly: ClassVar[str] = "We told you that our reply needs longer"
    stage: Stage
    working_days: int


class ComplaintResponded(Facts):
    """The full written reply of a stage was sent."""

    type: ClassVar[str] = "complaints.complaint-responded"
    plainly: ClassVar[str] = "Our full written reply was sent to you"
    stage: Stage


class ComplaintEscalated(Facts):
    """The complainant asked for stage two; its clocks start."""

    type: ClassVar[str] = "complaints.complaint-escalated"
    plainly: ClassVar[str] = "You asked us to take your complaint to stage two"


class ComplaintWithdrawn(Facts):
    """The complainant took the complaint back; its promises fall away."""

    type: ClassVar[str] = "complaints.complaint-withdrawn"
    plainly: ClassVar[str] = "The complaint was withdrawn"


class HazardMentioned(Facts):
    """A complaint told of a hazard; Awaab's law counts from the awareness."""

    type: ClassVar[str] = "complaints.hazard-mentioned"
    plainly: ClassVar[str] = "Your complaint told us of a hazard in your home"
    severity: Severity
    hazard: str
    aware_at: Date
