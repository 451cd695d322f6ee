"""Letters about cases of the asb service: flags to the department, and a safe time that is waited for."""

from collections import Counter
from typing import Any

import httpx
import pytest

from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.cases.contact import Weekday
from shared.clock import Clock
from tests.services.asb.cases import HATE, REPORT, Cases
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.notifications.consuming import Case, ago, consume, consume_history, notices
from tests.services.notifications.posting import claimed, deliver_all, mail, make_due, post
from tests.support.in_process import InProcess

DAMAGE = {"description": "A pane.", "repair_responsibility": True}
OVER = {"reason": "It has stopped.", "agreed_with_victim": True}
WHOLE_WEEK = [{"days": [*Weekday], "from": "00:00", "to": "23:59"}]


def in_two_days() -> list[dict[str, Any]]:
    """Safe times that do not begin before the test is over."""
    return [{"days": [[*Weekday][ago(days=-2).weekday()]], "from": "00:00", "to": "23:59"}]


@pytest.fixture
async def cases(services: InProcess, clock: Clock, callers: Callers, owner: Line) -> Cases:
    return Cases(await services.serve(await services.state("asb", clock)), callers)


async def owed(resources: AppState, reference: str) -> Counter[tuple[str, str]]:
    """The number of notices of each kind to each audience, of all that was told of a case so far."""
    await consume_history(resources, reference, "asb")
    return Counter((row.kind, row.audience) for row in await notices(resources, reference))


async def about(resources: AppState, reference: str, kind: str) -> list[str]:
    """The states of the notices of a kind."""
    return [row.status for row in await notices(resources, reference) if row.kind == kind]


@pytest.mark.parametrize("was_told", [False, True])
async def test_the_flag_of_damage_without_a_home_is_withdrawn_once_it_is_known(
    cases: Cases, resources: AppState, was_told: bool
) -> None:
    """It is not sent any more, or whoever was sent it is told that nobody needs to act."""
    reference = (await cases.report(property=None))["reference"]
    await cases.act(reference, "damage", DAMAGE)
    assert (await owed(resources, reference))["no_home", "department"] == 1
    if was_told:
        await deliver_all(resources)
        assert await about(resources, reference, "no_home") == [Delivery.SENT]
    await cases.act(reference, "home", {"property": REPORT["property"]})
    counted = await owed(resources, reference)
    assert counted["stand_down", "department"] == int(was_told)
    await deliver_all(resources)
    state = Delivery.SENT if was_told else Delivery.WITHDRAWN
    assert await about(resources, reference, "no_home") == [state]
    said = [letter.get_content() for letter in mail(resources)]
    assert any("nobody needs to go out or to act on it now" in text for text in said) is was_told


async def test_a_dissatisfied_answer_waits_for_a_review(
    cases: Cases, resources: AppState, notifications: httpx.AsyncClient
) -> None:
    """The answer stands on the worklist of the department until the closing was reviewed."""
    reference = (await cases.report())["reference"]
    await cases.act(reference, "victim-contact", {"method": "phone", "reached": True})
    await cases.act(reference, "closure", OVER)
    await cases.act(reference, "survey")
    await cases.act(reference, "survey/answers", {"satisfied": False})
    assert (await owed(resources, reference))["dissatisfied", "department"] == 1

    async def promised() -> list[str]:
        path = f"/v1/cases/{reference}/deadlines"
        rows = (await notifications.get(path, headers=cases.officer())).json()["deadlines"]
        return [row["state"] for row in rows if row["standard"] == "asb.dissatisfied.review"]

    assert await promised() == ["running"]

    async def to_do() -> list[str]:
        rows = (await notifications.get("/v1/worklist", headers=cases.officer())).json()["items"]
        return [row["reference"] for row in rows]

    assert await to_do() == [reference]
    await cases.act(reference, "review", {"outcome": "stand", "reason": "All was done."})
    await owed(resources, reference)
    assert (await promised(), await to_do()) == (["met"], [])
    await deliver_all(resources)
    assert await about(resources, reference, "dissatisfied") == [Delivery.WITHDRAWN]


async def test_a_repair_that_is_called_off_is_flagged(resources: AppState) -> None:
    """At once and to the department alone: nobody makes the damage safe now."""
    case = Case("CAS")
    opened = {"priority": 2, "department": "asb", "channel": "phone", "imported": False, "team": []}
    case.event(
        "asb.case-opened", ago(hours=2), needs_scope="asb", hate_incident=False, kept_from=[], **opened
    )
    case.event("asb.damage-repair-cancelled", ago(hours=1), damage=1)
    await consume(resources, *case.history)
    told = [
        row.audience for row in await notices(resources, case.reference) if row.kind == "repair_cancelled"
    ]
    assert told == ["department"]


