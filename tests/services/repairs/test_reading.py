"""Visibility of repairs: who sees which, and how much of it."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import published
from tests.services.repairs.reporting import ago, assigned, reported

UNKNOWN = "REP-7K3M-Q9TY"

EVERY_CASE = {
    "reference", "status", "channel", "received_at", "handler", "deadlines", "next_deadline", "imported",
    "version", "allowed", "updated_at", "summary",
}  # fmt: skip


async def got(client: httpx.AsyncClient, reference: str, headers: Headers) -> httpx.Response:
    return await client.get(f"/v1/repairs/{reference}", headers=headers)


def apart_from_the_trace(answer: httpx.Response) -> dict[str, Any]:
    """A problem without its trace id, which differs with every request."""
    return {name: value for name, value in answer.json().items() if name != "trace_id"}


async def references(client: httpx.AsyncClient, headers: Headers, **query: Any) -> list[str]:
    """The references on all pages of a list."""
    found: list[str] = []
    while True:
        page = (await client.get("/v1/repairs", headers=headers, params=query)).json()
        found += [case["reference"] for case in page["items"]]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


async def test_a_resident_reads_their_own_repair(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A report reads the same afterwards, also when the reference is read out badly.

    Only the slots to choose from are gone: they are asked for when somebody wants to choose. The database,
    which writes it a moment later, says when it was updated.
    """
    await published(repairs, callers.contractor())
    case = await reported(repairs, callers.resident())
    answer = await got(repairs, case["reference"].lower().replace("-", " "), callers.resident())
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"1"'
    read = answer.json()
    assert read == case | {"appointment_offers": None, "updated_at": read["updated_at"]}
    assert read["updated_at"] >= case["updated_at"] == case["received_at"]
    assert set(case) == EVERY_CASE | {
        "priority", "fault", "description", "property", "contact", "vulnerable", "contractor",
        "caused_by_resident", "recharge", "compensation", "hazard", "handyperson", "appointment",
        "appointment_offers", "asb_damage", "emergency", "tenure", "estimate", "right_to_repair",
        "access_needs", "visit_in_pairs",
    }  # fmt: skip


@pytest.mark.parametrize("reference", [UNKNOWN, "REP-0000-0000", "nonsense"])
async def test_anothers_repair_looks_like_an_unknown_one(
    repairs: httpx.AsyncClient, callers: Callers, reference: str
) -> None:
    """Nobody can find out by trying whether a reference exists."""
    case = await reported(repairs, callers.resident("sam"))
    anothers = await got(repairs, case["reference"], callers.resident("alex"))
    unknown = await got(repairs, reference, callers.resident("alex"))
    assert anothers.status_code == unknown.status_code == 404
    assert apart_from_the_trace(anothers) == apart_from_the_trace(unknown)
    names = {"content-type"}
    assert {name: anothers.headers[name] for name in names} == {name: unknown.headers[name] for name in names}


