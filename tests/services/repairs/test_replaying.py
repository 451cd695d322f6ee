"""An answer is replayed by its Idempotency-Key to whoever may still see it, and to nobody else."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from shared.references import new_reference
from tests.services.callers import Callers, Headers
from tests.services.repairs.appliances.registering import registered
from tests.services.repairs.appointments.booking import in_days, slot_of
from tests.services.repairs.reporting import REPORT, assigned, reported
from tests.services.repairs.states import BODIES, STATES, State
from tests.services.repairs.test_allowing import TRADES, Town
from tests.support.apps import app_of

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
PNG = bytes.fromhex(  # one black point
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
REPAIRS, APPLIANCES = "/v1/repairs/{reference}/", "/v1/appliances/{reference}/"

ACTS = sorted(
    str(route.path)
    for route in iter_route_contexts(app_of("repairs").routes)
    if getattr(route, "status_code", None) == 201 and "{reference}" in str(route.path)
    if not str(route.path).startswith("/internal/")
)


def keyed(headers: Headers) -> Headers:
    return headers | KEY


def past(job: dict[str, Any]) -> dict[str, str]:
    """All that a firm is shown of a job that it has lost."""
    return {"view": "past_contractor", "reference": job["reference"]}


async def seen_case(client: httpx.AsyncClient, callers: Callers, path: str) -> tuple[str, Any, str]:
    """A case that allows the act at this path: the path for it, a body, and the body's media type."""
    officer = callers.officer()
    if path.startswith(APPLIANCES):
        appliance = await registered(client, officer)
        changed = {"safe_to_contact": False} if path.endswith("/contact") else {}
        return path.format(reference=appliance["reference"]), changed, ""
    act = path.removeprefix(REPAIRS)
    if act == "attachments":
        case = await reported(client, officer)
        return f"{path.format(reference=case['reference'])}?kind=photo", PNG, "image/png"
    state: State = next(state for state in STATES if act in state.allowed)
    town = Town(client, callers)
    await town.publish_slots(callers, TRADES[state.report.get("fault", "leaking-roof")])
    case = await town.repair_in(state)
    body: dict[str, Any] = dict(BODIES[act])
    if act == "appointment":
        offers = await client.get(f"/v1/repairs/{case['reference']}/appointment-offers", headers=officer)
        body = {"slot_id": offers.json()["items"][0]["slot_id"]}
    if act == "priority":
        body["priority"] = 1
    return path.format(reference=case["reference"], number=await town.last_told(case)), body, ""


@pytest.mark.parametrize("path", ACTS)
async def test_no_act_is_replayed_to_somebody_who_no_longer_sees_the_case(
    repairs: httpx.AsyncClient, callers: Callers, path: str
) -> None:
    """An officer who has left the department is told what they are told of a case that does not exist."""
    target, body, media_type = await seen_case(repairs, callers, path)
    sent: dict[str, Any] = {"content": body} if media_type else {"json": body}
    typed = {"Content-Type": media_type} if media_type else {}
    first = await repairs.post(target, **sent, headers=keyed(callers.officer()) | typed)
    assert first.status_code == 201, first.text
    again = await repairs.post(target, **sent, headers=keyed(callers.officer()) | typed)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"

    gone = await repairs.post(target, **sent, headers=keyed(callers.officer("estates")) | typed)
    unknown = path.format(reference=new_reference("REP"), number=1) + ("?kind=photo" if media_type else "")
    never = await repairs.post(unknown, **sent, headers=callers.officer("estates") | typed)
    assert gone.status_code == never.status_code == 404
    assert gone.json() | {"trace_id": ""} == never.json() | {"trace_id": ""}
    assert "idempotent-replayed" not in gone.headers


async def test_a_firm_that_lost_the_job_is_not_shown_the_home_again(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It is told that its update is there, and neither address nor access needs."""
    job = await assigned(repairs, callers.officer(), "Fixit")
    path = f"/v1/repairs/{job['reference']}/updates"
    told = {"type": "accepted"}
    first = await repairs.post(path, json=told, headers=keyed(callers.contractor("Fixit")))
    assert (first.status_code, "1 High Street" in first.text, "dog" in first.text) == (201, True, True)
    await repairs.post(
        f"/v1/repairs/{job['reference']}/assignment",
        json={"contractor": "Bodgit"},
        headers=callers.officer(),
    )
    again = await repairs.post(path, json=told, headers=keyed(callers.contractor("Fixit")))
    assert (again.status_code, again.json()) == (201, past(job))
    assert again.headers["idempotent-replayed"] == "true"
    kept = await repairs.get(path, headers=callers.officer())
    assert len(kept.json()["items"]) == 1


async def test_what_a_past_firm_told_late_is_answered_the_same_again(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A lost answer to a late update brings the firm's telephone to send it once more."""
    job = await assigned(repairs, callers.officer(), "Fixit")
    path = f"/v1/repairs/{job['reference']}/updates"
    during = (await repairs.post(path, json={"type": "accepted"}, headers=callers.contractor("Fixit"))).json()
    assert during["reference"] == job["reference"]
    at = (await repairs.get(path, headers=callers.officer())).json()["items"][0]["occurred_at"]
    await repairs.post(
        f"/v1/repairs/{job['reference']}/assignment",
        json={"contractor": "Bodgit"},
        headers=callers.officer(),
    )
    late = {"type": "attended", "occurred_at": at}
    answers = [
        await repairs.post(path, json=late, headers=keyed(callers.contractor("Fixit"))) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json() == past(job)
    assert len((await repairs.get(path, headers=callers.officer())).json()["items"]) == 2


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("appointment/cancellation", {"reason": "The van broke down."}),
        ("hazard", {"hazard": "damp-and-mould", "severity": "significant"}),
    ],
)
async def test_other_acts_of_a_firm_that_lost_the_job_are_of_an_unknown_case(
    repairs: httpx.AsyncClient, callers: Callers, act: str, told: dict[str, str]
) -> None:
    """Only of late updates does the contract say otherwise."""
    officer, firm = callers.officer(), callers.contractor("Fixit")
    slot = (await repairs.post("/v1/slots", json=slot_of(in_days(2)), headers=firm)).json()
    job = await assigned(repairs, officer, "Fixit")
    path = f"/v1/repairs/{job['reference']}"
    await repairs.post(f"{path}/appointment", json={"slot_id": slot["slot_id"]}, headers=officer)
    assert (await repairs.post(f"{path}/{act}", json=told, headers=keyed(firm))).status_code == 201
    await repairs.post(f"{path}/assignment", json={"contractor": "Bodgit"}, headers=officer)
    assert (await repairs.post(f"{path}/{act}", json=told, headers=keyed(firm))).status_code == 404