async def test_a_letter_waits_until_it_is_safe(cases: Cases, resources: AppState) -> None:
    """It is no failure, and it leaves as soon as the time is safe, as it would have then."""
    contact = {**REPORT["contact"], "safe_times": in_two_days()}
    reference = (await cases.report(contact=contact))["reference"]
    await owed(resources, reference)
    await deliver_all(resources)
    assert await about(resources, reference, "acknowledgement") == [Delivery.PENDING]
    assert mail(resources) == []
    await cases.act(reference, "contact", {"safe_times": WHOLE_WEEK})
    await make_due(resources)
    await post(resources, await claimed(resources))
    assert await about(resources, reference, "acknowledgement") == [Delivery.SENT]
    [letter] = mail(resources)
    assert letter["To"] == "Sam Jones <sam@example.org>"
    assert reference not in letter["Subject"]


@pytest.mark.parametrize("is_safe", [True, False])
async def test_an_applicant_who_is_somebody_else_is_told_at_their_own_address(
    cases: Cases, resources: AppState, is_safe: bool
) -> None:
    """That we have it, what was decided and that it ended; the victim's letters are their own."""
    reference = (await cases.report())["reference"]
    await owed(resources, reference)
    contact = {"email": "bo@example.org", "safe_to_contact": is_safe}
    application = {"applicant": {"name": "Bo Smith", "contact": contact}, "consent": True}
    reasons = {"persistence": "Weekly.", "harm": "Fear.", "adequacy": "Little."}
    await cases.act(reference, "case-review", application)
    await cases.act(reference, "case-review/decision", {"threshold_met": True, **reasons})
    await cases.act(reference, "case-review/outcome", {"outcome": "She moves out.", "recommendations": []})
    counted = await owed(resources, reference)
    assert (counted["applicant", "applicant"], counted["case_review", "resident"]) == (3, 2)
    while await deliver_all(resources):
        await make_due(resources)
    assert set(await about(resources, reference, "applicant")) == {Delivery.SENT}
    theirs = [letter for letter in mail(resources) if letter["To"] == "Bo Smith <bo@example.org>"]
    assert len(theirs) == (3 if is_safe else 0)
    said = [str(letter.get_body(("plain",))) for letter in mail(resources)]
    assert sum("You asked us for a review of a case" in text for text in said) == 1, "else by the department"
    assert not any("She moves out" in text for text in said)
    [victims] = [letter for letter in mail(resources) if letter["To"] == "Sam Jones <sam@example.org>"]
    assert "There will be a review of your case" in str(victims.get_body(("plain",)))


async def test_an_applicants_letters_are_no_concern_of_the_victims(
    cases: Cases, resources: AppState, notifications: httpx.AsyncClient
) -> None:
    """One that must wait for the applicant's safe time holds back none of theirs, and they read of none."""
    reference = (await cases.report())["reference"]
    contact = {"email": "bo@example.org", "safe_times": in_two_days()}
    application = {"applicant": {"name": "Bo Smith", "contact": contact}, "consent": True}
    await cases.act(reference, "case-review", application)
    await owed(resources, reference)
    await deliver_all(resources)
    assert await about(resources, reference, "applicant") == [Delivery.PENDING]
    assert [letter["To"] for letter in mail(resources)] == ["Sam Jones <sam@example.org>"]
    to_sam = cases.callers.resident()
    told = (await notifications.get(f"/v1/cases/{reference}/timeline", headers=to_sam)).json()["entries"]
    kinds = {entry["type"] for entry in told if entry["entry"] == "notice"}
    assert "acknowledgement" in kinds
    assert "applicant" not in kinds


async def test_the_mailbox_of_a_department_is_told_nothing_that_the_victim_needs(
    cases: Cases, resources: AppState
) -> None:
    """More people read it than may read the case, and one of them may be the person complained of."""
    needs = {"access_needs": "Large print, for the eye that was hit.", "language": "Polish"}
    contact = {**REPORT["contact"], **needs}
    reference = (await cases.report(**{**HATE, "contact": contact}))["reference"]
    await cases.act(reference, "risk", {"score": "high", "reason": "Threats."})
    await consume_history(resources, reference, "asb")
    await deliver_all(resources)
    letters = mail(resources)
    to_staff = [letter.as_string() for letter in letters if "sam@example.org" not in str(letter["To"])]
    assert any("You see in the case what they need." in letter for letter in to_staff)
    assert not [letter for letter in to_staff if "Polish" in letter or "eye" in letter]