async def test_an_officer_of_another_department_sees_no_repair(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Officers work the cases of their departments."""
    case = await reported(repairs, callers.resident())
    of_another = callers.officer("complaints", "asb")
    assert (await got(repairs, case["reference"], callers.officer())).status_code == 200
    assert (await got(repairs, case["reference"], of_another)).status_code == 404
    assert await references(repairs, of_another) == []


async def test_a_contractor_sees_only_their_firms_jobs(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A job is seen by the firm that has it, from the moment it is given to the moment it is taken away."""
    unassigned = await reported(repairs, callers.resident())
    job = await assigned(repairs, callers.officer(), "Fixit")
    assert await references(repairs, callers.contractor("Fixit")) == [job["reference"]]
    assert await references(repairs, callers.contractor("Bodgit")) == []
    for reference in (unassigned["reference"], job["reference"]):
        assert (await got(repairs, reference, callers.contractor("Bodgit"))).status_code == 404
    body = {"contractor": "Bodgit"}
    path = f"/v1/repairs/{job['reference']}/assignment"
    assert (await repairs.post(path, json=body, headers=callers.officer())).status_code == 201
    assert (await got(repairs, job["reference"], callers.contractor("Fixit"))).status_code == 404
    assert (await got(repairs, job["reference"], callers.contractor("Bodgit"))).status_code == 200


async def test_a_front_end_lists_nobodys_repairs(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The council's web site reports for everybody, and so must not show everybody to anybody."""
    case = await reported(repairs, callers.frontend())
    assert (await repairs.get("/v1/repairs", headers=callers.frontend())).status_code == 403
    assert (await got(repairs, case["reference"], callers.frontend())).status_code == 403


async def test_lists_are_filtered_latest_first(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """By status and by priority, whatever else there is."""
    old = await reported(repairs, callers.officer(), received_at=ago(days=3))
    urgent = await reported(repairs, callers.officer(), fault="tap-not-turning", received_at=ago(days=2))
    done = await reported(repairs, callers.officer(), received_at=ago(days=1))
    finished = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
    await repairs.post(f"/v1/repairs/{done['reference']}/updates", json=finished, headers=callers.officer())
    listed = [case["reference"] for case in (done, urgent, old)]
    assert await references(repairs, callers.officer()) == listed
    assert await references(repairs, callers.officer(), priority=2) == [urgent["reference"]]
    assert await references(repairs, callers.officer(), status="completed") == [done["reference"]]
    assert await references(repairs, callers.officer(), status="reported", priority=3) == [old["reference"]]


async def test_pages_stay_in_place_while_repairs_are_added(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Whoever reads on sees every older repair once, however many are reported meanwhile."""
    officer = callers.officer()
    before = [await reported(repairs, officer, received_at=ago(days=days)) for days in range(1, 6)]
    expected = [case["reference"] for case in before]
    first = await repairs.get("/v1/repairs", headers=officer, params={"limit": 2, "priority": 3})
    assert [case["reference"] for case in first.json()["items"]] == expected[:2]
    await reported(repairs, officer)
    assert 'rel="next"' in first.headers["Link"]
    link = first.headers["Link"].partition(">")[0].lstrip("<")
    second = await repairs.get(link, headers=officer)
    assert [case["reference"] for case in second.json()["items"]] == expected[2:4]
    rest = await references(repairs, officer, limit=2, priority=3, cursor=second.json()["next"])
    assert rest == expected[4:]


async def test_two_repairs_received_at_one_instant_are_both_listed(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A page that ends between two repairs of the same second loses neither."""
    at = ago(days=1)
    same = {(await reported(repairs, callers.officer(), received_at=at))["reference"] for _ in range(3)}
    listed = await references(repairs, callers.officer(), limit=1)
    assert len(listed) == 3
    assert set(listed) == same


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "made-up"},
        {"limit": 101},
        {"limit": 0},
        {"status": "?"},
    ],
)
async def test_a_list_that_cannot_be_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, query: dict[str, Any]
) -> None:
    """A made-up cursor, or more than a page, is the caller's mistake and not ours."""
    answer = await repairs.get("/v1/repairs", headers=callers.officer(), params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


async def test_nothing_is_read_without_a_token(repairs: httpx.AsyncClient) -> None:
    """Default deny."""
    for path in ("/v1/repairs", f"/v1/repairs/{UNKNOWN}", "/v1/repairs/guide"):
        assert (await repairs.get(path)).status_code == 401


@pytest.mark.parametrize(
    "more",
    [{}, {"hazard": {"hazard": "damp-and-mould", "severity": "significant"}}, {"caused_by_resident": True}],
    ids=["plain", "with a hazard", "caused by the resident"],
)
async def test_the_answer_to_a_report_is_what_is_read_afterwards(
    repairs: httpx.AsyncClient, callers: Callers, more: dict[str, Any]
) -> None:
    """It is made before anything is kept, and is stored for whoever asks again; it lacks nothing."""
    answered = await reported(repairs, callers.officer(), **more)
    read = (await repairs.get(f"/v1/repairs/{answered['reference']}", headers=callers.officer())).json()
    for of_its_moment in ("appointment_offers", "updated_at"):
        del answered[of_its_moment], read[of_its_moment]
    assert answered == read
