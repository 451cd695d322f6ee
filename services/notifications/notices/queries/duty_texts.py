"""The statements by which departments are told by text of what cannot wait, beside their email or alone."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.notifications.models import Notice
from services.notifications.notices.channels import Form
from services.notifications.notices.queries.letters import LETTER_IN_DOUBT, leave_again
from services.notifications.policy import Delivery
from shared.db.tables import INSTANT
from shared.work import UnitOfWork

_SAME = (
    *("reference", "kind", "audience", "urgency", "standard", "started_by", "rung", "due_at", "stands_for"),
    *("owed_at", "created_at", "request_id"),
)
_IDENTITY = ("reference", "standard", "started_by", "rung", "audience", "due_at")
_ITS_OWN = {
    "id": func.gen_random_uuid(),
    "to_duty_phone": literal(True),
    "beside_email": literal(True),
    "status": literal(Delivery.PENDING.value),
    "attempts": literal(0),
}


async def owe_beside(work: UnitOfWork, ids: Collection[UUID]) -> None:
    """Owe a text beside each of these notices; one that is owed or was sent already stays as it is."""
    told = select(*_ITS_OWN.values(), *(getattr(Notice, name) for name in _SAME)).where(Notice.id.in_(ids))
    owed = insert(Notice).from_select([*_ITS_OWN, *_SAME], told, include_defaults=False)
    await work.session.execute(owed.on_conflict_do_nothing())


async def take_apart(work: UnitOfWork, ids: Collection[UUID]) -> set[UUID]:
    """Let these notices leave as texts at once; returns which do: not one whose letter may have left."""
    apart = update(Notice).where(
        Notice.id.in_(ids), Notice.status == Delivery.PENDING, LETTER_IN_DOUBT.is_(None)
    )
    # It is tried already: a letter may be leaving under its name without it.
    values = {
        "to_duty_phone": True,
        "sent_with": None,
        "next_attempt_at": func.clock_timestamp(type_=INSTANT),
    }
    return set(await work.session.scalars(apart.values(values).returning(Notice.id)))


_UNHEARD_OF = text(
    "notices.to_duty_phone AND NOT notices.beside_email"
    " AND notices.status = 'sent' AND notices.delivered_at IS NULL"
)
"""The words of the index; with a parameter in them no plan would take it."""


async def unheard_of(work: UnitOfWork, channel: str, quiet_for: timedelta) -> Mapping[UUID, str]:
    """The receipts of texts by a channel that alone tell a department, and are not said to have arrived."""
    query = select(Notice.id, Notice.receipt).where(
        _UNHEARD_OF, Notice.channel == channel, Notice.sent_at < func.now() - quiet_for
    )
    return {row.id: row.receipt for row in await work.session.execute(query)}


async def leave_by_email(work: UnitOfWork, ids: Collection[UUID]) -> None:
    """Let those of these texts of which nothing was heard meanwhile be told by email."""
    query = select(Notice.id).where(Notice.id.in_(ids), _UNHEARD_OF).with_for_update()
    silent = (await work.session.scalars(query)).all()
    await leave_again(work, silent, failed=Form.TEXT)


async def failed_beside(work: UnitOfWork, ids: Collection[UUID]) -> set[UUID]:
    """Those of these notices beside which a text failed, too."""
    by_text = aliased(Notice)
    same = [getattr(by_text, name) == getattr(Notice, name) for name in _IDENTITY]
    query = select(Notice.id).join(by_text, and_(*same)).where(Notice.id.in_(ids))
    return set(
        await work.session.scalars(query.where(by_text.beside_email, by_text.status == Delivery.FAILED))
    )
