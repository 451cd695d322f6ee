"""The dates of the register follow the standards and the calendar that they are counted with."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from services.repairs.appliances.planning import plan_all
from services.repairs.appliances.queries import lock_register
from shared.app_state import AppState, open_app_state
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from shared.standards.catalogue import BUNDLED
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.repairs.appliances.registering import loaded, on_the_register
from tests.services.repairs.reporting import london, zulu

SERVICED = "2026-03-02"
EVERY_TEN_DAYS = (london("Monday 2026-03-16 23:59:59"), london("Tuesday 2026-03-17 23:59:59"))


@pytest.fixture
async def another_council(repairs_database: str, settings: Settings) -> AsyncIterator[AppState]:
    """A council that services its boilers every 10 working days."""
    files = [_every_ten_days(settings.var), *BUNDLED[1:]]
    urls = {"repairs": repairs_database}
    theirs = settings.model_copy(
        update={"database_urls": urls, "standards": ",".join(str(file) for file in files)}
    )
    resources = open_app_state("repairs", theirs, broker=LocalBroker(settings.var / "letters"))
    yield resources
    await resources.close()


def _every_ten_days(folder: Path) -> Path:
    own = BUNDLED[0].read_text(encoding="utf-8")
    assert own.count('period = "12 months"') == 2
    changed = folder / "another.toml"
    changed.write_text(own.replace('period = "12 months"', 'period = "10 working days"'), encoding="utf-8")
    return changed


async def test_other_standards_and_a_closure_day_move_the_dates(
    repairs: httpx.AsyncClient, callers: Callers, another_council: AppState
) -> None:
    """The dates stored for the lists are those that each appliance's events give, in every batch."""
    lines = "".join(f"heating,{door} High Street,RM1 1AA,{SERVICED}\n" for door in range(201))
    await loaded(repairs, callers.officer(), "kind,address,postcode,last_serviced_on\n" + lines)

    async def dates() -> set[str]:
        page = await repairs.get("/v1/appliances", params={"limit": 100}, headers=callers.officer())
        return {item["next_service_due_at"] for item in page.json()["items"]}

    assert await dates() == {zulu(london("Tuesday 2027-03-02 23:59:59"))}
    await plan_all(another_council)
    assert await dates() == {zulu(EVERY_TEN_DAYS[0])}
    another_council.calendar = another_council.calendar.with_closures({date(2026, 3, 10): "Flood"})
    await plan_all(another_council)
    assert await dates() == {zulu(EVERY_TEN_DAYS[1])}
    late = await on_the_register(repairs, callers.officer(), due_before=zulu(EVERY_TEN_DAYS[1]))
    assert late == []


async def test_planning_waits_while_a_file_is_loaded(repairs_state: AppState) -> None:
    """Each locks many rows in an order of its own, and one of the two would be ended in a deadlock."""
    async with unit_of_work(repairs_state) as loading:
        await lock_register(loading)
        planning = asyncio.create_task(plan_all(repairs_state))
        done, _ = await asyncio.wait({planning}, timeout=0.5)
        assert not done
    await asyncio.wait_for(planning, 20)


async def test_whoever_waits_for_a_long_file_is_not_ended(repairs_state: AppState) -> None:
    """One statement may take so long and no longer; a file may take minutes."""

    async def wait() -> None:
        async with unit_of_work(repairs_state) as work:
            await work.session.execute(text("SET LOCAL statement_timeout = '100ms'"))
            await lock_register(work)

    async with unit_of_work(repairs_state) as loading:
        await lock_register(loading)
        waiting = asyncio.create_task(wait())
        await asyncio.wait({waiting}, timeout=0.5)
    await asyncio.wait_for(waiting, 20)
