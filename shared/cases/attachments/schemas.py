"""Answers about attachments."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, PrivateAttr

from shared.cases.attachments.models import AttachmentColumns
from shared.cases.attachments.policy import AttachmentKind
from shared.cases.formats import Instant


class AttachmentOut(BaseModel):
    """A photo or a signature, without its content."""

    id: UUID
    kind: AttachmentKind
    media_type: str
    size: int
    uploaded_at: Instant
    firm: str | None
    _location: str = PrivateAttr()

    @property
    def path(self) -> str:
        """The path at which the file is read."""
        return self._location

    @classmethod
    def of(cls, attachment: AttachmentColumns, path: str) -> Self:
        """The attachment of a case that is read under `path`, such as /v1/repairs."""
        shown = cls.model_validate(attachment, from_attributes=True)
        shown._location = f"{path}/{attachment.reference}/attachments/{attachment.id}"
        return shown
