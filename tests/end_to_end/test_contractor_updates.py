"""A contractor's day on the phone, through the front door."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.cases.attachments.policy import MOST_BYTES
from shared.clock import system_clock
from tests.end_to_end.houses import COMPLETED, CONTRACTOR, NEIGHBOUR, RESIDENT, House, as_deployed
from tests.support.images import TELLTALE, jpeg, opened

pytestmark = as_deployed

PHOTO = jpeg()


def ago(**time: float) -> str:
    return (system_clock() - timedelta(**time)).astimezone(UTC).isoformat().replace("+00:00", "Z")


async def job(house: House, **changes: Any) -> str:
    """The reference of a job of the demo contractor's, reported six hours ago."""
    case = await house.report(received_at=ago(hours=6), **changes)
    path = f"/v1/repairs/{case['reference']}/assignment"
    given: dict[str, Any] = await house.act(path, {"contractor": CONTRACTOR})
    reference: str = given["reference"]
    return reference


async def uploaded(house: House, updates: list[dict[str, Any]]) -> list[int]:
    answer = await house.act("/v1/repairs/updates", {"updates": updates}, by=CONTRACTOR)
    return [result["status"] for result in answer["results"]]


async def test_a_day_without_signal_is_told_in_the_evening(house: House) -> None:
    """Out of order, hours late, half of it twice, one of it not theirs: each item is answered on its own."""
    mended, shut = await job(house), await job(house)
    others = (await house.report())["reference"]
    knocked = {"type": "no_access", "way": "knocked", "outcome": "no answer"}
    updates = [
        {"reference": mended, **COMPLETED, "occurred_at": ago(hours=1)},
        {"reference": others, "type": "accepted"},
        {"reference": shut, **knocked, "occurred_at": ago(hours=3)},
        {"reference": shut, **knocked, "way": "phoned", "occurred_at": ago(hours=2)},
        {"reference": mended, "type": "attended", "occurred_at": ago(hours=4)},
    ]
    assert await uploaded(house, updates[:3]) == [201, 404, 201]  # and then the signal was gone
    assert await uploaded(house, updates) == [201, 404, 201, 201, 201]

    assert {row["state"] for row in (await house.deadlines(mended, state="met")).values()} == {"met"}
    assert (await house.get(f"/v1/repairs/{shut}")).json()["status"] == "reported"
    attempts = (await house.get(f"/v1/repairs/{shut}/updates")).json()["items"]
    assert [(each["way"], each["outcome"]) for each in attempts] == [
        ("knocked", "no answer"),
        ("phoned", "no answer"),
    ]
    assert (await house.get(f"/v1/repairs/{shut}/updates", by=CONTRACTOR)).json()["items"] == attempts
    for each in attempts:
        happened, told = (datetime.fromisoformat(each[name]) for name in ("occurred_at", "recorded_at"))
        assert told - happened > timedelta(hours=1)
    running = await house.deadlines(shut)
    assert {row["state"] for row in running.values()} == {"running"}


async def test_a_firm_that_cannot_come_says_so(house: House) -> None:
    """The resident hears of it and chooses another time; the date promised for the repair stands."""
    first, second = [await house.slot(days=days, trade="electrical") for days in (2, 3)]
    case = await house.report(fault="extractor-fan")
    reference, path = case["reference"], f"/v1/repairs/{case['reference']}/appointment"
    await house.act(path, {"slot_id": first["slot_id"]}, by=RESIDENT)
    off = await house.act(f"{path}/cancellation", {"reason": "The van has broken down."}, by=CONTRACTOR)
    assert off["appointment"] is None
    [told] = await house.notices(reference, "appointment_cancelled")
    assert told["audience"] == "resident"
    assert not [letter for letter in house.letters(reference) if "broken down" in letter.get_content()]
    moved = await house.act(path, {"slot_id": second["slot_id"]}, by=RESIDENT)
    assert moved["appointment"]["slot_id"] == second["slot_id"]
    assert moved["deadlines"] == case["deadlines"]


async def test_the_next_visit_is_agreed_on_the_doorstep(house: House) -> None:
    """In a slot of the firm's own: the resident sees it, and nobody else can have the place."""
    slot = await house.slot(days=4, trade="electrical")
    mine, anothers = [await job(house, fault="extractor-fan") for _ in range(2)]
    follow_on = {"type": "follow_on_needed", "appointment": {"slot_id": slot["slot_id"]}}
    await house.act(f"/v1/repairs/{mine}/updates", follow_on, by=CONTRACTOR)
    seen = (await house.get(f"/v1/repairs/{mine}", by=RESIDENT)).json()
    assert (seen["status"], seen["appointment"]["starts_at"]) == ("follow_on_needed", slot["starts_at"])
    refused = await house.post(f"/v1/repairs/{anothers}/updates", follow_on, by=CONTRACTOR)
    assert refused.status_code == 409
    assert slot["slot_id"] not in [offer["slot_id"] for offer in refused.json()["appointment_offers"]]
    assert (await house.get(f"/v1/repairs/{anothers}")).json()["status"] == "reported"


async def test_photos_are_for_those_whom_they_concern(house: House) -> None:
    """Kept with the case: the resident sees the photo, without whose phone took it; a neighbour does not."""
    reference = await job(house)
    path = f"/v1/repairs/{reference}/attachments"
    sent = await photo(house, path, PHOTO)
    assert sent.status_code == 201, sent.text
    seen = await house.get(sent.headers["Location"], by=RESIDENT)
    assert (opened(seen.content).tobytes(), seen.headers["X-Content-Type-Options"]) == (
        opened(PHOTO).tobytes(),
        "nosniff",
    )
    assert [word for word in TELLTALE if word in seen.content] == []
    assert (await house.get(sent.headers["Location"], by=NEIGHBOUR)).status_code == 404
    assert (await photo(house, path, b"GIF89a is not kept")).status_code == 422
    assert (await photo(house, path, PHOTO.ljust(MOST_BYTES + 1))).status_code == 413


async def photo(house: House, path: str, content: bytes) -> httpx.Response:
    headers = {"Content-Type": "image/jpeg", **await house.headers(CONTRACTOR)}
    return await house.http.post(path, params={"kind": "photo"}, content=content, headers=headers)
