"""The promises about anti-social behaviour: section 9."""

from typing import Any

from tests.end_to_end.houses import CONFIDANT, House
from tests.end_to_end.promises.telling import CONTACT, HOME, Case, Promise, at, reported
from tests.support.eventually import eventually

DAMAGE = {"fault": "insecure-window-door-or-lock", "for_contractor": "The lock.", "description": "Kicked in."}
VISIT = {"action_plan_agreed": True, "identification_shown": True}


def opened(category: str) -> Case:
    """A case of that category with which nothing was done."""

    async def case(house: House) -> str:
        told = {"description": "It goes on.", "channel": "phone", "contact": CONTACT, "property": HOME}
        return await reported(house, "/v1/asb", CONFIDANT, category=category, received_at=at(), **told)

    return case


def acted(category: str, *acts: tuple[str, dict[str, Any]]) -> Case:
    """A case of that category with these acts, from two hours after it was opened on, an hour apart."""

    async def case(house: House) -> str:
        reference = await opened(category)(house)
        for hour, (act, body) in enumerate(acts, start=2):
            told = {**body, "occurred_at": at(hours=hour)}
            await house.act(f"/v1/asb/{reference}/{act}", told, by=CONFIDANT)
        return reference

    return case


CONTACTED = ("victim-contact", {"method": "phone", "reached": True})
DAMAGED = ("damage", {**DAMAGE, "repair_responsibility": True})
CLOSED = ("closure", {"reason": "It is over.", "agreed_with_victim": True})


async def _repair_of(house: House, case: str) -> str:
    """The repair that was raised for the damage of a case."""

    async def look() -> str | None:
        page = (await house.get("/v1/repairs", by=CONFIDANT, limit="100", sort="received_at")).json()["items"]
        page += (await house.get("/v1/repairs", by=CONFIDANT, limit="100")).json()["items"]
        its = [row["reference"] for row in page if (row["asb_damage"] or {}).get("asb_reference") == case]
        return its[0] if its else None

    return str(await eventually(look, 60))


async def damage_made_safe(house: House) -> str:
    """The case whose damage repairs has told to be safe."""
    case = await acted("vandalism", DAMAGED)(house)
    repair = await _repair_of(house, case)
    safe = {"type": "made_safe", "occurred_at": at(hours=4)}
    await house.act(f"/v1/repairs/{repair}/updates", safe, by=CONFIDANT)
    return case


async def repair_made_safe(house: House) -> str:
    return await _repair_of(house, await damage_made_safe(house))


async def repair_left(house: House) -> str:
    return await _repair_of(house, await acted("vandalism", DAMAGED)(house))


PROMISES = (
    Promise("asb.priority-1.victim-contact", acted("violence", CONTACTED), opened("violence"), CONFIDANT),
    Promise("asb.victim-contact", acted("noise", CONTACTED), opened("noise"), CONFIDANT),
    Promise(
        "asb.action-plan",
        acted("noise", ("visit", VISIT), ("action-plan", {"plan": "A diary."})),
        acted("noise", ("visit", VISIT)),
        CONFIDANT,
    ),
    Promise(
        "asb.progress-update", acted("noise", ("updates", {"message": "News."})), opened("noise"), CONFIDANT
    ),
    Promise("asb.make-safe", damage_made_safe, acted("vandalism", DAMAGED), CONFIDANT),
    Promise("repairs.asb-damage.made-safe", repair_made_safe, repair_left, CONFIDANT),
    Promise(
        "asb.satisfaction-survey",
        acted("noise", CONTACTED, CLOSED, ("survey", {})),
        acted("noise", CONTACTED, CLOSED),
        CONFIDANT,
    ),
)
