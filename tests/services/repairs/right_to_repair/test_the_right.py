"""The right to repair beyond its clocks: suspended, ended, and what is owed in the end."""

from typing import Any

import httpx

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import assigned, london, zulu

TAP = {"fault": "tap-not-turning", "received_at": zulu(london("Monday 2025-06-02 10:00"))}
COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
FLOOD = {"reason": "The street is under water."}


class Job:
    """A tap of Monday 2 June 2025, due on Thursday the 5th, and what an officer does about it."""

    def __init__(self, client: httpx.AsyncClient, officer: Headers, reference: str) -> None:
        self._client, self._officer, self.path = client, officer, f"/v1/repairs/{reference}"

    async def tried(self, act: str, moment: str | None = None, **body: Any) -> httpx.Response:
        when = {"occurred_at": zulu(london(moment))} if moment else {}
        return await self._client.post(f"{self.path}/{act}", json=body | when, headers=self._officer)

    async def act(self, act: str, moment: str | None = None, **body: Any) -> dict[str, Any]:
        answer = await self.tried(act, moment, **body)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case


async def late_tap(client: httpx.AsyncClient, callers: Callers) -> Job:
    case = await assigned(client, callers.officer(), **TAP)
    return Job(client, callers.officer(), case["reference"])


def first_clock(case: dict[str, Any]) -> tuple[str, str]:
    [found] = [row for row in case["deadlines"] if row["standard"] == "repairs.right-to-repair"]
    return found["due_at"], found["state"]


async def test_what_nobody_can_help_suspends_the_period(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """From Tuesday to Friday: those three working days are given back. The council's own clock runs on."""
    job = await late_tap(repairs, callers)
    await job.act("right-to-repair/suspension", "Tuesday 2025-06-03 09:00", **FLOOD)
    assert (await job.tried("right-to-repair/suspension", **FLOOD)).status_code == 409
    case = await job.act("right-to-repair/resumption", "Friday 2025-06-06 09:00", reason="It is dry.")
    assert first_clock(case) == (zulu(london("Tuesday 2025-06-10 23:59:59")), "breached")
    own = {row["standard"]: row["due_at"] for row in case["deadlines"]}
    assert own["repairs.priority-2.completed"] == zulu(london("Thursday 2025-06-05 23:59:59"))


async def test_no_access_ends_the_right_by_the_attempts_on_record(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Without one, nobody can say that the tenant let nobody in."""
    job = await late_tap(repairs, callers)
    no_access = {"because": "no_access", "reason": "Two cards were left."}
    refused = await job.tried("right-to-repair/end", "Wednesday 2025-06-04 09:00", **no_access)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/because")
    await job.act("updates", "Tuesday 2025-06-03 10:00", type="no_access", way="knocked", outcome="no answer")
    case = await job.act("right-to-repair/end", "Wednesday 2025-06-04 09:00", **no_access)
    assert first_clock(case)[1] == "cancelled"
    assert case["right_to_repair"] == {
        "qualifies": False,
        "ground": "no_access",
        "because": "Nobody could get into the home, so the right to repair has ended.",
    }


async def test_what_is_owed_in_the_end_is_told_and_set_off_against_debt(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Done on the third day after the second period: £16, of which £10 go to the rent, and no more."""
    job = await late_tap(repairs, callers)
    await job.act("second-contractor", "Friday 2025-06-06 09:00", contractor="Bodgit")
    await job.act("updates", "Saturday 2025-06-14 10:00", **COMPLETED)
    case = await job.act("compensation/set-off", amount="10.00", reason="Rent of May.")
    owed = case["compensation"]
    assert (owed["amount"], owed["set_off"], owed["to_pay"]) == ("16.00", "10.00", "6.00")
    refused = await job.tried("compensation/set-off", amount="6.01", reason="Rent of June.")
    assert refused.json()["errors"][0] == {
        "pointer": "/amount",
        "detail": "No more than £6.00 is left to set off.",
    }
    path = f"/internal/cases/{job.path.rpartition('/')[2]}/events"
    told = (await repairs.get(path, headers=callers.service("cases"))).json()["events"]
    sums = {event["type"]: event["data"]["amount_pence"] for event in told if "compensation" in event["type"]}
    assert sums == {"repairs.compensation-owed": 1600, "repairs.compensation-set-off": 1000}
    earlier = {**COMPLETED, "occurred_at": zulu(london("Wednesday 2025-06-11 10:00"))}
    await repairs.post(f"{job.path}/updates", json=earlier, headers=callers.officer())
    told = (await repairs.get(path, headers=callers.service("cases"))).json()["events"]
    assert [event["data"]["amount_pence"] for event in told if event["type"].endswith("owed")] == [1600, 0]
