"""Firms that jobs can be given to: registered, listed, and known however their name is typed."""

from typing import Any

import httpx
import pytest

from services.repairs.contractors.policy import OWN_OPERATIVES
from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import in_days, slot_of
from tests.services.repairs.reporting import FIRMS, reported


async def register(client: httpx.AsyncClient, headers: Headers, name: Any) -> httpx.Response:
    return await client.post("/v1/contractors", json={"name": name}, headers=headers)


async def names(client: httpx.AsyncClient, headers: Headers) -> list[str]:
    answer = await client.get("/v1/contractors", headers=headers)
    return [firm["name"] for firm in answer.json()["items"]]


async def test_a_firm_is_registered_and_has_jobs_from_then_on(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Before, a job is given to nobody; then to the firm as it is registered, however it is typed."""
    officer, case = callers.officer(), await reported(repairs, callers.resident())
    path = f"/v1/repairs/{case['reference']}/assignment"
    refused = await repairs.post(path, json={"contractor": "O\u2019Hara & Sons"}, headers=officer)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/contractor")
    assert "Bodgit, council operatives, demo-contractor, Fixit" in refused.json()["errors"][0]["detail"]
    registered = await register(repairs, officer, "O'Hara & Sons")
    assert registered.status_code == 201
    assert (await repairs.get(registered.headers["Location"], headers=officer)).json() == registered.json()
    given = await repairs.post(path, json={"contractor": "O\u2019HARA  & Sons"}, headers=officer)
    assert (given.status_code, given.json()["contractor"]) == (201, "O'Hara & Sons")
    theirs = callers.as_role("phone-1", "contractor", "o\u2019hara & sons")
    assert (await repairs.get(f"/v1/repairs/{case['reference']}", headers=theirs)).status_code == 200


async def test_one_firm_is_registered_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Typed otherwise it is the same, as it was spelt first."""
    first = (await register(repairs, callers.officer(), "Acme Repairs")).json()
    for spelling in ("ACME\u00a0Repairs", "Acme-Repairs", " acme repairs "):
        again = await register(repairs, callers.officer(), spelling)
        assert (again.status_code, again.json()) == (201, first)
    assert (await names(repairs, callers.officer())).count("Acme Repairs") == 1


async def test_officers_of_repairs_and_tenants_see_every_firm_and_a_firm_itself(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """In the order of their names, in pages; a tenant chooses the second contractor of them."""
    officer = callers.officer()
    assert await names(repairs, officer) == sorted(FIRMS, key=str.casefold)
    first = (await repairs.get("/v1/contractors", params={"limit": 5}, headers=officer)).json()
    rest = await repairs.get("/v1/contractors", params={"cursor": first["next"]}, headers=officer)
    assert len(first["items"]) == 5
    assert [firm["name"] for firm in (*first["items"], *rest.json()["items"])] == await names(
        repairs, officer
    )
    assert await names(repairs, callers.contractor("FIXIT")) == ["Fixit"]
    assert await names(repairs, callers.as_role("phone-1", "contractor", "Not registered")) == []
    assert await names(repairs, callers.officer("complaints")) == []
    [fixit] = [firm for firm in first["items"] if firm["name"] == "Fixit"]
    path = f"/v1/contractors/{fixit['contractor_id']}"
    assert (await repairs.get(path, headers=callers.contractor())).status_code == 200
    assert (await repairs.get(path, headers=callers.contractor("Bodgit"))).status_code == 404
    assert await names(repairs, callers.resident()) == sorted(FIRMS, key=str.casefold)
    for headers in (callers.frontend(), callers.ops()):
        assert (await repairs.get("/v1/contractors", headers=headers)).status_code == 403


async def test_only_officers_of_repairs_register_a_firm(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A firm does not let itself in."""
    for headers in (callers.contractor(), callers.resident(), callers.officer("complaints")):
        assert (await register(repairs, headers, "Brand New")).status_code == 403
    assert "Brand New" not in await names(repairs, callers.officer())


@pytest.mark.parametrize("name", ["", " ", "\u200b", "--", 7, None, "x" * 101])
async def test_what_is_no_name_is_refused(repairs: httpx.AsyncClient, callers: Callers, name: Any) -> None:
    """A job could not be given to it."""
    refused = await register(repairs, callers.officer(), name)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/name")


async def test_a_slot_is_of_a_firm_that_is_registered(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Whoever books it gives the job to that firm: named by an officer, by its own token, or by nobody."""
    for headers, named in ((callers.officer(), {"contractor": "Nobody"}), (callers.contractor("Nobody"), {})):
        refused = await repairs.post("/v1/slots", json=slot_of(in_days(2), **named), headers=headers)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/contractor")
    own = await repairs.post("/v1/slots", json=slot_of(in_days(2)), headers=callers.officer())
    assert (own.status_code, own.json()["contractor"]) == (201, OWN_OPERATIVES)
