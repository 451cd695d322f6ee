"""Claims: a case that was taken for its resident, by phone or at a desk, becomes their own.

Like tracking, a claim gives a reference, surname and postcode that are all right, and every refusal is the
same 404. Whoever reads the letters of this home could claim too: so the address that the case has is told.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from shared.caller import Role
from shared.cases import queries
from shared.cases.columns import CaseColumns
from shared.cases.events import CaseClaimed
from shared.cases.queries import Owned
from shared.cases.schemas import RequestModel
from shared.cases.tracking import is_followed_by
from shared.cases.words import Line
from shared.errors import MoveNotAllowed, NotFound
from shared.text import postcode_in
from shared.work import UnitOfWork

TOLD_WITHIN = timedelta(days=1)
"""By then the letter about a claim has left, or its delivery has raised an alarm."""

JUST_CLAIMED = (
    "This case was claimed a short while ago. Until tomorrow only the council changes how to reach you."
)


class Claim(RequestModel):
    """The reference of a case, its resident's surname, and the postcode of the home."""

    reference: Line
    surname: Line
    postcode: Line


class Claimed(BaseModel):
    """The reference of a case that is its claimant's own."""

    reference: str


async def claim(work: UnitOfWork, owned: Owned, body: Claim) -> CaseColumns:
    """Make a case the caller's own; one that is so already stays. Raises NotFound, whatever is wrong.

    It is read before it is locked: what is unknown, wrong or unsafe takes the same statements, and waits for
    nobody who holds the case.
    """

    def is_theirs(case: CaseColumns) -> bool:
        known = work.opened(case)
        return _is_claimable(work, case) and is_followed_by(known, _home(known), body.surname, body.postcode)

    reference = queries.known(body.reference)
    found = [case for case in await queries.rows_of(work, owned, [reference]) if is_theirs(case)]
    if not found:
        raise NotFound(queries.NO_SUCH_CASE)
    case = await queries.get_for_update(work, type(found[0]), reference, when=is_theirs)
    if case.resident is None:
        case.resident = work.caller.identity
        work.record(case, CaseClaimed(resident=case.resident))
    return case


async def check_claim_is_told(work: UnitOfWork, case: CaseColumns) -> None:
    """Raise MoveNotAllowed for a resident while the letter about their claim may still have to leave.

    It goes to the address that the case has at that moment, and must not be led elsewhere by who claimed it.
    """
    if not work.caller.is_a(Role.RESIDENT):
        return
    claimed = CaseClaimed.type_of(work.state.service)
    history = (await work.history([case.reference]))[case.reference]
    if any(event.type == claimed and event.recorded_at > work.now - TOLD_WITHIN for event in history):
        raise MoveNotAllowed(JUST_CLAIMED)


def _is_claimable(work: UnitOfWork, case: CaseColumns) -> bool:
    """Tell a case that may become the caller's: nobody else's, and none that a scope guards."""
    is_guarded = work.state.service in work.state.catalogue.vocabulary.guarded_services
    is_guarded = is_guarded or getattr(case, "needs_scope", None) is not None
    return case.resident in (None, work.caller.identity) and not is_guarded


def _home(case: CaseColumns) -> Mapping[str, Any]:
    """The home that a case is about; of one about no home, the postcode in the resident's address."""
    home: Mapping[str, Any] | None = getattr(case, "property", None)
    return home or {"postcode": postcode_in(case.contact.get("address") or "")}
