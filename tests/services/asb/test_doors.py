"""The routes of asb that name no case, and those inside: who is let in, by a table whose default is deny."""

from collections.abc import Mapping

import httpx
import pytest

from tests.services.asb.cases import HATE, Cases
from tests.services.callers import Callers, Headers
from tests.services.strict.valid.asb import ASB

EVERYBODY = frozenset({"member", "manager", "no scope", "resident", "front end", "firm", "ops", "service"})
OFFICERS = frozenset({"member", "manager", "no scope"})
# who is answered anything but 403; what they find there is told by other tests
LET_IN: Mapping[tuple[str, str], frozenset[str]] = {
    ("post", "/v1/asb"): OFFICERS | {"resident", "front end"},
    ("get", "/v1/asb"): OFFICERS | {"resident"},
    ("get", "/v1/asb/break-glass"): frozenset({"manager"}),
    ("get", "/v1/asb/reads"): frozenset({"manager"}),
    ("get", "/v1/asb/case-reviews"): OFFICERS,
    ("get", "/internal/access/{reference}"): frozenset({"service"}),
    ("get", "/internal/damages/{reference}/{number}"): frozenset({"service"}),
    ("get", "/internal/complaints/{reference}"): frozenset({"service"}),
    ("get", "/internal/letters/{reference}/{sequence}"): frozenset({"service"}),
    ("post", "/internal/mail/{reference}"): frozenset({"service"}),
    ("post", "/internal/texts/{reference}"): frozenset({"service"}),
    ("get", "/internal/contacts/{reference}"): frozenset({"service"}),
    ("get", "/internal/contacts"): frozenset({"service"}),
    ("get", "/internal/open-cases"): frozenset({"service"}),
    ("get", "/internal/cases"): frozenset({"service"}),
    ("get", "/internal/cases/{reference}/events"): frozenset({"service"}),
    ("post", "/internal/claims"): frozenset({"resident"}),
    # figures alone, reachable from inside
    ("get", "/internal/status"): EVERYBODY,
    ("get", "/internal/metrics"): EVERYBODY,
}


def headers_of(name: str, cases: Cases, callers: Callers) -> Headers:
    return {
        "member": cases.officer("alex"),
        "manager": cases.officer("cy", "manager"),
        "no scope": callers.named_officer("alex", "asb", scopes=["import"]),
        "resident": callers.resident("robin"),
        "front end": callers.frontend(),
        "firm": callers.contractor(),
        "ops": callers.ops(),
        "service": callers.service("contacts", "cases", "mail"),
    }[name]


def test_every_route_is_decided_about() -> None:
    """One that names a case is in tests/services/asb/test_team.py, every other in this table."""
    assert {route for route in ASB if not route[1].startswith("/v1/asb/{reference}")} == LET_IN.keys()


@pytest.mark.parametrize("name", sorted(EVERYBODY))
async def test_each_caller_comes_in_where_the_table_says(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, name: str
) -> None:
    """And reads nothing of a case of which they may read none."""
    case = await cases.report(cases.officer("alex"), **{**HATE, "alleged_perpetrator": {"subject": "robin"}})
    headers, came_in = headers_of(name, cases, callers), set()
    for (method, path), valid in ASB.items():
        if (method, path) not in LET_IN:
            continue
        at = path
        for part, value in valid.path.items():
            at = at.replace(f"{{{part}}}", case["reference"] if part == "reference" else value)
        query = {key: said for key, said in valid.query.items() if key in {"year", "recorded_before"}}
        query |= {"reference": case["reference"]} if "reference" in valid.query and "internal" in path else {}
        body = valid.bodies[0] if valid.bodies else None
        sent = {"json": body} if valid.file is None else {"content": valid.file[1]}
        typed = {"Content-Type": valid.file[0]} if valid.file else {}
        answer = await asb.request(method, at, params=query, headers=headers | typed, **sent)
        if answer.status_code != 403:
            came_in.add((method, path))
        may_name_it = name in {"member", "service"} or (name, path) == ("manager", "/v1/asb/reads")
        assert may_name_it or case["reference"] not in answer.text, path
    assert came_in == {route for route, who in LET_IN.items() if name in who}
