"""Damage done by anti-social behaviour: told by event, made safe within a day, told back by event."""

import asyncio
import re
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.repairs.asb_damage import locating
from services.repairs.asb_damage.models import AsbDamage
from services.repairs.asb_damage.service import take_in
from shared.clock import Clock
from shared.db.transaction import transaction
from shared.messaging.consumer import Consumer
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.repairs.asb_damage.telling import CASE, HOME, Asb, damage_reported, either_broker
from tests.services.repairs.reporting import COMPLETED, ago, zulu
from tests.support.clock import house_clock
from tests.support.eventually import eventually


def minutes_on(minutes: float) -> Clock:
    """A clock that is so far ahead."""
    return lambda: house_clock() + timedelta(minutes=minutes)


class Department:
    """An officer of repairs who may know of ASB cases, and what they see and do."""

    def __init__(self, client: httpx.AsyncClient, callers: Callers) -> None:
        self._client, self.headers = client, callers.officer(scopes=["asb"])

    async def repairs(self) -> list[dict[str, Any]]:
        answer = await self._client.get("/v1/repairs", headers=self.headers)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def the_repair(self) -> dict[str, Any]:
        """The one that was raised, as soon as it is there."""
        found = await eventually(self.repairs)
        assert len(found) == 1
        repair: dict[str, Any] = found[0]
        return repair

    async def update(self, reference: str, **body: Any) -> None:
        path = f"/v1/repairs/{reference}/updates"
        answer = await self._client.post(path, json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text


@pytest.fixture
def department(repairs: httpx.AsyncClient, callers: Callers) -> Department:
    return Department(repairs, callers)


@either_broker
async def test_damage_becomes_a_repair_to_be_made_safe_in_a_day(asb: Asb, department: Department) -> None:
    """The day counts from the report of the damage, not from when the news of it arrived."""
    reported_at = house_clock() - timedelta(hours=2)
    await asb.tell(damage_reported(occurred_at=reported_at))
    repair = await department.the_repair()
    due = {row["standard"]: row["due_at"] for row in repair["deadlines"]}
    assert due["repairs.asb-damage.made-safe"] == zulu(reported_at + timedelta(hours=24))
    assert "repairs.priority-3.completed" in due
    assert (repair["status"], repair["received_at"]) == ("reported", zulu(reported_at))
    assert repair["asb_damage"] == {"asb_reference": CASE, "damage": 1, "made_safe_at": None}
    [raised] = await eventually(lambda: asb.of_type("repairs.asb-damage-repair-raised"))
    assert raised.reference == repair["reference"]
    assert (raised.facts["asb_reference"], raised.facts["damage"]) == (CASE, 1)


@either_broker
async def test_its_being_safe_goes_back_to_asb(asb: Asb, department: Department) -> None:
    """Once, with the case and the damage; again only if it proves to have been safe earlier."""
    await asb.tell(damage_reported(occurred_at=house_clock() - timedelta(hours=5)))
    reference = (await department.the_repair())["reference"]
    await department.update(reference, type="made_safe", occurred_at=ago(hours=1))
    [safe] = await eventually(lambda: asb.of_type("repairs.asb-damage-made-safe"))
    assert (safe.reference, dict(safe.facts)) == (reference, {"asb_reference": CASE, "damage": 1})

    await department.update(reference, **COMPLETED)
    await department.update(reference, type="made_safe", occurred_at=(earlier := ago(hours=3)))
    sooner = (await eventually(lambda: asb.of_type("repairs.asb-damage-made-safe")[1:]))[0]
    assert sooner.occurred_at == datetime.fromisoformat(earlier)
    repair = await department.the_repair()
    [promise] = [row for row in repair["deadlines"] if row["standard"] == "repairs.asb-damage.made-safe"]
    assert (promise["state"], promise["met_at"]) == ("met", earlier)
    await eventually(lambda: asb.of_type("repairs.repair-completed"))
    assert len(asb.of_type("repairs.asb-damage-made-safe")) == 2


async def test_completing_it_makes_it_safe_too(asb: Asb, department: Department) -> None:
    """A door that was put right at once was never made safe first."""
    await asb.tell(damage_reported())
    await department.update((await department.the_repair())["reference"], **COMPLETED)
    assert await eventually(lambda: asb.of_type("repairs.asb-damage-made-safe"))


@either_broker
async def test_one_damage_is_one_repair_however_often_it_is_told(asb: Asb, department: Department) -> None:
    """The same event twice, another event of the same damage, and two damages of one case in any order."""
    first, other = damage_reported(), damage_reported(3, damage=2)
    same = damage_reported(4)
    await asb.tell(other, first, first, same)
    await asb.tell(same, other)
    elsewhere = damage_reported(reference="ASB-2222-2222")
    await asb.tell(elsewhere)

    async def all_three() -> bool:
        return len(await department.repairs()) >= 3

    await eventually(all_three)
    damages = [row["asb_damage"] for row in await department.repairs()]
    assert {(row["asb_reference"], row["damage"]) for row in damages} == {
        (CASE, 1),
        (CASE, 2),
        ("ASB-2222-2222", 1),
    }
    assert len(damages) == 3


@either_broker
async def test_what_is_not_ours_or_is_history_becomes_no_repair(asb: Asb, department: Department) -> None:
    """Nor does what cannot be read keep others from being received: it goes to the dead letters."""
    await asb.tell(
        damage_reported(damage=2, our_repair_responsibility=False),
        damage_reported(damage=3, imported=True),
        damage_reported(damage="the door"),
        damage_reported(damage=5),
    )
    repair = await department.the_repair()
    assert repair["asb_damage"]["damage"] == 5

    async def is_buried() -> bool:
        return (await asb.broker.dead_letters("repairs")).total == 1

    assert await eventually(is_buried)
    await asb.tell(damage_reported(damage=2))  # it proved to be ours after all

    async def both() -> bool:
        return len(await department.repairs()) == 2

    await eventually(both)


async def test_where_the_home_is_is_asked_and_never_told(
    asb: Asb, department: Department, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The repair is raised while asb is away; address and fault follow, and no word tells whose it is."""
    asb.way.is_cut = True
    await asb.tell(damage_reported())
    reference = (await department.the_repair())["reference"]
    assert await locating.locate_due(asb.resources) == 0
    path = f"/v1/repairs/{reference}"
    given = await repairs.post(f"{path}/assignment", json={"contractor": "Fixit"}, headers=department.headers)
    assert given.json()["property"]["postcode"] == "unknown"
    before = (await repairs.get(path, headers=callers.contractor())).text

    asb.way.is_cut = False
    asb.resources.clock = minutes_on(10)
    assert await locating.locate_due(asb.resources) == 0, "asb does not know of it yet"
    asb.homes[CASE, 1] = HOME
    asb.resources.clock = minutes_on(20)
    assert await locating.locate_due(asb.resources) == 1
    answer = await repairs.get(path, headers=callers.contractor())
    job = answer.json()
    assert (job["property"]["address"], job["property"]["postcode"]) == ("3 High Street", "RM1 1AB")
    assert (job["fault"], job["priority"]) == ("insecure-window-door-or-lock", 1)
    assert "repairs.job" in {row["standard"] for row in job["deadlines"]}
    assert not re.search(r"asb|anti-social|\bhate|victim", before + answer.text, re.IGNORECASE)
    shown = (await repairs.get(path, headers=department.headers)).json()
    assert shown["description"] == "The front door was kicked in."
    assert "victim" not in str(shown)
    assert "repairs.priority-1.completed" in {row["standard"] for row in shown["deadlines"]}
    asked = len(asb.asked_by)
    asb.resources.clock = minutes_on(30)
    assert await locating.locate_due(asb.resources) == 0, "there is nothing left to ask"
    assert len(asb.asked_by) == asked
    assert all(header.startswith("Bearer ") for header in asb.asked_by)


async def test_a_clock_that_was_put_back_delays_no_question(asb: Asb, department: Department) -> None:
    """Raised and asked about in vain while the clock was two hours ahead, it is asked about at once."""
    asb.resources.clock = minutes_on(120)
    await asb.tell(damage_reported())
    await department.the_repair()
    assert await locating.locate_due(asb.resources) == 0
    asb.homes[CASE, 1] = HOME
    asb.resources.clock = minutes_on(0)
    assert await locating.locate_due(asb.resources) == 1


async def test_a_hundred_homes_that_asb_cannot_tell_of_keep_no_other_waiting(asb: Asb) -> None:
    """Whoever was asked about longest ago has the next turn, and a hundred have theirs at a time."""
    await asb.tell(*(damage_reported(damage, damage=damage) for damage in range(1, 103)))

    async def all_raised() -> list[AsbDamage]:
        async with transaction(asb.resources.database) as session:
            found = list(await session.scalars(select(AsbDamage).order_by(AsbDamage.repair)))
        return found if len(found) == 102 else []

    last = (await eventually(all_raised))[-1]
    asb.homes[CASE, last.damage] = HOME
    # standing still: on a busy machine a hundred questions outlast the second until the first is due again
    asked_at = house_clock()
    asb.resources.clock = lambda: asked_at
    assert await locating.locate_due(asb.resources) == 0
    assert len(asb.asked_by) == 100
    assert await locating.locate_due(asb.resources) == 1
    assert len(asb.asked_by) == 102
    asb.resources.clock = minutes_on(10)
    asb.homes = {(CASE, damage): HOME for damage in range(1, 103)}
    assert await locating.locate_due(asb.resources) == 100
    assert await locating.locate_due(asb.resources) == 1


async def test_a_home_is_asked_about_ever_less_often(asb: Asb, department: Department) -> None:
    """At once, soon, and in the end every five minutes, for as long as asb has no answer that can be kept."""
    asb.homes[CASE, 1] = HOME | {"description": "NUL \0 cannot be kept."}
    await asb.tell(damage_reported())
    await department.the_repair()
    start = house_clock()
    for times, (due, next_due) in enumerate(pairwise([0, 1, 6, 21, 81, 381, 681])):
        for second in (due, next_due - 0.5):
            asb.resources.clock = partial(start.__add__, timedelta(seconds=second))
            assert await locating.locate_due(asb.resources) == 0
            assert len(asb.asked_by) == times + 1


async def test_what_a_contractor_tells_while_asb_is_asked_stands(asb: Asb, department: Department) -> None:
    """The home's address comes into a repair that is safe meanwhile, and takes nothing back of that."""
    await asb.tell(damage_reported(occurred_at=house_clock() - timedelta(hours=2)))
    reference = (await department.the_repair())["reference"]
    asb.homes[CASE, 1] = HOME
    asb.meanwhile = partial(department.update, reference, type="made_safe", occurred_at=(at := ago(hours=1)))
    assert await locating.locate_due(asb.resources) == 1
    repair = await department.the_repair()
    assert (repair["asb_damage"]["made_safe_at"], repair["status"]) == (at, "made_safe")
    assert repair["property"]["postcode"] == "RM1 1AB"


async def test_which_asb_case_it_is_only_officers_with_the_scope_see(
    asb: Asb, department: Department, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """In all answers; others see that it is damage and no more, and nobody follows it."""
    await asb.tell(damage_reported())
    path = f"/v1/repairs/{(await department.the_repair())['reference']}"
    asb.homes[CASE, 1] = HOME
    assert await locating.locate_due(asb.resources) == 1
    known = {"surname": "Jones", "postcode": "RM1 1AB"}
    tracked = await repairs.post(f"{path}/tracking", json=known, headers=callers.frontend())
    assert tracked.status_code == 404
    for headers, case in ((callers.officer(), None), (callers.officer(scopes=["asb"]), CASE)):
        read = (await repairs.get(path, headers=headers)).json()
        [listed] = (await repairs.get("/v1/repairs", headers=headers)).json()["items"]
        body = {"contractor": "Fixit"}
        acted = (await repairs.post(f"{path}/assignment", json=body, headers=headers)).json()
        updated = (await repairs.post(f"{path}/updates", json={"type": "accepted"}, headers=headers)).json()
        for shown in (read, listed, acted, updated):
            assert shown["asb_damage"] == {"asb_reference": case, "damage": 1, "made_safe_at": None}
            assert (CASE in str(shown)) is (case is not None)
    told = {"name": "Sam Jones", "phone": "01708 434343", "safe_to_contact": True}
    assert (await repairs.post(f"{path}/contact", json=told, headers=callers.officer())).status_code == 201
    for read in (path, "/v1/repairs"):
        job = await repairs.get(read, headers=callers.contractor())
        assert (job.status_code, "asb" in job.text, "Jones" in job.text) == (200, False, False)


async def test_nobody_writes_to_the_victim(
    asb: Asb, department: Department, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """We have no word from them that it is safe; and a front end cannot find the repair by a made-up home."""
    await asb.tell(damage_reported())
    reference = (await department.the_repair())["reference"]
    answer = await asb.resources.services.get("repairs", f"/internal/contacts/{reference}")
    told = answer.json()
    assert told["contact"] == {"safe_to_contact": False}
    assert told["handler"] == {"name": None, "department": "repairs"}
    for postcode in ("unknown", "UNKNOWN", "RM1 1AB"):
        known = {"surname": "Jones", "postcode": postcode}
        path = f"/v1/repairs/{reference}/tracking"
        assert (await repairs.post(path, json=known, headers=callers.frontend())).status_code == 404


async def test_consumers_that_hear_of_one_damage_at_once_raise_one_repair(
    asb: Asb, department: Department
) -> None:
    """The table's key has the last word, and who came second finds the repair when it tries again."""
    handle = Consumer("repairs", lambda: unit_of_work(asb.resources), take_in)
    bodies = [damage_reported(sequence).to_json() for sequence in range(2, 7)]
    assert await asyncio.gather(*(handle([body]) for body in bodies)) == [[None]] * len(bodies)
    await department.the_repair()
