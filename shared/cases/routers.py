"""What notifications asks of every service that owns cases: inside routes, for a service's token."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel
from sqlalchemy import CompoundSelect, Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from shared.caller import Caller
from shared.casework import CaseColumns, known
from shared.db.tables import events
from shared.errors import NotFound
from shared.events import digest
from shared.http.auth import requires
from shared.http.problems import problems
from shared.http.routes import Session, TransactionalRoute
from shared.http.schemas import ContactForNotice, GivenInstant, Handler
from shared.messaging.outbox import history, ids

Notifier = Annotated[Caller, Depends(requires("service", scope="contacts"))]
Reconciler = Annotated[Caller, Depends(requires("service", scope="cases"))]
Reference = Annotated[str, Path(max_length=40)]

MOST = 500


class ContactsForNotices(BaseModel):
    """By reference, whom to tell."""

    contacts: dict[str, ContactForNotice]


class OwnedCase(BaseModel):
    """A case: the sequence of its latest event, when that was recorded, and a digest of all events' ids."""

    reference: str
    version: int
    recorded_at: datetime | None
    digest: str


class OwnedCases(BaseModel):
    """Some of the cases, in order of reference."""

    items: list[OwnedCase]


class CaseEvents(BaseModel):
    """A case's whole history, as CloudEvents."""

    events: list[dict[str, Any]]


# The tables of cases that a service owns, each with the statuses in which such a case has ended.
Owned = Mapping[type[CaseColumns], Collection[str]]


def internal_router(owned: Owned) -> APIRouter:
    """The internal routes of the service that owns these cases; notifications need not know their kinds."""
    router = APIRouter(prefix="/internal", tags=["internal"], route_class=TransactionalRoute)
    _add_contacts(router, owned)
    _add_cases(router, owned)
    return router


def _add_contacts(router: APIRouter, owned: Owned) -> None:
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


def _add_cases(router: APIRouter, owned: Owned) -> None:
    @router.get("/open-cases", summary="Cases that are not ended, for reconciliation")
    async def open_cases(
        caller: Reconciler, session: Session, recorded_before: GivenInstant,
        after: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    ) -> OwnedCases:  # fmt: skip
        """Those whose latest event is older than `recorded_before`, and so has had time to arrive."""
        parts = (_open(table, ended, recorded_before, after, limit) for table, ended in owned.items())
        return await _described(session, union_all(*parts).order_by("reference").limit(limit))

    @router.get("/cases", summary="Cases by reference, for reconciliation")
    async def cases(
        caller: Reconciler, session: Session, reference: Annotated[list[str], Query(max_length=MOST)]
    ) -> OwnedCases:
        """Those of the cases that there are, ended or not; whatever is not in the answer is no case."""
        parts = (_latest(table).where(table.reference == func.any(reference)) for table in owned)
        return await _described(session, union_all(*parts).order_by("reference"))

    @router.get("/cases/{reference}/events", summary="A case's history", responses=problems(NotFound))
    async def case_events(reference: Reference, caller: Reconciler, session: Session) -> CaseEvents:
        """For taking in what never arrived."""
        case = await _case(session, owned, reference)
        found = (await history(session, [case.reference]))[case.reference]
        return CaseEvents(events=[orjson.loads(event.to_json()) for event in found])


def _latest(table: type[CaseColumns]) -> Select[str, int, datetime | None]:
    latest = (events.c.reference == table.reference) & (events.c.sequence == table.version)
    return select(table.reference, table.version, events.c.recorded_at).outerjoin(events, latest)


def _open(
    table: type[CaseColumns], ended: Collection[str], recorded_before: datetime, after: str, limit: int
) -> Select[str, int, datetime | None]:
    query = _latest(table).where(table.reference > after, table.status.not_in(ended))
    return query.where(events.c.recorded_at < recorded_before).order_by(table.reference).limit(limit)


async def _described(session: AsyncSession, query: CompoundSelect[str, int, datetime | None]) -> OwnedCases:
    rows = (await session.execute(query)).all()
    told = await ids(session, [row.reference for row in rows])
    items = [
        OwnedCase(
            reference=row.reference,
            version=row.version,
            recorded_at=row.recorded_at,
            # an act of this moment may have added to them since
            digest=digest(told[row.reference][: row.version]),
        )
        for row in rows
    ]
    return OwnedCases(items=items)


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
