"""The table of mails and texts that came in: one that is sent again is known, and no address is flooded."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.enquiries.models.base import Base
from shared.db.tables import INSTANT


class InboundMail(Base):
    """A mail or text that came in, and what came of it; its words are with the case, or here without one."""

    __tablename__ = "inbound_mails"
    __table_args__ = (
        # serves queries.mail.acknowledged_since
        Index(
            "ix_inbound_mails_acknowledged",
            "sender",
            "received_at",
            postgresql_where=text("acknowledged"),
        ),
        # serves queries.mail.of_no_case
        Index(
            "ix_inbound_mails_of_no_case",
            "received_at",
            "digest",
            postgresql_where=text("reference IS NULL"),
        ),
        # serves queries.mail.was_filed_since
        Index("ix_inbound_mails_reference", "reference", "received_at"),
    )

    # of the whole mail, as it came, or of the id that a text message has at its provider
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    reference: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(Text)
    # the address, as addresses are compared, or the telephone number
    sender: Mapped[str] = mapped_column(Text)
    acknowledged: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    subject: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
