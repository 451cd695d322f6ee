"""Lists of cases: each filter has its index, and every row keeps the transaction that last wrote it."""

import sqlalchemy as sa
from alembic import op

from shared.db.migration_steps import create_list_indexes, create_property_indexes, keep_changes

revision = "repairs_0006"
down_revision = "repairs_0005"

NEXT_DUE = sa.text("COALESCE(next_due_at, 'infinity'::timestamptz)")
ON_THE_REGISTER = sa.text("status = 'registered'")
WAITING = sa.text("queue IS NOT NULL AND contractor IS NULL AND ended_at IS NULL")


def upgrade() -> None:
    """Existing cases all changed now: whoever follows the changes reads them once more."""
    keep_changes("repairs", "appliances")
    for replaced in ("received_at", "contractor_key", "queue"):
        op.drop_index(f"ix_repairs_{replaced}", "repairs")
    for table in ("repairs", "appliances"):
        create_list_indexes(table)
        create_property_indexes(table)
    order = ["received_at", "reference"]
    given = sa.text("contractor_key IS NOT NULL")
    op.create_index(
        "ix_repairs_contractor_key", "repairs", ["contractor_key", *order], postgresql_where=given
    )
    op.create_index("ix_repairs_queue", "repairs", ["queue", *order], postgresql_where=WAITING)
    op.create_index("ix_appliances_kind", "appliances", ["kind", *order], postgresql_where=ON_THE_REGISTER)
    op.drop_index("ix_appliances_next_due_at", "appliances")
    op.create_index(
        "ix_appliances_next_due_at",
        "appliances",
        [NEXT_DUE, sa.text("reference")],
        postgresql_where=ON_THE_REGISTER,
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index("ix_appointments_starts_at", "appointments", ["starts_at"], postgresql_where=standing)
