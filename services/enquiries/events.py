"""Events of enquiries, as every other service receives them; no fact describes a person."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from shared.events import NOTICE_BOUNCED, Date, Facts


class Channel(StrEnum):
    """The way an enquiry reached the council."""

    ONLINE = "online"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    IN_PERSON = "in_person"
    MOBILE = "mobile"
    CONTRACTOR = "contractor"
    OFFICER = "officer"


class Service(StrEnum):
    """A service of the housing department, or another one of the council or elsewhere."""

    REPAIRS = "repairs"
    ESTATES = "estates"
    RESIDENTS = "residents"
    ASB = "asb"
    COMPLAINTS = "complaints"
    ENQUIRIES = "enquiries"
    OTHER = "other"


class InformationKind(StrEnum):
    """A request under a law on information, which has an answering time of its own."""

    FREEDOM_OF_INFORMATION = "freedom_of_information"
    ENVIRONMENTAL_INFORMATION = "environmental_information"
    SUBJECT_ACCESS = "subject_access"
    DATA_PROTECTION_COMPLAINT = "data_protection_complaint"


class Need(StrEnum):
    """The thing that a requester has to give before a request can be answered."""

    CLARIFICATION = "clarification"
    IDENTITY = "identity"
    FEE = "fee"


class Ground(StrEnum):
    """The ground on which an enquiry is closed without an answer."""

    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NO_ENQUIRY = "no_enquiry"
    NOTHING_GIVEN = "nothing_given"
    FEE_NOT_PAID = "fee_not_paid"


class Place(StrEnum):
    """The place of an appointment."""

    OFFICE = "office"
    HOME = "home"


class Party(StrEnum):
    """The side that calls an appointment off."""

    RESIDENT = "resident"
    COUNCIL = "council"


class Topic(StrEnum):
    """The thing that feedback is about: a service, or the website."""

    REPAIRS = "repairs"
    ESTATES = "estates"
    RESIDENTS = "residents"
    ASB = "asb"
    COMPLAINTS = "complaints"
    ENQUIRIES = "enquiries"
    WEBSITE = "website"


class FeedbackKind(StrEnum):
    """Feedback, or praise."""

    FEEDBACK = "feedback"
    COMPLIMENT = "compliment"


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


class HoldingReplySent(Facts):
    """The enquirer was told why the answer takes longer, and its new date."""

    type: ClassVar[str] = "enquiries.holding-reply-sent"
    plainly: ClassVar[str] = "We told you why the answer takes longer, and when you will have it"
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
    kind: InformationKind
    respond_by: Date | None = None
    working_days: int | None = None
    months: int | None = None


class EnquiryAnswered(Facts):
    """The enquiry was answered in full."""

    type: ClassVar[str] = "enquiries.enquiry-answered"
    plainly: ClassVar[str] = "Your enquiry was answered in full"


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


class CallQueued(Facts):
    """A call came in and waits."""

    type: ClassVar[str] = "enquiries.call-queued"
    plainly: ClassVar[str] = "Your call reached us"
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
