"""A case of another service can become a complaint by each questionnaire that was answered."""

import sqlalchemy as sa
from alembic import op

revision = "complaints_0009"
down_revision = "complaints_0008"


def upgrade() -> None:
    """Add which answers; a source that is there already was made a complaint once, as a case."""
    answers = sa.Column("answers", sa.Integer(), nullable=False, server_default="0")
    op.add_column("sources", answers)
    op.drop_constraint("pk_sources", "sources")
    op.create_primary_key("pk_sources", "sources", ["source", "answers"])
