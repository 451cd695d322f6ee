"""Routers that every service has alike: the acts on its cases, and what notifications asks of it inside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from sqlalchemy import Select, func, select, union_all

from shared.caller import SERVICE
from shared.cases.columns import CaseColumns
from shared.cases.queries import NO_SUCH_CASE, known
from shared.cases.schemas import ContactForNotice, GivenInstant, Handler
from shared.db.tables import events
from shared.errors import MoveNotAllowed, NotFound, StaleVersion
from shared.events import digest
from shared.http.auth import requires
from shared.http.case_route import Allowed, routes_of
from shared.http.problems import problems
from shared.messaging.outbox import history, ids
from shared.work import UnitOfWork

Reference = Annotated[str, Path(description="As in REP-7K3M-Q9TX", max_length=40)]

ON_A_CASE = problems(NotFound, MoveNotAllowed, StaleVersion)


def case_router(path: str, *, tags: Sequence[str], allowed: Allowed | None = None) -> APIRouter:
    """A router of routes on cases; `allowed` is asked after an act on one of them was refused."""
    return routes_of(allowed, prefix=path, tags=list(tags))


def action(summary: str, **options: Any) -> dict[str, Any]:
    """The options of a route that acts on a case: `@router.post("/{reference}/…", **action("Assign it"))`."""
    responses = {**ON_A_CASE, **options.pop("responses", {})}
    return {"status_code": 201, "summary": summary, "responses": responses, **options}


Notifier = Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
Reconciler = Annotated[UnitOfWork, requires(SERVICE, scope="cases")]
References = Annotated[list[str], Query(max_length=500)]

MOST = 500


class ContactsForNotices(BaseModel):
    """Contacts, by reference."""

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
    router = routes_of(prefix="/internal", tags=["internal"])
    _add_contacts(router, owned)
    _add_cases(router, owned)
    return router


def _add_contacts(router: APIRouter, owned: Owned) -> None:
    @router.get("/contacts/{reference}", summary="Whom to tell", responses=problems(NotFound))
    async def contact(reference: Reference, work: Notifier) -> ContactForNotice:
        """Asked at the moment a notice is sent, and kept no longer."""
        case = await _case(work, owned, reference)
        return _contact(case)

    @router.get("/contacts", summary="Whom to tell, of many cases")
    async def contacts(reference: References, work: Notifier) -> ContactsForNotices:
        """Contacts of those of the cases that there are."""
        cases = await _cases(work, owned, reference)
        return ContactsForNotices(contacts={case.reference: _contact(case) for case in cases})


def _add_cases(router: APIRouter, owned: Owned) -> None:
    @router.get("/open-cases", summary="Cases that are not ended, for reconciliation")
    async def open_cases(
        work: Reconciler,
        recorded_before: GivenInstant,
        after: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    ) -> OwnedCases:
        """The cases whose latest event is older than `recorded_before`, and so has had time to arrive."""
        parts = (_open(table, ended, recorded_before, after, limit) for table, ended in owned.items())
        every = union_all(*parts).subquery()  # of one table too, whose query has an order already
        return await _described(work, select(every).order_by(every.c.reference).limit(limit))

    @router.get("/cases", summary="Cases by reference, for reconciliation")
    async def cases(reference: References, work: Reconciler) -> OwnedCases:
        """The cases of these that exist, ended or not; whatever is not in the answer is no case."""
        parts = (_latest(table).where(table.reference == func.any(reference)) for table in owned)
        every = union_all(*parts).subquery()
        return await _described(work, select(every).order_by(every.c.reference))

    @router.get("/cases/{reference}/events", summary="A case's history", responses=problems(NotFound))
    async def case_events(reference: Reference, work: Reconciler) -> CaseEvents:
        """For taking in what never arrived."""
        case = await _case(work, owned, reference)
        found = (await history(work.session, [case.reference]))[case.reference]
        return CaseEvents(events=[orjson.loads(event.to_json()) for event in found])


def _latest(table: type[CaseColumns]) -> Select[str, int, datetime | None]:
    latest = (events.c.reference == table.reference) & (events.c.sequence == table.version)
    return select(table.reference, table.version, events.c.recorded_at).outerjoin(events, latest)


def _open(
    table: type[CaseColumns], ended: Collection[str], recorded_before: datetime, after: str, limit: int
) -> Select[str, int, datetime | None]:
    query = _latest(table).where(table.reference > after, table.status.not_in(ended))
    return query.where(events.c.recorded_at < recorded_before).order_by(table.reference).limit(limit)


async def _described(work: UnitOfWork, query: Select[Any]) -> OwnedCases:
    rows = (await work.session.execute(query)).all()
    told = await ids(work.session, [row.reference for row in rows])
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


async def _case(work: UnitOfWork, owned: Owned, reference: str) -> CaseColumns:
    for case in await _cases(work, owned, [known(reference)]):
        return case
    raise NotFound(NO_SUCH_CASE)


async def _cases(work: UnitOfWork, owned: Owned, references: Sequence[str]) -> list[CaseColumns]:
    found: list[CaseColumns] = []
    for table in owned:
        found += await work.session.scalars(select(table).where(table.reference == func.any(references)))
    return found
