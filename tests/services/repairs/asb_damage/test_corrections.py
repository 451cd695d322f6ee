"""Damage whose home is corrected, and whose repair is called off."""

from typing import Any

import httpx
import pytest

from services.repairs.asb_damage import locating
from tests.services.callers import Callers
from tests.services.repairs.asb_damage.telling import (
    CASE,
    HOME,
    Asb,
    damage_reported,
    either_broker,
    home_given,
)
from tests.services.repairs.reporting import COMPLETED
from tests.support.eventually import eventually

ELSEWHERE = {**HOME, "property": {"address": "9 Long Lane", "postcode": "RM2 2BB"}}


class Office:
    """An officer of repairs at its service."""

    def __init__(self, client: httpx.AsyncClient, callers: Callers) -> None:
        self._client, self._headers = client, callers.officer(scopes=["asb"])

    async def the_repair(self) -> dict[str, Any]:
        """The one that was raised, as soon as it is there."""

        async def found() -> list[dict[str, Any]]:
            answer = await self._client.get("/v1/repairs", headers=self._headers)
            items: list[dict[str, Any]] = answer.json()["items"]
            return items

        repair: dict[str, Any]
        [repair] = await eventually(found)
        return repair

    async def act(self, act: str, **body: Any) -> None:
        path = f"/v1/repairs/{(await self.the_repair())['reference']}/{act}"
        answer = await self._client.post(path, json=body, headers=self._headers)
        assert answer.status_code == 201, answer.text


@pytest.fixture
def office(repairs: httpx.AsyncClient, callers: Callers) -> Office:
    return Office(repairs, callers)


@either_broker
async def test_a_home_that_is_corrected_reaches_the_repair(asb: Asb, office: Office) -> None:
    """The firm was sent next door; asb is asked once more, and the repair is at another version."""
    await asb.tell(damage_reported())
    asb.homes[CASE, 1] = HOME
    before = await office.the_repair()
    assert await locating.locate_due(asb.resources) == 1
    asb.homes[CASE, 1] = ELSEWHERE
    assert await locating.locate_due(asb.resources) == 0, "nobody has said that it is elsewhere"
    await asb.tell(home_given())

    async def asked_again() -> bool:
        return await locating.locate_due(asb.resources) == 1

    assert await eventually(asked_again)
    repair = await office.the_repair()
    assert repair["property"]["address"] == "9 Long Lane"
    assert repair["version"] == before["version"] + 3, "located twice, and once of a stricter fault"


async def test_a_home_of_a_repair_that_has_ended_stays(asb: Asb, office: Office) -> None:
    """The work was done where it was done."""
    await asb.tell(damage_reported())
    asb.homes[CASE, 1] = HOME
    await office.the_repair()
    assert await locating.locate_due(asb.resources) == 1
    await office.act("updates", **COMPLETED)
    asb.homes[CASE, 1] = ELSEWHERE
    await asb.tell(home_given(), damage_reported(9, damage=2))
    await eventually(lambda: asb.of_type("repairs.asb-damage-repair-raised")[1:])
    assert await locating.locate_due(asb.resources) == 0
    assert len(asb.asked_by) == 2, "of the first, and of the second, which is not known"


@either_broker
async def test_a_repair_that_is_called_off_is_told_to_asb(asb: Asb, office: Office) -> None:
    """With the case and the damage, for somebody has to see to it."""
    await asb.tell(damage_reported())
    await office.act("cancellation", reason="Twice reported.")
    [cancelled] = await eventually(lambda: asb.of_type("repairs.asb-damage-repair-cancelled"))
    assert dict(cancelled.facts) == {"asb_reference": CASE, "damage": 1}


async def test_a_repair_that_was_safe_is_called_off_without_a_word(asb: Asb, office: Office) -> None:
    """Nobody is in danger, so nobody is flagged."""
    await asb.tell(damage_reported())
    await office.the_repair()
    await office.act("updates", type="made_safe")
    await office.act("cancellation", reason="She has moved out.")
    await eventually(lambda: asb.of_type("repairs.repair-cancelled"))
    assert asb.of_type("repairs.asb-damage-repair-cancelled") == []
