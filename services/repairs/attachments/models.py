"""The table of attachments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.models import Base
from shared.db.tables import INSTANT


class Attachment(Base):
    """A photo or a signature; its content is read only when it is asked for."""

    __tablename__ = "attachments"
    # what is sent again (a phone that lost signal) is the same attachment; serves queries.listed too
    __table_args__ = (UniqueConstraint("reference", "uploaded_by", "kind", "digest"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"))
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
