"""The table of permits."""

from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.cases.columns import CaseColumns, case_indexes
from shared.db.tables import service_metadata


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()


class Permit(CaseColumns, Base):
    """A permit, from the request to its issue."""

    __tablename__ = "permits"
    __table_args__ = case_indexes("permits")

    description: Mapped[str] = mapped_column(Text)
