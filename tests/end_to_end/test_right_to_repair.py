"""A qualifying repair that is late twice, through the front door."""

from tests.end_to_end.houses import COMPLETED, CONTRACTOR, RESIDENT, House, as_deployed

pytestmark = as_deployed

FIRST, SECOND = "repairs.right-to-repair", "repairs.right-to-repair.second-contractor"

# Three working days from Monday 2 June 2025 end on Thursday; three more from Friday 6 June on Wednesday.
REPORTED, APPOINTED, DONE = "2025-06-02T09:00:00Z", "2025-06-06T08:00:00Z", "2025-06-14T09:00:00Z"


async def test_a_tap_that_two_contractors_leave_dripping(house: House) -> None:
    """The statutory clock, the second contractor, the second clock, and what is owed, day by day."""
    case = await house.report(fault="tap-not-turning", received_at=REPORTED)
    reference, job = case["reference"], f"/v1/repairs/{case['reference']}"
    assert (await house.deadlines(reference))[FIRST]["state"] == "breached"

    await house.act("/v1/contractors", {"name": "Slow & Sons"})
    await house.act(f"{job}/assignment", {"contractor": "Slow & Sons"})
    body = {"contractor": CONTRACTOR, "occurred_at": APPOINTED}
    given = await house.act(f"{job}/second-contractor", body)
    assert given["compensation"]["amount"] == "50.00"  # as long as nobody has said when it was done

    done = {**COMPLETED, "occurred_at": DONE}
    await house.act(f"{job}/updates", done, by=CONTRACTOR)
    owed = (await house.get(job, by=RESIDENT)).json()["compensation"]
    assert owed == {
        "amount": "16.00",
        "set_off": "0.00",
        "to_pay": "16.00",
        "as_of": "2025-06-14",
        "days": [
            {"date": "2025-06-12", "amount": "12.00", "total": "12.00"},
            {"date": "2025-06-13", "amount": "2.00", "total": "14.00"},
            {"date": "2025-06-14", "amount": "2.00", "total": "16.00"},
        ],
    }
    watched = await house.deadlines(reference, state="late")
    assert watched[SECOND]["due_at"] == "2025-06-11T22:59:59Z"


async def test_the_right_opens_only_when_the_first_is_late(house: House) -> None:
    """A tenant who asks too early is told from when they may."""
    case = await house.report(fault="tap-not-turning")
    path = f"/v1/repairs/{case['reference']}/second-contractor"
    refused = await house.post(path, {"contractor": CONTRACTOR}, by=RESIDENT)
    assert refused.status_code == 409
    assert "opens after" in refused.json()["detail"]
