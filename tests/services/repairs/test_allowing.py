"""A repair allows exactly what it says that it allows: every act is tried in every state."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from services.repairs.views.presenters import LIFECYCLES
from shared.http.auth import Requires
from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import in_days, published
from tests.services.repairs.reporting import reported, timed, zulu
from tests.services.repairs.states import (
    ALWAYS,
    BODIES,
    FOUND,
    GIVEN,
    LATE_TAP,
    MOULD,
    OF_A_HAZARD,
    ONCE_FOUND,
    QUOTED,
    SIGNED,
    STATES,
    WITH_A_FIRM,
    Body,
    State,
)
from tests.support.apps import app_of

TRADES = {"leaking-roof": "roofing", "tap-not-turning": "plumbing", "loss-of-gas": "heating"}
TWO_FIRMS = ("Fixit", "Bodgit")
NO_HAZARD = {"hazard": "none", "why_no_action": "The wall is dry."}
# Files are kept with every repair, and answered as themselves; tracking changes nothing.
NO_ACTS = {"attachments", "tracking"}
FIRMS = {"updates", "handback", "hazard"} | OF_A_HAZARD


class Town:
    """Repairs of every kind with slots for each, and an officer who tries everything."""

    def __init__(self, client: httpx.AsyncClient, callers: Callers) -> None:
        self._client, self._callers, self._officer = client, callers, callers.officer()
        self._slots: dict[tuple[str, str, str], str] = {}

    async def publish_slots(self, callers: Callers, trade: str) -> None:
        """Two an hour from now, so that one can be moved to the other and no promise is too short for it."""
        for firm in TWO_FIRMS:
            for which in ("first", "second"):
                start = in_days(0, hours=1)
                slot = await published(
                    self._client,
                    callers.contractor(firm),
                    start,
                    trade=trade,
                    ends_at=zulu(start + timedelta(hours=1)),
                    capacity=50,
                )
                self._slots[trade, firm, which] = slot["slot_id"]

    async def repair_in(self, state: State, reporter: Headers | None = None) -> dict[str, Any]:
        case = await reported(self._client, reporter or self._officer, **state.report)
        for act, body in state.acts:
            answer = await self.tried(case, act, body, state.firm, "first")
            assert answer.status_code == 201, f"{act}: {answer.text}"
            case = answer.json()
        for told in state.told:
            by_firm = self._callers.contractor(state.firm)
            assert (await self.tried(case, "updates", told, state.firm, headers=by_firm)).status_code == 201
        return case

    async def last_told(self, case: dict[str, Any]) -> int:
        """The number of the last update that was told of a job; 1 if none was."""
        path = f"/v1/repairs/{case['reference']}/updates"
        told = (await self._client.get(path, headers=self._officer)).json()["items"]
        return told[-1]["number"] if told else 1

    async def tried(
        self,
        case: dict[str, Any],
        act: str,
        body: Body,
        firm: str,
        which: str = "second",
        headers: Headers | None = None,
    ) -> httpx.Response:
        """The answer to an act, by default the officer's; fields that its body leaves out are filled in."""
        if act == "appointment":
            body = {"slot_id": self._slots[TRADES[case["fault"]], firm, which]}
        if act == "hazard/summary" and (case["hazard"] or {}).get("finding") == "none":
            body = {**NO_HAZARD, "contact": "01708 434343", "how_to_complain": "Write to us."}
        if act == "priority":
            body = {"priority": 3 if case["priority"] == 1 else 1, **body}
        number = await self.last_told(case) if "{number}" in act else None
        path = f"/v1/repairs/{case['reference']}/{act.format(number=number)}"
        return await self._client.post(path, json=timed(body), headers=headers or self._officer)


def routes_of_acts() -> dict[str, set[str]]:
    """Each act, with the roles that its route takes."""
    prefix = "/v1/repairs/{reference}/"
    return {
        str(route.path).removeprefix(prefix): roles_of(route.dependant)
        for route in iter_route_contexts(app_of("repairs").routes)
        if "POST" in (route.methods or ()) and str(route.path).startswith(prefix)
    }


