"""A notice that reaches nobody of the staff is a task on the worklist, until somebody sees to it."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from services.notifications.models import Notice
from services.notifications.notices import delivery
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.channels.opening import by_form
from services.notifications.notices.channels.smtp import Smtp
from services.notifications.notices.failing import give_up
from services.notifications.policy import Delivery
from services.repairs.main import SERVICE as REPAIRS
from shared.app import consumption
from shared.app_state import AppState
from shared.cases.untold_staff import MEANT
from shared.db.tables import events as stored_events
from shared.db.transaction import transaction
from shared.messaging.outbox import COLUMNS, event_from
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.clocks import SteppedClock
from tests.services.notifications.consuming import ago, consume_history, swept
from tests.services.notifications.letters import of_kind
from tests.services.notifications.mail_server import NO_SUCH_MAILBOX, MailServer, mail_server
from tests.services.notifications.posting import a_reported_repair, claimed, digests_claimed
from tests.services.repairs.reporting import zulu

WORKLIST, TASK = "/v1/worklist", "repairs.staff.told"
DEPARTMENT, MANAGER = "repairs-department@council.example", "repairs-manager@council.example"
ON_DUTY = """
[[department]]
name = "repairs"
duty_email = "duty@council.example"
"""
TRIED = ["department by email", "manager by email"]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MailServer]:
    async with mail_server(tmp_path) as running:
        yield running


async def overdue(resources: AppState, repairs: httpx.AsyncClient, callers: Callers, days: float) -> str:
    """A repair of 28 working days that was reported so long ago, its steps taken."""
    reference = await a_reported_repair(resources, repairs, callers, received_at=zulu(ago(days=days)))
    await swept(resources)
    return reference


class House:
    """Notifications and repairs, which hear of each other; nobody at repairs can be told anything."""

    def __init__(self, resources: AppState, repairs: AppState, server: MailServer) -> None:
        self.resources, self.repairs, self.server = resources, repairs, server
        self.heard: set[UUID] = set()
        server.refuses |= dict.fromkeys((DEPARTMENT, MANAGER), NO_SUCH_MAILBOX)

    async def settle(self, reference: str) -> None:
        """Let all that is owed leave, and the two hear of each other, until nothing more happens."""
        sender = self.resources.settings.mail_from
        smtp = Smtp(self.server.url(), sender, ca=self.server.certificate)
        channels = by_form(smtp, Mailbox(self.resources.settings.var / "mail", sender))
        while True:
            await consume_history(self.resources, reference)
            waiting = [*await claimed(self.resources), *await digests_claimed(self.resources)]
            await delivery.deliver(self.resources, channels, waiting, chance=lambda: 0.0)
            if not waiting and not await self._hear():
                return

    async def _hear(self) -> bool:
        async with unit_of_work(self.resources) as work:
            rows = await work.session.execute(select(*COLUMNS).where(stored_events.c.type.in_(MEANT)))
            fresh = [event for event in map(event_from, rows) if event.id not in self.heard]
        async with unit_of_work(self.repairs) as work:
            await consumption(REPAIRS).use_case(work, fresh)
        self.heard |= {event.id for event in fresh}
        return bool(fresh)


@pytest.fixture
def house(resources: AppState, repairs_state: AppState, server: MailServer, owner: object) -> House:
    return House(resources, repairs_state, server)


@pytest.fixture
def hours_ago(stepped: SteppedClock) -> None:
    """All that repairs notes is of two hours ago."""
    stepped.ahead = -timedelta(hours=2)


@pytest.fixture
async def gas(house: House, repairs: httpx.AsyncClient, callers: Callers) -> str:
    """An emergency of which the department and its manager could not be told."""
    reference = await a_reported_repair(house.resources, repairs, callers, fault="loss-of-gas")
    await house.settle(reference)
    return reference


async def row_of(notifications: httpx.AsyncClient, callers: Callers, reference: str) -> dict[str, Any]:
    answer = await notifications.get(WORKLIST, headers=callers.officer())
    [row] = [row for row in answer.json()["items"] if row["reference"] == reference]
    found: dict[str, Any] = row
    return found


async def test_an_emergency_that_nobody_could_be_told_is_an_urgent_task(
    house: House, notifications: httpx.AsyncClient, callers: Callers, gas: str
) -> None:
    """Due in half an hour, before all else that was promised; it says by which channels it was tried."""
    row = await row_of(notifications, callers, gas)
    assert (row["next_deadline"]["standard"], row["group"]) == (TASK, "within_hour")
    assert row["next_deadline"]["promise"].startswith("We will see within 30 minutes to a case")
    assert (row["untold"]["kinds"], row["untold"]["tried"]) == (["emergency"], TRIED)
    estates = callers.officer_named("ola", "estates")
    assert (await notifications.get(WORKLIST, headers=estates)).json()["items"] == []


async def test_it_says_of_each_channel_that_it_was_tried(
    house: House,
    repairs: httpx.AsyncClient,
    notifications: httpx.AsyncClient,
    callers: Callers,
    tmp_path: Path,
) -> None:
    """Whoever is on duty, then their department, then its manager: each once."""
    house.resources.settings.recipients_file = tmp_path / "recipients.toml"
    house.resources.settings.recipients_file.write_text(ON_DUTY)
    house.server.refuses["duty@council.example"] = NO_SUCH_MAILBOX
    reference = await a_reported_repair(house.resources, repairs, callers, fault="loss-of-gas")
    await house.settle(reference)
    row = await row_of(notifications, callers, reference)
    assert row["untold"]["tried"] == ["department on duty by email", *TRIED]


def _assigned(repairs: httpx.AsyncClient, _: httpx.AsyncClient, reference: str) -> tuple[Any, ...]:
    return repairs, f"/v1/repairs/{reference}/assignment", {"contractor": "demo-contractor"}


def _marked(_: httpx.AsyncClient, notifications: httpx.AsyncClient, reference: str) -> tuple[Any, ...]:
    return notifications, f"{WORKLIST}/{reference}/told", None


@pytest.mark.parametrize("way", [_assigned, _marked], ids=["somebody acts", "somebody says that they know"])
async def test_the_task_is_gone_when_somebody_sees_to_it(
    house: House,
    repairs: httpx.AsyncClient,
    notifications: httpx.AsyncClient,
    callers: Callers,
    gas: str,
    way: Callable[..., tuple[httpx.AsyncClient, str, Any]],
) -> None:
    """The promise of the emergency stands on the list again; the case's owner shows the same."""
    client, path, body = way(repairs, notifications, gas)
    assert (await client.post(path, json=body, headers=callers.officer())).status_code == 201
    if way is _assigned:
        await consume_history(house.resources, gas)
    row = await row_of(notifications, callers, gas)
    assert (row["next_deadline"]["standard"], row["untold"]) == ("repairs.emergency.made-safe", None)
    await house.settle(gas)
    assert (await row_of(notifications, callers, gas))["untold"] is None
    own = (await repairs.get(f"/v1/repairs/{gas}", headers=callers.officer())).json()
    [task] = [one for one in own["deadlines"] if one["standard"] == TASK]
    assert task["state"] == "met"
    again = await notifications.post(f"{WORKLIST}/{gas}/told", headers=callers.officer())
    assert again.status_code == 404


