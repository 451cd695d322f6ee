"""Damage done by anti-social behaviour, from asb's event to asb's learning that the home is safe."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.clock import system_clock
from shared.events import Event
from shared.references import new_reference
from tests.end_to_end.houses import CONFIDANT, CONTRACTOR, OFFICER, House
from tests.support.eventually import eventually

MAKE_SAFE, SAFE = "repairs.asb-damage.made-safe", "repairs.asb-damage-made-safe"


def damage_reported(case: str, damage: int, at: datetime) -> Event:
    """Damage of an ASB case that is ours to repair, as asb says it."""
    return Event(
        id=uuid4(),
        type="asb.damage-reported",
        reference=case,
        sequence=damage,
        occurred_at=at,
        recorded_at=at,
        facts={"damage": damage, "our_repair_responsibility": True},
    )


async def raised(house: House, case: str, damage: int) -> list[dict[str, Any]]:
    """The repairs of an ASB case, once the one of that damage is among them."""

    async def look() -> list[dict[str, Any]]:
        page = (await house.get("/v1/repairs", by=CONFIDANT, limit="100")).json()["items"]
        damages = [row for row in page if row["asb_damage"] and row["asb_damage"]["asb_reference"] == case]
        return damages if damage in [row["asb_damage"]["damage"] for row in damages] else []

    return await eventually(look)


async def watched(house: House, reference: str) -> dict[str, Any]:
    """The promise to make it safe, once notifications keeps it: the event after the report makes it."""

    async def look() -> dict[str, Any] | None:
        return (await house.deadlines(reference)).get(MAKE_SAFE)

    return await eventually(look)


async def test_a_damaged_home_is_made_safe_and_asb_hears_of_it(house: House) -> None:
    """Told by event, raised within seconds, due a day after the damage was reported, told back by event."""
    case, reported_at = new_reference("ASB"), system_clock().replace(microsecond=0)
    told = damage_reported(case, 1, reported_at)
    await house.publish(told)
    [repair] = await raised(house, case, 1)
    reference = repair["reference"]
    within_a_day = reported_at + timedelta(hours=24)
    quoted = {row["standard"]: row["due_at"] for row in repair["deadlines"]}
    assert datetime.fromisoformat(quoted[MAKE_SAFE]) == within_a_day
    assert datetime.fromisoformat((await watched(house, reference))["due_at"]) == within_a_day

    await house.publish(told)
    await house.publish(damage_reported(case, 2, reported_at))
    assert sorted(row["asb_damage"]["damage"] for row in await raised(house, case, 2)) == [1, 2]

    job = f"/v1/repairs/{reference}"
    given = await house.act(f"{job}/assignment", {"contractor": CONTRACTOR}, by=OFFICER)
    assert (given["asb_damage"]["damage"], given["asb_damage"]["asb_reference"]) == (1, None)
    await house.act(f"{job}/updates", {"type": "made_safe"}, by=CONTRACTOR)

    async def received() -> list[dict[str, Any]]:
        timeline = (await house.get(f"/v1/cases/{reference}/timeline", by=CONFIDANT)).json()
        return [entry for entry in timeline["entries"] if entry["type"] == SAFE]

    [safe] = await eventually(received)
    assert safe["facts"] == {"asb_reference": case, "damage": 1}
    assert (await watched(house, reference))["state"] == "met"
