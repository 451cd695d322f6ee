"""The table of contractors."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.case.models import Base
from shared.db.tables import INSTANT


class Contractor(Base):
    """A firm that jobs can be given to."""

    __tablename__ = "contractors"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    # the name as firms are compared, like `contractor_key` of repairs and slots
    key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(INSTANT)
    registered_by: Mapped[str] = mapped_column(Text)
