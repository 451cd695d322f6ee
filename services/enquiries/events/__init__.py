"""Events of an enquiry or a call, as every other service receives them; no fact describes a person."""

from typing import Annotated, ClassVar, Literal

from services.enquiries.events.office import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentEnded,
    AppointmentMoved,
    CallAbandoned,
    CallAnswered,
    CallQueued,
    CallResolved,
    FeedbackFollowedUp,
    FeedbackGiven,
    VisitorArrived,
    VisitorLeft,
    VisitorSeen,
)
from services.enquiries.events.values import (
    Channel,
    FeedbackKind,
    Ground,
    InformationKind,
    Need,
    Party,
    Place,
    Service,
    Topic,
)
from shared.events import NOTICE_BOUNCED, Date, Facts

__all__ = [
    "AcknowledgementDelivered",
    "AppointmentBooked",
    "AppointmentCancelled",
    "AppointmentEnded",
    "AppointmentMoved",
    "AutomaticReplyFiled",
    "CallAbandoned",
    "CallAnswered",
    "CallQueued",
    "CallResolved",
    "Channel",
    "ComplaintRequested",
    "ContactCorrected",
    "EnquiryAcknowledged",
    "EnquiryAnswered",
    "EnquiryAssigned",
    "EnquiryClosed",
    "EnquiryReceived",
    "EnquiryReferred",
    "EnquiryReopened",
    "FeedbackFollowedUp",
    "FeedbackGiven",
    "FeedbackKind",
    "Ground",
    "HoldingReplySent",
    "InformationKind",
    "InformationRequested",
    "Need",
    "NeedMet",
    "NeedTold",
    "NoticeBounced",
    "Party",
    "Place",
    "ReferralTakenUp",
    "ReplyReceived",
    "Service",
    "TimeExtended",
    "Topic",
    "VisitorArrived",
    "VisitorLeft",
    "VisitorSeen",
]


class EnquiryReceived(Facts):
    """An enquiry came in; one that was not resolved at once has an answer promised, by word or by channel.

    `acknowledge` says that its receipt is acknowledged at once. `made_from` is the case that it came from.
    """

    type: ClassVar[str] = "enquiries.enquiry-received"
    plainly: ClassVar[str] = "Your enquiry reached us"
    acknowledged: ClassVar[bool] = True
    channel: Channel
    resolved_at_first_contact: bool
    acknowledge: bool
    department: str
    imported: bool
    expected_answer_on: Date | None = None
    referred_to: Service | None = None
    made_from: str | None = None
    resident: str | None = None  # the id of the resident who asked themselves, to show them their case


class InformationRequested(Facts):
    """A request for information came in, or a complaint about the handling of personal data."""

    type: ClassVar[str] = "enquiries.information-requested"
    plainly: ClassVar[str] = "Your request for information reached us"
    acknowledged: ClassVar[bool] = True
    kind: InformationKind
    channel: Channel
    acknowledge: bool
    department: str
    imported: bool
    resident: str | None = None


class EnquiryAssigned(Facts):
    """An officer was given the enquiry."""

    type: ClassVar[str] = "enquiries.enquiry-assigned"
    plainly: ClassVar[str] = "Your enquiry was given to an officer"
    department: str
    handler: str  # the subject of the officer's token, empty if unknown


class EnquiryAcknowledged(Facts):
    """An acknowledgement that names who deals with the enquiry was written; once delivered it counts."""

    type: ClassVar[str] = "enquiries.enquiry-acknowledged"
    plainly: ClassVar[str] = "We wrote to you who is dealing with your enquiry"


class AcknowledgementDelivered(Facts):
    """An acknowledgement that names who deals with the enquiry was delivered."""

    type: ClassVar[str] = "enquiries.acknowledgement-delivered"
    plainly: ClassVar[str] = (
        "Our acknowledgement, with who is dealing with your enquiry, was delivered to you"
    )
    by_letter: ClassVar[bool] = True
    about: int


