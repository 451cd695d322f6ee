"""The table of letters that were sent, as they were sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models.cases import Base
from shared.db.tables import INSTANT


class SentLetter(Base):
    """The words about one case in a letter, as its reader got them, until their retention ends.

    A digest has one row for each case that it tells of, so that each is shown to whom its case is shown. Of a
    guarded case nothing is kept here, nor of a letter that the case's owner wrote and keeps.
    """

    __tablename__ = "sent_letters"
    __table_args__ = (
        # serves sent.forget; of rows that are only added, a BRIN index is small and costs nothing
        Index("ix_sent_letters_sent_at", "sent_at", postgresql_using="brin"),
    )

    letter: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    # ISO 639-1
    language: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(INSTANT)


class NoticeRead(Base):
    """The mark that somebody has read a notice in their inbox."""

    __tablename__ = "notices_read"

    notice: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    # a digest of the identity, which names nobody
    reader: Mapped[str] = mapped_column(Text, primary_key=True)
    read_at: Mapped[datetime] = mapped_column(INSTANT)
