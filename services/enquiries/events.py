"""Events of an enquiry or a call, as every other service receives them; no fact describes a person."""

from enum import StrEnum
from typing import ClassVar

from shared.events import Date, Facts


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


class EnquiryReceived(Facts):
    """An enquiry came in; one that was not resolved at once has an answer promised, by word or by channel."""

    type: ClassVar[str] = "enquiries.enquiry-received"
    plainly: ClassVar[str] = "Your enquiry reached us"
    acknowledged: ClassVar[bool] = True
    channel: Channel
    resolved_at_first_contact: bool
    expected_answer_on: Date | None = None


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


class EnquiryAnswered(Facts):
    """The enquiry was answered in full."""

    type: ClassVar[str] = "enquiries.enquiry-answered"
    plainly: ClassVar[str] = "Your enquiry was answered in full"


class CallQueued(Facts):
    """A call came in and waits."""

    type: ClassVar[str] = "enquiries.call-queued"
    plainly: ClassVar[str] = "Your call reached us"


class CallAnswered(Facts):
    """Somebody took the call."""

    type: ClassVar[str] = "enquiries.call-answered"
    plainly: ClassVar[str] = "Your call was answered"


class CallAbandoned(Facts):
    """The caller hung up before anybody took the call; nothing more is promised about it."""

    type: ClassVar[str] = "enquiries.call-abandoned"
    plainly: ClassVar[str] = "The call was ended before we answered"
