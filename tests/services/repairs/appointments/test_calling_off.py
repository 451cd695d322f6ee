"""Visits that are called off: by those who asked for them, by the firm, or by what happens to the job."""

import httpx

from tests.services.callers import Callers
from tests.services.repairs.appointments.booking import booked, free_places, happened, published
from tests.services.repairs.reporting import reported


async def test_a_cancelled_visit_frees_its_place_and_the_repair_can_be_booked_anew(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The reason stays with officers; the event says only that it was asked for."""
    resident, officer = callers.resident(), callers.officer()
    slot = await published(repairs, callers.contractor("Fixit"))
    reference = (await reported(repairs, resident))["reference"]
    await booked(repairs, reference, slot, resident)
    path, words = f"/v1/repairs/{reference}/appointment/cancellation", {"reason": "I am in hospital."}
    cancelled = await repairs.post(path, json=words, headers=resident)
    assert (cancelled.status_code, cancelled.json()["appointment"]) == (201, None)
    assert await free_places(repairs, slot, officer) == 1
    assert "hospital" not in str(await happened(repairs, reference, callers))
    told = (await repairs.get(f"/v1/repairs/{reference}/reasons", headers=officer)).json()["items"]
    assert [(row["act"], row["reason"]) for row in told] == [("appointment/cancellation", words["reason"])]
    again = await repairs.post(path, json=words, headers=resident)
    assert (again.status_code, "appointment/cancellation" in again.json()["allowed"]) == (409, False)
    await booked(repairs, reference, slot, resident)
    assert (await repairs.post(path, headers=resident)).status_code == 201  # nobody has to say why


async def test_a_firm_that_cannot_come_calls_its_visit_off(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It must say why; the resident hears of it as of any other, and no promise is moved by it."""
    resident, officer, fixit = callers.resident(), callers.officer(), callers.contractor("Fixit")
    slot = await published(repairs, fixit, capacity=2)
    reference = (await reported(repairs, resident))["reference"]
    mine = await booked(repairs, reference, slot, resident)
    path, words = f"/v1/repairs/{reference}/appointment/cancellation", {"reason": "The roofer is ill."}
    unsaid = await repairs.post(path, headers=fixit)
    assert (unsaid.status_code, unsaid.json()["errors"][0]["pointer"]) == (422, "/reason")
    off = await repairs.post(path, json=words, headers=fixit)
    assert (off.status_code, off.json()["view"], off.json()["appointment"]) == (201, "contractor", None)
    *_, (last, facts) = await happened(repairs, reference, callers)
    assert (last, facts["because"]) == ("appointment-cancelled", "asked")
    [told] = (await repairs.get(f"/v1/repairs/{reference}/reasons", headers=officer)).json()["items"]
    assert (told["reason"], told["given_by"]) == (words["reason"], "client-of-Fixit")
    assert await free_places(repairs, slot, officer) == 2
    again = await booked(repairs, reference, slot, resident)
    assert again["deadlines"] == mine["deadlines"]


async def test_no_firm_calls_off_the_visit_of_another(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """It does not even learn that there is one; nor does a firm that has lost the job."""
    resident, officer = callers.resident(), callers.officer()
    slot = await published(repairs, callers.contractor("Fixit"))
    reference = (await reported(repairs, resident))["reference"]
    await booked(repairs, reference, slot, resident)
    path, words = f"/v1/repairs/{reference}/appointment/cancellation", {"reason": "We cannot come."}
    for body in (words, {}):
        other = await repairs.post(path, json=body, headers=callers.contractor("Bodgit"))
        assert other.status_code == 404
    body = {"contractor": "Bodgit"}
    await repairs.post(f"/v1/repairs/{reference}/assignment", json=body, headers=officer)
    assert (await repairs.post(path, json=words, headers=callers.contractor("Fixit"))).status_code == 404
    nothing = await repairs.post(path, json=words, headers=callers.contractor("Bodgit"))
    assert (nothing.status_code, "appointment/cancellation" in nothing.json()["allowed"]) == (409, False)


async def test_a_firm_that_loses_the_job_loses_the_visit(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It no longer sees where to go, so nobody waits in for it."""
    resident, officer = callers.resident(), callers.officer()
    slot = await published(repairs, callers.contractor("Fixit"))
    reference = (await reported(repairs, resident))["reference"]
    await booked(repairs, reference, slot, resident)
    body = {"contractor": "Other"}
    given = await repairs.post(f"/v1/repairs/{reference}/assignment", json=body, headers=officer)
    assert given.json()["appointment"] is None
    assert await free_places(repairs, slot, officer) == 1
    *_, (last, facts) = await happened(repairs, reference, callers)
    assert (last, facts["because"]) == ("appointment-cancelled", "another_firm")


async def test_what_is_done_early_frees_the_visit(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The job is finished: the place two days ahead is somebody else's."""
    resident, fixit = callers.resident(), callers.contractor("Fixit")
    slot = await published(repairs, fixit)
    reference = (await reported(repairs, resident))["reference"]
    await booked(repairs, reference, slot, resident)
    done = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
    finished = await repairs.post(f"/v1/repairs/{reference}/updates", json=done, headers=fixit)
    assert finished.json()["appointment"] is None
    assert await free_places(repairs, slot, fixit) == 1
