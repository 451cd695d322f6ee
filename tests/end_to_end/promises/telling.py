"""A promise as a story tells it: a case in which it is kept, and one in which it is missed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.clock import system_clock
from tests.end_to_end.houses import OFFICER, House
from tests.support.eventually import eventually

LONG_AGO = system_clock().replace(microsecond=0) - timedelta(days=800)
"""The instant at which most of these cases begin: whatever is not done since then was missed."""

CONTACT = {"name": "Sam Jones", "email": "sam@example.org"}
HOME = {"address": "1 High Street", "postcode": "RM1 1AA"}

Case = Callable[[House], Awaitable[str]]
"""Brings a case to where it is to be, and gives its reference."""


@dataclass(frozen=True)
class Promise:
    """One row of the standards, with a case that keeps it and one that misses it, and who may look."""

    standard: str
    kept: Case
    missed: Case
    by: str = OFFICER


def at(days: float = 0, hours: float = 0) -> str:
    """An instant so long after the beginning."""
    return (LONG_AGO + timedelta(days=days, hours=hours)).isoformat().replace("+00:00", "Z")


def day(days: float = 0) -> str:
    """The day so long after the beginning."""
    return (LONG_AGO + timedelta(days=days)).date().isoformat()


async def reported(house: House, path: str, by: str = OFFICER, /, **body: Any) -> str:
    """The reference of a case that was reported."""
    return str((await house.act(path, body, by=by))["reference"])


async def states(house: House, promise: Promise, reference: str, state: str) -> list[str]:
    """The states of a promise to a case, the first made first, once one of them is `state`."""

    async def look() -> list[str]:
        answer = await house.get(f"/v1/cases/{reference}/deadlines", by=promise.by)
        found = answer.json()["deadlines"] if answer.status_code == 200 else []
        its = sorted((row for row in found if row["standard"] == promise.standard), key=_started)
        return [row["state"] for row in its] if state in {row["state"] for row in its} else []

    return await eventually(look, 60)


def _started(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["started_at"])
