"""The tables of residents: the address book, tenancies, and who read what is kept of a household."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.residents import policy
from services.residents.policy import Needs, Situation, Status, WelfareAction, WelfareSituation, WelfareStatus
from shared.cases.asking import AskingColumns, asking_index
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.columns import PropertyColumns, case_indexes, property_indexes
from shared.cases.property import reference_key
from shared.cases.reads import ReadColumns
from shared.db.tables import INSTANT, service_metadata

NOT_ENDED = text(f"status <> '{Status.ENDED}'")


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()


class Home(Base):
    """A home in the address book."""

    __tablename__ = "homes"
    __table_args__ = (
        # serves queries.homes
        Index("ix_homes_postcode", "postcode", "id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    uprn: Mapped[str | None] = mapped_column(Text, unique=True)
    property_reference: Mapped[str | None] = mapped_column(Text)
    # as references are compared
    reference_key: Mapped[str | None] = mapped_column(Text, unique=True)
    address: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str] = mapped_column(Text)
    block: Mapped[str | None] = mapped_column(Text)
    estate: Mapped[str | None] = mapped_column(Text)

    @property
    def spelling(self) -> dict[str, str]:
        """The id of the home, with what it is known by."""
        known = {"id": self.id, "uprn": self.uprn, "property_reference": self.property_reference}
        return {name: said for name, said in known.items() if said}

    def spell(self, uprn: str | None, property_reference: str | None) -> None:
        """Give it these spellings."""
        self.uprn, self.property_reference = uprn, property_reference
        self.reference_key = reference_key(property_reference) if property_reference else None


class Tenancy(PropertyColumns, Base):
    """A tenancy, from its start to its end, with what is known of its household."""

    __tablename__ = "tenancies"
    __table_args__ = (
        *case_indexes("tenancies"),
        *property_indexes("tenancies"),
        # serves queries.households
        Index("ix_tenancies_home", "home", postgresql_where=NOT_ENDED),
    )

    home: Mapped[str] = mapped_column(Text, ForeignKey("homes.id"))
    tenant: Mapped[str] = mapped_column(Text)
    # each {"tenant", "contact"}
    joint_tenants: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    started_on: Mapped[date] = mapped_column(Date)
    care_leaver: Mapped[bool]
    vulnerable: Mapped[bool]
    # nobody goes there alone, the reason of the latest word on it, and the day of its review; for officers
    visit_in_pairs: Mapped[bool] = mapped_column(default=False)
    visit_in_pairs_reason: Mapped[str | None] = mapped_column(Text)
    visit_in_pairs_review_on: Mapped[date | None] = mapped_column(Date)
    visit_at: Mapped[datetime | None] = mapped_column(INSTANT)
    visited_at: Mapped[datetime | None] = mapped_column(INSTANT)
    identification_shown: Mapped[bool | None]
    support_plan: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    why_no_plan: Mapped[str | None] = mapped_column(Text)
    # when a plan was asked for that is still to be made
    plan_asked_for_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_on: Mapped[date | None] = mapped_column(Date)

    @property
    def contacts(self) -> list[dict[str, Any]]:
        """The contacts of all tenants, the first tenant's first."""
        return [self.contact, *(joint["contact"] for joint in self.joint_tenants)]

    @property
    def written_to(self) -> dict[str, Any]:
        return dict(policy.written_to(self.contacts))

    @property
    def needs(self) -> Needs:
        """The needs of the household."""
        return Needs.of_household(
            [
                Needs(
                    vulnerable=self.vulnerable,
                    access_needs=contact.get("access_needs"),
                    safe_to_contact=policy.may_be_written_to(contact),
                    visit_in_pairs=self.visit_in_pairs,
                )
                for contact in self.contacts
            ]
        )

    @property
    def situation(self) -> Situation:
        """The facts by which its lifecycle judges an act."""
        return Situation(status=Status(self.status), plan_is_asked_for=self.plan_asked_for_at is not None)


class Attachment(AttachmentColumns, Base):
    """A photo or a signature kept with a tenancy."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], ["tenancies.reference"]),
        # what is sent again (a phone that lost signal) is the same attachment; serves its queries.listed too
        UniqueConstraint("reference", "uploaded_by", "kind", "digest"),
    )


class Read(ReadColumns, Base):
    """A reading of what is kept of a household."""

    __tablename__ = "reads"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], ["tenancies.reference"]),
        # serves shared/cases/reads.py
        Index("ix_reads_reference", "reference", "number"),
    )


class Referral(AskingColumns, Base):
    """A complaint that asked for something of ours, and the tenancy that it is dealt with under."""

    __tablename__ = "referrals"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("referrals"),)

    complaint: Mapped[str] = mapped_column(Text, primary_key=True)
    tenancy: Mapped[str | None] = mapped_column(Text, ForeignKey("tenancies.reference"))


class Welfare(PropertyColumns, Base):
    """A worry about a resident in a home, which a problem on an estate told of."""

    __tablename__ = "welfare"
    __table_args__ = (*case_indexes("welfare"), *property_indexes("welfare"))

    # the problem's reference
    made_from: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    # what is known of the household in the home
    household: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    visited_at: Mapped[datetime | None] = mapped_column(INSTANT)
    seen: Mapped[bool | None]
    visit_notes: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    outcome: Mapped[str | None] = mapped_column(Text)
    closing_notes: Mapped[str | None] = mapped_column(Text)

    @property
    def situation(self) -> WelfareSituation:
        """The facts by which its lifecycle judges an act."""
        return WelfareSituation(status=WelfareStatus(self.status))

    def move(self, action: WelfareAction) -> None:
        """Move by an act that the lifecycle allows; the table says where to."""
        self.status = str(policy.WELFARE.after(action, WelfareStatus(self.status)))


class WelfareRead(ReadColumns, Base):
    """A reading of a worry about a resident."""

    __tablename__ = "welfare_reads"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], ["welfare.reference"]),
        # serves shared/cases/reads.py
        Index("ix_welfare_reads_reference", "reference", "number"),
    )


class WelfareReferral(AskingColumns, Base):
    """A problem on an estate that was referred to us, and its case; estates is asked about it."""

    __tablename__ = "welfare_referrals"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("welfare_referrals"),)

    issue: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("welfare.reference"))
