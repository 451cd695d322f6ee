"""A day on which the council closes moves what is promised, is explained, and is told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.standards.periods import day_in_words
from tests.end_to_end.houses import COMPLETED, RESIDENT, House, as_deployed, by
from tests.support.eventually import eventually

pytestmark = as_deployed

LONDON = ZoneInfo("Europe/London")
OURS, STATUTORY = "repairs.priority-2.completed", "repairs.right-to-repair"
CLOSURES = "/v1/calendar/closures"


async def due(house: House, reference: str, standard: str) -> tuple[str, str]:
    """The date that the owner quotes, and the one that notifications enforces."""
    case = (await house.get(f"/v1/repairs/{reference}", by=RESIDENT)).json()
    quoted = {promise["standard"]: promise["due_at"] for promise in case["deadlines"]}
    kept = {name: row["due_at"] for name, row in (await house.deadlines(reference)).items()}
    return quoted[standard], kept[standard]


async def until_due(house: House, reference: str, other_than: str) -> str:
    """Wait until owner and notifications have both moved from a date, and to the same one."""

    async def moved_to() -> str:
        quoted, kept = await due(house, reference, OURS)
        return kept if quoted == kept != other_than else ""

    return await eventually(moved_to)


async def moves(house: House, reference: str, count: int) -> list[dict[str, str]]:
    """The moves of the date, once there are so many: the new date is shown a moment before its story."""

    async def told() -> list[dict[str, str]] | None:
        moved: list[dict[str, str]] = (await house.deadlines(reference))[OURS]["working"]["moved"]
        return moved if len(moved) == count else None

    return await eventually(told)


async def test_a_closure_day_moves_what_we_promised_and_back(house: House) -> None:
    """Entered over the API: planned again, explained, the same for everybody, and told to who was told."""
    case = await house.report(fault="partial-loss-of-water")
    reference = case["reference"]
    await house.notices(reference, "acknowledgement")
    before, _ = await due(house, reference, OURS)
    by_law = await due(house, reference, STATUTORY)
    closed = datetime.fromisoformat(before).astimezone(LONDON).date()
    closure = {"date": closed.isoformat(), "reason": "burst main"}

    preview = (await house.post(f"{CLOSURES}?dry_run=true", closure)).json()
    effects = {effect["standard"]: effect for effect in preview["standards"]}
    assert effects[OURS]["promises"] >= effects[OURS]["residents"] >= 1
    assert STATUTORY not in effects

    entered = await house.act(CLOSURES, closure)
    try:
        assert all(service["has_calendar"] for service in entered["services"]), entered
        after = await until_due(house, reference, other_than=before)
        assert after > before
        assert await due(house, reference, STATUTORY) == by_law

        because = f"we are closed on {day_in_words(closed)} (burst main)"
        [move] = await moves(house, reference, 1)
        assert {**move, "told_at": None} == {
            "moved_from": before,
            "moved_to": after,
            "because": because,
            "told_at": None,
        }
        working = (await house.deadlines(reference))[OURS]["working"]
        assert {"date": closed.isoformat(), "reason": "council closure: burst main"} in working["skipped"]

        [told] = await house.notices(reference, "new_dates")
        assert told["audience"] == "resident"
        [letter] = [found for found in house.letters(reference) if "new date" in found["Subject"]]
        assert by(after) in letter.get_content()
        assert because.removeprefix("we ") in " ".join(letter.get_content().split())
    finally:
        await house.act(f"{CLOSURES}/{closed.isoformat()}/withdrawal", {"reason": "mended"})

    assert await until_due(house, reference, other_than=after) == before
    _, back = await moves(house, reference, 2)
    assert back["because"] == f"we are open on {day_in_words(closed)} after all (mended)"


async def test_a_repair_reported_after_the_closure_counts_with_it(house: House) -> None:
    """The promise in the very answer to the report leaves the closure out, whoever works it out."""
    first = await house.report(fault="tap-not-turning")
    before = first["next_deadline"]["due_at"]
    closed = datetime.fromisoformat(before).astimezone(LONDON).date()
    await house.act(CLOSURES, {"date": closed.isoformat(), "reason": "stocktaking"})
    try:
        await until_due(house, first["reference"], other_than=before)
        second = await house.report(fault="tap-not-turning")
        reference = second["reference"]
        quoted, kept = await due(house, reference, OURS)
        assert quoted == kept > before
        assert (await house.deadlines(reference))[OURS]["working"]["moved"] == []
    finally:
        await house.act(f"{CLOSURES}/{closed.isoformat()}/withdrawal", {"reason": "counted"})
        await until_due(house, first["reference"], other_than=quoted)


async def test_what_was_settled_keeps_its_date_everywhere(house: House) -> None:
    """Completed, and then a day that its time ran over is closed: whoever shows the date shows the old one.

    An open repair of the same hour moves, so both services count with the closure by then; a late fact has
    the dates of the completed one worked out again.
    """
    done, still_open = [await house.report(fault="partial-loss-of-water") for _ in range(2)]
    reference, job = done["reference"], f"/v1/repairs/{done['reference']}"
    await house.act(f"{job}/updates", COMPLETED)
    settled = await house.deadlines(reference, state="met")
    before, _ = await due(house, reference, OURS)
    closed = datetime.fromisoformat(before).astimezone(LONDON).date()
    await house.act(CLOSURES, {"date": closed.isoformat(), "reason": "burst main"})
    try:
        moved = await until_due(house, still_open["reference"], other_than=before)
        await house.act(f"{job}/updates", {"type": "accepted", "occurred_at": done["received_at"]})
        await eventually(lambda: received(house, reference, "repairs.repair-accepted"))
        assert await due(house, reference, OURS) == (before, before)
        assert await house.deadlines(reference) == settled
        assert not [letter for letter in house.letters(reference) if "new date" in letter["Subject"]]
    finally:
        await house.act(f"{CLOSURES}/{closed.isoformat()}/withdrawal", {"reason": "mended"})
        await until_due(house, still_open["reference"], other_than=moved)


async def received(house: House, reference: str, type: str) -> bool:
    timeline = (await house.get(f"/v1/cases/{reference}/timeline")).json()
    return type in {entry["type"] for entry in timeline["entries"]}


@pytest.mark.parametrize(("days_on", "status"), [(0, 422), (1, 422)], ids=["Saturday", "Sunday"])
async def test_a_day_that_is_not_worked_cannot_be_closed(house: House, days_on: int, status: int) -> None:
    """Closing on a weekend would change nothing, and is refused with the reason."""
    today = datetime.now(LONDON).date()
    day = today + timedelta(days=(5 - today.weekday()) % 7 + days_on)
    answer = await house.post(CLOSURES, {"date": day.isoformat(), "reason": "why not"})
    assert answer.status_code == status
    assert f"{day:%A}" in answer.json()["errors"][0]["detail"]
