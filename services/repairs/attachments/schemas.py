"""What callers receive about attachments."""

from uuid import UUID

from pydantic import BaseModel

from services.repairs.attachments.models import Attachment
from services.repairs.attachments.policy import AttachmentKind
from shared.http.schemas import Instant


class AttachmentOut(BaseModel):
    """A photo or a signature, without its content."""

    id: UUID
    kind: AttachmentKind
    media_type: str
    size: int
    uploaded_at: Instant
    firm: str | None

    @classmethod
    def of(cls, attachment: Attachment) -> "AttachmentOut":
        """What is known of it."""
        return cls(
            id=attachment.id,
            kind=AttachmentKind(attachment.kind),
            media_type=attachment.media_type,
            size=attachment.size,
            uploaded_at=attachment.uploaded_at,
            firm=attachment.firm,
        )
