"""The tables of enquiries, a file each kind of case."""

from services.enquiries.models.base import Base
from services.enquiries.models.call import Call, EarlyCallPart
from services.enquiries.models.enquiry import (
    Attachment,
    Enquiry,
    Message,
    MessageAttachment,
    Reason,
    TakenUp,
)
from services.enquiries.models.mail import InboundMail
from services.enquiries.models.office import Appointment, Feedback, Improvement, Visit

__all__ = [
    "Appointment",
    "Attachment",
    "Base",
    "Call",
    "EarlyCallPart",
    "Enquiry",
    "Feedback",
    "Improvement",
    "InboundMail",
    "Message",
    "MessageAttachment",
    "Reason",
    "TakenUp",
    "Visit",
]
