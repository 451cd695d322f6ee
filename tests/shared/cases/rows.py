"""Cases to act on: permits, which are cases as any others are."""

from datetime import UTC, datetime
from typing import Any

from shared.app_state import AppState
from shared.caller import CONTRACTOR, FRONTEND, OFFICER, OPS, RESIDENT, SERVICE, Caller
from shared.references import new_reference
from shared.work import unit_of_work
from tests.shared.example.models import Permit

RECEIVED_AT = datetime(2026, 11, 23, 9, 30, 12, 345_678, tzinfo=UTC)
"""A Monday."""


def caller(
    subject: str = "officer-7",
    roles: frozenset[str] = OFFICER,
    *,
    departments: tuple[str, ...] = (),
    scopes: tuple[str, ...] = (),
    firm: str | None = None,
) -> Caller:
    """Somebody with a good token."""
    return Caller(subject, roles, frozenset(scopes), frozenset(departments), firm)


ADA = caller(departments=("permits",))
SAM = caller("resident-1", RESIDENT)
FIXIT = caller("client-of-fixit", CONTRACTOR, firm="Fixit")
WEBSITE = caller("website", FRONTEND)
WATCH = caller("watch", OPS)
NOTIFIER = caller("notifications", SERVICE)


def common(**changes: Any) -> dict[str, Any]:
    """The columns of any case that Sam reported, which Ada's department deals with."""
    columns: dict[str, Any] = {
        "reference": new_reference("PER"),
        "version": 0,
        "status": "requested",
        "channel": "phone",
        "received_at": RECEIVED_AT,
        "imported": False,
        "department": "permits",
        "contact": {"phone": "01708 000000"},
        "reported_by": "resident-1",
        "resident": "resident-1",
    }
    return columns | changes


def a_case(**changes: Any) -> Permit:
    """A case as Sam reported it."""
    return Permit(**{"description": "For the red van."} | common(**changes))


async def stored_case(state: AppState, **changes: Any) -> str:
    """The reference of a case that the database has; it has no history."""
    async with unit_of_work(state) as work:
        work.session.add(case := a_case(**changes))
    return str(case.reference)
