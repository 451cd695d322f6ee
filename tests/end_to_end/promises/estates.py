"""The promises about estates: section 7."""

from tests.end_to_end.houses import House
from tests.end_to_end.promises.telling import Case, Promise, at, reported

WHOLE = {"inside": True, "outside": True, "lifts": True, "lobbies": True}


async def graffiti(house: House) -> str:
    told = {"kind": "graffiti", "offensive": True, "location": "The stairs", "description": "Words."}
    return await reported(house, "/v1/estates/issues", channel="officer", received_at=at(), **told)


async def removed(house: House) -> str:
    issue = await graffiti(house)
    await house.act(f"/v1/estates/issues/{issue}/resolution", {"occurred_at": at(hours=20)})
    return issue


def site(kind: str) -> Case:
    """A site at which nothing has been done."""

    async def case(house: House) -> str:
        where = {"name": "Mercury House", "address": "1 Mercury Gardens, RM1 3SL"}
        return await reported(house, "/v1/estates/sites", kind=kind, received_at=at(), **where)

    return case


def cleaned(kind: str) -> Case:
    """A site that was cleaned, all of it, some hours later."""

    async def case(house: House) -> str:
        reference = await site(kind)(house)
        await house.act(f"/v1/estates/sites/{reference}/cleans", {**WHOLE, "occurred_at": at(hours=3)})
        return reference

    return case


async def inspected(house: House) -> str:
    reference = await site("sheltered")(house)
    found = {"cleanliness": 4, "occurred_at": at(days=30)}
    await house.act(f"/v1/estates/sites/{reference}/inspections", found)
    return reference


PROMISES = (
    Promise("estates.offensive-graffiti.removal", removed, graffiti),
    Promise("estates.low-rise.clean", cleaned("low_rise"), site("low_rise")),
    Promise("estates.tower-block.clean", cleaned("tower_block"), site("tower_block")),
    Promise("estates.inspection", inspected, site("sheltered")),
)
