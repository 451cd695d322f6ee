"""Who may see a case and act on it: role, scope and team, at every route."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.services.asb.cases import HATE, HOME, Cases
from tests.services.callers import Callers, Headers
from tests.services.strict.valid.asb import ASB, ASB_ROUTE
from tests.services.strict.valid.common import Valid

UNKNOWN = "CAS-7K3M-Q9TX"
MEMBER, MANAGER = "member", "manager of the team"
CALLERS = (
    *(MEMBER, MANAGER, "other officer with the scope", "manager outside", "accused officer"),
    *("officer without the scope", "its reporter", "other resident", "front end", "firm", "ops"),
)


def headers_of(name: str, cases: Cases, callers: Callers) -> Headers:
    return {
        MEMBER: cases.officer("alex"),
        MANAGER: cases.officer("alex", "manager"),
        "other officer with the scope": cases.officer("bo"),
        "manager outside": cases.officer("bo", "manager"),
        "accused officer": cases.officer("robin"),
        "officer without the scope": callers.named_officer("alex", "asb", scopes=["manager", "import"]),
        "its reporter": callers.resident("sam"),
        "other resident": callers.resident("robin"),
        "front end": callers.frontend(),
        "firm": callers.contractor(),
        "ops": callers.ops(),
    }[name]


FILE = "attachments/{id}"
NO_FILE = "0b2f8d3e-0000-4000-8000-000000000000"
ACCUSED = {"name": "Robin Loud", "subject": "robin"}
NOBODY = dict.fromkeys(("name", "address", "description", "subject"))
RESIDENTS_TOO = frozenset({"", "incidents", "survey/answers", "case-review", "contact", "attachments", FILE})
MANAGERS = frozenset({"reads", "risk/review"})


def expected(name: str, part: str, *, has_team: bool) -> set[int]:
    """The statuses with which a caller may be answered at a route on the case, by the rules in words."""
    if name in {"front end", "firm", "ops"}:
        return {404} if part.startswith("attachments") and name == "firm" else {403}
    if name in {"its reporter", "other resident"}:
        if part not in RESIDENTS_TOO:
            return {403}
        return {200, 201, 409, 422} if name == "its reporter" else {404}
    if part in MANAGERS and "manager" not in name and name != "officer without the scope":
        return {403}
    outside = name in {"other officer with the scope", "manager outside"}
    if name in {MEMBER, MANAGER} or (outside and not has_team):
        return {409} if part == "break-glass" else {200, 201, 409, 422}
    return {201} if outside and part == "break-glass" else {404}


@pytest.fixture
async def reference(cases: Cases) -> str:
    """A case that an officer took, so that it is theirs, about an officer called Robin."""
    case = await cases.report(cases.callers.resident("sam"), **{**HATE, "alleged_perpetrator": ACCUSED})
    assert case["alleged_perpetrators"] is None, "who is named is for officers"
    given = await cases.act(case["reference"], "team", {"members": ["alex"]})
    assert (given["team"], given["alleged_perpetrators"]) == (["alex"], [{**NOBODY, **ACCUSED}])
    return str(case["reference"])


async def ask(
    asb: httpx.AsyncClient, part: str, reference: str, attachment: str, headers: Headers
) -> httpx.Response:
    """A request that is valid, or that is refused for what it says only after its caller was judged."""
    method, valid = PARTS[part]
    path = f"/v1/asb/{reference}/{part}".rstrip("/").replace("{id}", attachment)
    if valid.file is not None:
        content = {"Content-Type": valid.file[0], **headers}
        return await asb.request(
            method, path, params=dict(valid.query), headers=content, content=valid.file[1]
        )
    body = (
        {name: said for name, said in valid.bodies[0].items() if name != "occurred_at"}
        if valid.bodies
        else None
    )
    return await asb.request(method, path, params=dict(valid.query), headers=headers, json=body)


PARTS: Mapping[str, tuple[str, Valid]] = {
    path.removeprefix(ASB_ROUTE).lstrip("/"): (method, valid)
    for (method, path), valid in ASB.items()
    if path.startswith(ASB_ROUTE)
}


@pytest.mark.parametrize("has_team", [True, False])
@pytest.mark.parametrize("name", CALLERS)
async def test_every_route_is_for_those_it_is_meant_for(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, name: str, *, has_team: bool
) -> None:
    """The default is deny; what is not seen looks like what is not there; a case without a team is open."""
    case = await cases.report(callers.resident("sam"), **{**HATE, "alleged_perpetrator": ACCUSED})
    reference = str(case["reference"])
    sent = {"Content-Type": "application/pdf", **callers.resident("sam")}
    path, pdf = f"/v1/asb/{reference}/attachments", b"%PDF-1.4\n%%EOF\n"
    kept = await asb.post(path, params={"kind": "signature"}, headers=sent, content=pdf)
    attachment = kept.json().get("id", NO_FILE)
    if has_team:
        await cases.act(reference, "team", {"members": ["alex"]})
    headers = headers_of(name, cases, callers)
    wrong = []
    # what changes who sees it comes last: to members nothing is closed before, to others nothing is open
    sees = name in {MEMBER, MANAGER} or not has_team
    last = ["break-glass", "alleged-perpetrators", "team"] if sees else ["team", "break-glass"]
    for part in [*(part for part in PARTS if part not in last), *last]:
        answer = await ask(asb, part, reference, attachment, headers)
        if answer.status_code not in expected(name, part, has_team=has_team):
            wrong.append((part, answer.status_code, answer.text[:200]))
        if answer.status_code == 404:
            unknown = await ask(asb, part, UNKNOWN, attachment, headers)
            same = {"type", "title", "status", "detail"}
            assert {key: unknown.json()[key] for key in same} == {key: answer.json()[key] for key in same}
    assert wrong == []


async def test_the_person_complained_of_finds_nothing(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, reference: str
) -> None:
    """Not as an officer with the scope, nor before there is a team, nor as a tenant with an own case."""
    untold = await cases.report(**{**HATE, "alleged_perpetrator": {"subject": "robin"}})
    own = await cases.report(callers.resident("robin"))
    together = {"reference": reference, "reason": "The same two."}
    assert (await cases.refused(own["reference"], "joining", together)).status_code == 422
    for headers, seen in ((cases.officer("robin"), set()), (callers.resident("robin"), {own["reference"]})):
        found = (await asb.get("/v1/asb", headers=headers)).json()["items"]
        assert {case["reference"] for case in found} - {own["reference"]} == set()
        assert seen <= {case["reference"] for case in found}
        for hidden in (reference, untold["reference"]):
            assert (await asb.get(f"/v1/asb/{hidden}", headers=headers)).status_code == 404
            assert hidden not in (await asb.get(f"/v1/asb/{own['reference']}", headers=headers)).text
    refused = await cases.refused(untold["reference"], "team", {"members": ["alex", "robin"]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/members/1")


async def test_whoever_takes_the_report_is_its_first_member(cases: Cases, callers: Callers) -> None:
    """An officer who may see such cases; what anybody else takes is everybody's until somebody is named."""
    assert (await cases.report(cases.officer("bo")))["team"] == ["bo"]
    for taker in (callers.named_officer("cy", "repairs"), callers.frontend(), callers.resident()):
        case = await cases.report(taker)
        assert (await cases.read(case["reference"], cases.officer("alex")))["team"] == []


