"""Run by Alembic for this service's database."""

from shared.db.migrations import run
from tests.shared.example.models import Base

run(Base.metadata)
