"""The tables of an enquiry: its own, what was written to and fro, and what another case asked for."""

from datetime import date, datetime

from sqlalchemy import (
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.enquiries.models.base import Base
from services.enquiries.policy.enquiry import LIFECYCLE, Action, Status
from shared.cases.asking import AskingColumns, asking_index
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.columns import CaseColumns, case_indexes
from shared.cases.reasons import ReasonColumns
from shared.db.tables import INSTANT


class Enquiry(CaseColumns, Base):
    """An enquiry or a request for information, from its receipt to the full answer."""

    __tablename__ = "enquiries"
    __table_args__ = (
        # each serves cases.queries.listed
        *case_indexes("enquiries"),
        # filters of the same names
        Index("ix_enquiries_kind", "kind", "received_at", "reference"),
        Index(
            "ix_enquiries_about_reference",
            "about_reference",
            "received_at",
            "reference",
            postgresql_where=text("about_reference IS NOT NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    resolved_at_first_contact: Mapped[bool]
    expected_answer_on: Mapped[date | None] = mapped_column(Date)
    referred_to: Mapped[str | None] = mapped_column(Text)
    # the date that the latest holding reply or notice of more time gave
    respond_by: Mapped[date | None] = mapped_column(Date)
    need: Mapped[str | None] = mapped_column(Text)
    need_told_at: Mapped[datetime | None] = mapped_column(INSTANT)
    extended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    complaint_requested_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # the case of another service that it is about
    about_reference: Mapped[str | None] = mapped_column(Text)
    # the complaint that asked for it
    made_from: Mapped[str | None] = mapped_column(Text)

    def move(self, action: Action) -> None:
        """Move by an act that the lifecycle allows; the table says where to."""
        self.status = str(LIFECYCLE.after(action, Status(self.status)))


class Message(Base):
    """One text that was written to and fro about an enquiry, word for word."""

    __tablename__ = "messages"

    reference: Mapped[str] = mapped_column(Text, ForeignKey("enquiries.reference"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # of the event that tells of it, by which a letter of ours is asked for as it is sent
    sequence: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(INSTANT)
    written_by: Mapped[str] = mapped_column(Text)


class MessageAttachment(Base):
    """A file that came with a message."""

    __tablename__ = "message_attachments"
    __table_args__ = (
        ForeignKeyConstraint(["reference", "message"], ["messages.reference", "messages.number"]),
    )

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    message: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class TakenUp(AskingColumns, Base):
    """A complaint whose request was taken up as an enquiry; complaints is asked whom to tell."""

    __tablename__ = "taken_up"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("taken_up"),)

    complaint: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("enquiries.reference"))


class Reason(ReasonColumns, Base):
    """A reason given for an act on an enquiry, for officers' eyes and in no event."""

    __tablename__ = "reasons"
    __table_args__ = (ForeignKeyConstraint(["reference"], ["enquiries.reference"]),)


class Attachment(AttachmentColumns, Base):
    """A photo or document kept with an enquiry."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], ["enquiries.reference"]),
        # what is sent again (a phone that lost signal) is the same attachment; serves its queries.listed too
        UniqueConstraint("reference", "uploaded_by", "kind", "digest"),
    )
