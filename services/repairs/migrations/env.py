"""Run by Alembic for this service's database."""

from services.repairs.models import Base
from shared.migrations import run

run(Base.metadata)