class HoldingReplySent(Facts):
    """The enquirer was told why the answer takes longer, and its new date."""

    type: ClassVar[str] = "enquiries.holding-reply-sent"
    plainly: ClassVar[str] = "We told you why the answer takes longer, and when you will have it"
    by_letter: ClassVar[bool] = True
    respond_by: Date


class EnquiryReferred(Facts):
    """The enquiry was passed on to the service that can answer it, and a date was given."""

    type: ClassVar[str] = "enquiries.enquiry-referred"
    plainly: ClassVar[str] = "We passed your enquiry on to the service that can help, and told you when"
    service: Service
    expected_answer_on: Date


class ReplyReceived(Facts):
    """The enquirer wrote again."""

    type: ClassVar[str] = "enquiries.reply-received"
    plainly: ClassVar[str] = "You wrote to us again"
    channel: Channel


class EnquiryReopened(Facts):
    """The enquirer wrote again after the answer, so another one is owed."""

    type: ClassVar[str] = "enquiries.enquiry-reopened"
    plainly: ClassVar[str] = "We took your enquiry up again, as you wrote to us after our answer"
    channel: Channel


class AutomaticReplyFiled(Facts):
    """A machine answered one of our letters; it is kept, and nothing follows from it."""

    type: ClassVar[str] = "enquiries.automatic-reply-filed"
    plainly: ClassVar[str] = "An automatic reply from your mailbox reached us"


class NeedTold(Facts):
    """The requester was told what we need before we can answer."""

    type: ClassVar[str] = "enquiries.need-told"
    plainly: ClassVar[str] = "We told you what we need before we can answer"
    kind: InformationKind
    need: Need


class NeedMet(Facts):
    """The requester gave what we needed."""

    type: ClassVar[str] = "enquiries.need-met"
    plainly: ClassVar[str] = "We had from you what we needed"
    kind: InformationKind
    need: Need


class TimeExtended(Facts):
    """The requester was told, in time, that the law gives us longer, and why we need it.

    By the kind of the request it has the new date, or how many working days or months are added.
    """

    type: ClassVar[str] = "enquiries.time-extended"
    plainly: ClassVar[str] = "We told you that the answer needs longer, and why"
    by_letter: ClassVar[bool] = True
    kind: InformationKind
    respond_by: Date | None = None
    working_days: int | None = None
    months: int | None = None


class EnquiryAnswered(Facts):
    """The enquiry was answered in full."""

    type: ClassVar[str] = "enquiries.enquiry-answered"
    plainly: ClassVar[str] = "Your enquiry was answered in full"
    by_letter: ClassVar[bool] = True


class EnquiryClosed(Facts):
    """The enquiry was closed without an answer."""

    type: ClassVar[str] = "enquiries.enquiry-closed"
    plainly: ClassVar[str] = "Your enquiry was closed"
    ground: Ground


class ComplaintRequested(Facts):
    """The enquirer wants it dealt with as a complaint, which goes on beside it."""

    type: ClassVar[str] = "enquiries.complaint-requested"
    plainly: ClassVar[str] = "Your enquiry was made into a complaint as well"
    about: Service


class ReferralTakenUp(Facts):
    """This enquiry is what a complaint referred to us asks for; complaints waits for this."""

    type: ClassVar[str] = "enquiries.referral-taken-up"
    plainly: ClassVar[str] = "We took up what you asked for in your complaint"
    complaint_reference: str
    referral: Annotated[str, Literal["service_request"]]


class ContactCorrected(Facts):
    """Somebody corrected whom to tell, or how."""

    type: ClassVar[str] = "enquiries.contact-corrected"
    plainly: ClassVar[str] = "How to reach you was corrected"


class NoticeBounced(Facts):
    """A letter of ours came back: it reached nobody."""

    type: ClassVar[str] = NOTICE_BOUNCED
    letter: str
