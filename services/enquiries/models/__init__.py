"""The tables of enquiries, a file each kind of case."""

from services.enquiries.models.base import Base
from services.enquiries.models.enquiry import (
    Attachment,
    Enquiry,
    Message,
    MessageAttachment,
    Reason,
    TakenUp,
)

__all__ = ["Attachment", "Base", "Enquiry", "Message", "MessageAttachment", "Reason", "TakenUp"]
