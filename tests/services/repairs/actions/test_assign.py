"""Giving a job to a firm, and naming who answers for it."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import reported


async def given(client: httpx.AsyncClient, reference: str, headers: Headers, **body: Any) -> httpx.Response:
    return await client.post(f"/v1/repairs/{reference}/assignment", json=body, headers=headers)


async def test_the_resident_learns_who_deals_with_their_repair(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Section 2: every case has a name and a department, once somebody is named."""
    case = await reported(repairs, callers.resident())
    answer = await given(
        repairs, case["reference"], callers.officer(), contractor="Fixit", handler="Pat Smith"
    )
    assert answer.status_code == 201
    seen = await repairs.get(f"/v1/repairs/{case['reference']}", headers=callers.resident())
    assert seen.json()["handler"] == {"name": "Pat Smith", "department": "repairs", "subject": None}
    assert (seen.json()["contractor"], seen.json()["version"]) == ("Fixit", case["version"] + 1)


async def test_another_firm_may_take_over(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The officer who answers for the repair stays, unless another is named."""
    case = await reported(repairs, callers.resident())
    await given(repairs, case["reference"], callers.officer(), contractor="Fixit", handler="Pat Smith")
    answer = await given(repairs, case["reference"], callers.officer(), contractor="Bodgit")
    assert answer.json()["contractor"] == "Bodgit"
    assert answer.json()["handler"]["name"] == "Pat Smith"


async def test_giving_a_job_away_resets_no_clock(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The resident waits for the repair, not for the firm: nothing that edits a case moves its dates."""
    case = await reported(repairs, callers.resident())
    answer = await given(repairs, case["reference"], callers.officer(), contractor="Fixit")
    assert answer.json()["deadlines"] == case["deadlines"]


async def test_a_finished_repair_is_given_to_nobody(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The answer says which acts it still allows: people are written to after the end too."""
    case = await reported(repairs, callers.resident())
    done = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
    await repairs.post(f"/v1/repairs/{case['reference']}/updates", json=done, headers=callers.officer())
    answer = await given(repairs, case["reference"], callers.officer(), contractor="Fixit")
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["contact"])


@pytest.mark.parametrize("body", [{}, {"contractor": " "}, {"contractor": "Fixit", "boss": "me"}])
async def test_a_wrong_assignment_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, body: dict[str, Any]
) -> None:
    """A job is given to a firm that has a name."""
    case = await reported(repairs, callers.resident())
    assert (await given(repairs, case["reference"], callers.officer(), **body)).status_code == 422


async def test_only_officers_of_repairs_give_jobs(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Nobody gives themselves a job; to officers of other departments the repair is unknown."""
    case = await reported(repairs, callers.resident())
    for headers in (callers.resident(), callers.contractor(), callers.frontend()):
        assert (await given(repairs, case["reference"], headers, contractor="Fixit")).status_code == 403
    other = await given(repairs, case["reference"], callers.officer("complaints"), contractor="Fixit")
    assert other.status_code == 404


async def test_of_many_officers_with_one_version_one_wins(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Ten officers have the same page open: the first decides, the others are told that it has changed."""
    case = await reported(repairs, callers.resident())
    headers = callers.officer() | {"If-Match": f'"{case["version"]}"'}
    answers = await asyncio.gather(
        *(given(repairs, case["reference"], headers, contractor=firm) for firm in ("Fixit", "Bodgit") * 5)
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [412] * 9
