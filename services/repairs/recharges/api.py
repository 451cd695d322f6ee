"""The routes of recharges."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.repairs.api import COLLECTION, Officer, Reference
from services.repairs.recharges import service
from services.repairs.recharges.schemas import Decline, Quote, SignatureIn, SignedRechargeOut, Waiver
from services.repairs.schemas import JobOut, RepairOut
from services.repairs.showing import shown, shown_to
from shared.caller import Caller
from shared.errors import NotFound
from shared.http.answers import created
from shared.http.auth import requires
from shared.http.problems import ON_A_CASE, problems
from shared.http.routes import Now, Running, Session, TransactionalRoute

router = APIRouter(
    prefix="/v1/repairs/{reference}/recharge", tags=["repairs"], route_class=TransactionalRoute
)

Payer = Annotated[Caller, Depends(requires("resident", "officer"))]
Signatory = Annotated[Caller, Depends(requires("resident", "officer", "contractor"))]


@router.post("", status_code=201, summary="Quote what the resident is to pay", responses=ON_A_CASE)
async def quote(
    reference: Reference, body: Quote, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """Work waits for the signature; a quote not yet signed is replaced."""
    repair = await service.quote(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.get("", summary="The latest quote, with the signature", responses=problems(NotFound))
async def quoted(reference: Reference, caller: Payer, session: Session) -> SignedRechargeOut:
    """For the resident and the officers; the contractor's job shows the sums only."""
    return SignedRechargeOut.of(await service.quoted_for(session, reference, caller))


@router.post("/signature", status_code=201, summary="Sign for the charge", responses=ON_A_CASE)
async def sign(
    reference: Reference, body: SignatureIn, response: Response,
    caller: Signatory, session: Session, running: Running, now: Now,
) -> RepairOut | JobOut:  # fmt: skip
    """By the resident, or by whoever has their signature on the doorstep; work may start."""
    repair = await service.sign(session, running, reference, body, by=caller, now=now)
    [case] = await shown_to(caller, session, running, [repair], now)
    return created(response, case, COLLECTION)


@router.post("/decline", status_code=201, summary="Decline to pay", responses=ON_A_CASE)
async def decline(
    reference: Reference, body: Decline, response: Response,
    caller: Payer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """This closes the repair; not while a hazard in the home stands open."""
    repair = await service.decline(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.post("/waiver", status_code=201, summary="Let the resident off the charge", responses=ON_A_CASE)
async def waive(
    reference: Reference, body: Waiver, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """The council pays, and the work may go on."""
    repair = await service.waive(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)
