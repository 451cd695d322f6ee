"""The dates of acts, in each service: none is before what it follows, and none is told in time afterwards."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from shared.clock import Clock
from shared.directory import DIRECTORY, Directory
from tests.services.callers import Callers
from tests.services.enquiries.asking import OLA, Desk
from tests.services.estates.caring import ISSUE, SITE, WHOLE
from tests.services.repairs.appliances.registering import BOILER
from tests.services.repairs.reporting import REPORT
from tests.services.residents.moving_in import PLAN, TENANCY
from tests.shared.standards.histories import london
from tests.support.clock import house_clock
from tests.support.in_process import InProcess

Act = tuple[str, Mapping[str, Any]]

RECEIVED, AT, BEFORE = (f"2026-11-{when}:00Z" for when in ("02T09:00", "10T12:00", "10T11:59"))
WHY: Mapping[str, Any] = {"reason": "x"}
ANSWER: Act = ("response", {"message": "On Monday."})
LETTER: Mapping[str, Any] = {
    "channel": "letter", "subject": "Bins", "message": "When?",
    "contact": {"name": "Sam", "email": "sam@example.org"},
}  # fmt: skip
FOI = {**LETTER, "kind": "freedom_of_information"}
MET_AT = {"subject": "Rent", "at": "2026-11-12T09:00:00Z", "with": OLA, "contact": LETTER["contact"]}


@pytest.fixture
def directory() -> Directory:
    """Every service."""
    return DIRECTORY


@pytest.fixture
def household_timeout() -> float:
    """Nobody is there to be asked."""
    return 0.1


@pytest.mark.parametrize(
    ("service", "path", "case", "before", "act", "what"),
    [
        ("enquiries", "enquiries", LETTER, [ANSWER],
         ("reply", {"message": "And?", "channel": "email"}), "answered"),
        ("enquiries", "enquiries", FOI, [("need", {"need": "clarification", "message": "Which?"})],
         ("need/met", {}), "told what is needed"),
        ("enquiries", "enquiries", FOI, [("need", {"need": "clarification", "message": "Which?"})],
         ANSWER, "told what is needed"),
        ("estates", "estates/issues", ISSUE, [("referral", {"to": "repairs", **WHY})],
         ("resolution", {"resolution": "dealt_with"}), "passed on"),
        ("estates", "estates/sites", SITE, [("cleans", WHOLE)], ("retirement", WHY), "work on the site"),
        ("residents", "tenancies", TENANCY, [("support-plan/request", {})],
         ("support-plan", {"support_plan": PLAN}), "asked for"),
        ("residents", "tenancies", TENANCY, [("support-plan", {"support_plan": PLAN})],
         ("end", {}), "support plan"),
        ("repairs", "repairs", REPORT, [("updates", {"type": "attended"})],
         ("cancellation", WHY), "latest update"),
        ("repairs", "appliances", BOILER, [("services", {})], ("removal", WHY), "latest service"),
    ],
)  # fmt: skip
async def test_an_act_is_not_before_what_it_follows(
    services: InProcess, clock: Clock, callers: Callers,
    service: str, path: str, case: Mapping[str, Any], before: list[Act], act: Act, what: str,
) -> None:  # fmt: skip
    """Refused with the field and the reason; at the very instant it is taken."""
    client = await services.serve(await services.state(service, clock))
    by = callers.officer(service)
    received = {} if path == "tenancies" else {"received_at": RECEIVED}

    async def post(path: str, body: Mapping[str, Any]) -> httpx.Response:
        return await client.post(path, json=dict(body), headers=by)

    made = await post(f"/v1/{path}", {**case, **received})
    assert made.status_code == 201, made.text
    on = f"/v1/{path}/{made.json()['reference']}"
    if path == "tenancies":  # recorded today: an act on it is from then on
        house_clock.show(london("Friday 2026-12-11 10:00"))
    for earlier, body in before:
        done = await post(f"{on}/{earlier}", {**body, "occurred_at": later(AT, path)})
        assert done.status_code == 201, done.text
    refused = await post(f"{on}/{act[0]}", {**act[1], "occurred_at": later(BEFORE, path)})
    assert refused.status_code == 422, refused.text
    [error] = refused.json()["errors"]
    assert (error["pointer"], what in error["detail"]) == ("/occurred_at", True), error
    assert (await post(f"{on}/{act[0]}", {**act[1], "occurred_at": later(AT, path)})).status_code == 201


def later(instant: str, path: str) -> str:
    """The same instant of December for a tenancy, which is recorded on a day of these tests."""
    return instant.replace("-11-", "-12-") if path == "tenancies" else instant


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("enquiry", ("holding-reply", {**WHY, "respond_by": "2026-12-01"})),
        ("freedom_of_information", ("need", {"need": "fee", "amount": "10.00", "message": "Please pay."})),
    ],
)
async def test_what_has_lapsed_is_put_off_by_no_earlier_date(
    enquiries: httpx.AsyncClient, callers: Callers, kind: str, act: Act
) -> None:
    """Its letter leaves now; of history that is brought over it left then."""
    desk, (name, body) = Desk(enquiries, callers), act
    then: dict[str, Any] = {"channel": "letter", "kind": kind, "received_at": "2026-10-01T09:00:00Z"}
    in_time = {**body, "occurred_at": "2026-10-07T12:00:00Z"}
    late = (await desk.ask(**then))["reference"]
    refused = await desk.try_to(name, late, **in_time)
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/occurred_at"], refused.text
    await desk.act(name, late, **body)
    history = await desk.ask(desk.officer("import"), imported=True, **then)
    await desk.act(name, history["reference"], **in_time)
