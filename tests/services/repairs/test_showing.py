"""What a repair shows to those who are not to learn of the household: firms and front ends."""

from typing import Any

import httpx

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import ago, assigned

MOULD = {"hazard": "damp-and-mould", "severity": "significant"}
INVESTIGATED = {"finding": "significant", "further_work_needed": True}
OF_THE_LAW = {
    "repairs.hazard.significant.investigated",
    "repairs.hazard.summary",
    "repairs.hazard.significant.made-safe",
    "repairs.hazard.preventive-work.begun",
}


async def mouldy_home(client: httpx.AsyncClient, officer: Headers) -> dict[str, Any]:
    """Fixit's job in a home in which mould was found, with every clock that Awaab's law starts for it."""
    job = await assigned(client, officer, hazard=MOULD, received_at=ago(days=1))
    answer = await client.post(
        f"/v1/repairs/{job['reference']}/hazard/investigation", json=INVESTIGATED, headers=officer
    )
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    assert {row["standard"] for row in case["deadlines"]} > OF_THE_LAW
    return case


def due(case: dict[str, Any], standard: str) -> str:
    [found] = [row["due_at"] for row in case["deadlines"] if row["standard"] == standard]
    return str(found)


async def test_a_firm_is_given_the_dates_that_it_can_keep(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Safety work is a date without its reason; the summary and what else is the officer's is not there.

    The next date is the first of those, though the summary is due before it; what the firm tells meets it.
    """
    case = await mouldy_home(repairs, callers.officer())
    path, firm = f"/v1/repairs/{case['reference']}", callers.contractor()
    safe_by = due(case, "repairs.hazard.significant.made-safe")
    job = (await repairs.get(path, headers=firm)).json()
    kept = {"repairs.right-to-repair", "repairs.priority-3.completed"}
    assert sorted(row["standard"] for row in job["deadlines"]) == sorted(kept | {"repairs.job"})
    assert due(job, "repairs.job") == safe_by
    assert case["next_deadline"]["standard"] == "repairs.hazard.summary"
    assert job["next_deadline"] == {
        "standard": "repairs.job",
        "regime": "",
        "promise": "Done by the date given.",
        "source": "",
        "due_at": safe_by,
        "state": "running",
        "started_at": job["next_deadline"]["started_at"],
        "met_at": None,
    }
    told = (await repairs.post(f"{path}/updates", json={"type": "made_safe"}, headers=firm)).json()
    assert {row["standard"]: row["state"] for row in told["deadlines"]}["repairs.job"] == "met"
    assert told["next_deadline"]["standard"] in kept
