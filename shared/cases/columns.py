"""The columns of every case's table."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.tables import INSTANT


class CaseColumns:
    """Columns of every case; `version` is the sequence of its latest event, and its ETag."""

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    imported: Mapped[bool]
    department: Mapped[str] = mapped_column(Text)
    handler_name: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # the token's subject: a resident's own id, or the client that reported on their behalf
    reported_by: Mapped[str] = mapped_column(Text)
