"""Questions about the attachments of a case, in whichever table a service keeps them."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import undefer
from sqlalchemy.orm.interfaces import ORMOption

from shared.caller import Caller, Role
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.attachments.policy import AttachmentKind
from shared.errors import NotFound
from shared.work import UnitOfWork

AnyAttachment = TypeVar("AnyAttachment", bound=AttachmentColumns)


def visible_to(table: type[AttachmentColumns], caller: Caller) -> ColumnElement[bool]:
    """The attachments of a case seen by a caller: officers all, firms their own, residents photos too."""
    if caller.is_a(Role.OFFICER):
        return true()
    if caller.is_a(Role.CONTRACTOR):
        return table.firm_key == caller.firm_key if caller.firm_key else false()
    if caller.is_a(Role.RESIDENT):
        own = and_(table.uploaded_by == caller.identity, table.firm.is_(None))
        return or_(table.kind == AttachmentKind.PHOTO, own) if table.residents_see_photos else own
    return false()


async def listed(work: UnitOfWork, table: type[AnyAttachment], reference: str) -> Sequence[AnyAttachment]:
    """A case's attachments that the caller sees, in the order they came, without their content."""
    query = select(table).where(table.reference == reference, visible_to(table, work.caller))
    return (await work.session.scalars(query.order_by(table.uploaded_at, table.id))).all()


async def one(
    work: UnitOfWork, table: type[AnyAttachment], reference: str, id: UUID, *options: ORMOption
) -> AnyAttachment:
    """One of a case's attachments that the caller sees, without its content; raises NotFound."""
    query = select(table).where(table.reference == reference, table.id == id, visible_to(table, work.caller))
    found = await work.session.scalar(query.options(*options).execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such attachment for this caller.")
    return found


async def with_content(
    work: UnitOfWork, table: type[AnyAttachment], reference: str, id: UUID
) -> AnyAttachment:
    """One of a case's attachments that the caller sees, with its content; raises NotFound."""
    return await one(work, table, reference, id, undefer(table.content))


async def same(
    work: UnitOfWork, table: type[AnyAttachment], reference: str, kind: AttachmentKind, digest: bytes
) -> AnyAttachment | None:
    """The attachment that this very upload made before, if it did."""
    upload = {"uploaded_by": work.caller.identity, "kind": kind, "digest": digest}
    return await work.session.scalar(select(table).filter_by(reference=reference, **upload))


async def count(work: UnitOfWork, table: type[AttachmentColumns], reference: str) -> int:
    """The number of a case's attachments, whoever sees them."""
    query = select(func.count()).select_from(table).where(table.reference == reference)
    return await work.session.scalar(query) or 0
