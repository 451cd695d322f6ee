"""Run by Alembic for this service's database."""

from services.estates.models import Base
from shared.db.migrations import run

run(Base.metadata)
