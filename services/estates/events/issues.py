"""Events of a problem on an estate; no fact describes a person.

`tell_reporter` says that its reporter gave us a way to reach them.
"""

from typing import Annotated, ClassVar, Literal

from services.estates.events.values import IssueKind, Referee, Resolution
from shared.events import Date, Facts


class IssueReported(Facts):
    """A problem on an estate was reported; an `urgent` one, as needles are, comes before all others."""

    type: ClassVar[str] = "estates.issue-reported"
    plainly: ClassVar[str] = "The problem was reported to us"
    acknowledged: ClassVar[bool] = True
    kind: IssueKind
    offensive: bool
    urgent: bool
    tell_reporter: bool
    department: str
    handler: str  # the subject of the caretaker's token, empty if unknown
    channel: str
    imported: bool
    made_from: str | None = None  # the complaint that asked for it
    resident: str | None = None  # the id of the resident who reported it, to show them their case


class IssueAssigned(Facts):
    """The problem was given to a caretaker or an officer."""

    type: ClassVar[str] = "estates.issue-assigned"
    plainly: ClassVar[str] = "The problem was given to one of our team"
    handler: str


class IssueAttended(Facts):
    """A caretaker came to the place, as to an emergency."""

    type: ClassVar[str] = "estates.issue-attended"
    plainly: ClassVar[str] = "We came to look at the problem"


class AppointmentBooked(Facts):
    """The time at which bulky items are collected was agreed, or moved."""

    type: ClassVar[str] = "estates.appointment-booked"
    plainly: ClassVar[str] = "We agreed the time at which we collect"
    appointment_at: Date
    tell_reporter: bool


class IssueResolved(Facts):
    """The problem was dealt with, here or by the service that it was referred to."""

    type: ClassVar[str] = "estates.issue-resolved"
    plainly: ClassVar[str] = "The problem was dealt with"
    resolution: Resolution
    tell_reporter: bool


class IssueReferred(Facts):
    """The problem was passed on; the service that it goes to opens a case and tells us which."""

    type: ClassVar[str] = "estates.issue-referred"
    plainly: ClassVar[str] = "We passed the problem on to another team"
    to: Referee
    offensive: bool
    tell_reporter: bool


class IssueTakenUp(Facts):
    """The other service has opened its case, which is named unless a scope guards it."""

    type: ClassVar[str] = "estates.issue-taken-up"
    plainly: ClassVar[str] = "The other team took the problem up"
    to: Referee
    taken_up_as: str | None = None


class IssueReferralEnded(Facts):
    """The other service's case has ended: with the problem dealt with, or without."""

    type: ClassVar[str] = "estates.issue-referral-ended"
    plainly: ClassVar[str] = "The other team ended its work on the problem"
    for_staff: ClassVar[bool] = True
    to: Referee
    dealt_with: bool


class GraffitiRepeated(Facts):
    """Offensive graffiti came to a site so many times in so many days: the ASB team is shown it."""

    type: ClassVar[str] = "estates.graffiti-repeated"
    plainly: ClassVar[str] = "We told another team that this was not the first time"
    for_staff: ClassVar[bool] = True
    site: str
    times: int
    within_days: int


class ReferralTakenUp(Facts):
    """A problem was opened for what a complaint asks of us; complaints waits for this."""

    type: ClassVar[str] = "estates.referral-taken-up"
    plainly: ClassVar[str] = "We took up what you asked for in your complaint"
    complaint_reference: str
    referral: Annotated[str, Literal["service_request"]]


class ContactCorrected(Facts):
    """The contact was corrected: whom to tell, and how it is safe."""

    type: ClassVar[str] = "estates.contact-corrected"
    plainly: ClassVar[str] = "Your contact details were corrected"