async def test_the_glass_is_broken_with_a_reason_and_listed(
    asb: httpx.AsyncClient, cases: Cases, reference: str
) -> None:
    """The officer sees the case from then on, and every manager finds who did it and why."""
    bo = cases.officer("bo")
    assert (await cases.refused(reference, "break-glass", {}, bo)).status_code == 422
    opened = await cases.act(reference, "break-glass", {"reason": "They are at her door now."}, bo)
    assert opened["team"] == ["alex", "bo"]
    again = await cases.refused(reference, "break-glass", {"reason": "Once more."}, bo)
    assert (again.status_code, "break-glass" in again.json()["allowed"]) == (409, False)
    manager = cases.officer("dee", "manager")
    [row] = (await asb.get("/v1/asb/break-glass", headers=manager)).json()["items"]
    assert (row["reference"], row["by"], row["reason"]) == (reference, "bo", "They are at her door now.")
    assert (await asb.get("/v1/asb/break-glass", headers=bo)).status_code == 403


async def test_every_reading_is_noted_with_its_caller(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, reference: str
) -> None:
    """Of the case, in a list, of its diary and attachments; for managers of its team to see."""
    alex = cases.officer("alex")
    for path in ("", f"/{reference}", f"/{reference}/diary", f"/{reference}/attachments"):
        assert (await asb.get(f"/v1/asb{path}", headers=alex)).status_code == 200
    assert (await asb.get(f"/v1/asb/{reference}", headers=callers.resident("sam"))).status_code == 200
    reads = (await asb.get(f"/v1/asb/{reference}/reads", headers=cases.officer("alex", "manager"))).json()
    assert [(row["read_by"], row["purpose"]) for row in reads["items"]] == [
        ("sam", "read it"),
        ("alex", "read its attachments"),
        ("alex", "read its diary"),
        ("alex", "read it"),
        ("alex", "listed it"),
        ("alex", "acted on it: team"),
    ]


async def test_an_act_is_a_reading_and_in_the_diary(asb: httpx.AsyncClient, cases: Cases) -> None:
    """Whoever acts is shown the case; the diary has every act, and words that are kept elsewhere but once."""
    reference = (await cases.report())["reference"]
    acts: Mapping[str, Mapping[str, Any]] = {
        "contact": {"phone": "01708 434344"},
        "case-review": {"grounds": "It goes on."},
        "case-review/referrals": {"body": "police"},
        "case-review/decision": {"threshold_met": True, "persistence": "p", "harm": "h", "adequacy": "a"},
        "case-review/outcome": {
            "outcome": "More.",
            "recommendations": [{"recommendation": "r", "body": "b"}],
        },
        "case-review/completion": {"recommendation": 1},
        "home": {"property": HOME},
    }
    for act, body in acts.items():
        await cases.act(reference, act, body, cases.officer("alex"))
    diary = (await asb.get(f"/v1/asb/{reference}/diary", headers=cases.officer("alex"))).json()["items"]
    assert [(entry["act"], entry["said"]) for entry in diary] == [
        (act, {"corrected": ["phone"]} if act == "contact" else {}) for act in acts
    ]
    manager = cases.officer("dee", "manager")
    reads = (await asb.get(f"/v1/asb/{reference}/reads", headers=manager)).json()["items"]
    assert [(row["read_by"], row["purpose"]) for row in reversed(reads)] == [
        *(("alex", f"acted on it: {act}") for act in acts),
        ("alex", "read its diary"),
    ]
