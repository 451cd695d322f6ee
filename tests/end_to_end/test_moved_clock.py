"""Bank holidays, lived through by every process of a house: the clocks of all are put on while it runs.

A rule that is tried with a given time does not show that services, workers and PostgreSQL go by the same.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.end_to_end.deployment import deployed
from tests.end_to_end.houses import SAM, House, by
from tests.support.faketime import MovedClock, NoFaketime, everything_on, library
from tests.support.few import FEW

LONDON = ZoneInfo("Europe/London")
BOXING_DAY_OBSERVED = datetime(2026, 12, 28, 23, 59, tzinfo=LONDON)  # a Monday
TUESDAY = datetime(2026, 12, 29, 0, 0, 5, tzinfo=LONDON)
THURSDAY = datetime(2026, 12, 31, 23, 59, tzinfo=LONDON)
NEW_YEARS_DAY = datetime(2027, 1, 1, 4, 0, tzinfo=LONDON)  # a Friday
MONDAY = datetime(2027, 1, 4, 9, 0, 30, tzinfo=LONDON)
"""Half a minute after the council's offices open."""

URGENT, EMERGENCY = "tap-not-turning", "total-loss-of-water"
FINISHED, MADE_SAFE = "repairs.priority-2.completed", "repairs.emergency.made-safe"

FEWEST = replace(FEW, services=tuple(replace(row, runs_apart=()) for row in FEW.services))
"""Each service with its workers in one process, and the gateway in another."""


@dataclass
class Elsewhen:
    """A house and the clock that all of it goes by."""

    house: House
    clock: MovedClock

    def put_to(self, instant: datetime) -> None:
        """Put the clock of everything to an instant; whoever has a token needs another."""
        self.clock.put_to(instant)
        self.house.sign_in_again()

    async def due(self, case: dict[str, Any], standard: str) -> datetime:
        """The end of a promise in London, of which owner and notifications say the same."""
        quoted = {promise["standard"]: promise["due_at"] for promise in case["deadlines"]}[standard]
        kept = (await self.house.deadlines(case["reference"]))[standard]["due_at"]
        assert quoted == kept
        return datetime.fromisoformat(kept).astimezone(LONDON)


@pytest.fixture(scope="module")
async def elsewhen(rabbitmq_url: str) -> AsyncIterator[Elsewhen]:
    """A house on servers of its own, all of whose clocks are one; skipped loudly without libfaketime."""
    try:
        found = await asyncio.to_thread(library)
    except NoFaketime as reason:
        pytest.skip(str(reason))
    with tempfile.TemporaryDirectory(prefix="clock-") as folder:
        clock = MovedClock(Path(folder), found)
        with everything_on(clock):
            async with deployed(FEWEST) as deployment:
                yield Elsewhen(await deployment.until_well(), clock)


async def test_a_minute_to_midnight_on_a_bank_holiday_counts_from_the_holiday(elsewhen: Elsewhen) -> None:
    """Three working days from Monday end on Thursday; from Tuesday, New Year's Day is left out too."""
    elsewhen.put_to(BOXING_DAY_OBSERVED)
    before = await elsewhen.house.report(fault=URGENT)
    elsewhen.put_to(TUESDAY)
    after = await elsewhen.house.report(fault=URGENT)

    assert f"{await elsewhen.due(before, FINISHED):%A %d %B %Y %H:%M}" == "Thursday 31 December 2026 23:59"
    assert f"{await elsewhen.due(after, FINISHED):%A %d %B %Y %H:%M}" == "Monday 04 January 2027 23:59"
    for case in (before, after):
        await elsewhen.house.notices(case["reference"], "acknowledgement")
        [letter] = elsewhen.house.letters(case["reference"], to=SAM)
        assert by((await elsewhen.due(case, FINISHED)).isoformat()) in letter.get_content()


async def test_an_emergency_does_not_wait_for_the_holiday_to_end_and_a_reminder_does(
    elsewhen: Elsewhen,
) -> None:
    """At four in the morning the department hears of a breach; of the work of Monday, on Monday."""
    house = elsewhen.house
    elsewhen.put_to(TUESDAY)
    urgent = await house.report(fault=URGENT)
    await house.deadlines(urgent["reference"])

    elsewhen.put_to(THURSDAY)
    emergency = await house.report(fault=EMERGENCY)
    assert await elsewhen.due(emergency, MADE_SAFE) < NEW_YEARS_DAY
    elsewhen.put_to(NEW_YEARS_DAY)
    breaches = await house.notices(emergency["reference"], "breach")
    assert {notice["audience"] for notice in breaches} == {"department"}
    assert await reminders(house, urgent) == []

    elsewhen.put_to(MONDAY)
    late = await house.notices(urgent["reference"], "reminder")
    assert FINISHED in {notice["standard"] for notice in late}
    assert all(datetime.fromisoformat(notice["sent_at"]) >= MONDAY for notice in late)
    assert (await house.deadlines(urgent["reference"]))[FINISHED]["state"] == "running"


async def reminders(house: House, case: dict[str, Any]) -> list[dict[str, Any]]:
    """The reminders that are owed or sent of a case so far."""
    items = (await house.get("/v1/notices", reference=case["reference"])).json()["items"]
    return [notice for notice in items if notice["kind"] == "reminder"]
