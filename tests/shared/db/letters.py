"""A small table with encrypted columns, for tests of encryption alone."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.encrypted import Encrypted, EncryptedRow
from shared.db.tables import service_metadata
from shared.encryption import Ciphertext, Keys


class Base(DeclarativeBase):
    """The tables of no service."""

    metadata = service_metadata()


class Letter(EncryptedRow, Base):
    """A letter about a case."""

    __tablename__ = "letters"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reference: Mapped[str] = mapped_column(Text)
    words: Mapped[Ciphertext] = mapped_column(Encrypted)
    picture: Mapped[Ciphertext | None] = mapped_column(Encrypted)

    @property
    def reader(self) -> Any:
        """The person that the words name."""
        return self.words["to"]  # type: ignore[call-overload]


async def create_tables(engine: AsyncEngine) -> None:
    """Make its table, and those that every service has."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def new_keys(path: Path) -> Path:
    """A file of new keys."""
    path.write_bytes(Keys.generate().as_file())
    return path
