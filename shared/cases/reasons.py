"""Reasons: why an act was done, in the words of whoever did it, for officers' eyes and in no event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Integer, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from shared.cases.formats import Instant
from shared.cases.schemas import AnswerModel
from shared.db.tables import INSTANT
from shared.work import Case, UnitOfWork


class ReasonColumns:
    """Columns of a service's table of reasons; the table adds the foreign key of its cases."""

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    # of the event that tells of the act
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)


AnyReason = TypeVar("AnyReason", bound=ReasonColumns)


class ReasonOut(AnswerModel):
    """The reason for an act."""

    act: str
    reason: str
    given_by: str
    occurred_at: Instant


class Reasons(BaseModel):
    """The reasons that were given, in order."""

    items: list[ReasonOut]


def give_reason(
    work: UnitOfWork, table: type[AnyReason], case: Case, act: str, reason: str, at: datetime
) -> None:
    """Keep why an act was done whose event was recorded last."""
    about: dict[str, Any] = {"reference": case.reference, "sequence": case.version, "act": act}
    given: dict[str, Any] = {"reason": reason, "given_by": work.caller.subject, "occurred_at": at}
    work.session.add(table(**about, **given))


async def reasons_of(work: UnitOfWork, table: type[AnyReason], reference: str) -> Sequence[AnyReason]:
    """The reasons given for acts on a case, in order."""
    query = select(table).where(table.reference == reference).order_by(table.sequence)
    return (await work.session.scalars(query)).all()
