"""A hate crime from its report to the review of its closing, every date by its weekday."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.clock import Clock
from tests.services.asb.cases import HATE, Cases
from tests.services.repairs.reporting import london, zulu
from tests.support.clock import house_clock

CONTACT, PLAN = "asb.priority-1.victim-contact", "asb.action-plan"
UPDATE, SURVEY, REVIEW = "asb.progress-update", "asb.satisfaction-survey", "asb.high-risk.review"


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Some weeks later than the story, which is told with its own times; Easter is in the middle of it."""
    house_clock.show(london("Friday 2026-06-05 10:00"))
    yield house_clock
    house_clock.show(None)


def end_of(day: str) -> str:
    return zulu(london(f"{day} 23:59:59"))


class Story:
    """One case, acted on at times with a weekday."""

    def __init__(self, cases: Cases, case: dict[str, Any]) -> None:
        self.cases, self.case = cases, case

    async def act(self, at: str, act: str, **body: Any) -> None:
        dated = {**body, "occurred_at": zulu(london(at))}
        officer = self.cases.officer("alex", "manager")
        self.case = await self.cases.act(self.case["reference"], act, dated, officer)

    def due(self, standard: str) -> tuple[str, str]:
        """The date and state of the latest promise of a standard."""
        latest = [each for each in self.case["deadlines"] if each["standard"] == standard][-1]
        return latest["due_at"], latest["state"]


async def test_a_hate_crime_from_report_to_review(cases: Cases) -> None:
    """Over Easter: Good Friday is 3 April 2026, Easter Monday 6 April, and May has its own two Mondays."""
    received_at = zulu(london("Wednesday 2026-04-01 16:45"))
    story = Story(cases, await cases.report(**HATE, received_at=received_at))
    assert story.case["priority"] == 1
    assert story.due(CONTACT) == (end_of("Thursday 2026-04-02"), "breached")
    # ten working days after Wednesday, without Good Friday and Easter Monday
    assert story.due(UPDATE) == (end_of("Friday 2026-04-17"), "breached")

    await story.act("Thursday 2026-04-02 09:30", "victim-contact", method="phone", reached=False)
    assert story.due(CONTACT)[1] == "breached"
    await story.act("Thursday 2026-04-02 15:00", "victim-contact", method="phone", reached=True)
    assert story.due(CONTACT) == (end_of("Thursday 2026-04-02"), "met")
    assert story.due(UPDATE)[0] == end_of("Friday 2026-04-17"), "a conversation is no update"

    await story.act("Thursday 2026-04-02 15:20", "risk", score="high", reason="They know where she works.")
    assert story.due(REVIEW) == (end_of("Tuesday 2026-04-07"), "breached")
    await story.act("Tuesday 2026-04-07 11:00", "risk/review", outcome="Police asked to patrol.")
    assert story.due(REVIEW)[1] == "met"

    await story.act("Wednesday 2026-04-08 14:00", "visit", action_plan_agreed=True, identification_shown=True)
    assert story.due(PLAN) == (end_of("Wednesday 2026-04-15"), "breached")
    await story.act("Wednesday 2026-04-15 09:00", "action-plan", plan="A diary, and a camera.")
    assert story.due(PLAN)[1] == "met"

    # the earlier of the date promised and one new period after the change
    await story.act("Monday 2026-04-13 10:00", "update-frequency", every="weekly", reason="She asked.")
    assert story.due(UPDATE)[0] == end_of("Friday 2026-04-17")
    await story.act("Thursday 2026-04-16 10:00", "updates", message="The police have spoken to them.")
    assert story.due(UPDATE) == (end_of("Thursday 2026-04-23"), "breached")
    await story.act(
        "Monday 2026-04-20 10:00", "update-frequency", every="ten_working_days", reason="Calm now."
    )
    assert story.due(UPDATE)[0] == end_of("Thursday 2026-04-23"), "a date promised never moves away"

    await story.act("Wednesday 2026-04-22 08:00", "incidents", description="Again, at the bus stop.")
    assert story.due(CONTACT) == (end_of("Thursday 2026-04-23"), "breached")
    assert story.case["risk"]["to_assess"] is True
    await story.act("Thursday 2026-04-23 09:00", "victim-contact", method="in person", reached=True)
    await story.act("Thursday 2026-04-23 09:05", "updates", message="We told her of the injunction.")
    # the early May bank holiday is Monday 4 May
    assert story.due(UPDATE)[0] == end_of("Friday 2026-05-08")

    await story.act(
        "Thursday 2026-04-30 12:00", "closure", reason="An injunction.", why_not="She is not sure."
    )
    assert (story.case["status"], story.due(UPDATE)[1]) == ("closed", "cancelled")
    assert story.due(SURVEY) == (end_of("Saturday 2026-05-30"), "breached")
    await story.act("Monday 2026-05-18 09:00", "survey")
    assert story.due(SURVEY)[1] == "met"
    await story.act("Wednesday 2026-05-20 19:00", "survey/answers", satisfied=False, comments="It goes on.")
    await story.act("Friday 2026-05-22 10:00", "review", outcome="reopen", reason="She is right.")
    assert story.case["status"] == "open"
    # the spring bank holiday is Monday 25 May
    assert story.due(UPDATE) == (end_of("Monday 2026-06-08"), "running")
    assert story.due(REVIEW) == (end_of("Tuesday 2026-05-26"), "breached"), "the risk is still high"
    assert story.case["survey"] is None


async def test_what_residents_are_not_told_is_not_on_their_case(cases: Cases) -> None:
    """A rule for staff, how we see the risk, the team and other people's reports are for officers."""
    sam = cases.callers.resident("sam")
    reference = (await cases.report(sam, **HATE))["reference"]
    await cases.act(reference, "risk", {"score": "high", "reason": "Threats."})
    shown = await cases.read(reference, sam)
    assert {each["regime"] for each in shown["deadlines"]} == {"havering"}
    assert [shown[field] for field in ("risk", "team", "joined_to", "joined")] == [None] * 4
    assert "internal" in {each["regime"] for each in (await cases.read(reference))["deadlines"]}


async def test_a_high_risk_stands_first_in_either_order(cases: Cases) -> None:
    """On every page of an officer's list; a resident's own list does not tell it."""
    sam = cases.callers.resident("sam")
    calm = [(await cases.report(sam))["reference"] for _ in range(2)]
    high = (await cases.report(sam))["reference"]
    latest = (await cases.report(sam))["reference"]
    await cases.act(high, "risk", {"score": "high", "reason": "Threats."})

    async def listed(by: dict[str, str], **query: str) -> list[str]:
        found, query = list[str](), {**query, "limit": "2"}
        while True:
            page = (await cases.client.get("/v1/asb", params=query, headers=by)).json()
            found += [case["reference"] for case in page["items"]]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]

    officer = cases.officer()
    assert await listed(officer) == [high, latest, *reversed(calm)]
    assert await listed(officer, sort="received_at") == [high, *calm, latest]
    assert await listed(sam) == [latest, high, *reversed(calm)]
    assert await listed(officer, risk="high") == [high]
    await cases.act(high, "closure", {"reason": "Over.", "agreed_with_victim": True})
    assert (await listed(officer))[0] == latest, "a closed case is no risk any more"


async def test_nothing_can_be_asked_by_home(cases: Cases) -> None:
    """A neighbour's case would be found by a postcode."""
    for name in ("postcode", "uprn", "property_reference"):
        answer = await cases.client.get("/v1/asb", params={name: "RM1 1AA"}, headers=cases.officer())
        assert answer.status_code == 422
