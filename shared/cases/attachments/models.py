"""The columns of a service's table of attachments."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Integer, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, validates

from shared.db.tables import INSTANT
from shared.text import compared


class AttachmentColumns:
    """Columns of a photo or a signature; its content is read only when it is asked for.

    The table adds the foreign key of its cases, and makes (reference, uploaded_by, kind, digest) unique: a
    file that is sent again (by a phone that lost signal) is the same attachment.
    """

    # a resident is shown the photos of everybody, not only their own
    residents_see_photos: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reference: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    # of the file as it was sent, with its metadata
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    uploaded_at: Mapped[datetime] = mapped_column(INSTANT)
    uploaded_by: Mapped[str] = mapped_column(Text)
    # the contractor's company, if one of its people sent it
    firm: Mapped[str | None] = mapped_column(Text)
    # as firms are compared
    firm_key: Mapped[str | None] = mapped_column(Text)

    @validates("firm")
    def _note_firm(self, _: str, firm: str | None) -> str | None:
        self.firm_key = None if firm is None else compared(firm)
        return firm
