"""Every route of notifications asked about a case of anti-social behaviour: by default nobody finds it.

A route that is added later is in no table here, and fails until somebody has decided about it.
"""

from collections.abc import Mapping

import httpx
import pytest

from shared.app_state import AppState
from shared.caller import pseudonym_of
from tests.services.callers import Callers, Headers
from tests.services.notifications.consuming import Case, ago, consume, swept
from tests.support.apps import app_of

# where whoever works a case finds it, and for whom each of these lists is at all
SHOWN_TO_ITS_TEAM = frozenset(
    {
        "/v1/deadlines",
        "/v1/worklist",
        "/v1/notices",
        "/v1/cases/{reference}/deadlines",
        "/v1/cases/{reference}/timeline",
        "/v1/cases/{reference}/effects",
        "/v1/performance/measures",  # with the cases behind each figure
    }
)
SHOWN_TO_ITS_RESIDENT = frozenset({"/v1/cases/{reference}/deadlines", "/v1/cases/{reference}/timeline"})
COUNTED = frozenset({"/v1/performance", "/v1/performance/measures"})
ABOUT_NO_CASE = frozenset(
    {"/v1/standards", "/v1/calendar", "/v1/reconciliations", "/v1/dead-letters", "/v1/messages"}
)
# of notices that have left, and of messages that are asked for by name: these have walks of their own
TOLD_ELSEWHERE = frozenset({"/v1/me/notices", "/v1/messages/{id}/preview", "/v1/notices/{id}/words"})

QUERIES: Mapping[str, Mapping[str, str]] = {
    "/v1/performance/measures": {"year": "2026"},
    "/v1/cases/{reference}/effects": {"event": "asb.case-closed"},
}

CALLERS: Mapping[str, frozenset[str]] = {
    "member": SHOWN_TO_ITS_TEAM,
    "member without the scope": frozenset(),
    "other officer with the scope": frozenset(),
    "manager outside": frozenset(),
    "officer of every other department": frozenset(),
    "accused officer": frozenset(),
    "its resident": SHOWN_TO_ITS_RESIDENT,
    "accused tenant": frozenset(),
    "firm": frozenset(),
    "front end": frozenset(),
    "ops": frozenset(),
}


def headers_of(name: str, callers: Callers) -> Headers:
    def officer(subject: str, *scopes: str, departments: tuple[str, ...] = ("asb",)) -> Headers:
        return callers.named_officer(subject, *departments, scopes=scopes)

    return {
        "member": officer("alex", "asb"),
        "member without the scope": officer("alex", "manager", "import"),
        "other officer with the scope": officer("bo", "asb"),
        "manager outside": officer("bo", "asb", "manager"),
        "officer of every other department": officer(
            "cy", "asb", "manager", departments=("repairs", "complaints", "enquiries", "estates")
        ),
        "accused officer": officer("robin", "asb", "manager"),
        "its resident": callers.resident("sam"),
        "accused tenant": callers.resident("robin"),
        "firm": callers.contractor(),
        "front end": callers.frontend(),
        "ops": callers.ops(),
    }[name]


def lists() -> list[str]:
    """Every public route that is read."""
    paths = app_of("notifications").openapi()["paths"]
    return sorted(path for path, item in paths.items() if "get" in item and path.startswith("/v1/"))


def test_every_route_is_in_one_table() -> None:
    """None is decided about by nobody."""
    assert set(lists()) == SHOWN_TO_ITS_TEAM | COUNTED | ABOUT_NO_CASE | TOLD_ELSEWHERE


@pytest.mark.parametrize("name", CALLERS)
async def test_a_case_is_found_by_those_alone_who_may_see_it(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers, name: str
) -> None:
    """By its id, in every list, timeline, notice and figure."""
    robin = pseudonym_of("robin", resources.settings.pseudonym_key)
    access = {"needs_scope": "asb", "team": ["alex"], "kept_from": [robin], "resident": "sam"}
    case = Case("CAS")
    case.event("asb.case-opened", ago(hours=1), priority=1, department="asb", **access)
    untold = Case("CAS")  # without a team it is everybody's with the scope, but for whom it is about
    untold.event("asb.case-opened", ago(hours=1), priority=1, department="asb", **{**access, "team": []})
    await consume(resources, *case.history, *untold.history)
    await swept(resources)
    headers, found = headers_of(name, callers), set()
    for path in lists():
        query = QUERIES.get(path, {})
        answer = await notifications.get(
            path.replace("{reference}", case.reference), params=query, headers=headers
        )
        if answer.status_code == 200 and case.reference in answer.text:
            found.add(path)
        if name.startswith("accused"):
            assert untold.reference not in answer.text
            for_untold = path.replace("{reference}", untold.reference)
            if for_untold != path:
                refused = await notifications.get(for_untold, params=query, headers=headers)
                assert refused.status_code in {403, 404}
        if path in COUNTED and answer.status_code == 200 and name not in {"member"}:
            counted = [row for row in answer.json()["items"] if row.get("service") == "asb"]
            alone = 1 if name in {"other officer with the scope", "manager outside"} else 0
            assert {row.get("started", 0) for row in counted} <= {0, alone}, answer.text
    assert found == CALLERS[name]
