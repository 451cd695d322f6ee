"""Events of calls, visits, appointments and feedback; no fact describes a person."""

from typing import ClassVar

from services.enquiries.events.values import Channel, FeedbackKind, Party, Place, Service, Topic
from shared.events import Date, Facts


class CallQueued(Facts):
    """A call came in and waits."""

    type: ClassVar[str] = "enquiries.call-queued"
    plainly: ClassVar[str] = "Your call reached us"
    channel: Channel
    department: str
    imported: bool


class CallAnswered(Facts):
    """Somebody took the call; one that was not resolved at once may have an answer promised."""

    type: ClassVar[str] = "enquiries.call-answered"
    plainly: ClassVar[str] = "Your call was answered"
    resolved_at_first_contact: bool
    told_about_online: bool
    expected_answer_on: Date | None = None
    referred_to: Service | None = None


class CallResolved(Facts):
    """The answer promised in a call was given."""

    type: ClassVar[str] = "enquiries.call-resolved"
    plainly: ClassVar[str] = "You were given the answer that we promised in the call"


class CallAbandoned(Facts):
    """The caller hung up before anybody took the call; nothing more is promised about it."""

    type: ClassVar[str] = "enquiries.call-abandoned"
    plainly: ClassVar[str] = "The call was ended before we answered"


class VisitorArrived(Facts):
    """Somebody came to the office without an appointment, and waits."""

    type: ClassVar[str] = "enquiries.visitor-arrived"
    plainly: ClassVar[str] = "You came to our office"
    channel: Channel
    department: str


class VisitorSeen(Facts):
    """The visitor was seen after so many seconds, and if need be passed on."""

    type: ClassVar[str] = "enquiries.visitor-seen"
    plainly: ClassVar[str] = "You were seen at our office"
    waited_seconds: int
    resolved_at_first_contact: bool
    passed_to: Service | None = None


class VisitorLeft(Facts):
    """The visitor left before anybody saw them."""

    type: ClassVar[str] = "enquiries.visitor-left"
    plainly: ClassVar[str] = "You left our office before you were seen"


class AppointmentBooked(Facts):
    """An appointment was made, at the office or at home."""

    type: ClassVar[str] = "enquiries.appointment-booked"
    plainly: ClassVar[str] = "We made an appointment with you"
    acknowledged: ClassVar[bool] = True
    at: Date
    place: Place
    channel: Channel
    department: str
    handler: str  # the subject of the officer's token, empty if unknown


class AppointmentMoved(Facts):
    """An appointment was moved."""

    type: ClassVar[str] = "enquiries.appointment-moved"
    plainly: ClassVar[str] = "Your appointment was moved"
    at: Date


class AppointmentEnded(Facts):
    """The appointment was kept by us or was not, and how."""

    type: ClassVar[str] = "enquiries.appointment-ended"
    plainly: ClassVar[str] = "The time of your appointment came"
    kept: bool
    identification_shown: bool | None = None
    access_needs_met: bool | None = None


class AppointmentCancelled(Facts):
    """An appointment was cancelled; `in_time` says if its resident knew a day before."""

    type: ClassVar[str] = "enquiries.appointment-cancelled"
    plainly: ClassVar[str] = "Your appointment was cancelled"
    by: Party
    in_time: bool


class FeedbackGiven(Facts):
    """Somebody told us how we did; a low score is a task for the department."""

    type: ClassVar[str] = "enquiries.feedback-given"
    plainly: ClassVar[str] = "You told us how we did"
    about: Topic
    kind: FeedbackKind
    channel: Channel
    department: str
    satisfied: bool | None = None
    low: bool = False
    resident: str | None = None


class FeedbackFollowedUp(Facts):
    """The department dealt with what a low score was given for."""

    type: ClassVar[str] = "enquiries.feedback-followed-up"
    plainly: ClassVar[str] = "We looked into what you told us"
