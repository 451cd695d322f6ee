"""Problems on estates that were referred to us, each with its case."""

import sqlalchemy as sa
from alembic import op

revision = "asb_0007"
down_revision = "asb_0006"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "estate_issues",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("ask_again_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.reference"], name=op.f("fk_estate_issues_case_cases")),
        sa.PrimaryKeyConstraint("issue", name=op.f("pk_estate_issues")),
        sa.UniqueConstraint("case", name=op.f("uq_estate_issues_case")),
    )
    op.create_index(
        "ix_estate_issues_unanswered",
        "estate_issues",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
