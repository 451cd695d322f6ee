"""The tables of repairs that no feature owns: the repair, what was told of its job, reasons, photos."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from services.repairs.case import policy
from services.repairs.case.guide import EMERGENCY
from services.repairs.case.policy import Status, Update
from services.repairs.case.situation import Situation
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.columns import PropertyColumns, case_indexes, property_indexes
from shared.cases.reasons import ReasonColumns
from shared.db.tables import INSTANT, service_metadata
from shared.text import compared

WAITING = text("queue IS NOT NULL AND contractor IS NULL AND ended_at IS NULL")


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()


class Repair(PropertyColumns, Base):
    """A repair, from report to completion."""

    __tablename__ = "repairs"
    # each serves cases.queries.listed
    __table_args__ = (
        *case_indexes("repairs"),
        *property_indexes("repairs"),
        # a firm's, and the filter by one
        Index(
            "ix_repairs_contractor_key",
            "contractor_key",
            "received_at",
            "reference",
            postgresql_where=text("contractor_key IS NOT NULL"),
        ),
        Index("ix_repairs_queue", "queue", "received_at", "reference", postgresql_where=WAITING),
    )

    fault: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger)
    description: Mapped[str] = mapped_column(Text)
    vulnerable: Mapped[bool]
    other_working_toilet: Mapped[bool | None]
    at_toilet_pan: Mapped[bool | None]
    tenure: Mapped[str | None] = mapped_column(Text)
    caused_by_resident: Mapped[bool]
    handyperson: Mapped[bool]
    # the needs of the household as residents told them when it was reported, if two must go as told last;
    # null: nothing was asked, or not answered
    household: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # the handyperson's, or null for the ordinary way
    queue: Mapped[str | None] = mapped_column(Text)
    contractor: Mapped[str | None] = mapped_column(Text)
    # the contractor as firms are compared, and every firm that has or had the job
    contractor_key: Mapped[str | None] = mapped_column(Text)
    firms: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    # the contractor has the job because their slot was booked, not because an officer said so
    given_by_booking: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # in pounds, the latest
    estimate: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    # an emergency hazard of the home is not made safe yet
    emergency_hazard: Mapped[bool] = mapped_column(default=False)

    @validates("contractor")
    def _note_firm(self, _: str, contractor: str | None) -> str | None:
        if contractor is None:
            self.contractor_key = None
            return None
        self.contractor_key = compared(contractor)
        self.firms = sorted({*(self.firms or ()), self.contractor_key})
        return contractor

    @property
    def written_to(self) -> dict[str, Any]:
        """The contact, which is not safe either where it is not safe to write to the household."""
        is_safe = (self.household or {}).get("safe_to_contact", True)
        return self.contact if is_safe else {**self.contact, "safe_to_contact": False}

    @property
    def is_for_the_vulnerable(self) -> bool:
        """Tell whether the report names somebody vulnerable, or residents knows of somebody."""
        return self.vulnerable or (self.household or {}).get("vulnerable", False)

    @property
    def visit_in_pairs(self) -> bool:
        """Tell whether nobody goes there alone, by the latest word of residents."""
        return bool((self.household or {}).get("visit_in_pairs", False))

    @property
    def access_needs(self) -> str | None:
        """Access needs for a visitor: the report's words, then those that the household gave before."""
        said = (self.contact.get("access_needs"), (self.household or {}).get("access_needs"))
        return "\n".join(dict.fromkeys(words for words in said if words)) or None

    def is_open(self) -> bool:
        """Tell whether it has neither been completed nor cancelled."""
        return Status(self.status) not in policy.ENDED

    @property
    def is_emergency(self) -> bool:
        """An emergency by the guide or by an officer, or for a hazard that is not made safe yet."""
        return self.priority == EMERGENCY or bool(self.emergency_hazard)

    def situation(self, now: datetime, **facts: Any) -> Situation:
        """The situation at `now`, with the facts besides the repair's own that a rule looks at."""
        return Situation(
            now=now,
            status=Status(self.status),
            priority=self.priority,
            is_with_firm=self.contractor is not None,
            emergency_hazard=bool(self.emergency_hazard),
            **facts,
        )

    def takes(self, at: datetime) -> bool:
        """Tell whether an update that happened at `at` can still be taken.

        One from before the end is history that came late, and welcome.
        """
        return self.ended_at is None or at <= self.ended_at

    def take(self, update: Update, at: datetime) -> None:
        """Move by an update that happened at `at`."""
        assert self.takes(at)
        self.status = policy.status_after(Status(self.status), update)
        if update is Update.COMPLETED:
            self.ended_at = min(at, self.ended_at or at)

    def assign(self, contractor: str, *, by_booking: bool = False) -> None:
        """Give the job to a firm."""
        assert self.is_open()
        self.contractor, self.given_by_booking = contractor, by_booking

    def hand_back(self) -> None:
        """Leave it with no firm: the next one begins anew, but what was done for good stays done."""
        assert self.is_open()
        self.contractor, self.given_by_booking = None, False
        self.status = policy.status_handed_back(Status(self.status))

    def set_priority(self, priority: int, queue: str | None) -> None:
        """Give it another priority, and the queue that goes with it: an emergency waits in none."""
        assert self.is_open()
        self.priority, self.queue = priority, queue

    def cancel(self, at: datetime) -> None:
        """End it unfinished."""
        assert self.is_open()
        self.status, self.ended_at, self.emergency_hazard = Status.CANCELLED, at, False


class JobUpdate(Base):
    """An update told of a job, with the time it happened and the time it reached us."""

    __tablename__ = "job_updates"
    # an update that is sent again in the same words (a phone that lost signal) is the same update
    __table_args__ = (UniqueConstraint("reference", "fingerprint"),)

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"))
    type: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_by: Mapped[str] = mapped_column(Text)
    # whose words these are, as firms are compared, and which alone reads them again; null: an officer's
    firm: Mapped[str | None] = mapped_column(Text)
    operative: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # see actions/fingerprints.py
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    # of a backdated one, which changes nothing until an officer accepts it
    decision: Mapped[str | None] = mapped_column(Text)


class Reason(ReasonColumns, Base):
    """A reason given for an act on a repair, for officers' eyes and in no event."""

    __tablename__ = "reasons"
    __table_args__ = (ForeignKeyConstraint(["reference"], ["repairs.reference"]),)


class Attachment(AttachmentColumns, Base):
    """A photo or a signature kept with a repair."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], ["repairs.reference"]),
        # what is sent again (a phone that lost signal) is the same attachment; serves its queries.listed too
        UniqueConstraint("reference", "uploaded_by", "kind", "digest"),
    )
