"""Answers about an enquiry."""

from datetime import date
from typing import Any, ClassVar

from pydantic import BaseModel

from services.enquiries.events import Need, Service
from services.enquiries.models import Enquiry, Message, MessageAttachment
from services.enquiries.policy.enquiry import Kind
from services.enquiries.policy.messages import MessageKind
from shared.cases.contact import ContactOut
from shared.cases.formats import Instant
from shared.cases.schemas import AnswerModel, CaseOut


class EnquiryOut(CaseOut):
    """An enquiry, as its enquirer and officers see it."""

    collection: ClassVar[str] = "/v1/enquiries"

    kind: Kind
    subject: str
    message: str
    resolved_at_first_contact: bool
    expected_answer_on: date | None
    referred_to: Service | None
    respond_by: date | None
    need: Need | None
    about_reference: str | None
    made_from: str | None
    complaint_requested_at: Instant | None
    contact: ContactOut

    @classmethod
    def kept(cls, enquiry: Enquiry) -> dict[str, Any]:
        """The fields that the enquiry's own row has."""
        own = cls.model_fields.keys() - CaseOut.model_fields.keys() - {"contact"}
        return {name: getattr(enquiry, name) for name in own} | {"contact": ContactOut.of(enquiry.contact)}


class MessageAttachmentOut(AnswerModel):
    """A file that came with a message, without its content."""

    number: int
    name: str
    media_type: str
    size: int


class MessageOut(BaseModel):
    """One text that was written to and fro, word for word."""

    number: int
    kind: MessageKind
    subject: str
    text: str
    written_at: Instant
    written_by: str
    attachments: list[MessageAttachmentOut]

    @classmethod
    def of(cls, message: Message, attachments: list[MessageAttachment]) -> "MessageOut":
        """A message with what came with it."""
        shown = {name: getattr(message, name) for name in cls.model_fields if name != "attachments"}
        files = [MessageAttachmentOut.of(each) for each in attachments]
        return cls.model_validate({**shown, "attachments": files})
