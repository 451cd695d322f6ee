"""The tables of notices, and of the attempts to deliver the letters that they leave in."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    false,
    func,
    null,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from services.notifications.models.cases import Base
from services.notifications.policy import DEPARTMENT, OUTSIDE, RESIDENT, Attempt, Urgency, other_department
from shared.db.tables import INSTANT


class Notice(Base):
    """Something to tell somebody, at most once for each rung of each deadline; it names no person."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint(
            *("reference", "standard", "started_by", "rung", "audience", "due_at", "beside_email"),
            name="uq_notices_identity",
        ),
        # serves queries.claim
        Index(
            "ix_notices_pending", "urgency", "next_attempt_at", postgresql_where=text("status = 'pending'")
        ),
        # serves inboxes.entries
        Index("ix_notices_sent", "sent_at", "id", postgresql_where=text("sent_at IS NOT NULL")),
        # serves arrivals.arrived and whatever else a receipt or a mail that came back asks for
        Index("ix_notices_sent_with", "sent_with", postgresql_where=text("sent_with IS NOT NULL")),
        # serves arrivals.note_arrived
        Index(
            "ix_notices_came_back",
            "came_back",
            postgresql_using="gin",
            postgresql_ops={"came_back": "jsonb_path_ops"},
            postgresql_where=text("came_back <> '[]'"),
        ),
        # serves duty_texts.unheard_of
        Index(
            "ix_notices_duty_phone",
            "sent_at",
            postgresql_where=text(
                "to_duty_phone AND NOT beside_email AND status = 'sent' AND delivered_at IS NULL"
            ),
        ),
        # serves queries.claim, which takes a case's waiting notices together
        Index("ix_notices_pending_of", "reference", postgresql_where=text("status = 'pending'")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    # see policy.Urgency
    urgency: Mapped[int] = mapped_column(SmallInteger)
    # of the deadline it is about; a notice that follows an event has "" and the event's sequence
    standard: Mapped[str] = mapped_column(Text, default="")
    started_by: Mapped[int] = mapped_column(Integer, default=0)
    rung: Mapped[str] = mapped_column(Text)
    # the deadline's date when the notice was written, or when the case was received
    due_at: Mapped[datetime] = mapped_column(INSTANT)
    # earlier rungs that this notice stands for, after an outage
    stands_for: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    status: Mapped[str] = mapped_column(Text, default="pending")
    reason: Mapped[str | None] = mapped_column(Text)
    owed_at: Mapped[datetime] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT, server_default=func.now())
    next_attempt_at: Mapped[datetime] = mapped_column(INSTANT, server_default=func.now())
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    kept_by_owner: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # it leaves as a text to the duty telephone of its department
    to_duty_phone: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # another notice tells its department the same by email
    beside_email: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # the letter it leaves in, from when it is taken up; kept while nobody knows if that letter has left, also
    # once it is given up on
    sent_with: Mapped[UUID | None] = mapped_column(Uuid)
    # that letter is a digest, which tells of other cases too
    in_digest: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    channel: Mapped[str | None] = mapped_column(Text)
    receipt: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # when the provider says that it reached its reader; a channel without receipts never says so
    delivered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # the forms in which it came back, and those of the staff whom it did not reach: none is tried again
    failed_forms: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    # the letters that came back, or may have left before it left again, each {letter, sent_at, told,
    # told_dates, channel, receipt} as it was noted
    came_back: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    # who was really told, once it is sent; `audience` stays whom it was meant for, being part of its identity
    told: Mapped[str | None] = mapped_column(Text)
    # the promises whose dates it told, each {standard, started_by, due_at}; None until it is sent
    told_dates: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    # see queries.leaving.Said: what the letter in which it is leaving says; noted as told once that has left
    leaving: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # the message that was said, and the version of its words
    message: Mapped[str | None] = mapped_column(Text)
    message_version: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    # read by lists of notices alone, see AS_SENT in queries.sent
    words_kept: Mapped[bool] = query_expression(default_expr=false())
    form: Mapped[str | None] = query_expression(default_expr=null())

    @property
    def key(self) -> tuple[str, int]:
        """The identity, within its case, of the promise it is about."""
        return self.standard, self.started_by

    @property
    def reader(self) -> str:
        """The audience that was told, or is to be."""
        return self.told or self.audience

    @property
    def left_with(self) -> UUID | None:
        """The letter that it has left in."""
        return self.sent_with if self.sent_at else None

    @hybrid_property
    def is_for_resident(self) -> bool:
        """Tell whether it is meant for the resident."""
        return self.audience == RESIDENT

    @property
    def is_for_staff(self) -> bool:
        """Tell whether it is meant for somebody of the council."""
        return self.audience not in OUTSIDE

    @hybrid_property
    def is_for_a_digest(self) -> bool:
        """Tell whether it waits for its reader's digest: it is for staff, and can wait."""
        return self.is_for_staff and self.urgency > Urgency.AT_ONCE

    @is_for_a_digest.inplace.expression
    @classmethod
    def _is_for_a_digest(cls) -> ColumnElement[bool]:
        return and_(cls.audience.not_in(OUTSIDE), cls.urgency > Urgency.AT_ONCE)

    @hybrid_property
    def letter_to(self) -> str:
        """The readers of its letter: one outside, or a telephone, is written to alone, staff together."""
        if self.to_duty_phone:
            return f"{self.audience} on duty" if other_department(self.audience) else "on duty"
        return "staff" if self.is_for_staff else self.audience

    @letter_to.inplace.expression
    @classmethod
    def _letter_to(cls) -> ColumnElement[str]:
        return case(
            (and_(cls.to_duty_phone, cls.audience.endswith(f" {DEPARTMENT}")), cls.audience + " on duty"),
            (cls.to_duty_phone, "on duty"),
            (cls.audience.in_(OUTSIDE), cls.audience),
            else_="staff",
        )


