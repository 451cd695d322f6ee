"""The promises about repairs and appliances: section 6."""

from tests.end_to_end.houses import COMPLETED, House
from tests.end_to_end.promises.telling import CONTACT, HOME, Case, Promise, at, day, reported

FAULTS = {1: "loss-of-gas", 2: "tap-not-turning", 3: "leaking-roof"}


def left(priority: int) -> Case:
    """A repair of that priority that nobody has done anything about."""

    async def case(house: House) -> str:
        told = {"fault": FAULTS[priority], "description": "Broken.", "channel": "phone", "contact": CONTACT}
        return await reported(house, "/v1/repairs", property=HOME, received_at=at(), **told)

    return case


def updated(priority: int, update: str) -> Case:
    """A repair of that priority with an update of an hour later."""

    async def case(house: House) -> str:
        repair = await left(priority)(house)
        told = COMPLETED if update == "completed" else {"type": update}
        await house.act(f"/v1/repairs/{repair}/updates", {**told, "occurred_at": at(hours=1)})
        return repair

    return case


def registered(kind: str) -> Case:
    """An appliance that was last serviced when these stories begin."""

    async def case(house: House) -> str:
        told = {"property": HOME, "location": day(), "last_serviced_on": day(), "received_at": at(days=1)}
        return await reported(house, "/v1/appliances", kind=kind, **told)

    return case


def serviced(kind: str) -> Case:
    """An appliance that was serviced within the year."""

    async def case(house: House) -> str:
        told = {"property": HOME, "location": "loft", "last_serviced_on": day(), "received_at": at(days=1)}
        appliance = await reported(house, "/v1/appliances", kind=kind, **told)
        await house.act(f"/v1/appliances/{appliance}/services", {"occurred_at": at(days=300)})
        return appliance

    return case


PROMISES = (
    Promise("repairs.emergency.made-safe", updated(1, "made_safe"), left(1)),
    Promise("repairs.priority-1.completed", updated(1, "completed"), left(1)),
    Promise("repairs.priority-2.completed", updated(2, "completed"), left(2)),
    Promise("repairs.priority-3.completed", updated(3, "completed"), left(3)),
    Promise("repairs.heating.annual-service", serviced("heating"), registered("heating")),
    Promise("repairs.smoke-alarm.annual-service", serviced("smoke_alarm"), registered("smoke_alarm")),
)