async def test_that_somebody_knows_is_said_once(
    notifications: httpx.AsyncClient, callers: Callers, gas: str
) -> None:
    """A double click is one act, one on a stale case is none; whoever left the department sees neither."""
    path, key = f"{WORKLIST}/{gas}/told", {"Idempotency-Key": "a double click"}
    stale = await notifications.post(path, headers={**callers.officer(), "If-Match": '"1"'})
    assert stale.status_code == 412
    first, again = [await notifications.post(path, headers={**callers.officer(), **key}) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), again.headers["Idempotent-Replayed"]) == (again.json(), "true")
    gone = await notifications.post(path, headers={**callers.officer("estates"), **key})
    assert (gone.status_code, "Idempotent-Replayed" in gone.headers) == (404, False)


@pytest.mark.parametrize("caller", ["resident", "ops", "another department's"])
async def test_only_who_works_the_case_says_that_they_know(
    notifications: httpx.AsyncClient, callers: Callers, gas: str, caller: str
) -> None:
    """Nobody else learns that there is such a task."""
    estates = callers.officer_named("ola", "estates")
    by = {"resident": callers.resident(), "ops": callers.ops()}.get(caller, estates)
    answer = await notifications.post(f"{WORKLIST}/{gas}/told", headers=by)
    assert answer.status_code == (404 if by is estates else 403)


async def test_its_resident_hears_nothing_of_it(
    repairs: httpx.AsyncClient, notifications: httpx.AsyncClient, callers: Callers, gas: str
) -> None:
    """It is a matter of the staff."""
    own = (await repairs.get(f"/v1/repairs/{gas}", headers=callers.resident())).json()
    assert TASK not in {one["standard"] for one in own["deadlines"]}
    timeline = await notifications.get(f"/v1/cases/{gas}/timeline", headers=callers.resident())
    assert "repairs.staff-not-told" not in {entry.get("type") for entry in timeline.json()["entries"]}


@pytest.mark.usefixtures("hours_ago")
async def test_that_nobody_saw_to_it_either_makes_no_other_task(
    house: House, notifications: httpx.AsyncClient, callers: Callers, gas: str
) -> None:
    """After half an hour both are tried again, and cannot be told: it is late, and stays the one task."""
    await swept(house.resources)
    await house.settle(gas)
    [department, manager] = await of_kind(house.resources, gas, "breach")
    assert {department.status, manager.status} == {Delivery.FAILED}
    row = await row_of(notifications, callers, gas)
    assert (row["group"], row["untold"]["kinds"]) == ("late", ["emergency"])


async def test_what_can_wait_and_reaches_nobody_is_a_task_of_each_case(
    house: House, repairs: httpx.AsyncClient, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """A digest that no mailbox takes makes one of each case that it tells of, due in four hours."""
    first, second = [await overdue(house.resources, repairs, callers, days=days) for days in (80, 60)]
    await house.settle(first)
    for reference in (first, second):
        await consume_history(house.resources, reference)
        untold = (await row_of(notifications, callers, reference))["untold"]
        assert {*untold["tried"]} == {*TRIED}
        query = {"reference": reference, "standard": TASK}
        rows = await notifications.get("/v1/deadlines", params=query, headers=callers.officer())
        promises = {task["promise"] for task in rows.json()["items"]}
        assert promises == {"We will see within 4 hours to a case of which none of us could be told."}


async def test_what_was_withdrawn_on_its_way_is_nobodys_task(
    house: House, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A breach that is none after all: that nobody could be told of it is no matter."""
    reference = await overdue(house.resources, repairs, callers, days=80)
    on_their_way = await digests_claimed(house.resources)
    async with transaction(house.resources.database) as session:
        waiting = update(Notice).where(Notice.reference == reference, Notice.status == Delivery.PENDING)
        await session.execute(waiting.values(status=Delivery.WITHDRAWN))
    meant = [notice for notice in on_their_way if notice.is_for_staff]
    assert meant
    async with unit_of_work(house.resources) as work:
        await give_up(work, meant, "nobody-there")
    async with transaction(house.resources.database) as session:
        rows = await session.execute(select(stored_events.c.type).where(stored_events.c.type.in_(MEANT)))
        assert rows.all() == []