class LetterAttempt(Base):
    """One attempt to bring a letter by one channel; it names no person and no address.

    A channel that takes one reader at a time has an attempt for each of them, under a name of its own.
    """

    __tablename__ = "letter_attempts"
    __table_args__ = (
        # serves attempts.hear
        Index("ix_letter_attempts_receipt", "receipt", postgresql_where=text("receipt IS NOT NULL")),
        # serves attempts.of_letters
        Index("ix_letter_attempts_part_of", "part_of", postgresql_where=text("part_of IS NOT NULL")),
        # serves attempts.begun_within
        Index("ix_letter_attempts_began_at", "channel", "began_at"),
        # serves attempts.times_said
        Index(
            "ix_letter_attempts_content", "content", "began_at", postgresql_where=text("content IS NOT NULL")
        ),
        # serves attempts.unheard_of
        Index(
            "ix_letter_attempts_unheard_of", "channel", "asked_at", postgresql_where=text("status = 'sent'")
        ),
        # serves attempts.forget; of rows that are only added, a BRIN index is small and costs nothing
        Index("ix_letter_attempts_age", "began_at", postgresql_using="brin"),
    )

    letter: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # the letter that notices name in `sent_with`, where this is for one of its readers; None: it is that one
    part_of: Mapped[UUID | None] = mapped_column(Uuid)
    # it goes along with that letter, for somebody who helps its reader
    is_copy: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    reference: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    # see channels.Form
    form: Mapped[str] = mapped_column(Text)
    # see policy.AttemptState, and its instant by the provider's clock
    status: Mapped[str] = mapped_column(Text)
    status_at: Mapped[datetime] = mapped_column(INSTANT)
    # by then it is noted how it went, or whoever sent it has died
    leased_until: Mapped[datetime | None] = mapped_column(INSTANT)
    began_at: Mapped[datetime] = mapped_column(INSTANT, server_default=func.now())
    # when its provider was asked last what became of it; at first, when it began
    asked_at: Mapped[datetime] = mapped_column(INSTANT, server_default=func.now())
    receipt: Mapped[str | None] = mapped_column(Text)
    # see policy.Failure
    failure: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    # of a text message: a digest of words and number, by which the same words to one telephone are counted
    content: Mapped[str | None] = mapped_column(Text)

    @property
    def sent_with(self) -> UUID:
        """The letter that it brings, or brings to one of its readers."""
        return self.part_of or self.letter

    @property
    def is_in_doubt(self) -> bool:
        """Tell one that may have left, of which its provider has not said so."""
        return self.status != Attempt.FAILED and self.receipt is None
