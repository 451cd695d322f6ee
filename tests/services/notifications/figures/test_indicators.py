"""Promises without a time: the share of cases that kept them, as their owners judge it."""

from dataclasses import replace

import httpx
import pytest

from services.notifications.figures.indicators import bundled, check
from shared.app_state import AppState
from shared.standards.vocabulary import UnknownWord, Vocabulary
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, consume, emergency
from tests.services.repairs.reporting import london

DAY = "Tuesday 2024-06-04"
NEXT = "Wednesday 2024-06-05"


def test_only_a_goal_that_a_paper_gives_is_shown() -> None:
    """Section 6 gives one; a promise without a share has none."""
    assert {each.id: each.goal for each in bundled() if each.goal} == {"repairs.first-visit": 0.9}


def completed(when: str, *first_visit: bool | None, imported: bool = False) -> Case:
    """A repair that was completed then; its owner said so of its first visit, the latest word last."""
    case = emergency(london(f"{DAY} 08:00"), imported=imported)
    for said in first_visit:
        facts = {} if said is None else {"first_visit": said}
        case.event("repairs.repair-completed", london(when), **facts)
    return case


async def test_the_share_is_shown_beside_its_goal(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """It counts the cases finished in the time asked for; a late fact changes a verdict already counted."""
    cases = [
        completed(f"{DAY} 11:00", True),
        completed(f"{DAY} 12:00", False),
        completed(f"{NEXT} 11:00", True, False),  # another visit became known late
        completed(f"{NEXT} 11:00", None),
        completed(f"{DAY} 11:00", True, imported=True),
    ]
    await consume(resources, *(event for case in cases for event in case.history))

    async def share(**query: str) -> tuple[int, int, float | None]:
        answer = await notifications.get("/v1/performance", headers=callers.officer(), params=query)
        first_visit = answer.json()["indicators"][0]
        assert (first_visit["indicator"], first_visit["goal"]) == ("repairs.first-visit", 0.9)
        return first_visit["counted"], first_visit["kept"], first_visit["share"]

    assert await share() == (3, 1, 0.3333)
    assert await share(**{"from": "2024-06-05"}) == (1, 0, 0.0)
    assert await share(to="2024-06-03") == (0, 0, None)
    cases[0].event("repairs.repair-completed", london(f"{DAY} 11:00"), first_visit=False)
    await consume(resources, cases[0].history[-1])
    assert await share() == (3, 0, 0.0)


@pytest.mark.parametrize(
    "wrong",
    [{"counts": "repairs.repair-finished"}, {"fact": "visits"}, {"kept_when": "yes"}],
    ids=["event", "fact", "value"],
)
def test_an_indicator_that_nothing_could_count_for_is_refused(wrong: dict[str, str]) -> None:
    """A misspelt word would show a share of no cases for ever."""
    check(bundled(), Vocabulary.bundled())
    indicator = bundled()[0]
    with pytest.raises(UnknownWord):
        check((replace(indicator, **wrong),), Vocabulary.bundled())  # type: ignore[arg-type]
