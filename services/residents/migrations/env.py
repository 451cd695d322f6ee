"""Run by Alembic for this service's database."""

from services.residents.models import Base
from shared.db.migrations import run

run(Base.metadata)