async def test_who_has_lost_the_role_is_refused_before_the_stored_answer(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The same subject as another: 403 as without a key, whether a case is created or acted on."""
    case = await reported(repairs, callers.officer())
    path = f"/v1/repairs/{case['reference']}/cancellation"
    for target, body in (("/v1/repairs", REPORT), (path, {"reason": "Not wanted."})):
        key = {"Idempotency-Key": target}
        officer = callers.officer() | key
        assert (await repairs.post(target, json=body, headers=officer)).status_code == 201
        without = callers.as_role("officer-7", "ops") | key
        assert (await repairs.post(target, json=body, headers=without)).status_code == 403


async def test_an_answer_shows_no_more_than_the_callers_scopes_do_now(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An answer to an officer with the asb scope may tell of anti-social behaviour."""
    case = await reported(repairs, callers.officer())
    path = f"/v1/repairs/{case['reference']}/cancellation"
    for target, body in (("/v1/repairs", REPORT), (path, {"reason": "Not wanted."})):
        key = {"Idempotency-Key": target}
        with_scope = callers.officer(scopes=["asb"]) | key
        assert (await repairs.post(target, json=body, headers=with_scope)).status_code == 201
        assert (await repairs.post(target, json=body, headers=callers.officer() | key)).status_code == 403
        more = callers.officer("repairs", "asb", scopes=["asb", "import"]) | key
        assert (await repairs.post(target, json=body, headers=more)).status_code == 201


async def test_what_was_created_for_one_firm_is_not_shown_to_another(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A client that now speaks for another firm is not shown the first one's slot."""
    body = slot_of(in_days(2))
    first, then = callers.contractor("Fixit"), callers.as_role("client-of-Fixit", "contractor", firm="Bodgit")
    assert (await repairs.post("/v1/slots", json=body, headers=keyed(first))).status_code == 201
    assert (await repairs.post("/v1/slots", json=body, headers=keyed(first))).status_code == 201
    assert (await repairs.post("/v1/slots", json=body, headers=keyed(then))).status_code == 403


async def test_a_key_with_another_query_is_refused(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A signature and a photo may be the same bytes, and are not the same request."""
    case = await reported(repairs, callers.officer())
    path = f"/v1/repairs/{case['reference']}/attachments"
    png = keyed(callers.officer()) | {"Content-Type": "image/png"}
    photo = await repairs.post(f"{path}?kind=photo", content=PNG, headers=png)
    signature = await repairs.post(f"{path}?kind=signature", content=PNG, headers=png)
    assert (photo.status_code, photo.json()["kind"]) == (201, "photo")
    assert signature.status_code == 422
    assert signature.json()["errors"][0]["pointer"] == "/idempotency-key"


async def test_a_replay_does_not_mind_the_version_that_the_act_has_made(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """If-Match named the case as it was before; the same request again is the same request."""
    case = await reported(repairs, callers.officer())
    path = f"/v1/repairs/{case['reference']}/cancellation"
    headers = keyed(callers.officer()) | {"If-Match": f'"{case["version"]}"'}
    answers = [await repairs.post(path, json={"reason": "Mended."}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("other", ["1.0", '"1"', "true", "2"])
async def test_another_value_is_another_request(
    repairs: httpx.AsyncClient, callers: Callers, other: str
) -> None:
    """A number with a fraction is not the same as one without, whatever a model would make of it."""
    slot = '{"trade": "roofing", "starts_at": "%s", "ends_at": "%s", "capacity": %s, "contractor": "Fixit"}'
    begins = in_days(2)
    window = begins.isoformat(), (begins + timedelta(hours=2)).isoformat()

    async def send(capacity: str) -> httpx.Response:
        headers = {**keyed(callers.officer()), "Content-Type": "application/json"}
        return await repairs.post("/v1/slots", content=slot % (*window, capacity), headers=headers)

    assert (await send("1")).status_code == (await send("1 ")).status_code == 201
    answer = await send(other)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/idempotency-key")
