"""The first tables of anti-social behaviour."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db import migration_steps as steps

revision = "asb_0001"
down_revision = None

CASE = "cases.reference"


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """A column of text."""
    return sa.Column(name, sa.Text(), nullable=nullable)


def flag(name: str, *, nullable: bool = False) -> sa.Column[bool]:
    """A column that is true or false."""
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def number(name: str) -> sa.Column[int]:
    """A column of whole numbers, which the service counts."""
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def instant(name: str, *, nullable: bool = True) -> sa.Column[object]:
    """A column of instants."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A column of JSON."""
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=nullable)


def case_key(table: str) -> sa.ForeignKeyConstraint:
    """The foreign key of a part to its case."""
    return sa.ForeignKeyConstraint(["reference"], [CASE], name=op.f(f"fk_{table}_reference_cases"))


def upgrade() -> None:
    """Create them."""
    steps.create_shared_tables()
    steps.add_holidays_elsewhere()
    steps.add_standing()
    steps.note_created_cases()
    steps.add_calendar_changes()
    create_cases()
    create_parts()
    create_attachments()
    create_reads()
    steps.add_property_spellings()


def create_cases() -> None:
    """Cases, with what people say in few columns."""
    texts = postgresql.ARRAY(sa.Text())
    op.create_table(
        "cases",
        *steps.case_columns("cases"),
        text("needs_scope", nullable=True),
        sa.Column("team", texts, nullable=True),
        text("kept_from", nullable=True),
        text("reporter"),
        text("category"),
        flag("hate_incident"),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        text("description"),
        json("property", nullable=True),
        json("alleged_perpetrator", nullable=True),
        sa.Column("people", texts, nullable=False),
        text("joined_to", nullable=True),
        text("update_frequency"),
        text("risk", nullable=True),
        flag("high_risk"),
        instant("risk_assessed_at"),
        flag("risk_to_assess"),
        flag("risk_review_due"),
        instant("closed_at"),
        instant("survey_sent_at"),
        instant("survey_answered_at"),
        flag("satisfied", nullable=True),
        text("case_review", nullable=True),
        number("recommendations_to_complete"),
    )
    steps.keep_changes("cases")
    steps.add_residents("cases")
    steps.create_list_indexes("cases")
    op.create_index("ix_cases_people", "cases", ["people"], postgresql_using="gin")
    is_joined = sa.text("joined_to IS NOT NULL")
    op.create_index("ix_cases_joined_to", "cases", ["joined_to"], postgresql_where=is_joined)
    op.create_index("ix_cases_high_risk", "cases", ["high_risk", "received_at", "reference"])


def create_parts() -> None:
    """The incidents of a case, its diary, damages and case reviews."""
    op.create_table(
        "incidents",
        text("reference"),
        number("number"),
        text("description", nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        text("reported_to"),
        text("told_by"),
        instant("told_at", nullable=False),
        case_key("incidents"),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_incidents")),
    )
    op.create_table(
        "diary",
        text("reference"),
        number("sequence"),
        text("act"),
        json("said"),
        text("told_by"),
        instant("occurred_at", nullable=False),
        case_key("diary"),
        sa.PrimaryKeyConstraint("reference", "sequence", name=op.f("pk_diary")),
    )
    broken = sa.text("act = 'break-glass'")
    op.create_index("ix_diary_break_glass", "diary", ["occurred_at", "reference"], postgresql_where=broken)
    op.create_table(
        "damages",
        text("reference"),
        number("number"),
        text("fault", nullable=True),
        text("for_contractor", nullable=True),
        flag("our_repair_responsibility"),
        instant("reported_at", nullable=False),
        instant("made_safe_at"),
        case_key("damages"),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_damages")),
    )
    op.create_table(
        "case_reviews",
        text("reference"),
        number("number"),
        text("status"),
        instant("applied_at", nullable=False),
        flag("consent", nullable=True),
        number("qualifying_reports"),
        json("referrals"),
        instant("decided_at"),
        instant("concluded_at"),
        sa.Column("told_on", sa.Date(), nullable=True),
        json("said"),
        sa.Column("completed_on", postgresql.ARRAY(sa.Date()), nullable=False),
        case_key("case_reviews"),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_case_reviews")),
    )
    op.create_index("ix_case_reviews_applied_at", "case_reviews", ["applied_at"])


def create_attachments() -> None:
    """Photos and documents."""
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        text("reference"),
        text("kind"),
        text("media_type"),
        number("size"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        instant("uploaded_at", nullable=False),
        text("uploaded_by"),
        text("firm", nullable=True),
        text("firm_key", nullable=True),
        case_key("attachments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint(
            "reference",
            "uploaded_by",
            "kind",
            "digest",
            name=op.f("uq_attachments_reference_uploaded_by_kind_digest"),
        ),
    )


def create_reads() -> None:
    """The audit of reads, to which rows are only ever added."""
    op.create_table(
        "reads",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        text("reference"),
        instant("read_at", nullable=False),
        text("read_by"),
        text("role"),
        text("purpose"),
        text("request_id", nullable=True),
        case_key("reads"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reads")),
    )
    op.create_index("ix_reads_reference", "reads", ["reference", "number"])
