"""Routers that every service has alike: the acts on its cases, and what others ask of it inside."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query

from shared.caller import RESIDENT, SERVICE
from shared.cases import queries
from shared.cases.claims import Claim, Claimed, claim
from shared.cases.columns import CaseColumns
from shared.cases.formats import Instant
from shared.cases.mail.joining import (
    MEDIA_TYPES,
    MOST_BYTES,
    Mailbox,
    MailJoined,
    TextBrought,
    join,
    join_text,
)
from shared.cases.queries import Owned
from shared.cases.schemas import (
    CaseEvents,
    CaseSummary,
    ContactForNotice,
    ContactsForNotices,
    OwnedCases,
)
from shared.errors import MoveNotAllowed, NotFound, StaleVersion
from shared.http.auth import requires
from shared.http.bodies import FileBody, Upload, file_body
from shared.http.case_route import Allowed, routes_of
from shared.http.idempotency import OnReplay
from shared.http.problems import problems
from shared.work import UnitOfWork

Reference = Annotated[str, Path(description="Reference of the case, as in REP-7K3M-Q9TX", max_length=40)]

ON_A_CASE = problems(NotFound, MoveNotAllowed, StaleVersion)


def case_router(
    path: str, *, tags: Sequence[str], allowed: Allowed | None = None, on_replay: OnReplay | None = None
) -> APIRouter:
    """A router of routes on cases; `allowed` is asked after an act on one of them was refused.

    Where reads are audited, `on_replay` notes that a stored answer is shown again.
    """
    return routes_of(allowed, on_replay, prefix=path, tags=list(tags))


def action(summary: str, **options: Any) -> dict[str, Any]:
    """The options of a route that acts on a case: `@router.post("/{reference}/…", **action("Assign it"))`."""
    responses = {**ON_A_CASE, **options.pop("responses", {})}
    return {"status_code": 201, "summary": summary, "responses": responses, **options}


Claimant = Annotated[UnitOfWork, requires(RESIDENT)]
Notifier = Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
Reconciler = Annotated[UnitOfWork, requires(SERVICE, scope="cases")]
MailBringer = Annotated[UnitOfWork, requires(SERVICE, scope="mail")]
Mail = Annotated[Upload, file_body(MEDIA_TYPES, most=MOST_BYTES)]
References = Annotated[list[str], Query(max_length=500)]

MOST = 500

Summaries = Callable[[UnitOfWork, Sequence[CaseColumns]], Awaitable[Mapping[str, CaseSummary]]]
"""A service's own function that sums up its cases for letters, by reference."""


async def no_summaries(_: UnitOfWork, __: Sequence[CaseColumns]) -> Mapping[str, CaseSummary]:
    """The summaries of a service whose letters need none."""
    return {}


def internal_router(
    owned: Owned, summaries: Summaries = no_summaries, *, mailbox: Mailbox | None = None
) -> APIRouter:
    """The internal routes of the service that owns these cases; who asks need not know their kinds.

    With a `mailbox` it takes in the mail and the text messages that quote one of them.
    """
    router = routes_of(prefix="/internal", tags=["internal"])
    _add_claims(router, owned)
    _add_contacts(router, owned, summaries)
    _add_cases(router, owned)
    if mailbox is not None:
        _add_mail(router, mailbox)
    return router


def _add_claims(router: APIRouter, owned: Owned) -> None:
    @router.post("/claims", status_code=201, summary="Claim a case", responses=problems(NotFound))
    async def claim_case(body: Claim, work: Claimant) -> Claimed:
        """Asked by the gateway in the resident's name."""
        return Claimed(reference=(await claim(work, owned, body)).reference)


def _add_contacts(router: APIRouter, owned: Owned, summaries: Summaries) -> None:
    @router.get("/contacts/{reference}", summary="Whom to tell", responses=problems(NotFound))
    async def contact(reference: Reference, work: Notifier) -> ContactForNotice:
        """Asked at the moment a notice is sent, and kept no longer."""
        case = await queries.owned_case(work, owned, reference)
        return ContactForNotice.of(work.opened(case), (await summaries(work, [case])).get(case.reference))

    @router.get("/contacts", summary="Whom to tell, of many cases")
    async def contacts(reference: References, work: Notifier) -> ContactsForNotices:
        """Contacts of those of the cases that there are."""
        cases = await queries.rows_of(work, owned, reference)
        summed_up = await summaries(work, cases)
        told = {
            case.reference: ContactForNotice.of(work.opened(case), summed_up.get(case.reference))
            for case in cases
        }
        return ContactsForNotices(contacts=told)


def _add_mail(router: APIRouter, mailbox: Mailbox) -> None:
    @router.post(
        "/mail/{reference}",
        status_code=201,
        summary="Take in a mail that quotes a case",
        responses=problems(NotFound),
        openapi_extra={"requestBody": FileBody(MEDIA_TYPES, MOST_BYTES).described},
    )
    async def take_mail(reference: Reference, file: Mail, work: MailBringer) -> MailJoined:
        """Asked by the service that takes mail in, before it answers; nothing of the mail is kept there."""
        return await join(work, mailbox, reference, file)

    @router.post(
        "/texts/{reference}",
        status_code=201,
        summary="Take in a text message that quotes a case",
        responses=problems(NotFound),
    )
    async def take_text(reference: Reference, body: TextBrought, work: MailBringer) -> MailJoined:
        """Asked by the service that takes text messages in, before it answers; it keeps nothing of them."""
        return await join_text(work, mailbox, reference, body)


def _add_cases(router: APIRouter, owned: Owned) -> None:
    @router.get("/open-cases", summary="Cases that are not ended, for reconciliation")
    async def open_cases(
        work: Reconciler,
        recorded_before: Instant,
        after: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    ) -> OwnedCases:
        """The cases whose latest event is older than `recorded_before`, and so has had time to arrive."""
        items = await queries.open_cases(work, owned, recorded_before, after, limit)
        return OwnedCases(items=items)

    @router.get("/cases", summary="Cases by reference, for reconciliation")
    async def cases(reference: References, work: Reconciler) -> OwnedCases:
        """The cases of these that exist, ended or not; whatever is not in the answer is no case."""
        items = await queries.owned_cases(work, owned, reference)
        return OwnedCases(items=items)

    @router.get("/cases/{reference}/events", summary="A case's history", responses=problems(NotFound))
    async def case_events(reference: Reference, work: Reconciler) -> CaseEvents:
        """The events of a case, for taking in those that never arrived."""
        found = await queries.history_of(work, owned, reference)
        return CaseEvents(events=[orjson.loads(event.to_json()) for event in found])
