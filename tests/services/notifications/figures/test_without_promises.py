"""A case of a kind that should have promises and has none is counted and alarmed."""

import httpx
import pytest
from prometheus_client import REGISTRY

from shared.app_state import AppState
from tests.services.notifications.consuming import Case, ago, consume, deadlines, emergency

BOILER, GAS_FIRE = {"kind": "heating", "department": "repairs"}, {"kind": "gas_fire", "department": "repairs"}
LACKING = "a case of a kind that always has promises has none"


def registered(**facts: str) -> Case:
    case = Case("APP")
    case.event("repairs.appliance-registered", ago(hours=1), **facts)
    return case


async def counted(notifications: httpx.AsyncClient) -> int:
    """The figure of the status, which the metric agrees with."""
    told = (await notifications.get("/internal/status")).json()["cases_without_promises"]
    metrics = (await notifications.get("/internal/metrics")).text
    assert f"cases_without_promises {told}.0" in metrics
    assert REGISTRY.get_sample_value("cases_without_promises") == told
    return int(told)


async def test_a_case_without_a_clock_is_counted_until_it_is_over(
    resources: AppState, notifications: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A gas fire, of which no row knows; when it is removed nobody need be told of it any more."""
    case = registered(**GAS_FIRE)
    await consume(resources, *case.history)
    assert await deadlines(resources, case.reference) == {}
    assert await counted(notifications) == 1
    [alarm] = [record for record in caplog.records if record.message == LACKING]
    assert (alarm.levelname, vars(alarm)["reference"]) == ("ERROR", case.reference)

    await consume(resources, case.event("repairs.appliance-serviced", ago(minutes=30)))
    assert await counted(notifications) == 1
    await consume(resources, case.event("repairs.appliance-removed", ago(minutes=10)))
    assert await counted(notifications) == 0


async def test_what_becomes_known_later_can_end_the_alarm(
    resources: AppState, notifications: httpx.AsyncClient
) -> None:
    """A repair of no known priority that an officer makes urgent has a clock from then on."""
    case = emergency(ago(hours=2), priority=4)
    await consume(resources, *case.history)
    assert await counted(notifications) == 1
    await consume(resources, case.event("repairs.priority-raised", ago(hours=1), priority=1))
    assert await counted(notifications) == 0


async def test_cases_with_promises_and_those_promised_nothing_are_not_counted(
    resources: AppState, notifications: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """An old boiler has its clock; a call that was settled at once was never promised one."""
    boiler = registered(**BOILER, last_serviced_on="1999-12-31")
    call = Case("ENQ")
    call.event("enquiries.enquiry-received", ago(hours=1), channel="phone", resolved_at_first_contact=True)
    await consume(resources, *boiler.history, *call.history)
    assert (await deadlines(resources, boiler.reference)).keys() == {"repairs.heating.annual-service"}
    assert await counted(notifications) == 0
    assert LACKING not in caplog.text
