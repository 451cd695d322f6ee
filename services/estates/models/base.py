"""The metadata of every table of this service's database."""

from sqlalchemy.orm import DeclarativeBase

from shared.db.tables import service_metadata


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()
