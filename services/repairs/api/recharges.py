"""The routes of recharges."""

from typing import Annotated

from services.repairs.actions import decline
from services.repairs.recharges import service
from services.repairs.recharges.policy import LIFECYCLE, Action
from services.repairs.recharges.schemas import Decline, Quote, SignatureIn, SignedRechargeOut, Waiver
from services.repairs.views import RepairView, allowed, present
from shared.caller import OFFICER, RESIDENT
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.problems import problems
from shared.work import UnitOfWork

router = case_router("/v1/repairs/{reference}/recharge", tags=["repairs"], allowed=allowed)

Quoter = Annotated[UnitOfWork, may(LIFECYCLE, Action.QUOTE)]
Signatory = Annotated[UnitOfWork, may(LIFECYCLE, Action.SIGNATURE)]
Payer = Annotated[UnitOfWork, may(LIFECYCLE, Action.DECLINE)]
Waiving = Annotated[UnitOfWork, may(LIFECYCLE, Action.WAIVER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]


@router.post("", **action("Quote what the resident is to pay"))
async def quote_recharge(reference: Reference, body: Quote, work: Quoter) -> RepairView:
    """Work waits for the signature; a quote not yet signed is replaced."""
    return await present(work, await service.quote(work, reference, body))


@router.get("", summary="The latest quote, with the signature", responses=problems(NotFound))
async def read_recharge(reference: Reference, work: Reader) -> SignedRechargeOut:
    """The quote, for the resident and the officers; the contractor's job shows the sums only."""
    return SignedRechargeOut.of(await service.quoted_for(work, reference))


@router.post("/signature", **action("Sign for the charge"))
async def sign_recharge(reference: Reference, body: SignatureIn, work: Signatory) -> RepairView:
    """Sign as the resident, or as the officer who has their signature, never as a firm. Work may start."""
    return await present(work, await service.sign(work, reference, body))


@router.post("/decline", **action("Decline to pay"))
async def decline_recharge(reference: Reference, body: Decline, work: Payer) -> RepairView:
    """This closes the repair; not while a hazard in the home stands open."""
    return await present(work, await decline.decline(work, reference, body))


@router.post("/waiver", **action("Let the resident off the charge"))
async def waive_recharge(reference: Reference, body: Waiver, work: Waiving) -> RepairView:
    """The council pays, and the work may go on."""
    return await present(work, await service.waive(work, reference, body))
