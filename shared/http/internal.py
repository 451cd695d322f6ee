"""What notifications asks of every service that owns cases: inside routes, for a service's token."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel
from sqlalchemy import Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from shared.casework import CaseColumns, known
from shared.errors import NotFound
from shared.http.auth import Caller, requires
from shared.http.problems import problems
from shared.http.routes import Session, TransactionalRoute
from shared.http.schemas import ContactForNotice, GivenInstant, Handler
from shared.messaging.outbox import history
from shared.tables import events

Notifier = Annotated[Caller, Depends(requires("service", scope="contacts"))]
Reconciler = Annotated[Caller, Depends(requires("service", scope="cases"))]
Reference = Annotated[str, Path(max_length=40)]

MOST = 500


class ContactsForNotices(BaseModel):
    """By reference, whom to tell."""

    contacts: dict[str, ContactForNotice]


class OpenCase(BaseModel):
    """A case that is not ended, and the sequence of its latest event."""

    reference: str
    version: int


class OpenCases(BaseModel):
    """Some of the open cases, in order of reference."""

    items: list[OpenCase]


class CaseEvents(BaseModel):
    """A case's whole history, as CloudEvents."""

    events: list[dict[str, Any]]


# The tables of cases that a service owns, each with the statuses in which such a case has ended.
Owned = Mapping[type[CaseColumns], Collection[str]]


def internal_router(owned: Owned) -> APIRouter:
    """The internal routes of the service that owns these cases; notifications need not know their kinds."""
    router = APIRouter(prefix="/internal", tags=["internal"], route_class=TransactionalRoute)

    @router.get("/contacts/{reference}", summary="Whom to tell", responses=problems(NotFound))
    async def contact(reference: Reference, caller: Notifier, session: Session) -> ContactForNotice:
        """Asked at the moment a notice is sent, and kept no longer."""
        case = await _case(session, owned, reference)
        return _contact(case)

    @router.get("/contacts", summary="Whom to tell, of many cases")
    async def contacts(
        caller: Notifier, session: Session, reference: Annotated[list[str], Query(max_length=MOST)]
    ) -> ContactsForNotices:
        """Of those of the cases that there are."""
        cases = await _cases(session, owned, reference)
        return ContactsForNotices(contacts={case.reference: _contact(case) for case in cases})

    @router.get("/open-cases", summary="Cases that are not ended, for reconciliation")
    async def open_cases(
        caller: Reconciler, session: Session, recorded_before: GivenInstant,
        after: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    ) -> OpenCases:  # fmt: skip
        """Those whose latest event is older than `recorded_before`, and so has had time to arrive."""
        parts = (_open(table, ended, recorded_before, after, limit) for table, ended in owned.items())
        query = union_all(*parts).order_by("reference").limit(limit)
        rows = await session.execute(query)
        return OpenCases(items=[OpenCase(reference=row.reference, version=row.version) for row in rows])

    @router.get("/cases/{reference}/events", summary="A case's history", responses=problems(NotFound))
    async def case_events(reference: Reference, caller: Reconciler, session: Session) -> CaseEvents:
        """For taking in what never arrived."""
        case = await _case(session, owned, reference)
        found = (await history(session, [case.reference]))[case.reference]
        return CaseEvents(events=[orjson.loads(event.to_json()) for event in found])

    return router


def _open(
    table: type[CaseColumns], ended: Collection[str], recorded_before: datetime, after: str, limit: int
) -> Select[str, int]:
    latest = (events.c.reference == table.reference) & (events.c.sequence == table.version)
    query = select(table.reference, table.version).join(events, latest)
    query = query.where(table.reference > after, table.status.not_in(ended))
    return query.where(events.c.recorded_at < recorded_before).order_by(table.reference).limit(limit)


def _contact(case: CaseColumns) -> ContactForNotice:
    handler = Handler(name=case.handler_name, department=case.department)
    return ContactForNotice(contact=case.contact, handler=handler)


async def _case(session: AsyncSession, owned: Owned, reference: str) -> CaseColumns:
    for case in await _cases(session, owned, [known(reference)]):
        return case
    raise NotFound("There is no such case for this caller.")


async def _cases(session: AsyncSession, owned: Owned, references: Sequence[str]) -> list[CaseColumns]:
    found: list[CaseColumns] = []
    for table in owned:
        found += await session.scalars(select(table).where(table.reference == func.any(references)))
    return found
