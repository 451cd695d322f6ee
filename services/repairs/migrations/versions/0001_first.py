"""The first tables of repairs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db.migration_steps import create_shared_tables

revision = "repairs_0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    create_shared_tables()
    op.create_table(
        "appliances",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("property", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("last_serviced_on", sa.Date(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_because", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("handler_name", sa.Text(), nullable=True),
        sa.Column("contact", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_appliances")),
    )
    op.create_index(
        "ix_appliances_next_due_at",
        "appliances",
        ["next_due_at", "reference"],
        unique=False,
        postgresql_where=sa.text("status = 'registered'"),
    )
    op.create_index(
        "ix_appliances_kind_home",
        "appliances",
        ["kind", "home"],
        unique=False,
        postgresql_where=sa.text("status = 'registered'"),
    )
    op.create_table(
        "repairs",
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("property", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("other_working_toilet", sa.Boolean(), nullable=True),
        sa.Column("caused_by_resident", sa.Boolean(), nullable=False),
        sa.Column("handyperson", sa.Boolean(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("contractor", sa.Text(), nullable=True),
        sa.Column("given_by_booking", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("handler_name", sa.Text(), nullable=True),
        sa.Column("contact", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_repairs")),
    )
    op.create_index(
        "ix_repairs_contractor",
        "repairs",
        ["contractor"],
        unique=False,
        postgresql_where=sa.text("contractor IS NOT NULL"),
    )
    op.create_index(
        "ix_repairs_queue", "repairs", ["queue"], unique=False, postgresql_where=sa.text("queue IS NOT NULL")
    )
    op.create_index(
        "ix_repairs_received_at",
        "repairs",
        [sa.literal_column("received_at DESC"), sa.literal_column("reference DESC")],
        unique=False,
    )
    op.create_index("ix_repairs_reported_by", "repairs", ["reported_by"], unique=False)
    op.create_table(
        "slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contractor", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("booked", sa.SmallInteger(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("booked BETWEEN 0 AND capacity", name=op.f("ck_slots_not_overbooked")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
    )
    op.create_index(
        "ix_slots_free",
        "slots",
        ["trade", "starts_at"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at IS NULL AND booked < capacity"),
    )
    op.create_index("ix_slots_starts_at", "slots", ["starts_at", "id"], unique=False)
    op.create_table(
        "appliance_services",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("serviced_on", sa.Date(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["appliances.reference"], name=op.f("fk_appliance_services_reference_appliances")
        ),
        sa.PrimaryKeyConstraint("reference", "serviced_on", name=op.f("pk_appliance_services")),
    )
    op.create_table(
        "appointments",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("contractor", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_appointments_reference_repairs")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_appointments_slot_id_slots")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_appointments")),
    )
    op.create_index(
        "uq_appointments_standing",
        "appointments",
        ["reference"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "asb_damages",
        sa.Column("asb_reference", sa.Text(), nullable=False),
        sa.Column("damage", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("repair", sa.Text(), nullable=False),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("located_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_safe_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["repair"], ["repairs.reference"], name=op.f("fk_asb_damages_repair_repairs")
        ),
        sa.PrimaryKeyConstraint("asb_reference", "damage", name=op.f("pk_asb_damages")),
        sa.UniqueConstraint("repair", name=op.f("uq_asb_damages_repair")),
    )
    op.create_index(
        "ix_asb_damages_not_located",
        "asb_damages",
        [sa.literal_column("asked_at NULLS FIRST"), "repair"],
        unique=False,
        postgresql_where=sa.text("located_at IS NULL"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("firm", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_attachments_reference_repairs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint(
            "reference",
            "uploaded_by",
            "kind",
            "digest",
            name=op.f("uq_attachments_reference_uploaded_by_kind_digest"),
        ),
    )
    op.create_table(
        "hazard_acts",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_hazard_acts_reference_repairs")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_hazard_acts")),
    )
    op.create_index("ix_hazard_acts_reference_number", "hazard_acts", ["reference", "number"], unique=False)
    op.create_table(
        "hazards",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("hazard", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("aware_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("investigated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("further_work_needed", sa.Boolean(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("summary_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_safe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("preventive_work_by", sa.Date(), nullable=True),
        sa.Column("preventive_work_begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_hazards_reference_repairs")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_hazards")),
    )
    op.create_table(
        "job_updates",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("firm", sa.Text(), nullable=True),
        sa.Column("operative", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_job_updates_reference_repairs")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_job_updates")),
        sa.UniqueConstraint(
            "reference", "type", "occurred_at", name=op.f("uq_job_updates_reference_type_occurred_at")
        ),
    )
    op.create_table(
        "reasons",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_reasons_reference_repairs")
        ),
        sa.PrimaryKeyConstraint("reference", "sequence", name=op.f("pk_reasons")),
    )
    op.create_table(
        "recharges",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("estimated_cost", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("administration_charge", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quoted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quoted_by", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.Column("signature_taken_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_recharges_reference_repairs")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_recharges")),
    )
    op.create_index(
        "ix_recharges_reference_number",
        "recharges",
        ["reference", sa.literal_column("number DESC")],
        unique=False,
    )