def roles_of(dependant: Dependant) -> set[str]:
    own = set(dependant.call.roles) if isinstance(dependant.call, Requires) else set()
    return own.union(*map(roles_of, dependant.dependencies))


def test_every_act_on_a_repair_is_tried() -> None:
    """A route that is added has to be told of here, and by the policy that allows its act."""
    assert routes_of_acts().keys() == BODIES.keys() | NO_ACTS


def test_every_route_of_an_act_takes_the_roles_of_its_rule() -> None:
    """The table that lists what is allowed is the one that the door reads: nobody is offered a 403."""
    routes = routes_of_acts()
    for lifecycle in LIFECYCLES:
        for action, rule in lifecycle.rules.items():
            assert routes.pop(action) == rule.who, action
    assert routes.keys() == NO_ACTS


@pytest.mark.parametrize("state", STATES, ids=str)
async def test_what_is_said_to_be_allowed_is_allowed_and_nothing_else(
    repairs: httpx.AsyncClient, callers: Callers, state: State
) -> None:
    """An act that a case names is taken; one that it does not is answered 409, and that names those too."""
    town = Town(repairs, callers)
    await town.publish_slots(callers, TRADES[state.report.get("fault", "leaking-roof")])
    case = await town.repair_in(state)
    read = await repairs.get(f"/v1/repairs/{case['reference']}", headers=callers.officer())
    assert read.json()["allowed"] == sorted(state.allowed)
    for act in BODIES.keys() - state.allowed:  # on one repair, since a refusal changes nothing
        answer = await town.tried(case, act, BODIES[act], state.firm)
        assert answer.status_code == 409, f"{act}: {answer.text}"
        assert answer.json()["allowed"] == sorted(state.allowed), act
    for act in BODIES.keys() & state.allowed:
        answer = await town.tried(await town.repair_in(state), act, BODIES[act], state.firm)
        assert answer.status_code == 201, f"{act}: {answer.text}"


MOULDY_AND_LATE = {**LATE_TAP, "hazard": MOULD}
# Of one state in which almost everything is allowed, what each caller is told, and the act that tells them.
TOLD_TO: Mapping[str, tuple[str, set[str]]] = {
    "officer": ("recharge", WITH_A_FIRM - {"recharge"} | ONCE_FOUND | {"second-contractor"}),
    "resident": ("recharge/signature", ALWAYS | {"appointment", "second-contractor"}),
    "contractor": ("appointment/cancellation", FIRMS),
    "frontend": ("appointment/cancellation", {"appointment"}),
}


@pytest.mark.parametrize("role", TOLD_TO)
async def test_a_refusal_names_the_callers_own_acts(
    repairs: httpx.AsyncClient, callers: Callers, role: str
) -> None:
    """Nobody is offered what would be answered 403."""
    town = Town(repairs, callers)
    await town.publish_slots(callers, "plumbing")
    signed = (QUOTED, SIGNED)
    reporter = callers.frontend() if role == "frontend" else callers.resident()
    case = await town.repair_in(State(role, set(), (GIVEN, FOUND, *signed), MOULDY_AND_LATE), reporter)
    act, told = TOLD_TO[role]
    headers = getattr(callers, role)()
    refused = await town.tried(case, act, BODIES[act], "Fixit", headers=headers)
    assert (refused.status_code, refused.json()["allowed"]) == (409, sorted(told))
    for named in told:
        answer = await town.tried(case, named, BODIES[named], "Fixit", headers=headers)
        assert answer.status_code != 403, named


async def test_a_slot_that_is_gone_names_the_callers_own_acts_too(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The firm that agrees a next visit in a full slot is offered others, and not that act again."""
    town, fixit = Town(repairs, callers), callers.contractor("Fixit")
    case = await town.repair_in(State("given", set(), (GIVEN,)))
    slot = await published(repairs, fixit)
    other = await town.repair_in(State("other", set()))
    path = f"/v1/repairs/{other['reference']}/appointment"
    await repairs.post(path, json={"slot_id": slot["slot_id"]}, headers=callers.officer())
    follow_on = {"type": "follow_on_needed", "appointment": {"slot_id": slot["slot_id"]}}
    refused = await town.tried(case, "updates", follow_on, "Fixit", headers=fixit)
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["handback", "hazard"])
