"""Use cases of a permit, and how it is presented."""

from collections.abc import Sequence

from shared.cases.acts import check
from shared.cases.deadlines import deadlines_of
from shared.cases.opening import open_case
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words
from shared.cases.times import occurred_at
from shared.work import Creation, UnitOfWork, Work
from tests.shared.example import events, queries
from tests.shared.example.models import Permit
from tests.shared.example.policy import LIFECYCLE, Action, Status
from tests.shared.example.schemas import Issue, PermitOut, Request


async def request(work: Creation, body: Request) -> Permit:
    """Take a request in."""
    own = {"status": Status.REQUESTED, "department": "permits", "description": body.description}
    permit = open_case(work, Permit, "PER", body, **own)
    asked = events.PermitRequested(department=permit.department, imported=permit.imported)
    work.record(permit, asked, at=permit.received_at)
    return permit


async def issue(work: UnitOfWork, reference: str, body: Issue) -> Permit:
    """Issue a permit; raises MoveNotAllowed for one that was issued before."""
    permit = await queries.permit_for_update(work, reference)
    check(LIFECYCLE, Action.ISSUE, Status(permit.status))
    at = await occurred_at(work, permit, body)
    permit.status = str(LIFECYCLE.after(Action.ISSUE, Status(permit.status)))
    work.record(permit, events.PermitIssued(), at=at)
    return permit


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a permit allows the caller now."""
    return _allowed(work, await queries.permit(work, reference))


async def present(work: Work, *permits: Permit) -> Sequence[PermitOut]:
    """Permits with their deadlines and the acts that the caller may do now."""
    promised = await deadlines_of(work, [permit.reference for permit in permits])
    return [
        PermitOut(
            **common_fields(
                permit,
                promised[permit.reference],
                work.now,
                _allowed(work, permit),
                summary=in_words("Permit", permit),
            ),
            description=permit.description,
        )
        for permit in permits
    ]


def _allowed(work: Work, permit: Permit) -> list[str]:
    return sorted(LIFECYCLE.allowed(work.caller.roles, Status(permit.status)))
